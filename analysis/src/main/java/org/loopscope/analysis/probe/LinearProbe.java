package org.loopscope.analysis.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.model.base.RunControl;

/**
 * A linear probe: logistic regression from a state to a label, one against the rest where there are more than two.
 * Features are brought to mean 0 and standard deviation 1 of the training examples. The penalty on ‖w‖² / 2 is {@code l2} · d:
 * with standardised features the log-odds of a typical example then have the prior standard deviation 1/√l2, however many
 * features there are.
 *
 * <p>Source of the probe: Alain and Bengio 2016 (arXiv:1610.01644); over realised depth of a looped model: Zhu et al. 2025
 * (arXiv:2510.25741) §7.2. Source of the control: Hewitt and Liang 2019 (arXiv:1909.03368), here with the labels
 * shuffled over the examples.
 */
public final class LinearProbe {
    private static final double TOLERANCE = LogisticRegression.TOLERANCE;
    /** The least of shuffled labels is searched less closely: it moves an AUC by less than 0.001. */
    private static final double SHUFFLED_TOLERANCE = 1e-4;

    private final double l2;

    /** @param l2 above 0 */
    public LinearProbe(double l2) {
        if (!(l2 > 0)) {
            throw new IllegalArgumentException("l2: want a number above 0, got " + l2);
        }
        this.l2 = l2;
    }

    /**
     * Trains and tests it. A class that a part's training examples do not have is left out of that part.
     *
     * @param x [n][d]
     * @param labels [n]
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public ProbeResult evaluate(float[][] x, int[] labels, ProbeFolds folds, RunControl control) {
        return evaluate(x, List.of(labels), folds, TOLERANCE, control).get(0);
    }

    /**
     * The same with labels that were shuffled over the examples, several times: what a probe finds where nothing is to be
     * found.
     */
    List<ProbeResult> shuffled(float[][] x, List<int[]> shuffled, ProbeFolds folds, RunControl control) {
        return evaluate(x, shuffled, folds, SHUFFLED_TOLERANCE, control);
    }

    /** Every labelling by itself; they share the scaled features of a part, and run side by side. */
    private List<ProbeResult> evaluate(
            float[][] x, List<int[]> labellings, ProbeFolds folds, double tolerance, RunControl control) {
        List<Tally> tallies = labellings.stream().map(labels -> new Tally()).toList();
        for (ProbeFolds.Part part : folds.parts()) {
            Scaled scaled = new Scaled(x, part.train());
            double[][] train = scaled.rows(part.train());
            double[][] test = scaled.rows(part.test());
            IntStream.range(0, labellings.size()).parallel().forEach(i -> {
                int[] labels = labellings.get(i);
                Labelled of = new Labelled(
                        train,
                        pick(labels, part.train()),
                        test,
                        pick(labels, part.test()),
                        part.test().stream().mapToInt(folds.units()::get).toArray());
                add(of, tallies.get(i), tolerance, control);
            });
        }
        return tallies.stream().map(Tally::result).toList();
    }

    /** One part of the examples with its labels. */
    private record Labelled(double[][] train, int[] trainLabels, double[][] test, int[] testLabels, int[] units) {}

    private void add(Labelled part, Tally tally, double tolerance, RunControl control) {
        int majority = majority(part.trainLabels);
        int[] kinds = Arrays.stream(part.trainLabels).distinct().sorted().toArray();
        Guess guess = kinds.length == 2
                ? new Guess(part.test.length, kinds[0], 0)
                : new Guess(part.test.length, majority, Double.NEGATIVE_INFINITY);
        for (int label : classes(kinds)) {
            control.checkCancelled();
            double penalty = l2 * Math.max(1, part.train[0].length);
            LogisticRegression probe =
                    LogisticRegression.fit(part.train, is(part.trainLabels, label), penalty, tolerance);
            double[] scores = Arrays.stream(part.test).mapToDouble(probe::score).toArray();
            guess.offer(label, scores);
            tally.areas.add(label, scores, is(part.testLabels, label), part.units);
        }
        for (int i = 0; i < part.test.length; i++) {
            tally.add(part.units[i], guess.label[i] == part.testLabels[i], majority == part.testLabels[i]);
        }
    }

