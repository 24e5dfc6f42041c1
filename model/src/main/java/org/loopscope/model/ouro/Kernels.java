package org.loopscope.model.ouro;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The operations of the forward pass on row-major float32 matrices. Outputs are written in place and must not overlap
 * inputs unless said. No implementation keeps state, so several runs may use one at the same time.
 */
interface Kernels {
    /** Memory for [rows, columns] that these operations work on; its content is not defined. */
    default Matrix allocate(int rows, int columns) {
        return Matrix.allocate(rows, columns);
    }

    /** {@code out = x · wᵀ}: x [rows, in], w [out, in], out [rows, out]; x may be rounded to bfloat16 where w is. */
    void linear(Matrix x, WeightMatrix w, Matrix out);

    /** {@link #linear} of one x with several weights: {@code out[i] = x · w[i]ᵀ}. */
    default void linear(Matrix x, WeightMatrix[] w, Matrix[] out) {
        for (int i = 0; i < w.length; i++) {
            linear(x, w[i], out[i]);
        }
    }

    /**
     * Memory for bfloat16 weights [rows, columns] that are only multiplied with, in the order that the products' library
     * takes; its content is not defined. Empty where there is no such library.
     */
    default Optional<OrderedMatrix> allocateOrdered(int rows, int columns) {
        return Optional.empty();
    }

    /** Bytes that {@link #allocateOrdered} takes. */
    default OptionalLong orderedBytes(int rows, int columns) {
        return OptionalLong.empty();
    }

    /** {@code out = x * rsqrt(mean(x²) + eps) * weight} a row; x and out [rows, d], may be the same; weight [1, d]. */
    void rmsNorm(Matrix x, Matrix weight, double eps, Matrix out);

    /** {@code target += rmsNorm(x)}: the norm of a sub-layer's output and the residual add; target and x [rows, d]. */
    void addRmsNorm(Matrix target, Matrix x, Matrix weight, double eps);

    /** {@code target += addend}, same shape. */
    void addInPlace(Matrix target, Matrix addend);

    /** {@code target *= factor}. */
    void scaleInPlace(Matrix target, double factor);

    /** {@code target = source}, same shape. */
    void copy(Matrix source, Matrix target);

    /** Rotates every head of x [rows, heads * headDim] in place; row i is the token at {@code firstPosition + i}. */
    void rope(Matrix x, RopeTable table, int firstPosition);

    /** {@code gate = silu(gate) * up}, both [rows, m]; silu(z) = z · σ(z). */
    void swiGlu(Matrix gate, Matrix up);

    /**
     * Causal attention of the tokens at {@code firstPosition} .. {@code firstPosition + rows − 1} to themselves and all
     * before them. Query head h reads key/value head h / (heads / kvHeads); scores are scaled by headDim^−½.
     *
     * @param q [rows, heads * headDim], rotated
     * @param keys [at least firstPosition + rows, kvHeads * headDim], rotated
     * @param values like {@code keys}
     * @param scratch at least {@link #attentionScratch} numbers, overwritten
     * @param out [rows, heads * headDim]
     */
    void attention(Matrix q, Matrix keys, Matrix values, int firstPosition, int headDim, Matrix scratch, Matrix out);

    /** Numbers that {@link #attention} needs as scratch for up to {@code rows} queries and {@code keys} keys. */
    int attentionScratch(int rows, int keys, int heads);

    /** First row that holds NaN or infinity, or −1. */
    int firstNonFiniteRow(Matrix x);
}
