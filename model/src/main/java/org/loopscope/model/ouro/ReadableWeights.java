package org.loopscope.model.ouro;

/** A weight matrix whose rows can be read, row after row in memory. */
sealed interface ReadableWeights extends WeightMatrix permits Matrix, PackedMatrix {
    /** Row {@code row} as float32 into {@code out} from {@code offset}. */
    void getRow(int row, float[] out, int offset);
}
