package org.loopscope.model.backend;

/**
 * The shape of one matrix product x · wᵀ: x [rows, inputs], w [outputs, inputs].
 *
 * @param rows tokens
 * @param inputs columns of x and of w
 * @param outputs rows of w
 */
public record Product(int rows, int inputs, int outputs) {
    public Product {
        if (rows < 1 || inputs < 1 || outputs < 1) {
            throw new IllegalArgumentException(
                    "product: want at least 1 row, input and output, got " + rows + ", " + inputs + ", " + outputs);
        }
    }

    /** Multiplications and additions. */
    public double flops() {
        return 2.0 * rows * inputs * outputs;
    }

    long weights() {
        return (long) inputs * outputs;
    }
}
