package org.loopscope.analysis.lens.tuned;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.StateTranslator;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.Precision;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * An affine translator x + A x + b for the residual stream after each layer, shared by all steps or one per step, so that
 * norm and unembedding read from it what the last step will say. The last layer of the last step is that already and is
 * never translated. Belongs to one set of weights and to the precision it was trained in. Immutable.
 *
 * <p>Source: Belrose et al. 2023 (arXiv:2303.08112), "Eliciting latent predictions from transformers with the tuned lens";
 * sharing a translator over the steps of a loop is ours.
 */
public final class TunedLens {
    /** What the statement of every grid that it reads begins with. */
    public static final String NAME = "tuned lens";

    private final Info info;
    private final float[][] matrices; // [slots][d * d]
    private final float[][] biases; // [slots][d]

    /**
     * What a lens was trained for and on.
     *
     * @param modelId of {@link org.loopscope.model.ModelInfo}
     * @param weightHash of the model it belongs to
     * @param hiddenSize d
     * @param layers L
     * @param steps T of the runs it was trained on
     * @param perStep one translator per step and layer; otherwise one per layer
     * @param trainedOn the text, as given: a file name
     * @param tokens tokens it was trained on
     * @param computeDtype how the model computed then, {@link org.loopscope.model.ModelInfo#computeDtype}; empty for files written before
     *     that was recorded
     */
    public record Info(
            String modelId,
            String weightHash,
            int hiddenSize,
            int layers,
            int steps,
            boolean perStep,
            String trainedOn,
            long tokens,
            Optional<String> computeDtype) {
        /** How many translators there are. */
        public int slots() {
            return perStep ? steps * layers : layers;
        }
    }

    /** Takes the arrays over: {@code matrices} [slots][d * d] row after row, {@code biases} [slots][d]. */
    TunedLens(Info info, float[][] matrices, float[][] biases) {
        int d = info.hiddenSize();
        if (matrices.length != info.slots() || biases.length != info.slots()) {
            throw new IllegalArgumentException(
                    "tuned lens: want " + info.slots() + " translators, got " + matrices.length);
        }
        for (int i = 0; i < matrices.length; i++) {
            if (matrices[i].length != d * d || biases[i].length != d) {
                throw new IllegalArgumentException("tuned lens: want [" + d + ", " + d + "] and [" + d + "]");
            }
        }
        this.info = info;
        this.matrices = matrices;
        this.biases = biases;
    }

    /** A lens that changes nothing. */
    static TunedLens identity(Info info) {
        int d = info.hiddenSize();
        return new TunedLens(info, new float[info.slots()][d * d], new float[info.slots()][d]);
    }

    public Info info() {
        return info;
    }

    /** The translator for a layer at a step; beyond the trained steps that of the last one. */
    int slot(int step, int layer) {
        return info.perStep() ? (Math.min(step, info.steps()) - 1) * info.layers() + layer : layer;
    }

    float[] matrix(int slot) {
        return matrices[slot];
    }

    float[] bias(int slot) {
        return biases[slot];
    }

    /**
     * Refuses to read the states of another model, or of the same one in another precision: states that were rounded
     * otherwise are not those that the translators were fitted to. Precisions that are exact may stand for each other, and a
     * lens that does not say its precision is taken for any ({@link #statement} says so).
     *
     * @param name how the lens is called in the sentence, a file name
     * @throws LoopscopeException if {@code capture} is of other weights, or was computed in another precision
     */
    public void requireModelOf(Capture capture, String name) throws LoopscopeException {
        requireModel(capture.model(), name);
    }

    /** The same of a model before it runs, as it is open. */
    public void requireModel(ModelInfo model, String name) throws LoopscopeException {
        if (!info.weightHash().equals(model.weightHash())) {
            throw new LoopscopeException(name + " is a tuned lens of the model " + info.modelId() + " (weights "
                    + brief(info.weightHash()) + "), expected one of "
                    + model.id() + " (weights "
                    + brief(model.weightHash()) + ").");
        }
        String run = model.computeDtype();
        String trained = info.computeDtype().orElse(run);
        if (!sameArithmetic(trained, run)) {
            throw new LoopscopeException(name + " is a tuned lens trained in " + trained + ", expected one trained in "
                    + run + ", as this run was computed.");
        }
    }

