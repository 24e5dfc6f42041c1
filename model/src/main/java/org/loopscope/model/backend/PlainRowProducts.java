package org.loopscope.model.backend;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.loopscope.model.checkpoint.Bfloat16;

/** {@link RowProducts} in plain loops, on every Java machine; what the fast ones are tested against. */
public final class PlainRowProducts implements RowProducts {
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
    public void swiGlu(float[] gate, float[] up, int length) {
        swiGlu(gate, up, 0, length);
    }

    static void swiGlu(float[] gate, float[] up, int from, int to) {
        for (int i = from; i < to; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
        }
    }
}
