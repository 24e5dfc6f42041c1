package org.loopscope.analysis.agreement;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loopscope.analysis.Interval;
import org.loopscope.analysis.Tables;
import org.loopscope.analysis.probe.AnswerRun;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.table.CellRow;
import org.loopscope.analysis.table.CsvText;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;

/**
 * What every step answers to each prompt of a set. The rows are a table of a public format, one line per prompt: {@code
 * item} (from 1), {@code prompt}, {@code gold}, {@code first_stable_step}, {@code flips}, then {@code answer_1} to {@code
 * answer_T} and {@code gold_log_probability_1} to {@code gold_log_probability_T} (natural logarithm, of the gold answer's
 * first token among all tokens; empty without gold). Immutable.
 */
public final class AnswerTable {
    private static final String COMMAND = "loopscope probe agreement";
    private static final String ANSWER = "answer_";
    private static final String LOG = "gold_log_probability_";

    private final List<String> texts; // label -> answer
    private final int[][] labels; // [T][n]
    private final int[] gold; // [n], label or -1
    private final double[][] goldLog; // [n][T]
    private final int[] stable; // [T], prompts by first stable step

    private AnswerTable(List<String> texts, int[][] labels, int[] gold, double[][] goldLog, int[] stable) {
        this.texts = List.copyOf(texts);
        this.labels = labels;
        this.gold = gold;
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
        return columns;
    }

    /**
     * Runs one prompt and gives its row.
     *
     * @param number of the prompt, from 1
     */
    public static List<String> row(LoopedModel model, ProbeItem item, int number, int steps, RunControl control)
            throws LoopscopeException {
        AnswerRun run = AnswerRun.of(model, item, steps, false, control);
        int[] answers = run.answers();
        int stable = steps;
        int flips = 0;
        for (int t = steps - 1; t >= 1 && answers[t - 1] == answers[steps - 1]; t--) {
            stable = t;
        }
        for (int t = 2; t <= steps; t++) {
            flips += answers[t - 1] == answers[t - 2] ? 0 : 1;
        }
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(number),
                item.prompt(),
                item.gold().orElse(""),
                Integer.toString(stable),
                Integer.toString(flips)));
        for (int answer : answers) {
            row.add(AnswerRun.text(model, item.choices(), answer));
        }
        for (double log : run.goldLogProbability()) {
            row.add(Double.isNaN(log) ? "" : Double.toString(log));
        }
        return row;
    }

    /** Reads the rows of T steps from a CSV file, where {@code compute_dtype} is the last column. */
    public static AnswerTable read(Path csv, int steps) throws LoopscopeException {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> columns = columns(steps);
        TableFile.read(
                csv,
                COMMAND,
                Tables.withComputeDtype(columns),
                Set.of(),
                row -> rows.add(checked(row, columns, steps)));
        return of(rows, steps);
    }

    /** The cells that {@link #of} reads. */
    private static Map<String, String> checked(CellRow row, List<String> columns, int steps) throws LoopscopeException {
        row.whole("item", 1, Integer.MAX_VALUE);
        row.whole("first_stable_step", 1, steps);
        row.whole("flips", 0, steps - 1);
        for (String column : columns) {
            if (column.startsWith(LOG)) {
                row.number(column, Double.NEGATIVE_INFINITY, 0);
            }
        }
        Map<String, String> cells = new HashMap<>();
        columns.stream()
                .filter(column -> !column.equals("prompt"))
                .forEach(column -> cells.put(column, row.text(column)));
        return cells;
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
        return column.equals("prompt") || column.equals("gold") || column.startsWith(ANSWER);
    }

    /** The same, T as the file has it. */
    public static AnswerTable read(Path csv) throws LoopscopeException {
        long steps = TableFile.first(csv, COMMAND).keySet().stream()
                .filter(column -> column.startsWith(ANSWER))
                .count();
        return read(csv, (int) Math.max(1, Math.min(RunOptions.MAX_STEPS, steps)));
    }

    /** A table of rows by {@link #columns}. */
    public static AnswerTable of(List<Map<String, String>> rows, int steps) {
        Map<String, Integer> texts = new LinkedHashMap<>(); // label of each
        int n = rows.size();
        int[][] labels = new int[steps][n];
        int[] gold = new int[n];
        double[][] goldLog = new double[n][steps];
        int[] stable = new int[steps];
        for (int i = 0; i < n; i++) {
            Map<String, String> row = rows.get(i);
            String right = row.getOrDefault("gold", "");
            gold[i] = right.isEmpty() ? -1 : label(texts, right);
            stable[Integer.parseInt(row.getOrDefault("first_stable_step", "1")) - 1]++;
            for (int t = 1; t <= steps; t++) {
                labels[t - 1][i] =
                        label(texts, row.getOrDefault("answer_" + t, "").strip());
                String log = row.getOrDefault("gold_log_probability_" + t, "");
                goldLog[i][t - 1] = log.isEmpty() ? Double.NaN : Double.parseDouble(log);
            }
        }
        return new AnswerTable(List.copyOf(texts.keySet()), labels, gold, goldLog, stable);
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
        return (int) Arrays.stream(gold).filter(g -> g >= 0).count();
    }

    /** Prompts that {@code step} answers right. */
    public int right(int step) {
        int right = 0;
        for (int i = 0; i < gold.length; i++) {
            right += gold[i] >= 0 && labels[step - 1][i] == gold[i] ? 1 : 0;
        }
        return right;
    }

    /** 95 % Wilson interval of the accuracy of {@code step}. */
    public Interval accuracyInterval(int step) {
        return Interval.wilson(right(step), withGold());
    }

    /** Prompts that some step answers right and the last one does not. */
    public int lostRight() {
        int lost = 0;
        for (int i = 0; i < gold.length; i++) {
            boolean ever = false;
            for (int[] step : labels) {
                ever |= gold[i] >= 0 && step[i] == gold[i];
            }
            lost += ever && labels[labels.length - 1][i] != gold[i] ? 1 : 0;
        }
        return lost;
    }
}
