package org.loopscope.analysis.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.probe.AnswerRun;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.prompts.AnswerTokens;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * What every step answers to one prompt. With choices: the one whose first token has the largest logit. Without: the text
 * that greedy decoding of that step writes, of as many tokens as the right answer has (one where it is not known), so that
 * it is the right answer exactly where {@link WholeAnswer} calls the step right. Immutable.
 */
final class StepAnswers {
    private final List<String> texts; // [T]
    private final List<List<Integer>> labels; // [T], number of the choice or tokens written
    private final Optional<WholeAnswer> whole;
    private final List<WholeAnswer.Reading> readings; // [T], none where the answer is not known
    private final List<Boolean> right; // [T], none where the answer is not known

    private StepAnswers(
            List<String> texts,
            List<List<Integer>> labels,
            Optional<WholeAnswer> whole,
            List<WholeAnswer.Reading> readings,
            List<Boolean> right) {
        this.texts = List.copyOf(texts);
        this.labels = List.copyOf(labels);
        this.whole = whole;
        this.readings = List.copyOf(readings);
        this.right = List.copyOf(right);
    }

    /** @throws LoopscopeException if the prompt or its answer cannot be run, or its choices begin with the same token */
    static StepAnswers of(LoopedModel model, ProbeItem item, int steps, RunControl control) throws LoopscopeException {
        return new Asking(model, item, steps, control).answers();
    }

    /** The answers as shown, [T]. */
    List<String> texts() {
        return texts;
    }

    /** Whether two steps answer the same, token for token. */
    boolean same(int step, int other) {
        return labels.get(step - 1).equals(labels.get(other - 1));
    }

    /** Tokens of the right answer; 0 where it is not known. */
    int tokens() {
        return whole.map(answer -> answer.tokens().length).orElse(0);
    }

    /** Whether {@code step} is right; none where the answer is not known. */
    Optional<Boolean> right(int step) {
        return right.isEmpty() ? Optional.empty() : Optional.of(right.get(step - 1));
    }

    /** Natural log-probability of the right answer's first token; NaN where it is not known. */
    double firstLogProbability(int step) {
        return readings.isEmpty() ? Double.NaN : readings.get(step - 1).logProbability(0);
    }

    /** Natural log-probability of the whole right answer; NaN where it is not known. */
    double logProbability(int step) {
        return readings.isEmpty() ? Double.NaN : readings.get(step - 1).logProbability();
    }

    /** One prompt being asked. */
    private static final class Asking {
        private final LoopedModel model;
        private final Tokenizer tokenizer;
        private final ProbeItem item;
        private final int steps;
        private final RunControl control;
        private final int[] prompt;

        Asking(LoopedModel model, ProbeItem item, int steps, RunControl control) throws LoopscopeException {
            this.model = model;
            this.tokenizer = model.requireTokenizer();
            this.item = item;
            this.steps = steps;
            this.control = RunControl.of(control::isCancelled, (stage, done, total) -> {});
            this.prompt = tokenizer.encodePrompt(item.prompt());
        }

        StepAnswers answers() throws LoopscopeException {
            int[] choices = AnswerTokens.first(tokenizer, item.prompt(), item.choices());
            Optional<WholeAnswer> whole = item.answer().isEmpty()
                    ? Optional.empty()
                    : Optional.of(WholeAnswer.of(
                            tokenizer, item.prompt(), item.answer().get()));
            Capture capture = run(whole.map(WholeAnswer::ids).orElse(prompt));
            List<WholeAnswer.Reading> readings = whole.map(answer -> answer.read(capture, model.unembedding()))
                    .orElse(List.of());
            if (choices.length > 0) {
                int[] chosen = AnswerRun.answers(model, capture, prompt.length - 1, choices);
                List<String> texts =
                        Arrays.stream(chosen).mapToObj(item.choices()::get).toList();
                List<List<Integer>> labels =
                        Arrays.stream(chosen).mapToObj(List::of).toList();
                return new StepAnswers(texts, labels, whole, readings, equal(texts));
            }
            int[][] written = written(capture, whole, readings);
            List<List<Integer>> labels = Arrays.stream(written)
                    .map(ids -> Arrays.stream(ids).boxed().toList())
                    .toList();
            return new StepAnswers(texts(written, readings), labels, whole, readings, right(readings));
        }

        private Capture run(int[] ids) throws LoopscopeException {
            return model.run(ids, RunOptions.steps(steps), control);
        }

        private List<Boolean> equal(List<String> chosen) {
            return item.answer()
                    .map(answer -> chosen.stream().map(answer::equals).toList())
                    .orElse(List.of());
        }

        private static List<Boolean> right(List<WholeAnswer.Reading> readings) {
            return readings.stream().map(WholeAnswer.Reading::right).toList();
        }

        /** The right answer of several tokens as the set writes it; all else as the tokenizer does. */
        private List<String> texts(int[][] written, List<WholeAnswer.Reading> readings) {
            List<String> texts = new ArrayList<>();
            for (int t = 0; t < steps; t++) {
                int[] ids = written[t];
                boolean right = ids.length > 1 && readings.get(t).right();
                String text = ids.length == 1 ? tokenizer.tokenText(ids[0]) : tokenizer.decode(ids);
                texts.add(right ? item.answer().orElse(text) : text);
            }
            return texts;
        }

        /**
         * What greedy decoding of every step writes, [T][tokens]. Behind the right answer's beginning it is read from the
         * run that has it; another beginning is run once, for all steps that share it.
         */
        private int[][] written(Capture first, Optional<WholeAnswer> whole, List<WholeAnswer.Reading> readings)
                throws LoopscopeException {
            int tokens = whole.map(answer -> answer.tokens().length).orElse(1);
            Map<List<Integer>, int[]> next = new HashMap<>(); // what every step says behind a beginning
            List<Integer> beginning = new ArrayList<>();
            for (int i = 0; i < tokens && whole.isPresent(); i++) {
                int at = i;
                next.put(
                        List.copyOf(beginning),
                        readings.stream().mapToInt(step -> step.says(at)).toArray());
                beginning.add(whole.get().tokens()[i]);
            }
            if (whole.isEmpty()) {
                next.put(List.of(), AnswerRun.answers(model, first, prompt.length - 1, new int[0]));
            }
            int[][] written = new int[steps][tokens];
            for (int i = 0; i < tokens; i++) {
                for (int t = 0; t < steps; t++) {
                    List<Integer> before =
                            Arrays.stream(written[t], 0, i).boxed().toList();
                    int[] says = next.get(before);
                    if (says == null) {
                        says = says(before);
                        next.put(before, says);
                    }
                    written[t][i] = says[t];
                }
            }
            return written;
        }

        private int[] says(List<Integer> before) throws LoopscopeException {
            control.checkCancelled();
            int[] ids = IntStream.concat(Arrays.stream(prompt), before.stream().mapToInt(Integer::intValue))
                    .toArray();
            return AnswerRun.answers(model, run(ids), ids.length - 1, new int[0]);
        }
    }
}
