package org.loopscope.analysis.agreement;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.CellRow;
import org.loopscope.analysis.table.CsvText;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * What every step answers to each prompt of a set. The rows are a table of a public format, one line per prompt: {@code
 * item} (from 1), {@code prompt}, {@code gold}, {@code first_stable_step}, {@code flips}, then {@code answer_1} to {@code
 * answer_T}, {@code gold_log_probability_1} to {@code gold_log_probability_T} (natural logarithm, of the gold answer's
 * first token among all tokens; empty without gold), {@code answer_tokens} (of the gold answer), {@code
 * answer_log_probability_1} to {@code answer_log_probability_T} (of the whole gold answer) and {@code right_1} to {@code
 * right_T} (1 or 0, empty without gold; see {@link org.loopscope.analysis.prompts.WholeAnswer}). Immutable.
 */
public final class AnswerTable {
    private static final String COMMAND = "loopscope probe agreement";
    private static final String ANSWER = "answer_";
    private static final String RIGHT = "right_";
    private static final String LOG = "gold_log_probability_";

    private final List<String> texts; // label -> answer
    private final int[][] labels; // [T][n]
    private final List<List<Boolean>> right; // [n][T], none without gold
    private final double[][] goldLog; // [n][T], of the whole answer
    private final int[] stable; // [T], prompts by first stable step

    private AnswerTable(
            List<String> texts, int[][] labels, List<List<Boolean>> right, double[][] goldLog, int[] stable) {
        this.texts = List.copyOf(texts);
        this.labels = labels;
        this.right = List.copyOf(right);
        this.goldLog = goldLog;
        this.stable = stable;
    }

    /** Names of the columns for T steps. */
    public static List<String> columns(int steps) {
        List<String> columns = new ArrayList<>(List.of("item", "prompt", "gold", "first_stable_step", "flips"));
        for (int t = 1; t <= steps; t++) {
            columns.add(ANSWER + t);
        }
        for (int t = 1; t <= steps; t++) {
            columns.add(LOG + t);
        }
        columns.addAll(newer(steps));
        return columns;
    }

    /** Those of them that files of older versions do not have. */
    private static List<String> newer(int steps) {
        List<String> columns = new ArrayList<>(List.of("answer_tokens"));
        for (int t = 1; t <= steps; t++) {
            columns.add("answer_log_probability_" + t);
        }
        for (int t = 1; t <= steps; t++) {
            columns.add("right_" + t);
        }
        return columns;
    }

