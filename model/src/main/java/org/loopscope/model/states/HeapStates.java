package org.loopscope.model.states;

import java.util.Arrays;

/** Planes that are arrays on the Java heap. */
final class HeapStates implements States {
    private final float[][] planes;
    private final int length;

    /** Takes over {@code planes}. */
    HeapStates(float[][] planes, int length) {
        this.planes = planes;
        this.length = length;
        for (int i = 0; i < planes.length; i++) {
            if (planes[i].length != length) {
                throw new IllegalArgumentException(
                        "states: want " + length + " numbers in plane " + i + ", got " + planes[i].length);
            }
        }
    }

    @Override
    public int planes() {
        return planes.length;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void get(int plane, int from, int count, float[] out, int offset) {
        System.arraycopy(planes[plane], from, out, offset, count);
    }

    @Override
    public boolean mapped() {
        return false;
    }

    /** Arrays of a run in progress. */
    static final class Buffer implements StateBuffer {
        private final float[][] planes;
        private final int length;

        Buffer(int planes, int length) {
            this.planes = new float[planes][length];
            this.length = length;
        }

        @Override
        public void put(int plane, int to, float[] in, int offset, int count) {
            System.arraycopy(in, offset, planes[plane], to, count);
        }

        @Override
        public void get(int plane, int from, int count, float[] out, int offset) {
            System.arraycopy(planes[plane], from, out, offset, count);
        }

        @Override
        public States finish(int keptPlanes, int keptLength) {
            float[][] kept = Arrays.copyOf(planes, keptPlanes);
            close();
            if (keptLength < length) {
                for (int i = 0; i < kept.length; i++) { // each array can go as soon as its beginning is copied
                    kept[i] = Arrays.copyOf(kept[i], keptLength);
                }
            }
            return new HeapStates(kept, keptLength);
        }

        @Override
        public void close() {
            Arrays.fill(planes, null);
        }
    }
}
