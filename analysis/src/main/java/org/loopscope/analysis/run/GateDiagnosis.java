package org.loopscope.analysis.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.exit.Signal;
import org.loopscope.model.exit.StepSignals;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * Whether the exit gate knows what another loop is worth: 1 − λ_t against the label that Stage II trains it towards.
 *
 * <p>The loss of a token at step t is L(t) = −ln p_t(next token of the text). Stage II calls I(t) = max(0, L(t−1) − L(t))
 * the gain that step t has brought and w(t) = σ(k (I(t) − γ)), k = 50, γ = 0.005, the ideal probability to go on after t
 * (Zhu et al. 2025, arXiv:2510.25741, §3.4, eq. 5 and 6). That label looks back. What leaving after t forgoes is the gain
 * of the step after it, so 1 − λ_t is set against w(t + 1) as well.
 *
 * <p>Since I ≥ 0, w is never below σ(−0.25) = 0.4378: a gate that fits its labels perfectly never has λ above 0.5622. A
 * trained one does not fit perfectly, and may. Positions
 * 0-based, steps 1-based. Immutable.
 */
public final class GateDiagnosis {
    /** 1 − σ(−0.25): no λ above it can be asked for by Stage II. */
    public static final double LARGEST_IDEAL_LAMBDA = 1 / (1 + Math.exp(-0.25));

    /** What a λ above {@link #LARGEST_IDEAL_LAMBDA} does not show; measured in docs/guide/exit-lab.md. */
    public static final String ABOVE_IDEAL_NOTE =
            "A gate that Stage II has trained can exceed it too, where it does not fit its"
                    + " labels: that does not tell how a gate was trained.";

    private static final double SHARPNESS = 50;
    private static final double THRESHOLD = 0.005;
    private static final int BINS = 10;

    private final List<Point> points;
    private final int lastStep;

    /**
     * One token after one step.
     *
     * @param label w(t), the ideal probability to go on by Stage II; NaN at step 1, which has no step before it
     * @param nextLabel w(t + 1), by the gain of the step after; NaN at step T
     * @param gateLogit g_t
     * @param lambda λ_t
     * @param entropy of p_t, nats
     * @param kl KL(p_t ‖ p_{t−1}), nats; NaN at step 1
     * @param stateDifference ‖h_t − h_{t−1}‖ / ‖h_{t−1}‖; NaN at step 1
     */
    public record Point(
            int position,
            int step,
            double gateLogit,
            double lambda,
            double label,
            double nextLabel,
            double entropy,
            double kl,
            double stateDifference) {}

    /**
     * Points of which 1 − λ lies within [low, high).
     *
     * @param n points counted
     * @param predicted their mean 1 − λ
     * @param observed their mean label
     * @param error half of its 95 % interval (Student's t), the gates of a token together; NaN below {@link Intervals#LEAST}
     *     tokens. Tokens that depend on each other make it too small
     */
    public record Bin(double low, double high, int n, double predicted, double observed, double error) {}

    /** Which label 1 − λ is compared with. */
    public enum Label {
        /** w(t): the gain that step t has brought, what Stage II trains. */
        STAGE_TWO,
        /** w(t + 1): the gain that the next step will bring. */
        NEXT_STEP
    }

    private GateDiagnosis(List<Point> points, int lastStep) {
        this.points = points;
        this.lastStep = lastStep;
    }

    /**
     * Of all tokens that another one follows.
     *
     * @throws IllegalArgumentException if the model has no gate
     */
    public static GateDiagnosis of(Inspection inspection) {
        if (!inspection.exits().hasGate()) {
            throw new IllegalArgumentException("gate: want a capture with gates, got one without");
        }
        LensGrid lens = inspection.lens();
        List<Point> points = new ArrayList<>();
        for (int p = 0; p + 1 < lens.positions(); p++) {
            StepSignals signals = inspection.exits().signals().at(p);
            for (int t = 1; t <= lens.steps(); t++) {
                points.add(new Point(
                        p,
                        t,
                        signals.gateLogit(t),
                        inspection.exits().distribution(p).lambda(t),
                        t == 1 ? Double.NaN : label(loss(lens, t - 1, p), loss(lens, t, p)),
                        t == lens.steps() ? Double.NaN : label(loss(lens, t, p), loss(lens, t + 1, p)),
                        signals.entropy(t),
                        signals.kl(t),
                        Signal.STATE_DIFFERENCE.value(signals, t)));
            }
        }
        return new GateDiagnosis(List.copyOf(points), lens.steps());
    }

    /**
     * I(t) = max(0, L(t−1) − L(t)), nats: what {@code step} has gained on the token that follows {@code position}; NaN at
     * step 1, which has no step before it.
     */
    public static double gain(LensGrid lens, int step, int position) {
        return step == 1 ? Double.NaN : Math.max(0, loss(lens, step - 1, position) - loss(lens, step, position));
    }

    private static double loss(LensGrid lens, int step, int position) {
        double probability = lens.probabilityOfNext(lens.rowOfStep(step), position);
        return -Math.log(Math.max(probability, Float.MIN_VALUE));
    }

    /** w = σ(50 (max(0, before − now) − 0.005)) for the losses of two successive steps, in nats. */
    public static double label(double before, double now) {
        double gain = Math.max(0, before - now);
        return 1 / (1 + Math.exp(-SHARPNESS * (gain - THRESHOLD)));
    }

    /** Every token but the last, after every step. */
    public List<Point> points() {
        return points;
    }

