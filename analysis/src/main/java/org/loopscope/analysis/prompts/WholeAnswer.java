package org.loopscope.analysis.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.loopscope.analysis.lens.LogSoftmax;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.Site;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * What "right" means, in every lab: the whole answer.
 *
 * <p>The prompt is run with its answer behind it, and a step is right if every token of the answer is its most probable
 * prediction (equal ones: the lowest id) at the token before it. For a one-token answer that is the top-1 at the last
 * token of the prompt; for a longer one it is what greedy decoding at that step would write, since all earlier tokens are
 * then as given. What the model would write after the answer is not looked at. The log-probability of an answer is the sum
 * over its tokens, each given those before it. Immutable.
 */
public final class WholeAnswer {
    private final int[] prompt;
    private final int[] answer;

    private WholeAnswer(int[] prompt, int[] answer) {
        this.prompt = prompt;
        this.answer = answer;
    }

    /** @throws LoopscopeException if the answer has no token */
    public static WholeAnswer of(Tokenizer tokenizer, String prompt, String answer) throws LoopscopeException {
        return new WholeAnswer(tokenizer.encodePrompt(prompt), tokens(tokenizer, prompt, answer));
    }

    /** The same of tokens. */
    public static WholeAnswer of(int[] prompt, int[] answer) {
        return new WholeAnswer(prompt.clone(), answer.clone());
    }

    /**
     * Tokens of the answer as they follow the prompt: those that appear when prompt, a space and answer are encoded
     * together (no second space if either has one), since a tokenizer may treat a word differently at the start of a
     * text. Where that changes the prompt's own tokens, the answer is encoded by itself. Special tokens that the tokenizer
     * puts around a prompt stand before the answer and change nothing here.
     *
     * @throws LoopscopeException if there are none
     */
    public static int[] tokens(Tokenizer tokenizer, String prompt, String answer) throws LoopscopeException {
        int[] promptTokens = tokenizer.encode(prompt);
        boolean spaced = Character.isWhitespace(prompt.charAt(prompt.length() - 1))
                || (!answer.isEmpty() && Character.isWhitespace(answer.charAt(0)));
        int[] both = tokenizer.encode(prompt + (spaced ? "" : " ") + answer);
        boolean follows = both.length > promptTokens.length
                && Arrays.equals(both, 0, promptTokens.length, promptTokens, 0, promptTokens.length);
        int[] tokens = follows ? Arrays.copyOfRange(both, promptTokens.length, both.length) : tokenizer.encode(answer);
        if (tokens.length == 0) {
            throw new LoopscopeException(
                    "Prompt \"" + prompt + "\": expected an answer of at least one token, found \"" + answer + "\".");
        }
        return tokens;
    }

    /** Whether an answer of so many tokens is right. */
    public static boolean right(int rightTokens, int tokens) {
        return rightTokens == tokens;
    }

    /** Whether a text that was written has the answer at {@code from}; not where it ends before the answer does. */
    public static boolean stands(int[] written, int from, List<Integer> answer) {
        for (int i = 0; i < answer.size(); i++) {
            if (from + i >= written.length || written[from + i] != answer.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** The tokens to run: the prompt, and the answer without its last token, which nothing is read after. */
    public int[] ids() {
        int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length - 1);
        System.arraycopy(answer, 0, ids, prompt.length, answer.length - 1);
        return ids;
    }

    /** Its tokens, at least one. */
    public int[] tokens() {
        return answer.clone();
    }

    /** Its tokens with another prompt before them. */
    public WholeAnswer behind(int[] otherPrompt) {
        return new WholeAnswer(otherPrompt.clone(), answer);
    }

    /** What every step of a run of {@link #ids} makes of it, the first step first. */
    public List<Reading> read(Capture capture, Unembedding unembedding) {
        List<Reading> readings = new ArrayList<>();
        for (int t = 1; t <= capture.steps(); t++) {
            readings.add(read(capture, unembedding, t));
        }
        return readings;
    }

    /** What one step makes of it. */
    public Reading read(Capture capture, Unembedding unembedding, int step) {
        int vocab = unembedding.vocabSize();
        float[] states = new float[answer.length * unembedding.hiddenSize()];
        float[] logits = new float[answer.length * vocab];
        capture.states(Site.readout(step), prompt.length - 1, answer.length, states, 0);
        unembedding.logits(states, answer.length, logits);
        return new Reading(answer, logits, vocab);
    }

    /** What one step makes of the answer. */
    public static final class Reading {
        private final int[] says; // [tokens]
        private final double[] logProbability; // [tokens]
        private final boolean right;

        private Reading(int[] answer, float[] logits, int vocab) {
            says = new int[answer.length];
            logProbability = new double[answer.length];
            int hits = 0;
            for (int i = 0; i < answer.length; i++) {
                says[i] = largest(logits, i * vocab, vocab);
                logProbability[i] = logits[i * vocab + answer[i]] - LogSoftmax.logSum(logits, i * vocab, vocab);
                hits += says[i] == answer[i] ? 1 : 0;
            }
            right = WholeAnswer.right(hits, answer.length);
        }

        /** Whether every token of the answer is the most probable one. */
        public boolean right() {
            return right;
        }

        /** The most probable token in the place of the answer's token {@code index}, given the answer's tokens before it. */
        public int says(int index) {
            return says[index];
        }

        /** Natural log-probability of the answer's token {@code index}, given those before it. */
        public double logProbability(int index) {
            return logProbability[index];
        }

        /** Natural log-probability of the whole answer: the sum over its tokens. */
        public double logProbability() {
            return Arrays.stream(logProbability).sum();
        }
    }

    private static int largest(float[] logits, int offset, int n) {
        int best = 0;
        for (int v = 1; v < n; v++) {
            if (logits[offset + v] > logits[offset + best]) {
                best = v;
            }
        }
        return best;
    }
}
