package org.loopscope.analysis.choice;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.base.LoopscopeException;

/** The rows of a file of choices. Immutable. */
public final class ChoiceData {
    private final Origin origin;
    private final int steps;
    private final Set<String> groups;
    private final Map<Integer, Question> questions; // by number
    private final Set<String> readings;
    private final int problems;

    /** One question: its choices at each reading. */
    private record Question(String group, Map<String, List<ChoiceRow>> readings) {}

    /**
     * One reading over the questions chosen.
     *
     * @param accuracy by each score, over questions
     * @param loops mean loops a token of the choices
     * @param toFullDepth accuracy less that at step T, on the same questions
     */
    public record Point(
            String reading,
            int questions,
            Map<ChoiceScore, Estimate> accuracy,
            Estimate loops,
            Map<ChoiceScore, Estimate> toFullDepth) {
        /** Accuracy by a score. */
        public Estimate accuracy(ChoiceScore score) {
            return Objects.requireNonNull(accuracy.get(score));
        }

        /** Accuracy less that at step T. */
        public Estimate toFullDepth(ChoiceScore score) {
            return Objects.requireNonNull(toFullDepth.get(score));
        }
    }

    private ChoiceData(Reading reading) {
        this.origin = reading.origin;
        this.steps = reading.steps;
        this.groups = reading.groups;
        this.questions = reading.questions;
        this.readings = reading.readings;
        this.problems = reading.problems;
    }

    /**
     * Reads a finished file.
     *
     * @throws LoopscopeException naming file and line, for what is no such file
     */
    public static ChoiceData read(Path file) throws LoopscopeException {
        Reading reading = new Reading();
        ChoiceRow.TABLE.read(file, reading::add);
        return new ChoiceData(reading);
    }

    private static final class Reading {
        private final Map<Integer, Question> questions = new TreeMap<>();
        private final Set<String> groups = new LinkedHashSet<>();
        private final Set<String> readings = new LinkedHashSet<>();
        private Origin origin = new Origin("", "");
        private int steps;
        private int problems;

        void add(ChoiceRow.InFile found) {
            ChoiceRow row = found.row();
            origin = found.origin();
            steps = row.steps();
            if (!row.group().isEmpty()) {
                groups.add(row.group());
            }
            if (!row.measured()) {
                problems++;
                return;
            }
            readings.add(row.reading());
            questions
                    .computeIfAbsent(row.question(), q -> new Question(row.group(), new LinkedHashMap<>()))
                    .readings()
                    .computeIfAbsent(row.reading(), r -> new ArrayList<>())
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

    /** Questions in the file. */
    public int questions() {
        return questions.size() + problems;
    }

    /** Questions whose run met a number that is not finite. */
    public int problems() {
        return problems;
    }

    public List<String> groups() {
        return List.copyOf(groups);
    }

    /** Accuracy that guessing has: the mean of 1 / choices. */
    public double chance(Optional<String> group) {
        return chosen(group).stream()
                .mapToInt(question ->
                        question.readings().values().iterator().next().size())
                .mapToDouble(choices -> 1.0 / choices)
                .average()
                .orElse(Double.NaN);
    }

    private List<Question> chosen(Optional<String> group) {
        return questions.values().stream()
                .filter(question -> group.isEmpty() || group.get().equals(question.group()))
                .toList();
    }

    /** The choices of a question at a reading, in order; by the question's number. */
    public Map<Integer, List<ChoiceRow>> choices(String reading) {
        Map<Integer, List<ChoiceRow>> choices = new TreeMap<>();
        questions.forEach((number, question) -> {
            List<ChoiceRow> rows = question.readings().get(reading);
            if (rows != null) {
                choices.put(number, sorted(rows));
            }
        });
        return choices;
    }

    private static List<ChoiceRow> sorted(List<ChoiceRow> rows) {
        return rows.stream().sorted(Comparator.comparingInt(ChoiceRow::choice)).toList();
    }

    /** Every reading, in the order of the file. */
    public List<Point> points(Optional<String> group) {
        List<Question> chosen = chosen(group);
        List<Point> points = new ArrayList<>();
        for (String reading : readings) {
            List<List<ChoiceRow>> now = at(chosen, reading);
            if (!now.isEmpty()) {
                points.add(point(reading, now, at(chosen, "fixed:" + steps)));
            }
        }
        return points;
    }

    private static List<List<ChoiceRow>> at(List<Question> questions, String reading) {
        return questions.stream()
                .map(question -> question.readings().get(reading))
                .filter(Objects::nonNull)
                .map(ChoiceData::sorted)
                .toList();
    }

    private static Point point(String reading, List<List<ChoiceRow>> now, List<List<ChoiceRow>> last) {
        Map<ChoiceScore, Estimate> accuracy = new EnumMap<>(ChoiceScore.class);
        Map<ChoiceScore, Estimate> change = new EnumMap<>(ChoiceScore.class);
        double[] ones = Intervals.ones(now.size());
        for (ChoiceScore score : ChoiceScore.values()) {
            double[] right = right(now, score);
            accuracy.put(score, new Estimate(mean(right), Intervals.share(right, ones), right.length));
            double[] full = right(last, score);
            change.put(
                    score,
                    full.length != right.length
                            ? Estimate.NONE
                            : new Estimate(
                                    mean(right) - mean(full),
                                    Intervals.shareDifference(right, full, ones),
                                    right.length));
        }
        double[] loops = now.stream()
                .mapToDouble(rows -> rows.stream().mapToInt(ChoiceRow::loops).sum())
                .toArray();
        double[] tokens = now.stream()
                .mapToDouble(rows -> rows.stream().mapToInt(ChoiceRow::tokens).sum())
                .toArray();
        Interval interval = Intervals.ratio(loops, tokens);
        return new Point(
                reading, now.size(), accuracy, new Estimate(sum(loops) / sum(tokens), interval, now.size()), change);
    }

    private static double[] right(List<List<ChoiceRow>> questions, ChoiceScore score) {
        return questions.stream()
                .mapToDouble(rows -> score.isRight(rows) ? 1 : 0)
                .toArray();
    }

    private static double mean(double[] values) {
        return sum(values) / values.length;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
