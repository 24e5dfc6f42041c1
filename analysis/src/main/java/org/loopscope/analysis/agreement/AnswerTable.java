package org.loopscope.analysis.agreement;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;

/** What every step answers to each prompt of a set, see {@link AnswerRow}. Immutable. */
public final class AnswerTable {
    private final List<String> texts; // label -> answer
    private final int[][] labels; // [T][n]
    private final List<List<Boolean>> right; // [n][T], none without gold
    private final double[][] goldLog; // [n][T], of the whole answer
    private final int[] stable; // [T], prompts by first stable step
    private final String computeDtype;

    private AnswerTable(
            List<String> texts,
            int[][] labels,
            List<List<Boolean>> right,
            double[][] goldLog,
            int[] stable,
            String computeDtype) {
        this.texts = List.copyOf(texts);
        this.labels = labels;
        this.right = List.copyOf(right);
        this.goldLog = goldLog;
        this.stable = stable;
        this.computeDtype = computeDtype;
    }

    /** Reads such rows, T as the file has it. */
    public static AnswerTable read(Path csv) throws LoopscopeException {
        Set<String> names = TableFile.first(csv, "loopscope probe agreement").keySet();
        long steps =
                names.stream().filter(name -> name.matches("answer_[0-9]+")).count();
        List<AnswerRow> rows = new ArrayList<>();
        AnswerRow.table((int) Math.max(1, Math.min(RunOptions.MAX_STEPS, steps)))
                .read(csv, rows::add);
        return of(rows, names.contains("right_1"));
    }

    /** @param told whether the rows say which steps are right; those of older versions do not */
    static AnswerTable of(List<AnswerRow> rows, boolean told) {
        int n = rows.size();
        int steps = rows.get(0).answers().size();
        Map<String, Integer> texts = new LinkedHashMap<>(); // label of each
        int[][] labels = new int[steps][n];
        List<List<Boolean>> right = new ArrayList<>();
        double[][] goldLog = new double[n][];
        int[] stable = new int[steps];
        for (int i = 0; i < n; i++) {
            AnswerRow row = rows.get(i);
            right.add(told ? row.right() : sameText(row));
            goldLog[i] = told ? row.answerLogProbabilities() : row.goldLogProbabilities();
            stable[row.firstStableStep() - 1]++;
            for (int t = 0; t < steps; t++) {
                labels[t][i] = label(texts, row.answers().get(t).strip());
            }
        }
        return new AnswerTable(
                List.copyOf(texts.keySet()),
                labels,
                right,
                goldLog,
                stable,
                rows.get(0).computeDtype());
    }

    private static List<Boolean> sameText(AnswerRow row) {
        return row.gold().isEmpty()
                ? List.of()
                : row.answers().stream()
                        .map(answer -> answer.strip().equals(row.gold()))
                        .toList();
    }

    private static int label(Map<String, Integer> texts, String text) {
        return texts.computeIfAbsent(text, t -> texts.size());
    }

    /** The arithmetic. */
    public String computeDtype() {
        return computeDtype;
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

    /** Share of the prompts with an answer that {@code step} answers right; NaN where none has one. */
    public double accuracy(int step) {
        return withGold() == 0 ? Double.NaN : (double) right(step) / withGold();
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
