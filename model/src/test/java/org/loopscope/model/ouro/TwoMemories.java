package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Stands for a device whose memory Java cannot see: ND4J's arrays are the device's memory, and each has a copy elsewhere
 * that is all Java gets. The copy holds NaN until it is refreshed and again once it was written to the device, so a
 * read without a refresh yields NaN or old numbers, and a write that is not told of never reaches the operations.
 */
final class TwoMemories implements HostCopy, AutoCloseable {
    private final Map<INDArray, FloatPointer> copies = new IdentityHashMap<>();
    private final List<String> accesses = new ArrayList<>();

    Kernels kernels() {
        return new Nd4jKernels(false, Optional.of(this));
    }

    /** What was asked, in its order: {@code refresh}, {@code pointer}, {@code written}. */
    synchronized List<String> accesses() {
        return List.copyOf(accesses);
    }

    /** Arrays that Java has reached through their copies. */
    synchronized int arrays() {
        return copies.size();
    }

    @Override
    public synchronized void refresh(INDArray array) {
        accesses.add("refresh");
        copy(array).put(device(array), 0, Math.toIntExact(array.length()));
    }

    @Override
    public synchronized FloatPointer pointer(INDArray array) {
        accesses.add("pointer");
        return new FloatPointer(copy(array));
    }

    @Override
    public synchronized void written(INDArray array) {
        accesses.add("written");
        float[] numbers = new float[Math.toIntExact(array.length())];
        copy(array).get(numbers);
        new FloatPointer(array.data().addressPointer()).put(numbers, 0, numbers.length);
        forget(copy(array), array.length());
    }

    private static float[] device(INDArray array) {
        float[] numbers = new float[Math.toIntExact(array.length())];
        new FloatPointer(array.data().addressPointer()).get(numbers);
        return numbers;
    }

    private FloatPointer copy(INDArray array) {
        return copies.computeIfAbsent(array, a -> forget(new FloatPointer(a.length()), a.length()));
    }

    private static FloatPointer forget(FloatPointer copy, long length) {
        for (long i = 0; i < length; i++) {
            copy.put(i, Float.NaN);
        }
        return copy;
    }

    @Override
    public synchronized void close() {
        copies.values().forEach(FloatPointer::close);
        copies.clear();
    }
}
