package org.loopscope.analysis.geometry;

import java.util.Arrays;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * How far the step outputs of a run are from where a long run of the same tokens ends: ‖h_t − h_N‖ / ‖h_N‖ and cos(h_t,
 * h_N), N the last step of the long run. Immutable.
 *
 * <p>Source of the measure: Blayney et al. 2026 (arXiv:2604.11791) §4.1, with N = 128. The end of a long run is a fixed
 * point only if it has settled there; see {@link MotionClassifier}.
 */
public final class LongRun {
    /** N, unless another is asked for. */
    public static final int STEPS = 64;

    private final Capture capture;
    private final Motion[] motions;
    private final double[][] distance; // [N][S]
    private final double[][] cosine; // [N][S]

    private LongRun(Capture capture) {
        this.capture = capture;
        this.motions = MotionClassifier.of(capture);
        this.distance = new double[capture.steps()][capture.length()];
        this.cosine = new double[capture.steps()][capture.length()];
        for (int p = 0; p < capture.length(); p++) {
            float[] end = capture.hiddenState(capture.steps(), p);
            double endLength = MotionClassifier.length(end);
            for (int t = 1; t <= capture.steps(); t++) {
                float[] here = capture.hiddenState(t, p);
                double length = MotionClassifier.length(here);
                double apart = MotionClassifier.distance(here, end);
                distance[t - 1][p] = apart / endLength;
                double dot = (length * length + endLength * endLength - apart * apart) / 2;
                cosine[t - 1][p] = Math.max(-1, Math.min(1, dot / (length * endLength)));
            }
        }
    }

    /** Measures against the last step of {@code capture} itself, whatever its T. */
    public static LongRun of(Capture capture) {
        return new LongRun(capture);
    }

    /**
     * Runs all tokens of {@code capture}, given and generated, again for {@code steps} steps in one pass with the full
     * cache. A generated token is attended to as full depth would have; the long run shares its first steps with the
     * capture where that was made the same way.
     *
     * @throws LoopscopeException if the model is not that of the capture, or the run does not fit in memory
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static LongRun run(LoopedModel model, Capture capture, int steps, RunControl control)
            throws LoopscopeException {
        String wanted = capture.model().weightHash();
        if (!wanted.equals(model.info().weightHash())) {
            throw new LoopscopeException("Long run: expected the model of the capture, "
                    + capture.model().id() + ", found " + model.info().id() + ", whose weights differ.");
        }
        RunOptions options = RunOptions.steps(steps).withKvPolicy(KvPolicy.FULL);
        return new LongRun(model.run(capture.tokenIds(), options, control));
    }

    /** The long run itself. */
    public Capture capture() {
        return capture;
    }

    /** N. */
    public int steps() {
        return capture.steps();
    }

    /** ‖h_t − h_N‖ / ‖h_N‖; 0 at t = N. */
    public double distance(int step, int position) {
        return distance[step - 1][position];
    }

    /** cos(h_t, h_N). */
    public double cosine(int step, int position) {
        return cosine[step - 1][position];
    }

    /** How the token ends. */
    public Motion motion(int position) {
        return motions[position];
    }

    /** How many tokens are of {@code kind}. */
    public int count(Motion.Kind kind) {
        return (int) Arrays.stream(motions).filter(m -> m.kind() == kind).count();
    }
}
