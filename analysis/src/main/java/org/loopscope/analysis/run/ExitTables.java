package org.loopscope.analysis.run;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.Oracle;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.run.GateDiagnosis.Label;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.Signal;
import org.loopscope.model.exit.StepSignals;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables about the exits of one run; the columns are a public format. Steps 1-based, positions 0-based. */
public final class ExitTables {
    /** Signals whose columns were named when they stood in the table first; those of others are called as the rule. */
    private static final Set<Signal> NAMED = EnumSet.of(
            Signal.ENTROPY,
            Signal.MAX_PROBABILITY,
            Signal.MARGIN,
            Signal.KL,
            Signal.STATE_DIFFERENCE,
            Signal.ACCELERATION);

    private static final List<Signal> LATER =
            Stream.of(Signal.values()).filter(signal -> !NAMED.contains(signal)).toList();

    private ExitTables() {}

    /**
     * One line per token and step: the columns of {@link ExitAnalysis#toTable}, then {@code top1} (text of the most probable
     * next token at this step), {@code first_agreeing} and {@code first_right} (missing where no step is right, and at the last
     * token), see {@link Oracle}, and {@code rule}.
     */
    public static Table steps(Inspection inspection, ExitRule rule) {
        LensGrid lens = inspection.lens();
        int[] agreeing = Oracle.firstAgreeing(lens);
        int[] right = Oracle.firstRight(lens);
        StringColumn top1 = StringColumn.create("top1");
        IntColumn firstAgreeing = IntColumn.create("first_agreeing");
        IntColumn firstRight = IntColumn.create("first_right");
        for (int p = 0; p < lens.positions(); p++) {
            for (int t = 1; t <= lens.steps(); t++) {
                top1.append(lens.topText(lens.rowOfStep(t), p, 0));
                firstAgreeing.append(agreeing[p]);
                appendStep(firstRight, right[p]);
            }
        }
        Table table = inspection.exits().toTable(rule).addColumns(top1, firstAgreeing, firstRight);
        return Tables.withText(table, "rule", rule.spec());
    }

    /**
     * What each rule compares with its threshold, one line per token and step: {@code position}, {@code token}, {@code step},
     * {@code cdf}, {@code entropy} (nats), {@code max_probability}, {@code margin}, {@code kl_to_previous} (nats), {@code
     * same_top1} (steps before this one, without a break, that had its most probable token too), {@code state_difference},
     * {@code acceleration}; missing where a step before does not exist.
     */
    public static Table signals(Inspection inspection) {
        Capture capture = inspection.capture();
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        DoubleColumn cdf = DoubleColumn.create("cdf");
        DoubleColumn entropy = DoubleColumn.create("entropy");
        DoubleColumn max = DoubleColumn.create("max_probability");
        DoubleColumn margin = DoubleColumn.create("margin");
        DoubleColumn kl = DoubleColumn.create("kl_to_previous");
        IntColumn same = IntColumn.create("same_top1");
        DoubleColumn difference = DoubleColumn.create("state_difference");
        DoubleColumn acceleration = DoubleColumn.create("acceleration");
        List<DoubleColumn> later = LATER.stream()
                .map(signal -> DoubleColumn.create(signal.cliName().replace('-', '_')))
                .toList();
        for (int p = 0; p < capture.length(); p++) {
            StepSignals signals = inspection.exits().signals().at(p);
            for (int t = 1; t <= capture.steps(); t++) {
                position.append(p);
                token.append(capture.tokenText(p));
                step.append(t);
                cdf.append(inspection.exits().distribution(p).cdf(t));
                entropy.append(signals.entropy(t));
                max.append(signals.maxProbability(t));
                margin.append(signals.margin(t));
                kl.append(signals.kl(t));
                same.append(unchanged(signals, t));
                difference.append(Signal.STATE_DIFFERENCE.value(signals, t));
                acceleration.append(Signal.ACCELERATION.value(signals, t));
                for (int i = 0; i < LATER.size(); i++) {
                    later.get(i).append(LATER.get(i).value(signals, t));
                }
            }
        }
        Table table = Table.create(
                "exit_signals", position, token, step, cdf, entropy, max, margin, kl, same, difference, acceleration);
        later.forEach(table::addColumns);
        return table;
    }

    private static int unchanged(StepSignals signals, int step) {
        int before = step;
        while (before > 1 && signals.top1(before - 1) == signals.top1(step)) {
            before--;
        }
        return step - before;
    }

    /**
     * The tokens that leave elsewhere at one end of the band than at the other: {@code position}, {@code token}, {@code
     * exit_step} by {@code rule}, {@code exit_low} and {@code exit_high} by the rules of the band, {@code top1}, {@code top1_low},
     * {@code top1_high} (texts read at those steps), {@code threshold}, {@code low}, {@code high} (thresholds), {@code rule}.
     */
    public static Table flips(Inspection inspection, ExitRule rule, RuleBand band) {
        Capture capture = inspection.capture();
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        Exits at = new Exits(inspection, rule, "");
        Exits low = new Exits(inspection, band.low(), "_low");
        Exits high = new Exits(inspection, band.high(), "_high");
        for (int p : inspection.exits().flips(band.low(), band.high())) {
            position.append(p);
            token.append(capture.tokenText(p));
            at.append(p);
            low.append(p);
            high.append(p);
        }
        return Tables.withText(
                Table.create("exit_flips", position, token)
                        .addColumns(at.step, low.step, high.step, at.top1, low.top1, high.top1)
                        .addColumns(
                                same("threshold", rule, position.size()),
                                same("low", band.low(), position.size()),
                                same("high", band.high(), position.size())),
                "rule",
                rule.spec());
    }

