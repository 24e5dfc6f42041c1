package org.loopscope.analysis.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.StepAccuracy;
import org.loopscope.analysis.sweep.SweepRow.Scope;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Tokenizer;

/**
 * Runs one prompt through all steps and replays every rule of a plan on what that left. An answer is given behind the
 * prompt ("teacher forcing"), so that each of its tokens is read with those before it as they should be.
 */
final class PromptMeasure {
    private final LoopedModel model;
    private final Tokenizer tokenizer;
    private final SweepPlan plan;

    PromptMeasure(LoopedModel model, Tokenizer tokenizer, SweepPlan plan) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.plan = plan;
    }

    /** @throws LoopscopeException naming the prompt, if the model cannot run it */
    void check(int number, Prompt prompt) throws LoopscopeException {
        try {
            Text text = text(prompt);
            model.config().requireTokens(text.ids, text.generate);
        } catch (LoopscopeException e) {
            throw new LoopscopeException("Prompt " + number + " of the set: " + e.getMessage(), e);
        }
    }

    /**
     * @param ids prompt and answer without its last token, which nothing is read after
     * @param given tokens of the prompt
     * @param answer tokens of the answer, [0] without one
     */
    private record Text(int[] ids, int given, int[] answer, int generate) {}

    private Text text(Prompt prompt) throws LoopscopeException {
        int[] ids = tokenizer.encode(prompt.prompt());
        Optional<String> wanted = prompt.answer().filter(answer -> !answer.isBlank());
        if (wanted.isEmpty()) {
            return new Text(ids, ids.length, new int[0], plan.generate());
        }
        int[] answer = StepAccuracy.answerTokens(tokenizer, prompt.prompt(), wanted.get(), ids);
        int[] both = Arrays.copyOf(ids, ids.length + answer.length - 1);
        System.arraycopy(answer, 0, both, ids.length, answer.length - 1);
        return new Text(both, ids.length, answer, 0);
    }

    /** @throws java.util.concurrent.CancellationException if {@code control} is cancelled */
    List<SweepRow> rows(int number, Prompt prompt, RunControl control) throws LoopscopeException {
        Text text = text(prompt);
        try {
            Capture capture = model.run(text.ids, RunOptions.steps(plan.steps()).withGenerate(text.generate), control);
            LensGrid lens = LogitLens.steps(capture, model.unembedding(), 1, control);
            return rows(number, prompt, text, capture, lens);
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            return List.of(new SweepRow(
                    number, prompt.group().orElse(""), Scope.PROBLEM, "", Double.NaN, 0, 0, 0, 0, plan.steps()));
        }
    }

    private List<SweepRow> rows(int number, Prompt prompt, Text text, Capture capture, LensGrid lens) {
        ExitAnalysis exits = ExitAnalysis.of(capture, lens);
        int[] next = Arrays.copyOf(capture.tokenIds(), capture.length() + 1);
        if (text.answer.length > 0) {
            next[capture.length()] = text.answer[text.answer.length - 1];
        }
        List<SweepRow> rows = new ArrayList<>();
        for (SweepRule rule : plan.rules()) {
            int[] steps = rule.exitSteps(exits, lens);
            if (rule == SweepRule.ORACLE_RIGHT && text.answer.length > 0) { // its last token is not in the capture
                int last = capture.length() - 1;
                steps[last] = firstRight(lens, last, next[last + 1]);
            }
            Counter counter = new Counter(number, prompt, rule, steps, next, lens);
            if (text.given > 1) {
                rows.add(counter.row(Scope.PROMPT, 0, text.given - 1));
            }
            if (text.answer.length > 0) {
                rows.add(counter.row(Scope.ANSWER, text.given - 1, text.answer.length));
            } else if (capture.length() > text.given) {
                rows.add(counter.row(Scope.GENERATED, text.given - 1, capture.length() - text.given));
            }
        }
        return rows;
    }

    private static int firstRight(LensGrid lens, int position, int id) {
        for (int step = 1; step < lens.steps(); step++) {
            if (lens.topId(lens.rowOfStep(step), position, 0) == id) {
                return step;
            }
        }
        return lens.steps();
    }

    /** @param next the token that follows each position, [S + 1] with the first unused */
    private record Counter(int number, Prompt prompt, SweepRule rule, int[] steps, int[] next, LensGrid lens) {
        SweepRow row(Scope scope, int from, int count) {
            long loops = 0;
            int agreeing = 0;
            int right = 0;
            for (int p = from; p < from + count; p++) {
                int says = lens.topId(lens.rowOfStep(steps[p]), p, 0);
                loops += steps[p];
                agreeing += says == lens.finalId(p) ? 1 : 0;
                right += says == next[p + 1] ? 1 : 0;
            }
            return new SweepRow(
                    number,
                    prompt.group().orElse(""),
                    scope,
                    rule.name(),
                    rule.threshold(),
                    count,
                    loops,
                    agreeing,
                    right,
                    lens.steps());
        }
    }
}
