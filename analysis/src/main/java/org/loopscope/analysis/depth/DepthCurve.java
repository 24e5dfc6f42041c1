package org.loopscope.analysis.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.stat.RunIntervals;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Every {@link DepthValue} by loop step. Means are Σ tokens · value / Σ tokens; intervals are over prompts, {@link Intervals},
 * and for one run over its tokens, {@link RunIntervals}.
 * Immutable. Steps are 1-based.
 */
public final class DepthCurve {
    private final About about;
    private final List<List<DepthRow>> rows; // [T][n], the same prompts in the same order at every step
    private final List<Map<DepthValue, Estimate>> estimates; // [T]

    /**
     * What was measured.
     *
     * @param model its id
     * @param dtype the arithmetic
     * @param steps T of the runs
     * @param trainedSteps T of the checkpoint
     * @param scope which predictions are counted; empty for all tokens of one run
     * @param group of prompts; empty for all
     */
    public record About(
            String model, String dtype, int steps, int trainedSteps, Optional<Scope> scope, Optional<String> group) {}

    private DepthCurve(About about, List<List<DepthRow>> rows) {
        this.about = about;
        this.rows = rows;
        List<Map<DepthValue, Estimate>> all = new ArrayList<>();
        for (List<DepthRow> step : rows) {
            Map<DepthValue, Estimate> values = new EnumMap<>(DepthValue.class);
            for (DepthValue value : DepthValue.values()) {
                values.put(value, estimate(value, step));
            }
            all.add(values);
        }
        this.estimates = List.copyOf(all);
    }

    /** @param rows of every prompt at every step, in any order of steps; at least one */
    static DepthCurve of(About about, List<DepthRow> rows) {
        List<List<DepthRow>> byStep = new ArrayList<>();
        for (int t = 1; t <= about.steps; t++) {
            int step = t;
            byStep.add(rows.stream().filter(row -> row.step() == step).toList());
        }
        return new DepthCurve(about, byStep);
    }

    /**
     * All tokens of one run, each counted once. No intervals below {@link RunIntervals#LEAST} tokens.
     */
    public static DepthCurve ofRun(LensGrid lens) {
        DepthReader reader = new DepthReader(lens);
        int length = lens.positions();
        int[] next = Arrays.copyOf(lens.capture().tokenIds(), length + 1);
        List<DepthRow> rows = new ArrayList<>();
        for (int p = 0; p < length; p++) {
            rows.addAll(reader.rows(p + 1, "", new Span(Scope.PROMPT, p, 1), next, true, new double[0]));
        }
        return of(
                new About(
                        lens.capture().model().id(),
                        lens.capture().model().computeDtype(),
                        lens.steps(),
                        lens.capture().config().trainedSteps(),
                        Optional.empty(),
                        Optional.empty()),
                rows);
    }

    private Estimate estimate(DepthValue value, List<DepthRow> rows) {
        List<DepthRow> have =
                rows.stream().filter(row -> !Double.isNaN(value.of(row))).toList();
        if (have.isEmpty()) {
            return Estimate.NONE;
        }
        double[] of = have.stream().mapToDouble(value::weight).toArray();
        double[] sums = have.stream()
                .mapToDouble(row -> value.weight(row) * value.of(row))
                .toArray();
        double mean = Arrays.stream(sums).sum() / Arrays.stream(of).sum();
        Interval interval = certain(value, have.get(0)) ? new Interval(mean, mean) : interval(value, sums, of);
        return new Estimate(mean, interval, have.size());
    }

    /** Whether the share is 1 by definition. */
    private static boolean certain(DepthValue value, DepthRow any) {
        return (value == DepthValue.AGREEMENT_LAST && any.step() == any.maxSteps())
                || (value == DepthValue.AGREEMENT_TRAINED && any.step() == any.trainedSteps());
    }

    private Interval interval(DepthValue value, double[] sums, double[] of) {
        boolean run = about.scope.isEmpty(); // then every row is a token
        if (value.share()) {
            return run ? RunIntervals.share(whole(sums)) : Intervals.share(whole(sums), of);
        }
        Interval interval = run ? RunIntervals.mean(sums) : Intervals.ratio(sums, of);
        return value.probability() ? interval.clipped(0, 1) : interval;
    }

    /** Counts that a product of a share and its tokens has brought off by rounding. */
    private static double[] whole(double[] counts) {
        return Arrays.stream(counts).map(Math::rint).toArray();
    }

    public About about() {
        return about;
    }