    private static boolean sameArithmetic(String a, String b) {
        return a.equals(b) || (exact(a) && exact(b));
    }

    private static boolean exact(String computeDtype) {
        return Precision.ofComputeDtype(computeDtype).filter(Precision::exact).isPresent();
    }

    private static String brief(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }

    /** How the lens is named on figures. */
    public String statement(Capture capture) {
        String other = capture.steps() == info.steps() ? "" : ", trained for T = " + info.steps();
        return NAME + " (" + (info.perStep() ? "per step" : "shared over steps") + ", trained on "
                + info.trainedOn() + ", " + info.tokens() + " tokens" + other + precision(capture)
                + "), final norm applied once, " + capture.model().computeDtype();
    }

    /** Nothing where it was trained in the precision of the run. */
    private String precision(Capture capture) {
        return info.computeDtype()
                .map(trained -> trained.equals(capture.model().computeDtype()) ? "" : ", trained in " + trained)
                .orElse(", precision not recorded");
    }

    /**
     * Reads a capture: rows as those of {@link LogitLens#layers}.
     *
     * @throws LoopscopeException if the capture is of another model or precision
     * @throws IllegalStateException if it has no layer states
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public LensGrid read(
            Capture capture, Unembedding unembedding, Optional<Tokenizer> tokenizer, int k, RunControl control)
            throws LoopscopeException {
        requireModelOf(capture, "This lens");
        return LogitLens.layers(
                capture, unembedding, tokenizer, translator(capture.steps()), statement(capture), k, control);
    }

    /**
     * Summed probability of token groups by step and layer, of the same distributions as {@link #read}.
     *
     * @throws LoopscopeException if the capture is of another model or precision
     * @throws IllegalStateException if it has no layer states
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public GroupTrajectories groups(
            Capture capture,
            Unembedding unembedding,
            List<Integer> positions,
            List<TokenGroup> groups,
            RunControl control)
            throws LoopscopeException {
        requireModelOf(capture, "This lens");
        return GroupTrajectories.layers(
                capture, unembedding, positions, groups, translator(capture.steps()), statement(capture), control);
    }

    /** The translators, for one thread, for a run of {@code steps}, whose last layer at the last step stays as it is. */
    public StateTranslator translator(int steps) {
        double[] state = new double[info.hiddenSize()];
        return new StateTranslator() {
            @Override
            public void translate(DepthPoint depth, float[] states, int offset, int rows) {
                if (!reference(depth, steps)) {
                    int slot = slot(depth.step(), depth.layer().orElseThrow());
                    for (int row = 0; row < rows; row++) {
                        TunedLens.this.translate(slot, states, offset + row * state.length, state);
                    }
                }
            }

            @Override
            public String lens() {
                return "tuned " + brief(hash());
            }
        };
    }

    /** SHA-256 in hex over A, then b, as their file has them: float32, little-endian, slot after slot. */
    public String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (float[][] tensor : List.of(matrices, biases)) {
                for (float[] slot : tensor) {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(slot.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(slot);
                    digest.update(bytes);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private boolean reference(DepthPoint depth, int steps) {
        return depth.step() == steps && depth.layer().orElse(-1) == info.layers() - 1;
    }

    /** x + A x + b in place; {@code room} is d numbers of scratch. */
    private void translate(int slot, float[] states, int offset, double[] room) {
        float[] a = matrices[slot];
        float[] b = biases[slot];
        int d = room.length;
        for (int i = 0; i < d; i++) {
            double sum = (double) states[offset + i] + b[i];
            for (int j = 0; j < d; j++) {
                sum += (double) a[i * d + j] * states[offset + j];
            }
            room[i] = sum;
        }
        for (int i = 0; i < d; i++) {
            states[offset + i] = (float) room[i];
        }
    }
}
