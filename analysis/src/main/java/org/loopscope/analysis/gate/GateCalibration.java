package org.loopscope.analysis.gate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The gates of a set of prompts against what a step was worth: 1 − λ_t beside the label of Stage II and beside the gain of
 * the next step, in bins of 1 − λ_t, and how many λ are larger than any label asks for.
 *
 * <p>Intervals are 95 % over the prompts that have gates there, not over tokens, since those of one text are not
 * independent: {@link Intervals}. Labels: {@link GateDiagnosis}. Immutable.
 */
public final class GateCalibration {
    private static final int BINS = 10;

    private final Map<Target, List<Bin>> bins;
    private final List<Step> byStep;
    private final int prompts;
    private final long gates;
    private final long aboveIdeal;
    private final Interval aboveInterval;
    private final double largestLambda;
    private final Map<Format, Long> saturated;

    /** What 1 − λ is set against. */
    public enum Target {
        /** w(t), which Stage II trains 1 − λ_t towards; it looks back. */
        STAGE_TWO("w(t) trained"),
        /** w(t + 1), what leaving after t would forgo. */
        NEXT_STEP("w(t+1) next"),
        /** I(t + 1) in nats. */
        NEXT_GAIN("gain of the next loop");

        private final String title;

        Target(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        private double of(GateRow row) {
            return switch (this) {
                case STAGE_TWO -> row.label();
                case NEXT_STEP -> row.nextLabel();
                case NEXT_GAIN -> row.nextGain();
            };
        }
    }

    /**
     * Gates of which 1 − λ lies within [low, high).
     *
     * @param n gates
     * @param prompts that they come from
     * @param predicted their mean 1 − λ
     * @param observed mean of the target
     * @param interval of it
     */
    public record Bin(
            double low, double high, long n, int prompts, double predicted, double observed, Interval interval) {}

    /**
     * All gates after one step before T.
     *
     * @param n gates
     * @param lambda mean λ_t
     * @param above share with λ_t above {@link GateDiagnosis#LARGEST_IDEAL_LAMBDA}
     * @param aboveInterval of it
     * @param nextGain mean I(t + 1), nats
     * @param gainInterval of it
     */
    public record Step(
            int step,
            long n,
            double lambda,
            double above,
            Interval aboveInterval,
            double nextGain,
            Interval gainInterval) {}

    private GateCalibration(Collector from) {
        this.bins = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            List<Bin> own = new ArrayList<>();
            for (int b = 0; b < BINS; b++) {
                TreeMap<Integer, Sums> sums =
                        Objects.requireNonNull(from.bins.get(target)).get(b);
                if (!sums.isEmpty()) {
                    own.add(bin(b, target, new ArrayList<>(sums.values())));
                }
            }
            bins.put(target, List.copyOf(own));
        }
        this.byStep = from.steps.entrySet().stream()
                .map(entry ->
                        step(entry.getKey(), new ArrayList<>(entry.getValue().values())))
                .toList();
        this.prompts = from.all.size();
        List<Sums> all = new ArrayList<>(from.all.values());
        this.gates = (long) sum(all, s -> s.n);
        this.aboveIdeal = (long) sum(all, s -> s.above);
        this.aboveInterval = share(all, s -> s.above);
        this.largestLambda = from.largestLambda;
        this.saturated = new EnumMap<>(from.saturated);
    }

    /** Of one prompt. */
    private static final class Sums {
        double n;
        double predicted;
        double observed;
        double above;
    }

    private interface Part {
        double of(Sums sums);
    }

    /** Collects gates, a few numbers per prompt. */
    static final class Collector {
        private final Map<Target, List<TreeMap<Integer, Sums>>> bins = new EnumMap<>(Target.class);
        private final TreeMap<Integer, TreeMap<Integer, Sums>> steps = new TreeMap<>();
        private final TreeMap<Integer, Sums> all = new TreeMap<>();
        private final Map<Format, Long> saturated = new EnumMap<>(Format.class);
        private double largestLambda = Double.NaN;

        Collector() {
            for (Target target : Target.values()) {
                List<TreeMap<Integer, Sums>> own = new ArrayList<>();
                for (int b = 0; b < BINS; b++) {
                    own.add(new TreeMap<>());
                }
                bins.put(target, own);
            }
        }

        void add(GateRow row) {
            double predicted = 1 - row.lambda();
            int b = Math.min(BINS - 1, (int) (predicted * BINS));
            bins.forEach((target, own) -> {
                double observed = target.of(row);
                if (!Double.isNaN(observed)) {
                    add(own.get(b), row, observed);
                }
            });
            if (row.step() < row.steps()) {
                add(all, row, row.nextGain());
                add(steps.computeIfAbsent(row.step(), s -> new TreeMap<>()), row, row.nextGain());
                largestLambda =
                        row.lambda() > largestLambda || Double.isNaN(largestLambda) ? row.lambda() : largestLambda;
                for (Format format : Format.values()) {
                    saturated.merge(format, format.saturates(row.gateLogit()) ? 1L : 0L, Long::sum);
                }
            }
        }

