package org.loopscope.analysis.agreement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How often two steps predict the same, over n items: A[i,j] with what chance alone would give.
 *
 * <p>A count says little without its label marginals: a step that answers nearly always the same agrees with another
 * such step by chance. So each cell carries the expected agreement of two independent answerers with these marginals, p_e
 * = Σ_l p_i(l) p_j(l), and Cohen's κ = (p_o − p_e) / (1 − p_e). Source of A: Zhu et al. 2025 (arXiv:2510.25741) §7.2; of
 * κ: Cohen 1960, Educ. Psychol. Meas. 20(1). Steps are 1-based. Immutable.
 */
public final class AgreementMatrix {
    private final boolean run; // the items are the tokens of one run, in their order
    private final int[][] labels; // [T][n]
    private final List<Map<Integer, Integer>> counts; // [T], label -> times
    private final IntFunction<String> texts;

    private AgreementMatrix(int[][] labels, IntFunction<String> texts, boolean run) {
        this.run = run;
        this.labels = labels;
        this.texts = texts;
        this.counts = new ArrayList<>();
        for (int[] step : labels) {
            Map<Integer, Integer> count = new TreeMap<>();
            for (int label : step) {
                count.merge(label, 1, Integer::sum);
            }
            counts.add(count);
        }
    }

    /** Agreement of the steps' most probable predictions over the tokens of one run. */
    public static AgreementMatrix of(LensGrid lens) {
        int[][] labels = new int[lens.steps()][lens.positions()];
        for (int t = 1; t <= labels.length; t++) {
            int row = lens.rowOfStep(t);
            for (int p = 0; p < lens.positions(); p++) {
                labels[t - 1][p] = lens.topId(row, p, 0);
            }
        }
        return new AgreementMatrix(labels, lens::tokenText, true);
    }

    /**
     * Agreement over independent items, such as prompts.
     *
     * @param labels [T][n], the label of each item at each step
     * @param texts how a label is shown
     */
    public static AgreementMatrix of(int[][] labels, IntFunction<String> texts) {
        if (labels.length == 0 || labels[0].length == 0) {
            throw new IllegalArgumentException("labels: want at least one step and one item");
        }
        int[][] copy = new int[labels.length][];
        for (int t = 0; t < labels.length; t++) {
            if (labels[t].length != labels[0].length) {
                throw new IllegalArgumentException(
                        "labels of step " + (t + 1) + ": want " + labels[0].length + " items, got " + labels[t].length);
            }
            copy[t] = labels[t].clone();
        }
        return new AgreementMatrix(copy, texts, false);
    }

    /** T. */
    public int steps() {
        return labels.length;
    }

    /** Items counted in every cell. */
    public int n() {
        return labels[0].length;
    }

    /** A[i,j]: items with the same label at steps {@code i} and {@code j}; A[i,i] = n. */
    public int count(int i, int j) {
        int equal = 0;
        for (boolean same : same(i, j)) {
            equal += same ? 1 : 0;
        }
        return equal;
    }

    /** Observed agreement p_o = A[i,j] / n. */
    public double fraction(int i, int j) {
        return (double) count(i, j) / n();
    }

    /** Agreement p_e = Σ_l p_i(l) p_j(l) of two independent answerers with the marginals of these steps. */
    public double expected(int i, int j) {
        return (double) expectedPairs(i, j) / ((double) n() * n());
    }

    /**
     * Cohen's κ: 1 for full agreement, 0 for what chance gives, negative for less. NaN when p_e is 1, that is when both
     * steps answer one and the same label always: then there is nothing that chance does not explain.
     */
    public double kappa(int i, int j) {
        if (expectedPairs(i, j) == (long) n() * n()) {
            return Double.NaN;
        }
        double expected = expected(i, j);
        return (fraction(i, j) - expected) / (1 - expected);
    }

    /** 95 % interval of {@link #fraction}: Wilson's over independent items, {@link RunIntervals} over the tokens of one run. */
    public Interval interval(int i, int j) {
        return run ? RunIntervals.share(same(i, j)) : Interval.wilson(count(i, j), n());
    }

    /** Which items have the same label at steps {@code i} and {@code j}, [n]. */
    private boolean[] same(int i, int j) {
        int[] a = step(i);
        int[] b = step(j);
        boolean[] same = new boolean[a.length];
        for (int item = 0; item < a.length; item++) {
            same[item] = a[item] == b[item];
        }
        return same;
    }

    /** How often {@code step} gives each label, most frequent first, equal ones by ascending id. */
    public List<LabelCount> marginals(int step) {
        step(step);
        return counts.get(step - 1).entrySet().stream()
                .map(e -> new LabelCount(e.getKey(), texts.apply(e.getKey()), e.getValue()))
                .sorted(Comparator.comparingInt(LabelCount::count).reversed().thenComparingInt(LabelCount::id))
                .toList();
    }

    /**
     * One line per pair of steps: {@code step_i}, {@code step_j}, {@code n}, {@code agreeing}, {@code fraction}, {@code
     * low} and {@code high} (95 %), {@code expected}, {@code kappa} (missing when undefined).
     */
    public Table toTable() {
        IntColumn stepI = IntColumn.create("step_i");
        IntColumn stepJ = IntColumn.create("step_j");
        IntColumn n = IntColumn.create("n");
        IntColumn agreeing = IntColumn.create("agreeing");
        DoubleColumn fraction = DoubleColumn.create("fraction");
        DoubleColumn low = DoubleColumn.create("low");
        DoubleColumn high = DoubleColumn.create("high");
        DoubleColumn expected = DoubleColumn.create("expected");
        DoubleColumn kappa = DoubleColumn.create("kappa");
        for (int i = 1; i <= steps(); i++) {
            for (int j = 1; j <= steps(); j++) {
                stepI.append(i);
                stepJ.append(j);
                n.append(n());
                agreeing.append(count(i, j));
                fraction.append(fraction(i, j));
                low.append(interval(i, j).low());
                high.append(interval(i, j).high());
                expected.append(expected(i, j));
                kappa.append(kappa(i, j));
            }
        }
        return Table.create("agreement", stepI, stepJ, n, agreeing, fraction, low, high, expected, kappa);
    }

    /** One line per step and label, most frequent first: {@code step}, {@code id}, {@code text}, {@code count}, {@code n}. */
    public Table marginalsTable() {
        IntColumn step = IntColumn.create("step");
        IntColumn id = IntColumn.create("id");
        StringColumn text = StringColumn.create("text");
        IntColumn count = IntColumn.create("count");
        IntColumn n = IntColumn.create("n");
        for (int t = 1; t <= steps(); t++) {
            for (LabelCount label : marginals(t)) {
                step.append(t);
                id.append(label.id());
                text.append(label.text());
                count.append(label.count());
                n.append(n());
            }
        }
        return Table.create("marginals", step, id, text, count, n);
    }

    /** n² p_e as an exact integer: pairs (an item at step i, an item at step j) of equal label. */
    private long expectedPairs(int i, int j) {
        step(i);
        step(j);
        Map<Integer, Integer> other = counts.get(j - 1);
        long pairs = 0;
        for (Map.Entry<Integer, Integer> label : counts.get(i - 1).entrySet()) {
            pairs += (long) label.getValue() * other.getOrDefault(label.getKey(), 0);
        }
        return pairs;
    }

    private int[] step(int step) {
        if (step < 1 || step > labels.length) {
            throw new IllegalArgumentException("step: want 1 to " + labels.length + ", got " + step);
        }
        return labels[step - 1];
    }
}
