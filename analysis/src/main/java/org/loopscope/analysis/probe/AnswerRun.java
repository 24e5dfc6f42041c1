package org.loopscope.analysis.probe;

import java.util.List;
import org.loopscope.analysis.lens.LogSoftmax;
import org.loopscope.analysis.prompts.AnswerTokens;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Tokenizer;

/**
 * What the steps of one run answer, at its last token: of the choices the one with the largest logit, without choices the
 * most probable token.
 */
public final class AnswerRun {
    private final Capture capture;
    private final int[] answers; // [T]
    private final double[] goldLogProbability; // [T]

    private AnswerRun(Capture capture, int[] answers, double[] goldLogProbability) {
        this.capture = capture;
        this.answers = answers;
        this.goldLogProbability = goldLogProbability;
    }

    /**
     * Runs one prompt.
     *
     * @throws LoopscopeException if it cannot be run, or its choices begin with the same token
     */
    public static AnswerRun of(LoopedModel model, ProbeItem item, int steps, boolean layers, RunControl control)
            throws LoopscopeException {
        Tokenizer tokenizer = model.tokenizer()
                .orElseThrow(() -> new LoopscopeException("Probing prompts needs a tokenizer; the model "
                        + model.info().id() + " has none."));
        RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
        int[] ids = tokenizer.encode(item.prompt());
        Capture capture = model.run(ids, RunOptions.steps(steps).withLayers(layers), quiet);
        int[] choices = AnswerTokens.first(tokenizer, item.prompt(), item.choices());
        int gold = item.gold().isPresent()
                ? AnswerTokens.first(tokenizer, item.prompt(), item.gold().get())
                : -1;
        int[] answers = new int[steps];
        double[] goldLog = new double[steps];
        float[] logits = new float[model.unembedding().vocabSize()];
        for (int t = 1; t <= steps; t++) {
            model.unembedding().logits(capture.hiddenState(t, ids.length - 1), 1, logits);
            answers[t - 1] = choices.length > 0 ? largest(logits, choices) : largest(logits);
            goldLog[t - 1] = gold < 0 ? Double.NaN : logits[gold] - LogSoftmax.logSum(logits, 0, logits.length);
        }
        return new AnswerRun(capture, answers, goldLog);
    }

    private static int largest(float[] logits, int[] choices) {
        int best = 0;
        for (int c = 1; c < choices.length; c++) {
            if (logits[choices[c]] > logits[choices[best]]) {
                best = c;
            }
        }
        return best;
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int v = 1; v < logits.length; v++) {
            if (logits[v] > logits[best]) {
                best = v;
            }
        }
        return best;
    }

    public Capture capture() {
        return capture;
    }

    /** Number of the choice (or id of the token) that each step answers, [T]. */
    public int[] answers() {
        return answers.clone();
    }

    /** Natural log-probability of the gold answer's first token at each step, [T]; NaN without gold. */
    public double[] goldLogProbability() {
        return goldLogProbability.clone();
    }

    /** How an answer is shown. */
    public static String text(LoopedModel model, List<String> choices, int answer) {
        if (!choices.isEmpty()) {
            return choices.get(answer);
        }
        return model.tokenizer().map(t -> t.tokenText(answer)).orElse("#" + answer);
    }
}
