package org.loopscope.model.ouro;

/**
 * Cosines and sines of the rotary embedding, [positions, headDim / 2] each. The angle is {@code position * inv_freq},
 * both and their product rounded to float32 as in the published code, with {@code inv_freq_i = 1 / theta^(2i /
 * headDim)}. Pairs are the "rotate half" ones, (i, i + headDim / 2), and the angles do not depend on the recurrent step.
 */
final class RopeTable implements AutoCloseable {
    private final Matrix cos;
    private final Matrix sin;

    RopeTable(int positions, int headDim, double theta) {
        float[] inverseFrequencies = inverseFrequencies(headDim, theta);
        int half = inverseFrequencies.length;
        this.cos = Matrix.allocate(positions, half);
        this.sin = Matrix.allocate(positions, half);
        Parallel.forRows(positions, 32L * half, (from, to) -> {
            float[] cosines = new float[half];
            float[] sines = new float[half];
            for (int position = from; position < to; position++) {
                for (int i = 0; i < half; i++) {
                    float angle = position * inverseFrequencies[i];
                    cosines[i] = (float) Math.cos(angle);
                    sines[i] = (float) Math.sin(angle);
                }
                cos.put(position, 1, cosines, 0);
                sin.put(position, 1, sines, 0);
            }
        });
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
