package org.loopscope.model.states;

/**
 * Numbers in planes, [planes, length], while a run still writes them. Either {@link #finish} hands them over or {@link
 * #close} gives their memory back; closing after finishing does nothing.
 *
 * <p>Writing and reading throw {@link java.io.UncheckedIOException} where the disk does not take or give the numbers.
 */
public interface StateBuffer extends AutoCloseable {
    /** Copies {@code count} numbers of {@code in} to {@code plane}, from its number {@code to} on. */
    void put(int plane, int to, float[] in, int offset, int count);

    /** Copies {@code count} numbers of {@code plane} from {@code from} to {@code out}; they must have been written. */
    void get(int plane, int from, int count, float[] out, int offset);

    /** The first {@code length} numbers of the first {@code planes} planes, all written; the buffer is used up. */
    States finish(int planes, int length);

    @Override
    void close();
}
