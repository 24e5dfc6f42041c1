package org.loopscope.analysis.depth;

import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitDistribution;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What every number of loops says after every token of one run. */
public final class TokenDepth {
    private TokenDepth() {}

    /**
     * One line per token and step: {@code position}, {@code token}, {@code step}, {@code outside_training}, {@code id} and
     * {@code text} of the most probable next token, {@code agrees_last} and {@code agrees_trained} (missing in a run of fewer
     * steps), {@code top_probability}, {@code text_probability} (missing at the last token), {@code
     * probability_of_final} (of what the last step says), {@code entropy}, {@code kl_to_previous} (nats, missing at step
     * 1), {@code sampled_acceptance} (of a draft of this step by the last), {@code lambda}, {@code reaching} (S_{t−1}), {@code expected_steps} (of a run with T = t).
     */
    public static Table table(LensGrid lens) {
        return table(lens, 0, lens.positions());
    }

    /** The same of one token. */
    public static Table table(LensGrid lens, int position) {
        return table(lens, position, position + 1);
    }

    private static Table table(LensGrid lens, int from, int to) {
        Capture capture = lens.capture();
        int trained = capture.config().trainedSteps();
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        BooleanColumn outside = BooleanColumn.create("outside_training");
        IntColumn id = IntColumn.create("id");
        StringColumn text = StringColumn.create("text");
        BooleanColumn agreesLast = BooleanColumn.create("agrees_last");
        BooleanColumn agreesTrained = BooleanColumn.create("agrees_trained");
        DoubleColumn top = DoubleColumn.create("top_probability");
        DoubleColumn next = DoubleColumn.create("text_probability");
        DoubleColumn last = DoubleColumn.create("probability_of_final");
        DoubleColumn entropy = DoubleColumn.create("entropy");
        DoubleColumn kl = DoubleColumn.create("kl_to_previous");
        DoubleColumn sampled = DoubleColumn.create("sampled_acceptance");
        DoubleColumn lambda = DoubleColumn.create("lambda");
        DoubleColumn reaching = DoubleColumn.create("reaching");
        DoubleColumn expected = DoubleColumn.create("expected_steps");
        for (int p = from; p < to; p++) {
            ExitDistribution exits = capture.exitDistribution(p);
            for (int t = 1; t <= lens.steps(); t++) {
                int row = lens.rowOfStep(t);
                int says = lens.topId(row, p, 0);
                position.append(p);
                token.append(capture.tokenText(p));
                step.append(t);
                outside.append(t > trained);
                id.append(says);
                text.append(lens.tokenText(says));
                agreesLast.append(says == lens.finalId(p));
                if (trained <= lens.steps()) {
                    agreesTrained.append(says == lens.topId(lens.rowOfStep(trained), p, 0));
                } else {
                    agreesTrained.appendMissing();
                }
                top.append(lens.topProbability(row, p, 0));
                next.append(lens.probabilityOfNext(row, p));
                last.append(Math.exp(lens.logProbabilityOfFinal(row, p)));
                entropy.append(lens.entropy(row, p));
                kl.append(lens.klToPrevious(row, p));
                sampled.append(lens.overlapWithLast(row, p));
                lambda.append(exits.lambda(t));
                reaching.append(exits.survival(t - 1));
                expected.append(DepthReader.expectedSteps(exits, t));
            }
        }
        return Table.create("token_depth", position, token, step, outside, id, text, agreesLast, agreesTrained)
                .addColumns(top, next, last, entropy, kl, sampled, lambda, reaching, expected);
    }
}
