package org.loopscope.model.backend;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.loopscope.model.base.Bfloat16;

/** {@link RowProducts} in plain loops, on every Java machine; what the fast ones are tested against. */
public final class PlainRowProducts implements RowProducts {
    static final int UPPER_HALF = 0xffff0000;

    @Override
    public void float32(ByteBuffer w, int columns, float[] x, float[] out, int from, int to) {
        FloatBuffer weights = w.duplicate().order(w.order()).asFloatBuffer();
        float[] row = new float[columns];
        for (int r = from; r < to; r++) {
            weights.get(r * columns, row);
            out[r] = dot(row, x, columns);
        }
    }

    private static float dot(float[] a, float[] b, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    @Override
    public void bfloat16(ByteBuffer w, int stride, float[] x, float[] out, int from, int to) {
        float[] row = new float[stride];
        for (int r = from; r < to; r++) {
            widenBfloat16(w, stride, r, r + 1, row);
            out[r] = dot(row, x, stride);
        }
    }

    @Override
    public void int8(ByteBuffer w, int stride, float[] scales, float[] x, float[] out, int from, int to) {
        float[] row = new float[stride];
        for (int r = from; r < to; r++) {
            widenInt8(w, stride, scales, r, r + 1, row);
            out[r] = dot(row, x, stride);
        }
    }

    @Override
    public void widenBfloat16(ByteBuffer w, int stride, int from, int to, float[] out) {
        ShortBuffer weights = w.duplicate().order(w.order()).asShortBuffer();
        int half = stride / BFLOAT16_PARTS;
        short[] bits = new short[stride];
        for (int r = from; r < to; r++) {
            weights.get(r * stride, bits);
            int start = (r - from) * stride;
            for (int i = 0; i < half; i++) {
                out[start + i] = Bfloat16.widen(bits[2 * i]);
                out[start + half + i] = Bfloat16.widen(bits[2 * i + 1]);
            }
        }
    }

    @Override
    public void widenInt8(ByteBuffer w, int stride, float[] scales, int from, int to, float[] out) {
        int part = stride / INT8_PARTS;
        byte[] numbers = new byte[stride];
        for (int r = from; r < to; r++) {
            w.get(r * stride, numbers);
            int start = (r - from) * stride;
            for (int p = 0; p < INT8_PARTS; p++) {
                for (int i = 0; i < part; i++) {
                    out[start + p * part + i] = numbers[INT8_PARTS * i + p] * scales[r];
                }
            }
        }
    }

    @Override
    public void softmax(float[] x, int length) {
        float max = x[0];
        for (int i = 1; i < length; i++) {
            max = Math.max(max, x[i]);
        }
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double e = Math.exp(x[i] - max);
            x[i] = (float) e;
            sum += e;
        }
        float factor = (float) (1 / sum);
        for (int i = 0; i < length; i++) {
            x[i] *= factor;
        }
    }

    @Override
    public void roundBfloat16(float[] x, int length, short[] out) {
        roundBfloat16(x, 0, length, out);
    }

    static void roundBfloat16(float[] x, int from, int to, short[] out) {
        for (int i = from; i < to; i++) {
            out[i] = Bfloat16.round(x[i]);
        }
    }

    @Override
    public void splitBfloat16(float[] x, int length, short[] upper, short[] middle, short[] lower) {
        splitBfloat16(x, 0, length, upper, middle, lower);
    }

    static void splitBfloat16(float[] x, int from, int to, short[] upper, short[] middle, short[] lower) {
        for (int i = from; i < to; i++) {
            int bits = Float.floatToRawIntBits(x[i]);
            float rest = x[i] - Float.intBitsToFloat(bits & UPPER_HALF); // exact, and so is the next
            int restBits = Float.floatToRawIntBits(rest);
            float last = rest - Float.intBitsToFloat(restBits & UPPER_HALF);
            upper[i] = (short) (bits >>> 16);
            middle[i] = (short) (restBits >>> 16);
            lower[i] = (short) (Float.floatToRawIntBits(last) >>> 16);
        }
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int length) {
        swiGlu(gate, up, 0, length);
    }

    static void swiGlu(float[] gate, float[] up, int from, int to) {
        for (int i = from; i < to; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
        }
    }
}
