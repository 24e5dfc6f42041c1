package org.loopscope.analysis.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.loopscope.analysis.set.Scope;
import org.loopscope.model.exit.ExitRule;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Quality against compute: a point for every rule and threshold of a sweep, on the prompts and tokens chosen.
 *
 * @param model id of the model
 * @param computeDtype the arithmetic
 * @param steps T
 * @param scope which tokens are counted
 * @param quality what is called quality
 * @param group the prompts counted; empty for all
 * @param points in the order of the sweep
 */
public record SweepCurve(
        String model,
        String computeDtype,
        int steps,
        Scope scope,
        Quality quality,
        Optional<String> group,
        List<SweepPoint> points) {
    /** What a rule is judged by. */
    public enum Quality {
        /** Answers of which every token is right, of all answers. */
        ACCURACY("answers right"),
        /** Tokens predicted as full depth predicts them. */
        AGREEMENT("same token as full depth"),
        /** Tokens predicted as the text goes on. */
        NEXT_TOKEN("next token right");

        private final String title;

        Quality(String title) {
            this.title = title;
        }

        /** The name on figures. */
        public String title() {
            return title;
        }
    }

    public SweepCurve {
        points = List.copyOf(points);
    }

    /** Kinds of rules, in the order of the sweep. */
    public List<String> rules() {
        return points.stream().map(SweepPoint::rule).distinct().toList();
    }

    /** Points of one kind of rule, in the order of the sweep. */
    public List<SweepPoint> points(String rule) {
        return points.stream().filter(p -> p.rule().equals(rule)).toList();
    }

    /** The point of a rule as it is written, if the sweep has it. */
    public Optional<SweepPoint> point(String spec) {
        return points.stream().filter(p -> p.spec().equals(spec)).findFirst();
    }

    /**
     * Where a rule stands on the curve.
     *
     * @param exact whether the sweep has this very threshold; otherwise it lies on the straight line between the two
     *     thresholds around it
     */
    public record Mark(double meanLoops, double quality, boolean exact) {}

    /** Where {@code rule} stands; empty where the sweep has no thresholds of its kind around it. */
    public Optional<Mark> mark(ExitRule rule) {
        SweepRule looked = SweepRule.of(rule instanceof ExitRule.FullDepth ? ExitRule.fixed(steps) : rule);
        double threshold = looked.threshold();
        if (Double.isNaN(threshold)) { // a combination, which is there or not
            return point(looked.name()).map(p -> new Mark(p.meanLoops(), p.quality(), true));
        }
        List<SweepPoint> sorted = points(looked.name()).stream()
                .sorted(Comparator.comparingDouble(SweepPoint::threshold))
                .toList();
        for (int i = 0; i < sorted.size(); i++) {
            SweepPoint here = sorted.get(i);
            if (here.threshold() == threshold) {
                return Optional.of(new Mark(here.meanLoops(), here.quality(), true));
            }
            if (here.threshold() > threshold) {
                return i == 0 ? Optional.empty() : Optional.of(between(sorted.get(i - 1), here, threshold));
            }
        }
        return Optional.empty();
    }

    private static Mark between(SweepPoint low, SweepPoint high, double threshold) {
        double share = (threshold - low.threshold()) / (high.threshold() - low.threshold());
        return new Mark(
                low.meanLoops() + share * (high.meanLoops() - low.meanLoops()),
                low.quality() + share * (high.quality() - low.quality()),
                false);
    }

    /** The best point of a rule that takes no more than {@code loops} on average; of equal ones the cheapest. */
    public Optional<SweepPoint> bestWithin(String rule, double loops) {
        return bestWithin(rule, loops, false);
    }

    /** @param upper whether the upper end of the interval of mean loops is held against {@code loops}, where there is one */
    Optional<SweepPoint> bestWithin(String rule, double loops, boolean upper) {
        return best(
                points(rule).stream()
                        .filter(p -> (upper && p.loops().isDefined() ? p.loops().high() : p.meanLoops()) <= loops),
                0);
    }

    /** What a list of rules shows of one: {@link #bestWithin}; of a mixture, which takes all T steps always, what it reaches. */
    public Optional<SweepPoint> shown(String rule, double loops) {
        return shown(rule, loops, false);
    }

    Optional<SweepPoint> shown(String rule, double loops, boolean upper) {
        boolean mixture = SweepRule.COMPARED.stream()
                .anyMatch(r -> r.mixture() && r.name().equals(rule));
        return mixture ? point(rule) : bestWithin(rule, loops, upper);
    }

    /**
     * The point of a rule with the largest quality − {@code cost} · mean loops / T: {@code cost} is the share of quality
     * that one would give for leaving out all loops. Of equal ones the cheapest.
     */
    public Optional<SweepPoint> bestAtCost(String rule, double cost) {
        return best(points(rule).stream(), cost);
    }

    private Optional<SweepPoint> best(Stream<SweepPoint> of, double cost) {
        return of.max(Comparator.<SweepPoint>comparingDouble(p -> p.quality() - cost * p.meanLoops() / steps)
                .thenComparing(Comparator.comparingDouble(SweepPoint::meanLoops).reversed()));
    }

    /**
     * One line per point: {@code scope}, {@code group}, {@code rule}, {@code threshold}, {@code prompts}, {@code tokens},
     * {@code mean_loops}, {@code loops_low}, {@code loops_high}, {@code quality}, {@code quality_low}, {@code quality_high}.
     */
    public Table toTable() {
        StringColumn scopes = StringColumn.create("scope");
        StringColumn groups = StringColumn.create("group");
        StringColumn rules = StringColumn.create("rule");
        DoubleColumn thresholds = DoubleColumn.create("threshold");
        IntColumn prompts = IntColumn.create("prompts");
        LongColumn tokens = LongColumn.create("tokens");
        DoubleColumn loops = DoubleColumn.create("mean_loops");
        DoubleColumn loopsLow = DoubleColumn.create("loops_low");
        DoubleColumn loopsHigh = DoubleColumn.create("loops_high");
        DoubleColumn qualities = DoubleColumn.create(quality.name().toLowerCase(java.util.Locale.ROOT));
        DoubleColumn low = DoubleColumn.create("quality_low");
        DoubleColumn high = DoubleColumn.create("quality_high");
        for (SweepPoint p : points) {
            scopes.append(scope.cliName());
            groups.append(group.orElse(""));
            rules.append(p.rule());
            thresholds.append(p.threshold());
            prompts.append(p.prompts());
            tokens.append(p.tokens());
            loops.append(p.meanLoops());
            loopsLow.append(p.loops().low());
            loopsHigh.append(p.loops().high());
            qualities.append(p.quality());
            low.append(p.interval().low());
            high.append(p.interval().high());
        }
        return Table.create("sweep_curve", scopes, groups, rules, thresholds, prompts, tokens)
                .addColumns(loops, loopsLow, loopsHigh, qualities, low, high);
    }
}
