package org.loopscope.analysis.sweep;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.RuleKind;

/**
 * The rows of a sweep file, by scope and rule. Per prompt and rule it holds a few numbers, so thousands of prompts are
 * read in megabytes. Immutable.
 */
public final class SweepData {
    private final String model;
    private final String dtype;
    private final int steps;
    private final int prompts;
    private final int problems;
    private final Set<String> groups;
    private final Map<Scope, Map<String, Series>> series; // by spec

    private SweepData(
            String model,
            String dtype,
            int steps,
            int prompts,
            int problems,
            Set<String> groups,
            Map<Scope, Map<String, Series>> all) {
        this.model = model;
        this.dtype = dtype;
        this.steps = steps;
        this.prompts = prompts;
        this.problems = problems;
        this.groups = groups;
        this.series = all;
    }

    /** Rows of one rule and scope. */
    private static final class Series {
        final String rule;
        final double threshold;
        final List<SweepRow> rows = new ArrayList<>();

        /** Whether the rule gives the prediction of full depth whatever the prompt. */
        boolean always() {
            return rule.equals(SweepRule.ORACLE.name())
                    || rule.equals(RuleKind.FULL.cliName())
                    || (rule.equals(RuleKind.FIXED.cliName())
                            && threshold >= rows.get(0).steps());
        }

        Series(SweepRow first) {
            this.rule = first.rule();
            this.threshold = first.threshold();
        }
    }

    /**
     * Reads a file that {@link Sweep#run} finished.
     *
     * @throws LoopscopeException naming file and line, for what is no such file
     */
    public static SweepData read(Path file) throws LoopscopeException {
        Reading reading = new Reading();
        SweepRow.TABLE.read(file, reading::add);
        return reading.data();
    }