    /** What the parts have given so far. */
    private static final class Tally {
        private final OneVsRest areas = new OneVsRest();
        private final Map<Integer, int[]> units = new TreeMap<>(); // right, tested
        private int byMajority;

        void add(int unit, boolean right, boolean majority) {
            int[] own = units.computeIfAbsent(unit, u -> new int[2]);
            own[0] += right ? 1 : 0;
            own[1]++;
            byMajority += majority ? 1 : 0;
        }

        ProbeResult result() {
            int[] right = units.values().stream().mapToInt(own -> own[0]).toArray();
            int[] tested = units.values().stream().mapToInt(own -> own[1]).toArray();
            int n = Arrays.stream(tested).sum();
            return new ProbeResult(
                    n,
                    areas.size() == 1 ? 2 : areas.size(),
                    areas.value(),
                    areas.interval(),
                    (double) Arrays.stream(right).sum() / n,
                    Intervals.share(right, tested),
                    (double) byMajority / n);
        }
    }

    /** One of one is no question; of two only one, since the other is its mirror image. */
    private static int[] classes(int[] kinds) {
        return kinds.length > 2 ? kinds : Arrays.copyOfRange(kinds, 1, kinds.length);
    }

    private static int majority(int[] labels) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int label : labels) {
            counts.merge(label, 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(e -> -e.getKey()))
                .orElseThrow()
                .getKey();
    }

    private static int[] pick(int[] labels, List<Integer> indices) {
        return indices.stream().mapToInt(i -> labels[i]).toArray();
    }

    private static boolean[] is(int[] labels, int label) {
        boolean[] is = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            is[i] = labels[i] == label;
        }
        return is;
    }

    /** The class with the highest score of each test example. */
    private static final class Guess {
        private final int[] label;
        private final double[] best;

        /** @param otherwise what is guessed where no class has a score above {@code threshold} */
        Guess(int n, int otherwise, double threshold) {
            label = new int[n];
            best = new double[n];
            Arrays.fill(label, otherwise);
            Arrays.fill(best, threshold);
        }

        void offer(int candidate, double[] scores) {
            for (int i = 0; i < label.length; i++) {
                if (scores[i] > best[i]) {
                    best[i] = scores[i];
                    label[i] = candidate;
                }
            }
        }
    }

    /** Features at mean 0 and standard deviation 1 of the training examples; constant ones are 0. */
    private static final class Scaled {
        private final float[][] x;
        private final double[] mean;
        private final double[] factor;

        Scaled(float[][] x, List<Integer> train) {
            this.x = x;
            int d = x[0].length;
            mean = new double[d];
            factor = new double[d];
            for (int i : train) {
                for (int k = 0; k < d; k++) {
                    mean[k] += x[i][k] / train.size();
                }
            }
            for (int i : train) {
                for (int k = 0; k < d; k++) {
                    double off = x[i][k] - mean[k];
                    factor[k] += off * off / train.size();
                }
            }
            for (int k = 0; k < d; k++) {
                double deviation = Math.sqrt(factor[k]);
                factor[k] = deviation > 1e-6 * (1e-6 + Math.abs(mean[k])) ? 1 / deviation : 0;
            }
        }

        double[][] rows(List<Integer> indices) {
            double[][] rows = new double[indices.size()][mean.length];
            for (int r = 0; r < rows.length; r++) {
                float[] from = x[indices.get(r)];
                for (int k = 0; k < mean.length; k++) {
                    rows[r][k] = (from[k] - mean[k]) * factor[k];
                }
            }
            return rows;
        }
    }
}
