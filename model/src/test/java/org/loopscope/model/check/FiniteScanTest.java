package org.loopscope.model.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.model.checkpoint.DType;

class FiniteScanTest {
    private static final long SEED = 11;

    /** All that are not finite: both infinities, NaNs with the highest and the lowest bit of the fraction. */
    private static int[] faults(DType dtype) {
        return switch (dtype) {
            case F32 -> new int[] {0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF};
            case BF16 -> new int[] {0x7F80, 0xFF80, 0x7FC0, 0x7F81, 0xFFFF};
            default -> new int[] {0x7C00, 0xFC00, 0x7E00, 0x7C01, 0xFFFF};
        };
    }

    /** The largest finite numbers, zeros, the smallest, and ones. */
    private static int[] finite(DType dtype) {
        return switch (dtype) {
            case F32 -> new int[] {0x7F7FFFFF, 0xFF7FFFFF, 0, 0x80000000, 1, 0x3F800000};
            case BF16 -> new int[] {0x7F7F, 0xFF7F, 0, 0x8000, 1, 0x3F80};
            default -> new int[] {0x7BFF, 0xFBFF, 0, 0x8000, 1, 0x3C00};
        };
    }

    private static void put(ByteBuffer bytes, DType dtype, int index, int number) {
        if (dtype.sizeBytes() == 4) {
            bytes.putInt(4 * index, number);
        } else {
            bytes.putShort(2 * index, (short) number);
        }
    }

    private static ByteBuffer numbers(DType dtype, int count, Random random) {
        ByteBuffer bytes = ByteBuffer.allocate(count * dtype.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int[] finite = finite(dtype);
        for (int i = 0; i < count; i++) {
            put(bytes, dtype, i, finite[random.nextInt(finite.length)]);
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void oneFaultIsFoundWhereverItIs(DType dtype) {
        Random random = new Random(SEED);
        FiniteScan scan = new FiniteScan(dtype);
        for (int count : new int[] {1, 2, 3, 5, 8, 17, 9_000, 40_003}) {
            ByteBuffer bytes = numbers(dtype, count, random);
            assertEquals(OptionalLong.empty(), scan.firstNotFinite(bytes), () -> "seed " + SEED);
            for (int fault : faults(dtype)) {
                int index = random.nextInt(count);
                ByteBuffer damaged = ByteBuffer.wrap(bytes.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
                put(damaged, dtype, index, fault);
                put(damaged, dtype, count - 1, fault);
                assertEquals(OptionalLong.of(index), scan.firstNotFinite(damaged), count + ", seed " + SEED);
            }
        }
    }

    @Test
    void otherTypesAreNoWeights() {
        assertThrows(IllegalArgumentException.class, () -> new FiniteScan(DType.I64));
    }
}