    /** Ten equal bins of 1 − λ, empty ones left out. */
    public List<Bin> reliability(Label label) {
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            double low = (double) b / BINS;
            double high = (b + 1.0) / BINS;
            boolean last = b == BINS - 1;
            List<double[]> within = new ArrayList<>();
            for (Point point : points) {
                double observed = label == Label.STAGE_TWO ? point.label() : point.nextLabel();
                double predicted = 1 - point.lambda();
                if (!Double.isNaN(observed) && predicted >= low && (predicted < high || last)) {
                    within.add(new double[] {predicted, observed, point.position()});
                }
            }
            if (!within.isEmpty()) {
                bins.add(bin(low, high, within));
            }
        }
        return bins;
    }

    /** Points that have this label. */
    public int labelled(Label label) {
        return reliability(label).stream().mapToInt(Bin::n).sum();
    }

    private static Bin bin(double low, double high, List<double[]> within) {
        int n = within.size();
        double predicted = within.stream().mapToDouble(x -> x[0]).sum() / n;
        double observed = within.stream().mapToDouble(x -> x[1]).sum() / n;
        Map<Double, double[]> tokens = new TreeMap<>(); // position -> sum of labels, gates
        within.forEach(x -> {
            double[] sums = tokens.computeIfAbsent(x[2], p -> new double[2]);
            sums[0] += x[1];
            sums[1]++;
        });
        double error = Intervals.halfWidth(
                tokens.values().stream().mapToDouble(s -> s[0]).toArray(),
                tokens.values().stream().mapToDouble(s -> s[1]).toArray());
        return new Bin(low, high, n, predicted, observed, error);
    }

    /** Mean distance |1 − λ − label| over bins, weighted by their points: the expected calibration error. NaN without points. */
    public double calibrationError(Label label) {
        double sum = 0;
        int n = 0;
        for (Bin bin : reliability(label)) {
            sum += bin.n() * Math.abs(bin.predicted() - bin.observed());
            n += bin.n();
        }
        return n == 0 ? Double.NaN : sum / n;
    }

    /** Gates counted: those that p reads, of steps before T. */
    public int gates() {
        return (int) points.stream().filter(p -> p.step() < lastStep).count();
    }

    /** Those of {@link #gates} with λ above {@link #LARGEST_IDEAL_LAMBDA}. */
    public int aboveIdeal() {
        return (int) points.stream()
                .filter(p -> p.step() < lastStep && p.lambda() > LARGEST_IDEAL_LAMBDA)
                .count();
    }

    /** 95 % interval of the share {@link #aboveIdeal} / {@link #gates}, over tokens with all their gates, {@link RunIntervals}. */
    public Interval aboveIdealInterval() {
        if (lastStep == 1) {
            return Intervals.NONE; // no gates
        }
        int[] above = new int[points.size() / lastStep];
        for (Point point : points) {
            boolean counts = point.step() < lastStep && point.lambda() > LARGEST_IDEAL_LAMBDA;
            above[point.position()] += counts ? 1 : 0;
        }
        return RunIntervals.share(above, lastStep - 1);
    }

    /**
     * Those of {@link #gates} whose λ rounds to 1 in a format, so that a CDF computed in it reaches 1 early and q = 1
     * leaves early.
     */
    public int saturated(Format format) {
        return (int) points.stream()
                .filter(p -> p.step() < lastStep && format.saturates(p.gateLogit()))
                .count();
    }

    /** How many λ no label asks for, and which formats they would saturate, as sentences. */
    public String warnings() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "λ is above %.4f, the most that Stage II can ask for, at %d of %d gates before the last step.",
                LARGEST_IDEAL_LAMBDA,
                aboveIdeal(),
                gates()));
        text.append(aboveIdeal() > 0 ? " " + ABOVE_IDEAL_NOTE : "");
        for (Format format : Format.values()) {
            int saturated = saturated(format);
            if (saturated > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        " Saturated: %d would round to λ = 1 in %s, so q = 1 would leave early there.",
                        saturated,
                        format.title()));
            }
        }
        return text.toString();
    }

    /** A number format, with the gate logit above which σ rounds to 1. */
    public enum Format {
        BFLOAT16("bfloat16", 6.24),
        FLOAT16("float16", 8.32),
        FLOAT32("float32", 17.33);

        private final String title;
        private final double limit;

        Format(String title, double limit) {
            this.title = title;
            this.limit = limit;
        }

        public String title() {
            return title;
        }

        /** Whether λ of this gate logit rounds to 1. */
        public boolean saturates(double gateLogit) {
            return gateLogit > limit;
        }
    }

    /** One line per point; the columns are the fields of {@link Point}, NaN being missing. */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        IntColumn step = IntColumn.create("step");
        DoubleColumn gate = DoubleColumn.create("gate_logit");
        DoubleColumn lambda = DoubleColumn.create("lambda");
        DoubleColumn label = DoubleColumn.create("ideal_continue");
        DoubleColumn next = DoubleColumn.create("next_step_continue");
        DoubleColumn entropy = DoubleColumn.create("entropy");
        DoubleColumn kl = DoubleColumn.create("kl_to_previous");
        DoubleColumn difference = DoubleColumn.create("state_difference");
        for (Point p : points) {
            position.append(p.position());
            step.append(p.step());
            gate.append(p.gateLogit());
            lambda.append(p.lambda());
            label.append(p.label());
            next.append(p.nextLabel());
            entropy.append(p.entropy());
            kl.append(p.kl());
            difference.append(p.stateDifference());
        }
        return Table.create("gate", position, step, gate, lambda, label, next, entropy, kl, difference);
    }
}
