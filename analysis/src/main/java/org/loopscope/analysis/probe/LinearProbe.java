package org.loopscope.analysis.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.loopscope.analysis.Interval;
import org.loopscope.model.RunControl;

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
        OneVsRest areas = new OneVsRest();
        int n = 0;
        int right = 0;
        int byMajority = 0;
        for (ProbeFolds.Part part : folds.parts()) {
            Scaled scaled = new Scaled(x, part.train());
            double[][] train = scaled.rows(part.train());
            double[][] test = scaled.rows(part.test());
            int[] trainLabels = pick(labels, part.train());
            int[] testLabels = pick(labels, part.test());
            int majority = majority(trainLabels);
            int[] kinds = Arrays.stream(trainLabels).distinct().sorted().toArray();
            Guess guess = kinds.length == 2
                    ? new Guess(test.length, kinds[0], 0)
                    : new Guess(test.length, majority, Double.NEGATIVE_INFINITY);
            for (int label : classes(kinds)) {
                control.checkCancelled();
                double[] scores = scores(train, is(trainLabels, label), test);
                guess.offer(label, scores);
                areas.add(label, scores, is(testLabels, label), n);
            }
            for (int i = 0; i < test.length; i++) {
                n++;
                right += guess.label[i] == testLabels[i] ? 1 : 0;
                byMajority += majority == testLabels[i] ? 1 : 0;
            }
        }
        return result(areas, n, right, byMajority);
    }

    /** The same with the labels shuffled over the examples: what a probe finds where nothing is to be found. */
    public ProbeResult control(float[][] x, int[] labels, ProbeFolds folds, long seed, RunControl control) {
        int[] shuffled = labels.clone();
        Random random = new Random(seed);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int label = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = label;
        }
        return evaluate(x, shuffled, folds, control);
    }

    private double[] scores(double[][] train, boolean[] positive, double[][] test) {
        LogisticRegression probe = LogisticRegression.fit(train, positive, l2 * Math.max(1, train[0].length));
        return Arrays.stream(test).mapToDouble(probe::score).toArray();
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

    private static ProbeResult result(OneVsRest areas, int n, int right, int byMajority) {
        int classes = areas.size() == 1 ? 2 : areas.size();
        return new ProbeResult(
                n,
                classes,
                areas.value(),
                areas.interval(),
                (double) right / n,
                Interval.wilson(right, n),
                (double) byMajority / n);
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