        private static void add(Map<Integer, Sums> byPrompt, GateRow row, double observed) {
            Sums sums = byPrompt.computeIfAbsent(row.prompt(), p -> new Sums());
            sums.n++;
            sums.predicted += 1 - row.lambda();
            sums.observed += observed;
            sums.above += row.lambda() > GateDiagnosis.LARGEST_IDEAL_LAMBDA ? 1 : 0;
        }

        boolean isEmpty() {
            return all.isEmpty();
        }

        GateCalibration calibration() {
            return new GateCalibration(this);
        }
    }

    private static Bin bin(int b, Target target, List<Sums> sums) {
        double n = sum(sums, s -> s.n);
        return new Bin(
                (double) b / BINS,
                (b + 1.0) / BINS,
                (long) n,
                sums.size(),
                sum(sums, s -> s.predicted) / n,
                sum(sums, s -> s.observed) / n,
                target == Target.NEXT_GAIN
                        ? ratio(sums, s -> s.observed)
                        : ratio(sums, s -> s.observed).clipped(0, 1)); // a label is a probability
    }

    private static Step step(int step, List<Sums> sums) {
        double n = sum(sums, s -> s.n);
        return new Step(
                step,
                (long) n,
                1 - sum(sums, s -> s.predicted) / n,
                sum(sums, s -> s.above) / n,
                share(sums, s -> s.above),
                sum(sums, s -> s.observed) / n,
                ratio(sums, s -> s.observed));
    }

    private static double sum(List<Sums> sums, Part part) {
        return sums.stream().mapToDouble(part::of).sum();
    }

    private static Interval ratio(List<Sums> sums, Part part) {
        return Intervals.ratio(each(sums, part), each(sums, s -> s.n));
    }

    private static Interval share(List<Sums> sums, Part hits) {
        return Intervals.share(each(sums, hits), each(sums, s -> s.n));
    }

    private static double[] each(List<Sums> sums, Part part) {
        return sums.stream().mapToDouble(part::of).toArray();
    }

    /** Ten equal bins of 1 − λ, empty ones left out. */
    public List<Bin> bins(Target target) {
        return bins.getOrDefault(target, List.of());
    }

    /** Mean distance |1 − λ − label| over bins, weighted by their gates; for labels, not for gains. NaN without gates. */
    public double calibrationError(Target target) {
        double sum = 0;
        double n = 0;
        for (Bin bin : bins(target)) {
            sum += bin.n * Math.abs(bin.predicted - bin.observed);
            n += bin.n;
        }
        return n == 0 ? Double.NaN : sum / n;
    }

    /** Steps 1 to T − 1, whose gates the exit pdf reads. */
    public List<Step> steps() {
        return byStep;
    }

    /** Prompts with gates. */
    public int prompts() {
        return prompts;
    }

    /** Gates that the exit pdf reads: those of steps before T. */
    public long gates() {
        return gates;
    }

    /** Those of {@link #gates} with λ above {@link GateDiagnosis#LARGEST_IDEAL_LAMBDA}. */
    public long aboveIdeal() {
        return aboveIdeal;
    }

    /** Of the share {@link #aboveIdeal} / {@link #gates}. */
    public Interval aboveInterval() {
        return aboveInterval;
    }

    /** The largest λ of {@link #gates}; NaN for none. */
    public double largestLambda() {
        return largestLambda;
    }

    /** Those of {@link #gates} whose λ rounds to 1 in a format. */
    public long saturated(Format format) {
        return saturated.getOrDefault(format, 0L);
    }

    /** One line a target and bin. */
    public Table toTable() {
        StringColumn target = StringColumn.create("target");
        DoubleColumn low = DoubleColumn.create("bin_low");
        DoubleColumn high = DoubleColumn.create("bin_high");
        IntColumn n = IntColumn.create("n");
        IntColumn texts = IntColumn.create("prompts");
        DoubleColumn predicted = DoubleColumn.create("predicted_continue");
        DoubleColumn observed = DoubleColumn.create("observed");
        DoubleColumn observedLow = DoubleColumn.create("observed_low");
        DoubleColumn observedHigh = DoubleColumn.create("observed_high");
        for (Target which : Target.values()) {
            for (Bin bin : bins(which)) {
                target.append(which.name().toLowerCase(java.util.Locale.ROOT));
                low.append(bin.low);
                high.append(bin.high);
                n.append((int) bin.n);
                texts.append(bin.prompts);
                predicted.append(bin.predicted);
                observed.append(bin.observed);
                observedLow.append(bin.interval.low());
                observedHigh.append(bin.interval.high());
            }
        }
        return Table.create("gate_set", target, low, high, n, texts, predicted, observed, observedLow, observedHigh);
    }
}