    /**
     * Runs one prompt and gives its row.
     *
     * @param number of the prompt, from 1
     */
    public static List<String> row(LoopedModel model, ProbeItem item, int number, int steps, RunControl control)
            throws LoopscopeException {
        StepAnswers answers = StepAnswers.of(model, item, steps, control);
        int stable = steps;
        int flips = 0;
        for (int t = steps - 1; t >= 1 && answers.same(t, steps); t--) {
            stable = t;
        }
        for (int t = 2; t <= steps; t++) {
            flips += answers.same(t, t - 1) ? 0 : 1;
        }
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(number),
                item.prompt(),
                item.gold().orElse(""),
                Integer.toString(stable),
                Integer.toString(flips)));
        row.addAll(answers.texts());
        for (int t = 1; t <= steps; t++) {
            row.add(number(answers.firstLogProbability(t)));
        }
        row.add(answers.tokens() == 0 ? "" : Integer.toString(answers.tokens()));
        for (int t = 1; t <= steps; t++) {
            row.add(number(answers.logProbability(t)));
        }
        for (int t = 1; t <= steps; t++) {
            row.add(answers.right(t).map(right -> right ? "1" : "0").orElse(""));
        }
        return row;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    /** Reads the rows of T steps from a CSV file, where {@code compute_dtype} is the last column. */
    public static AnswerTable read(Path csv, int steps) throws LoopscopeException {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> columns = columns(steps);
        TableFile.read(
                csv,
                COMMAND,
                Tables.withComputeDtype(columns),
                Set.copyOf(newer(steps)),
                row -> rows.add(checked(row, columns, steps)));
        return of(rows, steps);
    }

    /** The cells that {@link #of} reads. */
    private static Map<String, String> checked(CellRow row, List<String> columns, int steps) throws LoopscopeException {
        row.whole("item", 1, Integer.MAX_VALUE);
        row.whole("first_stable_step", 1, steps);
        row.whole("flips", 0, steps - 1);
        Map<String, String> cells = new HashMap<>();
        for (String column : columns) {
            if (column.equals("prompt") || !row.has(column)) {
                continue;
            }
            if (column.contains("log_probability_")) {
                row.number(column, Double.NEGATIVE_INFINITY, 0);
            }
            cells.put(column, column.startsWith(RIGHT) ? flag(row, column) : row.text(column));
        }
        return cells;
    }

    /** In the form that this program writes. */
    private static String flag(CellRow row, String column) throws LoopscopeException {
        return row.flag(column).map(right -> right ? "1" : "0").orElse("");
    }

    /** The cells of a row as they stand in a file: texts so that no spreadsheet runs them. */
    static List<String> inFile(List<String> columns, List<String> row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(isText(columns.get(i)) ? CsvText.guarded(row.get(i)) : row.get(i));
        }
        return cells;
    }

    private static boolean isText(String column) {
        return column.equals("prompt") || column.equals("gold") || column.matches(ANSWER + "[0-9]+");
    }

    /** The same, T as the file has it. */
    public static AnswerTable read(Path csv) throws LoopscopeException {
        long steps = TableFile.first(csv, COMMAND).keySet().stream()
                .filter(column -> column.matches(ANSWER + "[0-9]+"))
                .count();
        return read(csv, (int) Math.max(1, Math.min(RunOptions.MAX_STEPS, steps)));
    }

    /** A table of rows by {@link #columns}. */
    public static AnswerTable of(List<Map<String, String>> rows, int steps) {
        Map<String, Integer> texts = new LinkedHashMap<>(); // label of each
        int n = rows.size();
        int[][] labels = new int[steps][n];
        List<List<Boolean>> right = new ArrayList<>();
        double[][] goldLog = new double[n][steps];
        int[] stable = new int[steps];
        for (int i = 0; i < n; i++) {
            Map<String, String> row = rows.get(i);
            right.add(right(row, steps));
            stable[Integer.parseInt(row.getOrDefault("first_stable_step", "1")) - 1]++;
            for (int t = 1; t <= steps; t++) {
                labels[t - 1][i] =
                        label(texts, row.getOrDefault("answer_" + t, "").strip());
                String first = row.getOrDefault("gold_log_probability_" + t, "");
                String log = row.getOrDefault("answer_log_probability_" + t, first);
                goldLog[i][t - 1] = log.isEmpty() ? Double.NaN : Double.parseDouble(log);
            }
        }
        return new AnswerTable(List.copyOf(texts.keySet()), labels, right, goldLog, stable);
    }

    /** Of a file of an older version, which does not say, by comparing the texts. */
    private static List<Boolean> right(Map<String, String> row, int steps) {
        boolean told = row.containsKey("right_1");
        String gold = row.getOrDefault("gold", "");
        if (told ? row.getOrDefault("right_1", "").isEmpty() : gold.isEmpty()) {
            return List.of();
        }
        return IntStream.rangeClosed(1, steps)
                .mapToObj(t -> told
                        ? row.getOrDefault("right_" + t, "").equals("1")
                        : row.getOrDefault("answer_" + t, "").strip().equals(gold))
                .toList();
    }

    private static int label(Map<String, Integer> texts, String text) {
        return texts.computeIfAbsent(text, t -> texts.size());
    }

    /** Agreement of the steps over the prompts. */
    public AgreementMatrix agreement() {
        return AgreementMatrix.of(labels, texts::get);
    }

    /** Whether more depth makes the gold answer less probable. */
    public WorseWithDepth worse() {
        return WorseWithDepth.of(goldLog);
    }

    /** Prompts by first stable step, [T]. */
    public int[] stableHistogram() {
        return stable.clone();
    }

    /** Prompts with a gold answer. */
    public int withGold() {
        return (int) right.stream().filter(steps -> !steps.isEmpty()).count();
    }

    /** Prompts that {@code step} answers right. */
    public int right(int step) {
        return (int) right.stream()
                .filter(steps -> !steps.isEmpty() && steps.get(step - 1))
                .count();
    }

    /** 95 % Wilson interval of the accuracy of {@code step}. */
    public Interval accuracyInterval(int step) {
        return Interval.wilson(right(step), withGold());
    }

    /** Prompts that some step answers right and the last one does not. */
    public int lostRight() {
        return (int) right.stream()
                .filter(steps -> steps.contains(true) && !steps.get(steps.size() - 1))
                .count();
    }
}
