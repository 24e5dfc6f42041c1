package org.loopscope.analysis.choice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.loopscope.analysis.choice.ChoiceItem.Option;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.sweep.SweepRule;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Scores the choices of a question by the log-likelihood of their tokens at every step and by exit rules. What the choices have in
 * common is computed once.
 *
 * @param steps T
 * @param rules steps and exit rules
 * @param chat whether contexts are put into the chat form of the model
 */
public record ChoiceMeasure(LoopedModel model, int steps, List<SweepRule> rules, boolean chat) {
    /** The tokens of a choice behind its context: [S] in all, the last {@code count} are the choice's. */
    private record Encoded(int[] ids, int count) {}

    /** The rows of a question: each choice at each reading. */
    public List<ChoiceRow> rows(int number, ChoiceItem item, RunControl control) throws LoopscopeException {
        List<Encoded> encoded = new ArrayList<>();
        for (Option option : item.options()) {
            encoded.add(encode(option));
        }
        List<Capture> captures = captures(encoded, control);
        List<ChoiceRow> rows = new ArrayList<>();
        for (int c = 0; c < captures.size(); c++) {
            LensGrid lens = LogitLens.steps(captures.get(c), model.unembedding(), 1, control);
            rows.addAll(rows(number, item, c, encoded.get(c).count(), lens));
        }
        return rows;
    }

    private List<Capture> captures(List<Encoded> encoded, RunControl control) throws LoopscopeException {
        int common = common(encoded);
        if (common > 0) {
            return continued(encoded, common, control);
        }
        List<Capture> captures = new ArrayList<>();
        for (Encoded one : encoded) { // contexts that begin differently
            captures.addAll(continued(List.of(one), one.ids().length - one.count(), control));
        }
        return captures;
    }

    private List<Capture> continued(List<Encoded> encoded, int common, RunControl control) throws LoopscopeException {
        int[] prefix = Arrays.copyOf(encoded.get(0).ids(), common);
        List<int[]> tails = encoded.stream()
                .map(one -> Arrays.copyOfRange(one.ids(), common, one.ids().length))
                .toList();
        return model.continuations(prefix, tails, steps, control);
    }

    /** The row of a question whose run met a number that is not finite. */
    public ChoiceRow problem(int number, ChoiceItem item) {
        return ChoiceRow.problem(number, item, steps);
    }

    /** Looks whether the model can run it. */
    public void check(ChoiceItem item) throws LoopscopeException {
        for (Option option : item.options()) {
            model.config().requireTokens(encode(option).ids(), 0);
        }
    }

    /**
     * Context and continuation are encoded together, blanks at the end of the context going to the continuation; the continuation's
     * tokens are those behind as many as the context has by itself, as lm-evaluation-harness does it.
     */
    private Encoded encode(Option option) throws LoopscopeException {
        Tokenizer tokenizer = model.requireTokenizer();
        String context = chat
                ? model.chat().required(model.info().id()).prompt(option.context())
                : option.context().stripTrailing();
        String continuation =
                chat ? option.continuation() : option.context().substring(context.length()) + option.continuation();
        int[] before = chat ? tokenizer.encode(context) : tokenizer.encodePrompt(context);
        int added = chat ? 0 : tokenizer.addedTokens().after().size();
        int[] whole = chat ? tokenizer.encode(context + continuation) : tokenizer.encodePrompt(context + continuation);
        int[] ids = Arrays.copyOf(whole, whole.length - added);
        int count = ids.length - (before.length - added);
        if (before.length - added < 1 || count < 1) {
            throw new LoopscopeException("A choice: expected a context and a continuation of one token or more, found "
                    + (before.length - added) + " and " + count + " tokens.");
        }
        return new Encoded(ids, count);
    }

    /** Tokens that all choices begin with, none of those that are scored among them. */
    private static int common(List<Encoded> encoded) {
        int[] first = encoded.get(0).ids();
        int common = first.length;
        for (Encoded one : encoded) {
            int most = one.ids().length - one.count();
            int same = Arrays.mismatch(first, one.ids());
            common = Math.min(common, Math.min(most, same < 0 ? most : same));
        }
        return common;
    }

    private List<ChoiceRow> rows(int number, ChoiceItem item, int choice, int count, LensGrid lens) {
        ExitAnalysis exits = ExitAnalysis.of(lens.capture(), lens);
        Option option = item.options().get(choice);
        int from = lens.positions() - 1 - count; // the prediction of the choice's first token
        List<ChoiceRow> rows = new ArrayList<>();
        for (SweepRule rule : rules) {
            int[] left = rule.exitSteps(exits, lens);
            int loops = 0;
            double sum = 0;
            boolean greedy = true;
            for (int p = from; p < from + count; p++) {
                int row = lens.rowOfStep(left[p]);
                loops += left[p];
                sum -= lens.lossOfNext(row, p);
                greedy &= lens.topId(row, p, 0) == lens.capture().tokenId(p + 1);
            }
            rows.add(new ChoiceRow(
                    number,
                    item.id(),
                    item.group(),
                    choice,
                    choice == item.right(),
                    rule.spec(),
                    count,
                    option.characters(),
                    option.bytes(),
                    loops,
                    Math.min(0, sum),
                    greedy,
                    steps));
        }
        return rows;
    }
}