    private static DoubleColumn same(String name, ExitRule rule, int rows) {
        double[] values = new double[rows];
        Arrays.fill(values, RuleKind.threshold(rule));
        return DoubleColumn.create(name, values);
    }

    /** Where one rule leaves, and what is read there. */
    private static final class Exits {
        private final Inspection inspection;
        private final ExitRule rule;
        private final IntColumn step;
        private final StringColumn top1;

        Exits(Inspection inspection, ExitRule rule, String end) {
            this.inspection = inspection;
            this.rule = rule;
            this.step = IntColumn.create(end.isEmpty() ? "exit_step" : "exit" + end);
            this.top1 = StringColumn.create("top1" + end);
        }

        void append(int position) {
            step.append(inspection.exits().exitStep(rule, position));
            top1.append(inspection.answer(position, rule));
        }
    }

    /**
     * The run in numbers, one a line: {@code quantity}, {@code value}, {@code low}, {@code high} (95 %, where it is a
     * share: over tokens, with all gates of a token together, {@link RunIntervals}), {@code n}, {@code rule}. Only
     * the first three hang on the rule:
     *
     * <ul>
     *   <li>{@code mean_exit_step}, {@code saved_fraction}, {@code agreement}: see {@link ExitSummary}
     *   <li>{@code oracle_mean_step}: mean of {@link Oracle#firstAgreeing}
     *   <li>{@code ever_right}: share of tokens, but the last, at which some step predicts the one that follows; {@code
     *       first_right_mean_step}: mean of {@link Oracle#firstRight} over them
     *   <li>{@code lambda_above_ideal}, a share of gates; {@code calibration_error} against w(t), {@code next_calibration_error}
     *       against w(t + 1); {@code saturated_bfloat16} and so on, counts of gates: see {@link GateDiagnosis}; none of these for a
     *       model without a gate
     * </ul>
     */
    public static Table summary(Inspection inspection, ExitRule rule) {
        ExitSummary exit = inspection.exits().summary(rule, inspection.lens());
        int[] agreeing = Oracle.firstAgreeing(inspection.lens());
        int[] firstRight = Oracle.firstRight(inspection.lens());
        int[] right = Arrays.stream(firstRight).filter(step -> step > 0).toArray();
        Summary summary = new Summary();
        summary.number("mean_exit_step", exit.meanSteps(), exit.tokens());
        summary.number("saved_fraction", exit.savedFraction(), exit.tokens());
        summary.share("agreement", exit.agreeing(), exit.tokens(), exit.agreement());
        summary.number("oracle_mean_step", mean(agreeing), exit.tokens());
        summary.share("ever_right", right.length, exit.tokens() - 1, everRight(firstRight, exit.tokens() - 1));
        summary.number("first_right_mean_step", mean(right), right.length);
        if (inspection.exits().hasGate()) {
            summary.gate(GateDiagnosis.of(inspection));
        }
        return Tables.withText(summary.table(), "rule", rule.spec());
    }

    /** Over the tokens that another one follows. */
    private static Interval everRight(int[] firstRight, int tokens) {
        return RunIntervals.share(Arrays.stream(firstRight)
                .limit(tokens)
                .mapToDouble(step -> step > 0 ? 1 : 0)
                .toArray());
    }

    private static double mean(int[] steps) {
        return Arrays.stream(steps).average().orElse(Double.NaN);
    }

    private static final class Summary {
        private final StringColumn quantity = StringColumn.create("quantity");
        private final DoubleColumn value = DoubleColumn.create("value");
        private final DoubleColumn low = DoubleColumn.create("low");
        private final DoubleColumn high = DoubleColumn.create("high");
        private final IntColumn n = IntColumn.create("n");

        void gate(GateDiagnosis gate) {
            share("lambda_above_ideal", gate.aboveIdeal(), gate.gates(), gate.aboveIdealInterval());
            number("calibration_error", gate.calibrationError(Label.STAGE_TWO), gate.labelled(Label.STAGE_TWO));
            number("next_calibration_error", gate.calibrationError(Label.NEXT_STEP), gate.labelled(Label.NEXT_STEP));
            for (Format format : Format.values()) {
                number("saturated_" + format.title(), gate.saturated(format), gate.gates());
            }
        }

        void number(String name, double number, int of) {
            add(name, number, Intervals.NONE, of);
        }

        void share(String name, int count, int of, Interval interval) {
            add(name, (double) count / of, interval, of);
        }

        private void add(String name, double number, Interval interval, int of) {
            quantity.append(name);
            value.append(number);
            low.append(interval.low());
            high.append(interval.high());
            n.append(of);
        }

        Table table() {
            return Table.create("exit_summary", quantity, value, low, high, n);
        }
    }

    private static void appendStep(IntColumn column, int step) {
        if (step == 0) {
            column.appendMissing();
        } else {
            column.append(step);
        }
    }
}
