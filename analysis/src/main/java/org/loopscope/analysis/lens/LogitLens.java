package org.loopscope.analysis.lens;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * The logit lens: reads states inside the loop as if they were the last one, by the model's own unembedding.
 *
 * <p>A step output h_t already is normed and goes through W_U as it is; the residual stream after a layer goes through
 * the final norm first, once. Source of the lens: nostalgebraist 2020, "interpreting GPT: the logit lens"; of where the
 * norm belongs in a looped model: Zhu et al. 2025 (arXiv:2510.25741) §3.1, where the final norm is inside the loop.
 *
 * <p>May take seconds: call off the window's thread.
 */
public final class LogitLens {
    /** Bytes of logits held at one time: little enough that a cancel is heard soon, and enough rows for the full speed. */
    static final long LOGIT_BUDGET_BYTES = 32L << 20;

    private LogitLens() {}

    /**
     * Lens on the output of every step.
     *
     * @param k tokens kept per cell, at most the vocabulary
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     * @throws NonFiniteLogitsException if a logit is not finite
     */
    public static LensGrid steps(
            Capture capture, Unembedding unembedding, Optional<Tokenizer> tokenizer, int k, RunControl control) {
        List<DepthPoint> rows = IntStream.rangeClosed(1, capture.steps())
                .mapToObj(DepthPoint::stepOutput)
                .toList();
        String statement =
                "step outputs, final norm applied once, " + capture.model().computeDtype();
        return read(capture, unembedding, rows, k, control).grid(texts(capture, tokenizer), statement);
    }

    /** The same without tokenizer: tokens that the capture does not hold are shown as {@code #id}. */
    public static LensGrid steps(Capture capture, Unembedding unembedding, int k, RunControl control) {
        return steps(capture, unembedding, Optional.empty(), k, control);
    }

    /**
     * Lens on the residual stream after every layer of every step.
     *
     * @throws IllegalStateException if the capture has no layer states
     * @throws NonFiniteLogitsException if a logit is not finite
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     */
    public static LensGrid layers(
            Capture capture, Unembedding unembedding, Optional<Tokenizer> tokenizer, int k, RunControl control) {
        String statement = "residual stream after each layer, final norm applied once, "
                + capture.model().computeDtype();
        return layers(capture, unembedding, tokenizer, StateTranslator.IDENTITY, statement, k, control);
    }

    /**
     * The same of states that {@code translator} has changed, which {@code statement} says; the last layer of the last
     * step should stay as it is, for all others are compared with it.
     *
     * @throws IllegalStateException and others as above
     */
    public static LensGrid layers(
            Capture capture,
            Unembedding unembedding,
            Optional<Tokenizer> tokenizer,
            StateTranslator translator,
            String statement,
            int k,
            RunControl control) {
        if (!capture.hasLayerStates()) {
            throw new IllegalStateException("layer states were not captured; run again with layer states on");
        }
        List<DepthPoint> rows = new ArrayList<>();
        for (int step = 1; step <= capture.steps(); step++) {
            for (int layer = 0; layer < capture.config().layers(); layer++) {
                rows.add(DepthPoint.layer(step, layer));
            }
        }
        LensReader reader = new LensReader(capture, unembedding, rows, translator, k, LOGIT_BUDGET_BYTES);
        reader.read(control);
        return reader.grid(texts(capture, tokenizer), statement);
    }

    /** The same without tokenizer: tokens that the capture does not hold are shown as {@code #id}. */
    public static LensGrid layers(Capture capture, Unembedding unembedding, int k, RunControl control) {
        return layers(capture, unembedding, Optional.empty(), k, control);
    }

    /** Log-probability of any token as the prediction at {@code position}, by step: [T], index t − 1. */
    public static double[] trajectory(Capture capture, Unembedding unembedding, int position, int tokenId) {
        int steps = capture.steps();
        int d = unembedding.hiddenSize();
        int vocab = unembedding.vocabSize();
        if (tokenId < 0 || tokenId >= vocab) {
            throw new IllegalArgumentException("token id: want 0 to " + (vocab - 1) + ", got " + tokenId);
        }
        float[] states = new float[steps * d];
        for (int t = 1; t <= steps; t++) {
            capture.states(Site.readout(t), position, 1, states, (t - 1) * d);
        }
        float[] logits = new float[steps * vocab];
        unembedding.logits(states, steps, logits);
        double[] probabilities = new double[vocab];
        double[] result = new double[steps];
        for (int t = 0; t < steps; t++) {
            double normaliser = Softmax.probabilities(logits, t * vocab, vocab, probabilities);
            result[t] = logits[t * vocab + tokenId] - normaliser;
        }
        return result;
    }

    private static LensReader read(
            Capture capture, Unembedding unembedding, List<DepthPoint> rows, int k, RunControl control) {
        LensReader reader = new LensReader(capture, unembedding, rows, k, LOGIT_BUDGET_BYTES);
        reader.read(control);
        return reader;
    }

    private static IntFunction<String> texts(Capture capture, Optional<Tokenizer> tokenizer) {
        if (tokenizer.isPresent()) {
            return tokenizer.get()::tokenText;
        }
        Map<Integer, String> known = new HashMap<>();
        for (int p = 0; p < capture.length(); p++) {
            known.put(capture.tokenId(p), capture.tokenText(p));
        }
        return id -> known.getOrDefault(id, "#" + id);
    }
}
