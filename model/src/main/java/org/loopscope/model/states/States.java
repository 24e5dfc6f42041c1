package org.loopscope.model.states;

/**
 * Float32 numbers in planes of equal length, [planes, length], that do not change any more. Safe to read from several
 * threads.
 */
public interface States {
    int planes();

    /** Numbers of one plane. */
    int length();

    /** Copies {@code count} numbers of {@code plane} from {@code from} to {@code out}. */
    void get(int plane, int from, int count, float[] out, int offset);

    /** Whether they are in a mapped file, not on the Java heap. */
    boolean mapped();

    default long sizeBytes() {
        return (long) planes() * length() * Float.BYTES;
    }

    /** {@code planes}, all of one length, handed over and not copied. */
    static States onHeap(float[][] planes) {
        return new HeapStates(planes, planes.length == 0 ? 0 : planes[0].length);
    }
}
