package org.loopscope.analysis.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.CellRow;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * One probe and its control, as a row of the table that {@code loopscope probe linear} writes.
 *
 * @param target what is predicted: {@code step 3} (the model's own answer there) or {@code gold}
 * @param step of the state, from 1
 * @param layer of the state, from 0; −1 for the step's output
 * @param depth layers passed up to the state (or steps, for step outputs), from 1
 * @param evaluation {@code split} or {@code 5-fold}
 * @param probe result of the probe
 * @param control result with labels shuffled once
 * @param shuffled results with labels shuffled several times, of which {@code control} is the first
 */
public record ProbeRow(
        String target,
        int step,
        int layer,
        int depth,
        String evaluation,
        ProbeResult probe,
        ProbeResult control,
        ShuffledLabels shuffled) {
    /** Columns that files of older versions do not have. */
    private static final List<String> NEWER = List.of(
            "shuffles",
            "control_mean",
            "control_low",
            "control_high",
            "selectivity",
            "control_accuracy_mean",
            "accuracy_selectivity");

    /** Names of the columns; numbers that are not defined are empty. */
    public static final List<String> COLUMNS = Stream.concat(
                    Stream.of(
                            "target",
                            "step",
                            "layer",
                            "depth",
                            "evaluation",
                            "n",
                            "classes",
                            "majority",
                            "auc",
                            "auc_low",
                            "auc_high",
                            "accuracy",
                            "accuracy_low",
                            "accuracy_high",
                            "control_auc",
                            "control_auc_low",
                            "control_auc_high",
                            "control_accuracy",
                            "control_accuracy_low",
                            "control_accuracy_high"),
                    NEWER.stream())
            .toList();

    private static final Set<String> TEXTS = Set.of("target", "evaluation");
    private static final Set<String> WHOLE = Set.of("step", "layer", "depth", "n", "classes", "shuffles");
    private static final int MOST = 1_000_000_000;

    /** The cells in the order of {@link #COLUMNS}. */
    public List<String> cells() {
        List<String> cells = new ArrayList<>(List.of(
                target,
                Integer.toString(step),
                layer < 0 ? "" : Integer.toString(layer),
                Integer.toString(depth),
                evaluation,
                Integer.toString(probe.n()),
                Integer.toString(probe.classes()),
                number(probe.majority())));
        for (ProbeResult result : List.of(probe, control)) {
            cells.add(number(result.auc()));
            cells.add(number(result.aucInterval().low()));
            cells.add(number(result.aucInterval().high()));
            cells.add(number(result.accuracy()));
            cells.add(number(result.accuracyInterval().low()));
            cells.add(number(result.accuracyInterval().high()));
        }
        cells.add(Integer.toString(shuffled.shuffles()));
        cells.add(number(shuffled.mean()));
        cells.add(number(shuffled.low()));
        cells.add(number(shuffled.high()));
        cells.add(number(selectivity()));
        cells.add(number(shuffled.accuracy()));
        cells.add(number(probe.accuracy() - shuffled.accuracy()));
        return cells;
    }

    /** How much more the probe finds than chance: AUC − mean AUC with shuffled labels; NaN if either is not defined. */
    public double selectivity() {
        return probe.auc() - shuffled.mean();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    /** Rows of a file that was written so, with {@code compute_dtype} as the last column. */
    public static List<ProbeRow> read(Path csv) throws LoopscopeException {
        List<ProbeRow> rows = new ArrayList<>();
        TableFile.read(
                csv,
                "loopscope probe linear",
                Tables.withComputeDtype(COLUMNS),
                Set.copyOf(NEWER),
                cells -> rows.add(of(cells)));
        return rows;
    }

    private static ProbeRow of(CellRow cells) throws LoopscopeException {
        return new ProbeRow(
                cells.text("target"),
                cells.whole("step", 1, RunOptions.MAX_STEPS),
                cells.text("layer").isEmpty() ? -1 : cells.whole("layer", 0, LoopConfig.MAX_LAYERS - 1),
                cells.whole("depth", 1, RunOptions.MAX_STEPS * LoopConfig.MAX_LAYERS),
                cells.text("evaluation"),
                result(cells, ""),
                result(cells, "control_"),
                shuffled(cells));
    }

    private static ShuffledLabels shuffled(CellRow cells) throws LoopscopeException {
        cells.number("selectivity", -1, 1);
        cells.number("accuracy_selectivity", -1, 1);
        return cells.text("shuffles").isEmpty()
                ? ShuffledLabels.NONE
                : new ShuffledLabels(
                        cells.whole("shuffles", 0, MOST),
                        number(cells, "control_mean"),
                        number(cells, "control_low"),
                        number(cells, "control_high"),
                        number(cells, "control_accuracy_mean"));
    }

    private static ProbeResult result(CellRow cells, String prefix) throws LoopscopeException {
        return new ProbeResult(
                cells.whole("n", 0, MOST),
                cells.whole("classes", 0, MOST),
                number(cells, prefix + "auc"),
                new Interval(number(cells, prefix + "auc_low"), number(cells, prefix + "auc_high")),
                number(cells, prefix + "accuracy"),
                new Interval(number(cells, prefix + "accuracy_low"), number(cells, prefix + "accuracy_high")),
                number(cells, "majority"));
    }

    /** All of them are shares. */
    private static double number(CellRow cells, String column) throws LoopscopeException {
        return cells.number(column, 0, 1);
    }

    /** The rows as a table of the same columns. */
    public static Table table(List<ProbeRow> rows) {
        List<Column<?>> columns = new ArrayList<>();
        List<List<String>> cells = rows.stream().map(ProbeRow::cells).toList();
        for (int c = 0; c < COLUMNS.size(); c++) {
            int column = c;
            columns.add(column(
                    COLUMNS.get(c), cells.stream().map(row -> row.get(column)).toList()));
        }
        return Table.create("probes", columns);
    }

    private static Column<?> column(String name, List<String> cells) {
        Column<?> column = TEXTS.contains(name)
                ? StringColumn.create(name)
                : WHOLE.contains(name) ? IntColumn.create(name) : DoubleColumn.create(name);
        for (String cell : cells) {
            if (cell.isEmpty()) {
                column.appendMissing();
            } else {
                column.appendCell(cell);
            }
        }
        return column;
    }
}
