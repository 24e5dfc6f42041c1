package org.loopscope.model.ouro;

/** A weight matrix [rows, columns] = [out, in], in whatever numbers it is held. */
sealed interface WeightMatrix extends AutoCloseable permits Matrix, PackedMatrix {
    int rows();

    int columns();

    /** Row {@code row} as float32 into {@code out} from {@code offset}. */
    void getRow(int row, float[] out, int offset);

    @Override
    void close();
}
