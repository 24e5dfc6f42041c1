package org.loopscope.model.states;

import java.nio.FloatBuffer;

/**
 * Planes in a file that is mapped into memory in segments, since one buffer holds at most 2 GiB. The system reads what
 * is asked for and may drop it again; the Java heap holds none of it.
 */
final class MappedStates implements States {
    private final FloatBuffer[] segments; // read only, all of segmentLength but the last
    private final long segmentLength;
    private final long stride; // from one plane to the next, in numbers
    private final int planes;
    private final int length;

    MappedStates(FloatBuffer[] segments, long segmentLength, long stride, int planes, int length) {
        this.segments = segments;
        this.segmentLength = segmentLength;
        this.stride = stride;
        this.planes = planes;
        this.length = length;
    }

    @Override
    public int planes() {
        return planes;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void get(int plane, int from, int count, float[] out, int offset) {
        if (plane < 0 || plane >= planes || from < 0 || count < 0 || count > length - from) {
            throw new IndexOutOfBoundsException("states: want plane 0 to " + (planes - 1) + " and numbers 0 to "
                    + length + ", got " + count + " from " + from + " of plane " + plane);
        }
        long start = plane * stride + from;
        int done = 0;
        while (done < count) {
            int segment = (int) ((start + done) / segmentLength);
            int at = (int) ((start + done) % segmentLength);
            int part = (int) Math.min(count - done, segmentLength - at);
            segments[segment].get(at, out, offset + done, part);
            done += part;
        }
    }

    @Override
    public boolean mapped() {
        return true;
    }
}