    static SweepData read(Reader reader, String name) throws LoopscopeException {
        Reading reading = new Reading();
        try {
            SweepRow.TABLE.read(reader, name, reading::add);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
        return reading.data();
    }

    private static final class Reading {
        private final Map<Scope, Map<String, Series>> all = new EnumMap<>(Scope.class);
        private final Set<String> groups = new LinkedHashSet<>();
        private Origin origin = new Origin("", "");
        private int steps;
        private final Set<Integer> prompts = new HashSet<>(); // a table may have been sorted since it was written
        private int problems;

        void add(SweepRow.InFile found) {
            SweepRow row = found.row();
            origin = found.origin();
            steps = row.steps();
            if (!row.group().isEmpty()) {
                groups.add(row.group());
            }
            prompts.add(row.prompt());
            if (row.scope() == Scope.PROBLEM) {
                problems++;
            } else {
                all.computeIfAbsent(row.scope(), s -> new LinkedHashMap<>())
                        .computeIfAbsent(row.spec(), s -> new Series(row))
                        .rows
                        .add(row);
            }
        }

        SweepData data() {
            return new SweepData(origin.model(), origin.computeDtype(), steps, prompts.size(), problems, groups, all);
        }
    }

    /** The rows of some prompts only, by their numbers, from 1. */
    public SweepData where(IntPredicate prompt) {
        Map<Scope, Map<String, Series>> some = new EnumMap<>(Scope.class);
        Set<Integer> kept = new HashSet<>();
        series.forEach((scope, bySpec) -> bySpec.forEach((spec, one) -> {
            List<SweepRow> rows =
                    one.rows.stream().filter(row -> prompt.test(row.prompt())).toList();
            if (!rows.isEmpty()) {
                Series part = new Series(rows.get(0));
                part.rows.addAll(rows);
                some.computeIfAbsent(scope, s -> new LinkedHashMap<>()).put(spec, part);
                rows.forEach(row -> kept.add(row.prompt()));
            }
        }));
        return new SweepData(model, dtype, steps, kept.size(), 0, groups, some);
    }

    /** Two halves of the prompts, taken at random but always the same; the first is no larger. */
    public List<SweepData> halves() {
        List<Integer> numbers = new ArrayList<>(series.values().stream()
                .flatMap(bySpec -> bySpec.values().stream())
                .flatMap(one -> one.rows.stream())
                .map(SweepRow::prompt)
                .distinct()
                .sorted()
                .toList());
        Collections.shuffle(numbers, new Random(1));
        Set<Integer> first = Set.copyOf(numbers.subList(0, numbers.size() / 2));
        return List.of(where(first::contains), where(prompt -> !first.contains(prompt)));
    }

    /**
     * How far one rule is above another on the same prompts.
     *
     * @param prompts that both have
     * @param quality share by which it is better
     * @param qualityInterval its 95 % interval, paired by prompt
     * @param loops mean loops that it takes more
     * @param loopsInterval its 95 % interval
     */
    public record Difference(
            int prompts, double quality, Interval qualityInterval, double loops, Interval loopsInterval) {}

    /** One rule minus another, both as they are written; empty where they have no prompt in common. */
    public Optional<Difference> difference(Scope scope, Quality quality, String spec, String against) {
        Map<String, Series> all = series.getOrDefault(scope, Map.of());
        Map<Integer, SweepRow> others = new HashMap<>();
        rows(all, against).forEach(row -> others.put(row.prompt(), row));
        List<SweepRow> rows = rows(all, spec).stream()
                .filter(row -> others.containsKey(row.prompt()))
                .toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        double[] tokens = rows.stream().mapToDouble(SweepRow::tokens).toArray();
        double[] of = quality == Quality.ACCURACY ? Intervals.ones(rows.size()) : tokens;
        double[] good = rows.stream().mapToDouble(row -> good(row, quality)).toArray();
        double[] other = rows.stream()
                .mapToDouble(row -> good(Objects.requireNonNull(others.get(row.prompt())), quality))
                .toArray();
        double[] loops = rows.stream().mapToDouble(SweepRow::loops).toArray();
        double[] otherLoops = rows.stream()
                .mapToDouble(
                        row -> Objects.requireNonNull(others.get(row.prompt())).loops())
                .toArray();
        return Optional.of(new Difference(
                rows.size(),
                (DoubleStream.of(good).sum() - DoubleStream.of(other).sum())
                        / DoubleStream.of(of).sum(),
                Intervals.shareDifference(good, other, of),
                (DoubleStream.of(loops).sum() - DoubleStream.of(otherLoops).sum())
                        / DoubleStream.of(tokens).sum(),
                Intervals.difference(loops, otherLoops, tokens)));
    }

    private static List<SweepRow> rows(Map<String, Series> all, String spec) {
        Series one = all.get(spec);
        return one == null ? List.of() : one.rows;
    }

    /** The model's id as the file has it. */
    public String model() {
        return model;
    }

    /** The arithmetic, {@link org.loopscope.model.ModelInfo#computeDtype}. */
    public String computeDtype() {
        return dtype;
    }

    /** T. */
    public int steps() {
        return steps;
    }

    /** Prompts in the file. */
    public int prompts() {
        return prompts;
    }

    /** Prompts whose run stopped at a number that is not finite; they are in no curve. */
    public int problems() {
        return problems;
    }

    /** Groups of prompts, in order of appearance. */
    public List<String> groups() {
        return List.copyOf(groups);
    }

    /** Scopes with rows, in their fixed order. */
    public List<Scope> scopes() {
        return List.copyOf(series.keySet());
    }

    /** The scope and quality that say most: answers right if there are answers, else agreement. */
    public Scope mainScope() {
        return series.containsKey(Scope.ANSWER)
                ? Scope.ANSWER
                : series.containsKey(Scope.GENERATED) ? Scope.GENERATED : Scope.PROMPT;
    }

    /** Accuracy for answers, else agreement. */
    public static Quality mainQuality(Scope scope) {
        return scope == Scope.ANSWER ? Quality.ACCURACY : Quality.AGREEMENT;
    }

    /**
     * Quality and compute of every rule.
     *
     * @param group empty for all prompts
     * @throws IllegalArgumentException for accuracy of another scope than answers
     */
    public SweepCurve curve(Scope scope, Quality quality, Optional<String> group) {
        if (quality == Quality.ACCURACY && scope != Scope.ANSWER) {
            throw new IllegalArgumentException("accuracy: want the scope of answers, got " + scope);
        }
        List<SweepPoint> points = new ArrayList<>();
        for (Series one : series.getOrDefault(scope, Map.of()).values()) {
            List<SweepRow> rows = one.rows.stream()
                    .filter(row -> group.isEmpty() || group.get().equals(row.group()))
                    .toList();
            if (!rows.isEmpty()) {
                points.add(point(one, rows, quality));
            }
        }
        return new SweepCurve(model, dtype, steps, scope, quality, group, points);
    }

    private static SweepPoint point(Series one, List<SweepRow> rows, Quality quality) {
        int[] tokens = rows.stream().mapToInt(SweepRow::tokens).toArray();
        int[] loops = rows.stream().mapToInt(row -> (int) row.loops()).toArray();
        int[] good = rows.stream().mapToInt(row -> good(row, quality)).toArray();
        int[] of = quality == Quality.ACCURACY
                ? IntStream.generate(() -> 1).limit(rows.size()).toArray()
                : tokens;
        long allTokens = sum(tokens);
        return new SweepPoint(
                one.rule,
                one.threshold,
                rows.get(0).spec(),
                rows.size(),
                allTokens,
                (double) sum(loops) / allTokens,
                Intervals.ratio(loops, tokens),
                (double) sum(good) / sum(of),
                interval(one, quality, good, of));
    }

    /** Full depth and its oracle agree with full depth by definition. */
    private static Interval interval(Series one, Quality quality, int[] good, int[] of) {
        return quality == Quality.AGREEMENT && one.always() ? new Interval(1, 1) : Intervals.share(good, of);
    }

    private static int good(SweepRow row, Quality quality) {
        return switch (quality) {
            case ACCURACY -> row.allRight() ? 1 : 0;
            case AGREEMENT -> row.agreeing();
            case NEXT_TOKEN -> row.right();
        };
    }

    private static long sum(int[] numbers) {
        return IntStream.of(numbers).asLongStream().sum();
    }
}
