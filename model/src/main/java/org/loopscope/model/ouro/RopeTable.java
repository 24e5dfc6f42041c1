package org.loopscope.model.ouro;

/**
 * Cosines and sines of the rotary embedding, [positions, headDim / 2] each. The angle is {@code position * inv_freq},
 * both and their product rounded to float32 as in the published code, with {@code inv_freq_i = 1 / theta^(2i /
 * headDim)}. Pairs are the "rotate half" ones, (i, i + headDim / 2), and the angles do not depend on the recurrent step.
 */
final class RopeTable implements AutoCloseable {
    private final Matrix cos;
    private final Matrix sin;

    RopeTable(Kernels kernels, int positions, int headDim, double theta) {
        float[] inverseFrequencies = inverseFrequencies(headDim, theta);
        int half = inverseFrequencies.length;
        float[] cosines = new float[Math.multiplyExact(positions, half)];
        float[] sines = new float[cosines.length];
        Parallel.forRows(positions, 32L * half, (from, to) -> {
            for (int position = from; position < to; position++) {
                for (int i = 0; i < half; i++) {
                    float angle = position * inverseFrequencies[i];
                    cosines[position * half + i] = (float) Math.cos(angle);
                    sines[position * half + i] = (float) Math.sin(angle);
                }
            }
        });
        this.cos = kernels.allocate(positions, half);
        boolean complete = false;
        try {
            this.sin = kernels.allocate(positions, half);
            cos.put(0, positions, cosines, 0);
            sin.put(0, positions, sines, 0);
            complete = true;
        } finally {
            if (!complete) {
                cos.close();
            }
        }
    }

    /** {@code 1 / theta^(2i / headDim)} for i = 0 .. headDim / 2 − 1, each operation rounded to float32. */
    static float[] inverseFrequencies(int headDim, double theta) {
        float[] result = new float[headDim / 2];
        for (int i = 0; i < result.length; i++) {
            float exponent = (float) (2 * i) / headDim;
            result[i] = 1.0f / (float) Math.pow(theta, exponent);
        }
        return result;
    }

    Matrix cos() {
        return cos;
    }

    Matrix sin() {
        return sin;
    }

    @Override
    public void close() {
        cos.close();
        sin.close();
    }
}
