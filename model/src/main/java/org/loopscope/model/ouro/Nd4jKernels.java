package org.loopscope.model.ouro;

import java.util.Optional;
import org.loopscope.model.base.Bfloat16;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Kernels of ND4J operations only, for any backend; the plain counterpart that {@link HostKernels} is tested against.
 * Temporary arrays are closed at once.
 */
final class Nd4jKernels implements Kernels {
    private static final int PANEL = 1 << 20; // numbers of packed weights that are widened at a time

    private final boolean bfloat16;
    private final Optional<HostCopy> copy;

    /** On this program's backend. */
    Nd4jKernels() {
        this(false);
    }

    /** @param bfloat16 whether products with weights held in bfloat16 round x to bfloat16 too */
    Nd4jKernels(boolean bfloat16) {
        this(bfloat16, HostCopy.ofBackend());
    }

    /** @param copy how Java reaches the matrices they work on; empty for memory of the processor */
    Nd4jKernels(boolean bfloat16, Optional<HostCopy> copy) {
        this.bfloat16 = bfloat16;
        this.copy = copy;
    }

    @Override
    public Matrix allocate(int rows, int columns) {
        return Matrix.allocate(rows, columns, copy.orElse(null));
    }

    /**
     * A row-major z [rows, out] is the column-major zᵀ [out, rows] = W · xᵀ, so gemm on the transposed views writes the
     * row-major result in place.
     */
    @Override
    public void linear(Matrix x, WeightMatrix w, Matrix out) {
        if (w instanceof PackedMatrix packed) {
            packedLinear(x, packed, out);
        } else if (w instanceof Matrix weights) {
            Nd4j.gemm(weights.array(), x.array().transpose(), out.array().transpose(), false, false, 1, 0);
        }
    }

    /** Widens the weights row by row, so that every rounding happens where its definition says. */
    private void packedLinear(Matrix x, PackedMatrix w, Matrix out) {
        boolean rounded = bfloat16 && !w.isInt8();
        int rows = Math.max(1, PANEL / w.columns());
        float[] row = new float[w.columns()];
        try (INDArray input = rounded ? bfloat16(x.array()) : x.array().dup('c')) {
            for (int from = 0; from < w.rows(); from += rows) {
                int count = Math.min(rows, w.rows() - from);
                try (Matrix panel = allocate(count, w.columns())) {
                    for (int r = 0; r < count; r++) {
                        w.getRow(from + r, row, 0);
                        panel.put(r, 1, row, 0);
                    }
                    try (INDArray part = input.mmul(panel.array().transpose())) {
                        columns(out.array(), from, count).assign(part);
                    }
                }
            }
        }
    }

    /** Rounded to bfloat16, as float32. */
    private static INDArray bfloat16(INDArray x) {
        float[] numbers = x.dup('c').data().asFloat();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Bfloat16.rounded(numbers[i]);
        }
        return Nd4j.createFromArray(numbers).reshape(x.shape());
    }

    @Override
    public void rmsNorm(Matrix x, Matrix weight, double eps, Matrix out) {
        try (INDArray normed = normed(x, weight, eps)) {
            out.array().assign(normed);
        }
    }

    @Override
    public void addRmsNorm(Matrix target, Matrix x, Matrix weight, double eps) {
        try (INDArray normed = normed(x, weight, eps)) {
            target.array().addi(normed);
        }
    }

    private static INDArray normed(Matrix x, Matrix weight, double eps) {
        try (INDArray squares = x.array().mul(x.array());
                INDArray mean = squares.mean(true, 1)) { // [rows, 1]
            INDArray rms = Transforms.sqrt(mean.addi(eps), false);
            INDArray result = x.array().dup('c');
            result.diviColumnVector(rms);
            return result.muliRowVector(weight.array());
        }
    }

    @Override
    public void addInPlace(Matrix target, Matrix addend) {
        target.array().addi(addend.array());
    }

    @Override
    public void scaleInPlace(Matrix target, double factor) {
        target.array().muli(factor);
    }

    @Override
    public void copy(Matrix source, Matrix target) {
        target.array().assign(source.array());
    }

    @Override
    public void rope(Matrix x, RopeTable table, int firstPosition) {
        int rows = x.rows();
        int half = table.cos().columns();
        INDArray cos = table.cos().rows(firstPosition, rows).array(); // [rows, headDim / 2]
        INDArray sin = table.sin().rows(firstPosition, rows).array();
        for (int head = 0; head < x.columns(); head += 2 * half) {
            INDArray a = columns(x.array(), head, half);
            INDArray b = columns(x.array(), head + half, half);
            try (INDArray aCos = a.mul(cos);
                    INDArray bSin = b.mul(sin);
                    INDArray bCos = b.mul(cos);
                    INDArray aSin = a.mul(sin)) {
                a.assign(aCos.subi(bSin));
                b.assign(bCos.addi(aSin));
            }
        }
    }

    private static INDArray columns(INDArray x, int from, int count) {
        return x.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + count));
    }

    @Override
    public void swiGlu(Matrix gate, Matrix up) {
        try (INDArray sigmoid = Transforms.sigmoid(gate.array(), true)) {
            gate.array().muli(sigmoid).muli(up.array());
        }
    }

    @Override
    public void attention(
            Matrix q, Matrix keys, Matrix values, int firstPosition, int headDim, Matrix scratch, Matrix out) {
        int rows = q.rows();
        int tokens = firstPosition + rows;
        int heads = q.columns() / headDim;
        int group = q.columns() / keys.columns();
        INDArray allKeys = keys.rows(0, tokens).array();
        INDArray allValues = values.rows(0, tokens).array();
        try (INDArray mask = mask(rows, tokens, firstPosition)) {
            for (int head = 0; head < heads; head++) {
                int from = head / group * headDim;
                try (INDArray query =
                                columns(q.array(), head * headDim, headDim).dup('c');
                        INDArray key = columns(allKeys, from, headDim).dup('c');
                        INDArray value = columns(allValues, from, headDim).dup('c');
                        INDArray scores = query.mmul(key.transpose());
                        INDArray masked = scores.muli(1 / Math.sqrt(headDim)).add(mask);
                        INDArray weights = Transforms.softmax(masked, true);
                        INDArray result = weights.mmul(value)) {
                    columns(out.array(), head * headDim, headDim).assign(result);
                }
            }
        }
    }

    /** 0 where the query of a row sees the token of a column, else a number whose exponential is 0; [rows, tokens]. */
    private static INDArray mask(int rows, int tokens, int firstPosition) {
        float[] mask = new float[rows * tokens];
        for (int r = 0; r < rows; r++) {
            for (int token = firstPosition + r + 1; token < tokens; token++) {
                mask[r * tokens + token] = -1e30f;
            }
        }
        return Nd4j.createFromArray(mask).reshape(rows, tokens);
    }

    @Override
    public int attentionScratch(int rows, int keys, int heads) {
        return 1;
    }

    @Override
    public int firstNonFiniteRow(Matrix x) {
        try (INDArray zeros = x.array().mul(0);
                INDArray sums = zeros.sum(1)) {
            float[] sumOfRow = sums.toFloatVector(); // one transfer from a device
            for (int r = 0; r < x.rows(); r++) {
                if (Float.isNaN(sumOfRow[r])) {
                    return r;
                }
            }
        }
        return -1;
    }
}
