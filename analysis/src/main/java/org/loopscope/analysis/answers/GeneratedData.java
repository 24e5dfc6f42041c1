package org.loopscope.analysis.answers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.base.LoopscopeException;

/** The rows of a file of generated answers. Immutable. */
public final class GeneratedData {
    private final Origin origin;
    private final int steps;
    private final int prompts;
    private final int problems;
    private final Set<String> groups;
    private final Map<String, Map<Integer, List<GeneratedRow>>> ways; // by way and prompt

    private GeneratedData(Reading reading) {
        this.origin = reading.origin;
        this.steps = reading.steps;
        this.prompts = reading.prompts.size();
        this.problems = reading.problems;
        this.groups = reading.groups;
        this.ways = reading.ways;
    }

    /**
     * One way of generating, over the prompts chosen.
     *
     * @param samples texts a prompt, the fewest of any
     * @param accuracy texts that are right, of each prompt's; a prompt counts once
     * @param loops mean loops a token
     * @param tokens mean tokens a text
     * @param ended texts that ended by themselves
     * @param score mean of the scores that are filled in
     */
    public record Point(
            String way,
            int prompts,
            int samples,
            Estimate accuracy,
            Estimate loops,
            Estimate tokens,
            Estimate ended,
            Estimate score) {}

    /**
     * Reads a finished file.
     *
     * @throws LoopscopeException naming file and line, for what is no such file
     */
    public static GeneratedData read(Path file) throws LoopscopeException {
        Reading reading = new Reading();
        GeneratedRow.TABLE.read(file, reading::add);
        return new GeneratedData(reading);
    }

    private static final class Reading {
        private final Map<String, Map<Integer, List<GeneratedRow>>> ways = new LinkedHashMap<>();
        private final Set<Integer> prompts = new TreeSet<>();
        private final Set<String> groups = new LinkedHashSet<>();
        private Origin origin = new Origin("", "");
        private int steps;
        private int problems;

        void add(GeneratedRow.InFile found) {
            GeneratedRow row = found.row();
            origin = found.origin();
            steps = row.steps();
            prompts.add(row.prompt());
            if (!row.group().isEmpty()) {
                groups.add(row.group());
            }
            if (!row.measured()) {
                problems++;
                return;
            }
            ways.computeIfAbsent(row.way(), w -> new TreeMap<>())
                    .computeIfAbsent(row.prompt(), p -> new ArrayList<>())
                    .add(row);
        }
    }

    public String model() {
        return origin.model();
    }

    public String computeDtype() {
        return origin.computeDtype();
    }

    /** T. */
    public int steps() {
        return steps;
    }

    public int prompts() {
        return prompts;
    }

    public int problems() {
        return problems;
    }

    public List<String> groups() {
        return List.copyOf(groups);
    }

    /** Every way of generating, in the order of the file. */
    public List<Point> points(Optional<String> group) {
        List<Point> points = new ArrayList<>();
        for (String way : ways.keySet()) {
            List<List<GeneratedRow>> chosen = chosen(way, group);
            if (!chosen.isEmpty()) {
                points.add(point(way, chosen));
            }
        }
        return points;
    }

    private List<List<GeneratedRow>> chosen(String way, Optional<String> group) {
        return ways.getOrDefault(way, Map.of()).values().stream()
                .filter(rows ->
                        group.isEmpty() || group.get().equals(rows.get(0).group()))
                .toList();
    }

    private static Point point(String way, List<List<GeneratedRow>> prompts) {
        List<List<GeneratedRow>> judged =
                prompts.stream().filter(rows -> rows.get(0).right().isPresent()).toList();
        List<List<GeneratedRow>> scored = prompts.stream()
                .map(rows ->
                        rows.stream().filter(row -> !Double.isNaN(row.score())).toList())
                .filter(rows -> !rows.isEmpty())
                .toList();
        return new Point(
                way,
                prompts.size(),
                prompts.stream().mapToInt(List::size).min().orElse(0),
                share(judged, row -> row.right().orElse(false) ? 1 : 0),
                ratio(prompts, GeneratedRow::loops, GeneratedRow::tokens),
                ratio(prompts, GeneratedRow::tokens, row -> 1),
                share(prompts, row -> row.ended() ? 1 : 0),
                ratio(scored, GeneratedRow::score, row -> 1));
    }

    /** Of each prompt the share of its texts, then over prompts. */
    private static Estimate share(List<List<GeneratedRow>> prompts, ToDoubleFunction<GeneratedRow> hit) {
        double[] hits = sums(prompts, hit);
        double[] of = sums(prompts, row -> 1);
        for (int i = 0; i < hits.length; i++) {
            hits[i] /= of[i];
            of[i] = 1;
        }
        return hits.length == 0
                ? Estimate.NONE
                : new Estimate(sum(hits) / hits.length, Intervals.share(hits, of), hits.length);
    }

    private static Estimate ratio(
            List<List<GeneratedRow>> prompts, ToDoubleFunction<GeneratedRow> value, ToDoubleFunction<GeneratedRow> of) {
        double[] values = sums(prompts, value);
        double[] below = sums(prompts, of);
        return values.length == 0
                ? Estimate.NONE
                : new Estimate(sum(values) / sum(below), Intervals.ratio(values, below), values.length);
    }

    private static double[] sums(List<List<GeneratedRow>> prompts, ToDoubleFunction<GeneratedRow> value) {
        return prompts.stream()
                .mapToDouble(rows -> rows.stream().mapToDouble(value).sum())
                .toArray();
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /**
     * pass@k: the chance that of k texts, drawn from those of a prompt, one is right, mean over prompts. With c of n right it is 1 − C(n −
     * c, k) / C(n, k), which is unbiased (Chen et al. 2021, arXiv:2107.03374, eq. 1).
     *
     * @param k from 1 to the fewest texts of any prompt
     */
    public Estimate pass(String way, int k, Optional<String> group) {
        List<List<GeneratedRow>> prompts = chosen(way, group).stream()
                .filter(rows -> rows.get(0).right().isPresent())
                .toList();
        double[] passes = new double[prompts.size()];
        for (int i = 0; i < passes.length; i++) {
            int n = prompts.get(i).size();
            if (k < 1 || k > n) {
                throw new IllegalArgumentException("k: want 1 to " + n + " texts of prompt " + (i + 1) + ", got " + k);
            }
            int right = (int) prompts.get(i).stream()
                    .filter(row -> row.right().orElse(false))
                    .count();
            passes[i] = pass(n, right, k);
        }
        return passes.length == 0
                ? Estimate.NONE
                : new Estimate(
                        sum(passes) / passes.length,
                        Intervals.share(passes, Intervals.ones(passes.length)),
                        passes.length);
    }

    static double pass(int n, int right, int k) {
        if (n - right < k) {
            return 1;
        }
        double none = 1;
        for (int i = n - right + 1; i <= n; i++) {
            none *= 1 - (double) k / i;
        }
        return 1 - none;
    }
}
