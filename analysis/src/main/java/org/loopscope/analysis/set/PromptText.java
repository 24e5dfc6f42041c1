package org.loopscope.analysis.set;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * The tokens of one prompt as it is run to be measured. An answer is given behind the prompt ("teacher forcing"), so that
 * each of its tokens is read with those before it as they should be. Immutable.
 */
public final class PromptText {
    private final int[] ids; // prompt and answer without its last token, which nothing is read after
    private final int given; // tokens of the prompt
    private final int[] answer; // tokens of the answer, [0] without one
    private final int generate;

    private PromptText(int[] ids, int given, int[] answer, int generate) {
        this.ids = ids;
        this.given = given;
        this.answer = answer;
        this.generate = generate;
    }

    /**
     * Predictions that are counted together.
     *
     * @param from the position of the first one; a prediction is for the token that follows its position
     */
    public record Span(Scope scope, int from, int count) {
        /** Whether the prediction at {@code position} is counted here. */
        public boolean holds(int position) {
            return position >= from && position < from + count;
        }
    }

    /** @param generate tokens to generate after a prompt that has no answer */
    public static PromptText of(Tokenizer tokenizer, Prompt prompt, int generate) throws LoopscopeException {
        int[] ids = tokenizer.encodePrompt(prompt.prompt());
        Optional<String> wanted = prompt.answer().filter(answer -> !answer.isBlank());
        if (wanted.isEmpty()) {
            return new PromptText(ids, ids.length, new int[0], generate);
        }
        WholeAnswer answer = WholeAnswer.of(tokenizer, prompt.prompt(), wanted.get());
        return new PromptText(answer.ids(), ids.length, answer.tokens(), 0);
    }

    /**
     * Looks whether a model of this shape can run it, its answer's last token too.
     *
     * @throws LoopscopeException naming the prompt, if not
     */
    public static void check(LoopConfig config, Tokenizer tokenizer, int number, Prompt prompt, int generate)
            throws LoopscopeException {
        try {
            PromptText text = of(tokenizer, prompt, generate);
            config.requireTokens(text.wholeIds(), text.generate);
        } catch (LoopscopeException e) {
            throw new LoopscopeException("Prompt " + number + " of the set: " + e.getMessage(), e);
        }
    }

    /** The tokens to run. */
    public int[] ids() {
        return ids.clone();
    }

    /** The tokens to run where the states of the whole answer are read, its last token's too. */
    public int[] wholeIds() {
        if (!answered()) {
            return ids();
        }
        int[] whole = Arrays.copyOf(ids, ids.length + 1);
        whole[ids.length] = lastOfAnswer();
        return whole;
    }

    /** Tokens to generate after them. */
    public int generate() {
        return generate;
    }

    /** Whether there is an answer. */
    public boolean answered() {
        return answer.length > 0;
    }

    /** Id of the answer's last token, which is not among {@link #ids}. */
    public int lastOfAnswer() {
        return answer[answer.length - 1];
    }

    /** The token that follows each position of a run of this text: [S + 1], read at p + 1; the last is 0 where nothing follows. */
    public int[] next(Capture capture) {
        int[] next = Arrays.copyOf(capture.tokenIds(), capture.length() + 1);
        if (answered()) {
            next[capture.length()] = lastOfAnswer();
        }
        return next;
    }

    /** What is counted in a run of this text that is {@code length} tokens long. */
    public List<Span> spans(int length) {
        List<Span> spans = new ArrayList<>();
        if (given > 1) {
            spans.add(new Span(Scope.PROMPT, 0, given - 1));
        }
        if (answered()) {
            spans.add(new Span(Scope.ANSWER, given - 1, answer.length));
        } else if (length > given) {
            spans.add(new Span(Scope.GENERATED, given - 1, length - given));
        }
        return spans;
    }
}
