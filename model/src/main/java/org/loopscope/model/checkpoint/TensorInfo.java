package org.loopscope.model.checkpoint;

import java.util.List;

/**
 * One tensor of a safetensors file, as its header describes it.
 *
 * @param name such as {@code model.norm.weight}
 * @param dtype type of its elements
 * @param shape sizes, slowest first; empty for a scalar
 * @param offset first byte in the file
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long offset) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        long product = 1;
        for (long size : shape) {
            product *= size; // checked for overflow when the header was read
        }
        return product;
    }

    public long sizeBytes() {
        return elements() * dtype.sizeBytes();
    }
}
