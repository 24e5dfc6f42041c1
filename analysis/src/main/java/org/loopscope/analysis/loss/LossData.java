package org.loopscope.analysis.loss;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.base.LoopscopeException;

/** The rows of a file of losses. Immutable. */
public final class LossData {
    private final Origin origin;
    private final int steps;
    private final double margin;
    private final int texts;
    private final int problems;
    private final Set<String> groups;
    private final Map<Key, Map<String, List<LossRow>>> rows; // by reading

    private record Key(Scope scope, String tokens) {}

    private LossData(Reading reading) {
        this.origin = reading.origin;
        this.steps = reading.steps;
        this.margin = reading.margin;
        this.texts = reading.texts.size();
        this.problems = reading.problems;
        this.groups = reading.groups;
        this.rows = reading.rows;
    }

    /**
     * Reads a finished file.
     *
     * @throws LoopscopeException naming file and line, for what is no such file
     */
    public static LossData read(Path file) throws LoopscopeException {
        Reading reading = new Reading();
        LossRow.TABLE.read(file, reading::add);
        return new LossData(reading);
    }

    private static final class Reading {
        private final Map<Key, Map<String, List<LossRow>>> rows = new LinkedHashMap<>();
        private final Set<String> groups = new LinkedHashSet<>();
        private final Set<Integer> texts = new HashSet<>();
        private Origin origin = new Origin("", "");
        private int steps;
        private double margin;
        private int problems;

        void add(LossRow.InFile found) {
            LossRow row = found.row();
            origin = found.origin();
            steps = row.steps();
            margin = row.margin();
            texts.add(row.prompt());
            if (!row.group().isEmpty()) {
                groups.add(row.group());
            }
            if (row.scope() == Scope.PROBLEM) {
                problems++;
            } else {
                rows.computeIfAbsent(new Key(row.scope(), row.tokens()), k -> new LinkedHashMap<>())
                        .computeIfAbsent(row.reading(), r -> new ArrayList<>())
                        .add(row);
            }
        }
    }

    public String model() {
        return origin.model();
    }

    /** The arithmetic. */
    public String computeDtype() {
        return origin.computeDtype();
    }

    /** T. */
    public int steps() {
        return steps;
    }

    /** Nats that a rise is counted above. */
    public double margin() {
        return margin;
    }

    /** Texts in the file. */
    public int texts() {
        return texts;
    }

    /** Texts whose run stopped at a number that is not finite; they are in no figure. */
    public int problems() {
        return problems;
    }

    /** In order of appearance. */
    public List<String> groups() {
        return List.copyOf(groups);
    }

    /** Scopes with rows, in their fixed order. */
    public List<Scope> scopes() {
        Set<Scope> scopes = new TreeSet<>();
        rows.keySet().forEach(key -> scopes.add(key.scope()));
        return List.copyOf(scopes);
    }

    /** Answers where there are some, else the text itself. */
    public Scope mainScope() {
        return scopes().contains(Scope.ANSWER) ? Scope.ANSWER : Scope.PROMPT;
    }

    /** Classes of tokens with rows, {@code all} first. */
    public List<String> classes(Scope scope) {
        return rows.keySet().stream()
                .filter(key -> key.scope() == scope)
                .map(Key::tokens)
                .sorted((a, b) -> Boolean.compare(b.equals(TokenClass.ALL), a.equals(TokenClass.ALL)))
                .toList();
    }

    /** Every reading, in the order of the file. */
    public List<LossPoint> points(Scope scope, String tokens, Optional<String> group) {
        List<LossPoint> points = new ArrayList<>();
        rows.getOrDefault(new Key(scope, tokens), Map.of()).forEach((reading, all) -> {
            List<LossRow> chosen = all.stream()
                    .filter(row -> group.isEmpty() || group.get().equals(row.group()))
                    .toList();
            if (!chosen.isEmpty()) {
                points.add(point(reading, chosen));
            }
        });
        return points;
    }

    private static LossPoint point(String reading, List<LossRow> rows) {
        double[] tokens = of(rows, LossRow::count);
        boolean step = rows.get(0).risen() >= 0;
        boolean bytes = rows.stream().allMatch(row -> row.bytes() >= 0);
        return new LossPoint(
                reading,
                rows.size(),
                rows.stream().mapToLong(LossRow::count).sum(),
                bytes ? rows.stream().mapToLong(LossRow::bytes).sum() : -1,
                mean(of(rows, LossRow::loops), tokens),
                mean(of(rows, LossRow::loss), tokens),
                step ? share(of(rows, LossRow::risen), tokens) : Estimate.NONE,
                step ? share(of(rows, LossRow::worse), tokens) : Estimate.NONE);
    }

    private static double[] of(List<LossRow> rows, ToDoubleFunction<LossRow> value) {
        return rows.stream().mapToDouble(value).toArray();
    }

    private static Estimate mean(double[] sums, double[] tokens) {
        return estimate(sums, tokens, Intervals.ratio(sums, tokens));
    }

    private static Estimate share(double[] counts, double[] tokens) {
        return estimate(counts, tokens, Intervals.share(counts, tokens));
    }

    private static Estimate estimate(double[] sums, double[] of, Interval interval) {
        double all = 0;
        double below = 0;
        for (int i = 0; i < of.length; i++) {
            all += sums[i];
            below += of[i];
        }
        return new Estimate(all / below, interval, of.length);
    }
}
