package org.loopscope.analysis.prompts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * How often each step answers right, by group of prompts.
 *
 * <p>What is right says {@link WholeAnswer}. Steps are 1-based. Immutable.
 */
public final class StepAccuracy {
    /** Group of the prompts that name none. */
    public static final String NO_GROUP = "(no group)";

    private final int steps;
    private final int skipped;
    private final Map<String, long[]> hits; // group -> [T]
    private final Map<String, Long> n;

    private StepAccuracy(int steps, int skipped, Map<String, long[]> hits, Map<String, Long> n) {
        this.steps = steps;
        this.skipped = skipped;
        this.hits = hits;
        this.n = n;
    }

    /**
     * Runs every prompt that has an answer through {@code steps} steps; the same prompt and answer is run once and
     * counted as often as it occurs.
     *
     * @throws LoopscopeException if the model has no tokenizer, no prompt has an answer, or a prompt cannot be run
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     */
    public static StepAccuracy of(LoopedModel model, List<Prompt> prompts, int steps, RunControl control)
            throws LoopscopeException {
        Tokenizer tokenizer = model.requireTokenizer();
        Map<String, long[]> hits = new LinkedHashMap<>();
        Map<String, Long> n = new LinkedHashMap<>();
        Map<Question, boolean[]> known = new HashMap<>();
        int skipped = 0;
        for (int i = 0; i < prompts.size(); i++) {
            control.checkCancelled();
            Prompt prompt = prompts.get(i);
            if (prompt.answer().isEmpty()) {
                skipped++;
                continue;
            }
            Question question = new Question(prompt.prompt(), prompt.answer().get());
            boolean[] right = known.get(question);
            if (right == null) {
                right = right(model, tokenizer, question, steps, control);
                known.put(question, right);
            }
            String group = prompt.group().orElse(NO_GROUP);
            n.merge(group, 1L, Long::sum);
            count(right, hits.computeIfAbsent(group, g -> new long[steps]));
            control.progress("prompts", i + 1, prompts.size());
        }
        if (n.isEmpty()) {
            throw new LoopscopeException(
                    "Accuracy by step: expected prompts with an answer, found none among " + prompts.size() + ".");
        }
        return new StepAccuracy(steps, skipped, hits, n);
    }

    private static void count(boolean[] right, long[] hits) {
        for (int t = 0; t < hits.length; t++) {
            if (right[t]) {
                hits[t]++;
            }
        }
    }

    /** Whether each step answers right, [T]. */
    private static boolean[] right(
            LoopedModel model, Tokenizer tokenizer, Question question, int steps, RunControl control)
            throws LoopscopeException {
        WholeAnswer answer = WholeAnswer.of(tokenizer, question.prompt(), question.answer());
        Capture capture = model.run(answer.ids(), RunOptions.steps(steps), control);
        List<WholeAnswer.Reading> readings = answer.read(capture, model.unembedding());
        boolean[] right = new boolean[steps];
        for (int t = 1; t <= steps; t++) {
            right[t - 1] = readings.get(t - 1).right();
        }
        return right;
    }

    /** Prompts without an answer, which are not counted. */
    public int skipped() {
        return skipped;
    }

    /** Groups in order of appearance. */
    public List<String> groups() {
        return new ArrayList<>(n.keySet());
    }

    /** Prompts counted in a group. */
    public long n(String group) {
        Long count = n.get(group);
        if (count == null) {
            throw new IllegalArgumentException("group: want one of " + groups() + ", got " + group);
        }
        return count;
    }

    /** Prompts of a group that {@code step} answers right. */
    public long hits(String group, int step) {
        n(group);
        return hits.getOrDefault(group, new long[steps])[step - 1];
    }

    public double accuracy(String group, int step) {
        return (double) hits(group, step) / n(group);
    }

    /** What makes two prompts the same. */
    record Question(String prompt, String answer) {}
}
