package org.loopscope.model.ouro;

/** A weight matrix [rows, columns] = [out, in], in whatever numbers it is held. */
sealed interface WeightMatrix extends AutoCloseable permits ReadableWeights, OrderedMatrix {
    int rows();

    int columns();

    @Override
    void close();
}
