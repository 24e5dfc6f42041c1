package org.loopscope.analysis.probe;

import org.loopscope.analysis.prompts.AnswerTokens;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * What the steps of one run answer, at its last token: of the choices the one whose first token has the largest logit,
 * without choices the most probable token, with which the step's answer begins.
 */
public final class AnswerRun {
    private final Capture capture;
    private final int[] answers; // [T]

    private AnswerRun(Capture capture, int[] answers) {
        this.capture = capture;
        this.answers = answers;
    }

    /**
     * Runs one prompt.
     *
     * @throws LoopscopeException if it cannot be run, or its choices begin with the same token
     */
    public static AnswerRun of(LoopedModel model, ProbeItem item, int steps, boolean layers, RunControl control)
            throws LoopscopeException {
        Tokenizer tokenizer = model.requireTokenizer();
        RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
        int[] ids = tokenizer.encodePrompt(item.prompt());
        Capture capture = model.run(ids, RunOptions.steps(steps).withLayers(layers), quiet);
        int[] choices = AnswerTokens.first(tokenizer, item.prompt(), item.choices());
        return new AnswerRun(capture, answers(model, capture, ids.length - 1, choices));
    }

    /**
     * What each step of a run says at {@code position}: number of the choice, or without choices id of the token, [T].
     *
     * @param choices first tokens of the choices
     */
    public static int[] answers(LoopedModel model, Capture capture, int position, int[] choices) {
        int[] answers = new int[capture.steps()];
        float[] logits = new float[model.unembedding().vocabSize()];
        for (int t = 1; t <= answers.length; t++) {
            model.unembedding().logits(capture.state(Site.readout(t), position), 1, logits);
            answers[t - 1] = choices.length > 0 ? largest(logits, choices) : largest(logits);
        }
        return answers;
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
}
