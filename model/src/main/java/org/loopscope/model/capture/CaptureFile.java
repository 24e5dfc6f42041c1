package org.loopscope.model.capture;

import java.nio.file.Path;
import java.util.Optional;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.states.StateSpace;

/**
 * Writes and reads a {@link Capture} as a file. Tensor names and their orientation, loop step first, are a public
 * format: docs/capture-format.md.
 */
public final class CaptureFile {
    /** The version of the format that is written, and the newest that is read. */
    public static final int FORMAT_VERSION = 1;

    private CaptureFile() {}

    /**
     * The k most probable tokens of each step and position, computed elsewhere and kept in the file. The arrays are
     * handed over for writing and not kept.
     *
     * @param k tokens kept of each distribution
     * @param ids [T, S, k], most probable first
     * @param logProbs [T, S, k], natural logarithms of their probabilities
     */
    public record TopK(int k, int[] ids, float[] logProbs) {}

    /**
     * What a file holds besides the capture.
     *
     * @param stepLogits if present, the logits of every step are computed with it and written, [T, S, V]: large
     * @param topK if present, written as the lens of the step outputs
     */
    public record Extras(Optional<Unembedding> stepLogits, Optional<TopK> topK) {
        public static final Extras NONE = new Extras(Optional.empty(), Optional.empty());
    }

    /** Writes {@code capture}, with the logits of every step if an unembedding is given. */
    public static void write(Capture capture, Path file, Optional<Unembedding> forStepLogits, RunControl control)
            throws LoopscopeException {
        write(capture, file, new Extras(forStepLogits, Optional.empty()), control);
    }

    /**
     * Writes {@code capture} beside {@code file} and moves it into place when it is complete.
     *
     * @throws LoopscopeException if it cannot be written; what was at {@code file} is unchanged then
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; likewise
     */
    public static void write(Capture capture, Path file, Extras extras, RunControl control) throws LoopscopeException {
        new CaptureWriter(capture, extras).write(file, control);
    }

    /**
     * Reads a capture; everything in the file is checked before the states are read.
     *
     * @throws LoopscopeException with file, expected and found, if the file is damaged, half written, written by a
     *     newer program, no capture at all, or too large for memory and disk
     */
    public static Capture read(Path file) throws LoopscopeException {
        return read(file, RunControl.none());
    }

    /** As {@link #read(Path)}, with progress and cancel. */
    public static Capture read(Path file, RunControl control) throws LoopscopeException {
        return read(file, StateSpace.ofThisMachine(), control);
    }

    static Capture read(Path file, StateSpace space, RunControl control) throws LoopscopeException {
        return CaptureReader.read(file, space, control);
    }
}