    /** T. */
    public int steps() {
        return about.steps;
    }

    /** Whether {@code step} is deeper than the checkpoint was trained for. */
    public boolean outsideTraining(int step) {
        return step > about.trainedSteps;
    }

    /** Prompts, or tokens of one run. */
    public int n() {
        return rows.get(0).size();
    }

    /** Predictions counted at one step. */
    public long tokens() {
        return rows.get(0).stream().mapToLong(DepthRow::tokens).sum();
    }

    public Estimate at(DepthValue value, int step) {
        Estimate estimate = estimates.get(step - 1).get(value);
        return estimate == null ? Estimate.NONE : estimate;
    }

    /** Whether some step has the value. */
    public boolean has(DepthValue value) {
        return estimates.stream()
                .anyMatch(step -> step.getOrDefault(value, Estimate.NONE).n() > 0);
    }

    /** The first step with the largest value; empty where there is none. */
    public OptionalInt peak(DepthValue value) {
        int best = 0;
        for (int t = 1; t <= steps(); t++) {
            double here = at(value, t).value();
            if (!Double.isNaN(here) && (best == 0 || here > at(value, best).value())) {
                best = t;
            }
        }
        return best == 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /** How much larger the value is at step {@code to} than at {@code from}, on the same prompts (paired). */
    public Estimate change(DepthValue value, int from, int to) {
        List<DepthRow> before = rows.get(from - 1);
        List<DepthRow> after = rows.get(to - 1);
        List<double[]> have = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            double a = value.of(after.get(i));
            double b = value.of(before.get(i));
            int weight = value.weight(before.get(i));
            if (!Double.isNaN(a) && !Double.isNaN(b)) {
                have.add(new double[] {weight * a, weight * b, weight});
            }
        }
        if (have.isEmpty()) {
            return Estimate.NONE;
        }
        double[] a = have.stream().mapToDouble(x -> x[0]).toArray();
        double[] b = have.stream().mapToDouble(x -> x[1]).toArray();
        double[] of = have.stream().mapToDouble(x -> x[2]).toArray();
        double change = (Arrays.stream(a).sum() - Arrays.stream(b).sum())
                / Arrays.stream(of).sum();
        return new Estimate(change, changed(value, a, b, of), have.size());
    }

    private Interval changed(DepthValue value, double[] a, double[] b, double[] of) {
        if (about.scope.isEmpty()) {
            return RunIntervals.difference(a, b);
        }
        return value.share() ? Intervals.shareDifference(a, b, of) : Intervals.difference(a, b, of);
    }

    /**
     * One line per step: {@code scope} ({@code run} for one run), {@code group}, {@code step}, {@code outside_training},
     * {@code gate_outside_training} (t ≥ the trained T: the exit pdf of training reads no λ there), {@code loops_of_trained}
     * (t over the trained T), {@code n}, {@code tokens}, and every {@link DepthValue} with its {@code _low} and {@code _high}.
     */
    public Table toTable() {
        StringColumn scope = StringColumn.create("scope");
        StringColumn group = StringColumn.create("group");
        IntColumn step = IntColumn.create("step");
        BooleanColumn outside = BooleanColumn.create("outside_training");
        BooleanColumn gateOutside = BooleanColumn.create("gate_outside_training");
        DoubleColumn relative = DoubleColumn.create("loops_of_trained");
        IntColumn n = IntColumn.create("n");
        IntColumn tokens = IntColumn.create("tokens");
        for (int t = 1; t <= steps(); t++) {
            scope.append(about.scope.map(Scope::cliName).orElse("run"));
            group.append(about.group.orElse(""));
            step.append(t);
            outside.append(outsideTraining(t));
            gateOutside.append(t >= about.trainedSteps);
            relative.append((double) t / about.trainedSteps);
            n.append(n());
            tokens.append((int) tokens());
        }
        Table table = Table.create("depth", scope, group, step, outside, gateOutside, relative, n, tokens);
        for (DepthValue value : DepthValue.values()) {
            DoubleColumn mean = DoubleColumn.create(value.column());
            DoubleColumn low = DoubleColumn.create(value.column() + "_low");
            DoubleColumn high = DoubleColumn.create(value.column() + "_high");
            for (int t = 1; t <= steps(); t++) {
                Estimate estimate = at(value, t);
                mean.append(estimate.value());
                low.append(estimate.interval().low());
                high.append(estimate.interval().high());
            }
            table.addColumns(mean, low, high);
        }
        return table;
    }
}
