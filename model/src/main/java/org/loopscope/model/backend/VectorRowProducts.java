package org.loopscope.model.backend;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowProducts} on the Vector API. Several rows are read at the same time, which keeps more reads of memory under
 * way. Words of weights are loaded as integers and widened by shifts, which is exact: a word of two bfloat16 numbers
 * holds the first, shifted by 16, and the second, with the lower bits cleared.
 *
 * <p>How vectors are loaded from off-heap memory changed between Java versions (from a {@code ByteBuffer} in 17, from a
 * {@code MemorySegment} in 22 and later), so the load is looked up once; the compiler sees through a constant handle.
 *
 * <p>Compiled on its own, with the incubating module, and used through reflection: without the module it is not loaded.
 */
final class VectorRowProducts implements RowProducts {
    private static final boolean WIDER_THAN_PADDING = FloatVector.SPECIES_PREFERRED.length() > 16;
    private static final VectorSpecies<Float> FLOATS =
            WIDER_THAN_PADDING ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS =
            WIDER_THAN_PADDING ? IntVector.SPECIES_512 : IntVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.693359375f; // its product with k is exact
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 12_582_912f; // 1.5 · 2²³: adding it rounds to an integer
    private static final int ROUNDER_BITS = 0x4b40_0000;
    private static final int EXPONENT_BIAS = 127;
    private static final float LEAST_EXPONENT = -87;
    private static final float LARGEST_EXPONENT = 88;
    private static final int UPPER_HALF = PlainRowProducts.UPPER_HALF;
    private static final int ROUNDING = 0x7fff;
    private static final int QUIET = 0x40; // the bit of a NaN that survives the cut
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Short.SIZE * LANES));

    private static final MethodHandle LOAD; // (Object memory, int byteOffset) -> IntVector
    private static final MethodHandle SEGMENT; // (Buffer) -> Object, what LOAD reads from

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle load;
            MethodHandle segment;
            try {
                load = lookup.findStatic(
                        IntVector.class,
                        "fromByteBuffer",
                        MethodType.methodType(
                                IntVector.class, VectorSpecies.class, ByteBuffer.class, int.class, ByteOrder.class));
                segment = MethodHandles.identity(Object.class);
            } catch (NoSuchMethodException e) { // Java 19 and later
                Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
                load = lookup.findStatic(
                        IntVector.class,
                        "fromMemorySegment",
                        MethodType.methodType(
                                IntVector.class, VectorSpecies.class, segments, long.class, ByteOrder.class));
                segment = lookup.findStatic(segments, "ofBuffer", MethodType.methodType(segments, Buffer.class));
            }
            MethodHandle bound = MethodHandles.insertArguments(
                    MethodHandles.insertArguments(load, 0, INTS), 2, ByteOrder.nativeOrder());
            LOAD = MethodHandles.explicitCastArguments(
                    bound, MethodType.methodType(IntVector.class, Object.class, int.class));
            SEGMENT = MethodHandles.explicitCastArguments(segment, MethodType.methodType(Object.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static Object memory(ByteBuffer buffer) {
        try {
            return (Object)
                    SEGMENT.invokeExact((Object) buffer.duplicate().clear().order(buffer.order()));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("memory of weights", e);
        }
    }

    private static IntVector load(Object memory, int offset) {
        try {
            return (IntVector) LOAD.invokeExact(memory, offset);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("load of weights", e);
        }
    }

    /**
     * Sum of the lanes in their order. The API's own reduction leaves the order open, and it is another one before and
     * after compilation: the same run would give other digits.
     */
    private static float sum(FloatVector v, float[] lanes) {
        v.intoArray(lanes, 0);
        float sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    @Override
    public void float32(ByteBuffer w, int columns, float[] x, float[] out, int from, int to) {
        Object m = memory(w);
        float[] lanes = new float[LANES];
        int whole = columns - columns % LANES;
        int row = Float.BYTES * columns;
        int r = from;
        for (; r + 3 < to; r += 4) {
            float32FourRows(m, r * row, row, whole, x, out, r, lanes);
        }
        for (; r < to; r++) {
            float32Row(m, r * row, whole, x, out, r, lanes);
        }
        for (int i = whole; i < columns; i++) {
            for (r = from; r < to; r++) {
                out[r] += w.getFloat(r * row + Float.BYTES * i) * x[i];
            }
        }
    }

    private static void float32FourRows(
            Object m, int start, int row, int whole, float[] x, float[] out, int r, float[] lanes) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < whole; i += LANES) {
            int at = start + Float.BYTES * i;
            FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            a = load(m, at).reinterpretAsFloats().fma(v, a);
            b = load(m, at + row).reinterpretAsFloats().fma(v, b);
            c = load(m, at + 2 * row).reinterpretAsFloats().fma(v, c);
            d = load(m, at + 3 * row).reinterpretAsFloats().fma(v, d);
        }
        out[r] = sum(a, lanes);
        out[r + 1] = sum(b, lanes);
        out[r + 2] = sum(c, lanes);
        out[r + 3] = sum(d, lanes);
    }

    private static void float32Row(Object m, int start, int whole, float[] x, float[] out, int r, float[] lanes) {
        FloatVector a = FloatVector.zero(FLOATS);
        for (int i = 0; i < whole; i += LANES) {
            a = load(m, start + Float.BYTES * i).reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, i), a);
        }
        out[r] = sum(a, lanes);
    }

    /** Of each word the number in the lower half. */
    private static FloatVector first(IntVector words) {
        return words.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /** Of each word the number in the upper half. */
    private static FloatVector second(IntVector words) {
        return words.and(UPPER_HALF).reinterpretAsFloats();
    }

    @Override
    public void bfloat16(ByteBuffer w, int stride, float[] x, float[] out, int from, int to) {
        Object m = memory(w);
        float[] lanes = new float[LANES];
        int row = Short.BYTES * stride;
        int r = from;
        for (; r + 3 < to; r += 4) {
            bfloat16FourRows(m, r * row, row, x, stride / 2, out, r, lanes);
        }
        for (; r < to; r++) {
            bfloat16Row(m, r * row, x, stride / 2, out, r, lanes);
        }
    }

    private static void bfloat16FourRows(
            Object m, int start, int row, float[] x, int half, float[] out, int r, float[] lanes) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < half; i += LANES) {
            int at = start + Integer.BYTES * i;
            FloatVector p = FloatVector.fromArray(FLOATS, x, i);
            FloatVector q = FloatVector.fromArray(FLOATS, x, half + i);
            IntVector va = load(m, at);
            IntVector vb = load(m, at + row);
            IntVector vc = load(m, at + 2 * row);
            IntVector vd = load(m, at + 3 * row);
            a = second(va).fma(q, first(va).fma(p, a));
            b = second(vb).fma(q, first(vb).fma(p, b));
            c = second(vc).fma(q, first(vc).fma(p, c));
            d = second(vd).fma(q, first(vd).fma(p, d));
        }
        out[r] = sum(a, lanes);
        out[r + 1] = sum(b, lanes);
        out[r + 2] = sum(c, lanes);
        out[r + 3] = sum(d, lanes);
    }

    private static void bfloat16Row(Object m, int start, float[] x, int half, float[] out, int r, float[] lanes) {
        FloatVector a = FloatVector.zero(FLOATS);
        for (int i = 0; i < half; i += LANES) {
            IntVector v = load(m, start + Integer.BYTES * i);
            FloatVector p = FloatVector.fromArray(FLOATS, x, i);
            FloatVector q = FloatVector.fromArray(FLOATS, x, half + i);
            a = second(v).fma(q, first(v).fma(p, a));
        }
        out[r] = sum(a, lanes);
    }

    /** Of each word the byte that {@code shift} bits bring to the top, as a signed number. */
    private static FloatVector signedByte(IntVector words, int shift) {
        Vector<Float> numbers = words.lanewise(VectorOperators.LSHL, shift)
                .lanewise(VectorOperators.ASHR, 24)
                .convert(VectorOperators.I2F, 0);
        return (FloatVector) numbers;
    }

    @Override
    public void int8(ByteBuffer w, int stride, float[] scales, float[] x, float[] out, int from, int to) {
        Object m = memory(w);
        float[] lanes = new float[LANES];
        int r = from;
        for (; r + 1 < to; r += 2) {
            int8TwoRows(m, r * stride, stride, x, out, r, lanes);
        }
        for (; r < to; r++) {
            int8Row(m, r * stride, stride, x, out, r, lanes);
        }
        for (r = from; r < to; r++) {
            out[r] *= scales[r];
        }
    }

    private static void int8TwoRows(Object m, int start, int stride, float[] x, float[] out, int r, float[] lanes) {
        int part = stride / INT8_PARTS;
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        for (int i = 0; i < part; i += LANES) {
            int at = start + Integer.BYTES * i;
            IntVector va = load(m, at);
            IntVector vb = load(m, at + stride);
            FloatVector p = FloatVector.fromArray(FLOATS, x, i);
            a = signedByte(va, 24).fma(p, a);
            b = signedByte(vb, 24).fma(p, b);
            p = FloatVector.fromArray(FLOATS, x, part + i);
            a = signedByte(va, 16).fma(p, a);
            b = signedByte(vb, 16).fma(p, b);
            p = FloatVector.fromArray(FLOATS, x, 2 * part + i);
            a = signedByte(va, 8).fma(p, a);
            b = signedByte(vb, 8).fma(p, b);
            p = FloatVector.fromArray(FLOATS, x, 3 * part + i);
            a = signedByte(va, 0).fma(p, a);
            b = signedByte(vb, 0).fma(p, b);
        }
        out[r] = sum(a, lanes);
        out[r + 1] = sum(b, lanes);
    }

    private static void int8Row(Object m, int start, int stride, float[] x, float[] out, int r, float[] lanes) {
        int part = stride / INT8_PARTS;
        FloatVector a = FloatVector.zero(FLOATS);
        for (int i = 0; i < part; i += LANES) {
            IntVector v = load(m, start + Integer.BYTES * i);
            a = signedByte(v, 24).fma(FloatVector.fromArray(FLOATS, x, i), a);
            a = signedByte(v, 16).fma(FloatVector.fromArray(FLOATS, x, part + i), a);
            a = signedByte(v, 8).fma(FloatVector.fromArray(FLOATS, x, 2 * part + i), a);
            a = signedByte(v, 0).fma(FloatVector.fromArray(FLOATS, x, 3 * part + i), a);
        }
        out[r] = sum(a, lanes);
    }

    @Override
    public void widenBfloat16(ByteBuffer w, int stride, int from, int to, float[] out) {
        Object m = memory(w);
        int half = stride / BFLOAT16_PARTS;
        for (int r = from; r < to; r++) {
            int start = Short.BYTES * r * stride;
            int target = (r - from) * stride;
            for (int i = 0; i < half; i += LANES) {
                IntVector v = load(m, start + Integer.BYTES * i);
                first(v).intoArray(out, target + i);
                second(v).intoArray(out, target + half + i);
            }
        }
    }

    @Override
    public void widenInt8(ByteBuffer w, int stride, float[] scales, int from, int to, float[] out) {
        Object m = memory(w);
        int part = stride / INT8_PARTS;
        for (int r = from; r < to; r++) {
            int target = (r - from) * stride;
            FloatVector scale = FloatVector.broadcast(FLOATS, scales[r]);
            for (int i = 0; i < part; i += LANES) {
                IntVector v = load(m, r * stride + Integer.BYTES * i);
                signedByte(v, 24).mul(scale).intoArray(out, target + i);
                signedByte(v, 16).mul(scale).intoArray(out, target + part + i);
                signedByte(v, 8).mul(scale).intoArray(out, target + 2 * part + i);
                signedByte(v, 0).mul(scale).intoArray(out, target + 3 * part + i);
            }
        }
    }

    /**
     * e^x to about one unit in the last place, from −87 to 88, where it stays beyond: x = k ln 2 + r with |r| ≤ ln 2 / 2, the
     * Taylor series of e^r to r⁷, and k added to the exponent. Only operations that are the same in every lane and at any
     * stage of compilation; the API's own exponential is not.
     */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(LEAST_EXPONENT).min(LARGEST_EXPONENT);
        FloatVector shifted = bounded.fma(splat(LOG2_E), splat(ROUNDER)); // k in the lowest bits
        FloatVector k = shifted.sub(ROUNDER);
        FloatVector r = k.fma(splat(-LN2_LOW), k.fma(splat(-LN2_HIGH), bounded));
        FloatVector p = splat(1f / 5040);
        p = p.fma(r, splat(1f / 720));
        p = p.fma(r, splat(1f / 120));
        p = p.fma(r, splat(1f / 24));
        p = p.fma(r, splat(1f / 6));
        p = p.fma(r, splat(0.5f));
        p = p.fma(r, splat(1));
        p = p.fma(r, splat(1));
        IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS - EXPONENT_BIAS);
        return p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }

    private static FloatVector splat(float x) {
        return FloatVector.broadcast(FLOATS, x);
    }

    /** As {@link PlainRowProducts}, but with this class's exponential, and the sum of each lane and then of the lanes. */
    @Override
    public void softmax(float[] x, int length) {
        int whole = length - length % LANES;
        float max = x[0];
        if (whole > 0) {
            FloatVector largest = FloatVector.fromArray(FLOATS, x, 0);
            for (int i = LANES; i < whole; i += LANES) {
                largest = largest.max(FloatVector.fromArray(FLOATS, x, i));
            }
            for (float lane : largest.toArray()) {
                max = Math.max(max, lane);
            }
        }
        for (int i = whole; i < length; i++) {
            max = Math.max(max, x[i]);
        }
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector e = exp(FloatVector.fromArray(FLOATS, x, i).sub(max));
            e.intoArray(x, i);
            sums = sums.add(e);
        }
        double sum = sum(sums, new float[LANES]);
        for (int i = whole; i < length; i++) {
            double e = Math.exp(x[i] - max);
            x[i] = (float) e;
            sum += e;
        }
        float factor = (float) (1 / sum);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, x, i).mul(factor).intoArray(x, i);
        }
        for (int i = whole; i < length; i++) {
            x[i] *= factor;
        }
    }

    @Override
    public void roundBfloat16(float[] x, int length, short[] out) {
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            IntVector bits = v.reinterpretAsInts();
            IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
            IntVector rounded = bits.add(ROUNDING).add(upper.and(1)).lanewise(VectorOperators.LSHR, 16);
            VectorMask<Integer> nan = v.test(VectorOperators.IS_NAN).cast(INTS);
            store(rounded.blend(upper.or(QUIET), nan), out, i);
        }
        PlainRowProducts.roundBfloat16(x, whole, length, out);
    }

    @Override
    public void splitBfloat16(float[] x, int length, short[] upper, short[] middle, short[] lower) {
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            IntVector bits = v.reinterpretAsInts();
            FloatVector rest = v.sub(second(bits));
            IntVector restBits = rest.reinterpretAsInts();
            FloatVector last = rest.sub(second(restBits));
            store(bits.lanewise(VectorOperators.LSHR, 16), upper, i);
            store(restBits.lanewise(VectorOperators.LSHR, 16), middle, i);
            store(last.reinterpretAsInts().lanewise(VectorOperators.LSHR, 16), lower, i);
        }
        PlainRowProducts.splitBfloat16(x, whole, length, upper, middle, lower);
    }

    /** The lower halves of the lanes. */
    private static void store(IntVector lanes, short[] out, int offset) {
        ((ShortVector) lanes.convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(out, offset);
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int length) {
        int whole = length - length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, gate, i);
            FloatVector divisor = exp(g.neg()).add(1);
            g.div(divisor).mul(FloatVector.fromArray(FLOATS, up, i)).intoArray(gate, i);
        }
        PlainRowProducts.swiGlu(gate, up, whole, length);
    }
}
