package org.loopscope.analysis.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import tech.tablesaw.api.Table;

/**
 * One probe and its control: a row of the table that {@code loopscope probe linear} writes, a public format. Numbers that are not
 * defined are NaN.
 *
 * @param target what is predicted: {@code step 3} (the model's own answer there) or {@code gold}
 * @param step of the state, from 1
 * @param layer of the state, from 0; −1 for the step's output
 * @param depth layers passed up to the state (or steps, for step outputs), from 1
 * @param evaluation {@code split} or {@code 5-fold}
 * @param shuffles of the labels, of which {@link #control} is the first; −1 in files that do not say
 */
public record ProbeRow(
        @Column(key = true, meaning = "what is predicted: the model's answer at a step, or gold")
        String target,

        @Column(key = true, min = 1, max = RunOptions.MAX_STEPS, meaning = "loop step of the state")
        int step,

        @Column(
                key = true,
                min = 0,
                max = LoopConfig.MAX_LAYERS - 1,
                optional = true,
                meaning = "layer of the state; empty for the step's output")
        int layer,

        @Column(
                min = 1,
                max = RunOptions.MAX_STEPS * LoopConfig.MAX_LAYERS,
                meaning = "layers passed up to the state (steps, for step outputs)")
        int depth,

        @Column(meaning = "how it is tested: split, or the number of folds")
        String evaluation,

        @Column(min = 0, max = MOST, meaning = "prompts that it is tested on")
        int n,

        @Column(min = 0, max = MOST, meaning = "classes of the target")
        int classes,

        @Column(min = 0, max = 1, meaning = "share of the most frequent class: the accuracy of always guessing it")
        double majority,

        @Column(
                min = 0,
                max = 1,
                meaning =
                        "area under the ROC curve on prompts it was not trained on; of more than two classes the mean")
        double auc,

        @Column(min = 0, max = 1, meaning = "lower end of its 95 % interval")
        double aucLow,

        @Column(min = 0, max = 1, meaning = "upper end") double aucHigh,

        @Column(min = 0, max = 1, meaning = "share of right guesses")
        double accuracy,

        @Column(min = 0, max = 1, meaning = "lower end of its 95 % interval")
        double accuracyLow,

        @Column(min = 0, max = 1, meaning = "upper end") double accuracyHigh,

        @Column(min = 0, max = 1, meaning = "the same of labels shuffled once")
        double controlAuc,

        @Column(min = 0, max = 1, meaning = "lower end of its 95 % interval")
        double controlAucLow,

        @Column(min = 0, max = 1, meaning = "upper end") double controlAucHigh,

        @Column(min = 0, max = 1, meaning = "the same of labels shuffled once")
        double controlAccuracy,

        @Column(min = 0, max = 1, meaning = "lower end of its 95 % interval")
        double controlAccuracyLow,

        @Column(min = 0, max = 1, meaning = "upper end") double controlAccuracyHigh,

        @Column(newer = true, optional = true, min = 0, max = MOST, meaning = "shuffles of the labels with an AUC")
        int shuffles,

        @Column(newer = true, min = 0, max = 1, meaning = "mean AUC over the shuffles")
        double controlMean,

        @Column(newer = true, min = 0, max = 1, meaning = "the lowest of them")
        double controlLow,

        @Column(newer = true, min = 0, max = 1, meaning = "the highest of them")
        double controlHigh,

        @Column(newer = true, min = 0, max = 1, meaning = "mean accuracy over the shuffles")
        double controlAccuracyMean) {
    static final int MOST = 1_000_000_000;
    private static final String COMMAND = "loopscope probe linear";
    private static final Columns<ProbeRow> ROWS = Columns.of(COMMAND, ProbeRow.class);

    /** A row as it stands in a file. */
    public record InFile(
            ProbeRow row,
            @Column(same = true, meaning = "the arithmetic") String computeDtype) {}

    public static final Columns<InFile> TABLE = Columns.of(COMMAND, InFile.class);

    /**
     * A row of results.
     *
     * @param control with labels shuffled once
     * @param shuffled with labels shuffled several times
     */
    public static ProbeRow of(
            String target,
            int step,
            int layer,
            int depth,
            String evaluation,
            ProbeResult probe,
            ProbeResult control,
            ShuffledLabels shuffled) {
        return new ProbeRow(
                target,
                step,
                layer,
                depth,
                evaluation,
                probe.n(),
                probe.classes(),
                probe.majority(),
                probe.auc(),
                probe.aucInterval().low(),
                probe.aucInterval().high(),
                probe.accuracy(),
                probe.accuracyInterval().low(),
                probe.accuracyInterval().high(),
                control.auc(),
                control.aucInterval().low(),
                control.aucInterval().high(),
                control.accuracy(),
                control.accuracyInterval().low(),
                control.accuracyInterval().high(),
                shuffled.shuffles(),
                shuffled.mean(),
                shuffled.low(),
                shuffled.high(),
                shuffled.accuracy());
    }

    /** What the probe finds. */
    public ProbeResult probe() {
        return new ProbeResult(
                n,
                classes,
                auc,
                new Interval(aucLow, aucHigh),
                accuracy,
                new Interval(accuracyLow, accuracyHigh),
                majority);
    }

    /** The same of labels shuffled once. */
    public ProbeResult control() {
        return new ProbeResult(
                n,
                classes,
                controlAuc,
                new Interval(controlAucLow, controlAucHigh),
                controlAccuracy,
                new Interval(controlAccuracyLow, controlAccuracyHigh),
                majority);
    }

    /** What probes find in labels shuffled several times. */
    public ShuffledLabels shuffled() {
        return shuffles < 0
                ? ShuffledLabels.NONE
                : new ShuffledLabels(shuffles, controlMean, controlLow, controlHigh, controlAccuracyMean);
    }

    /** How much more the probe finds than chance: AUC − mean AUC with shuffled labels; NaN if either is not defined. */
    @Column(after = "control_high", newer = true, min = -1, max = 1, meaning = "AUC − mean AUC over the shuffles")
    public double selectivity() {
        return auc - controlMean;
    }

    @Column(
            after = "control_accuracy_mean",
            newer = true,
            min = -1,
            max = 1,
            meaning = "accuracy − mean accuracy over the shuffles")
    double accuracySelectivity() {
        return accuracy - controlAccuracyMean;
    }

    /** Rows of a file. */
    public static List<ProbeRow> read(Path csv) throws LoopscopeException {
        List<ProbeRow> rows = new ArrayList<>();
        TABLE.read(csv, found -> rows.add(found.row()));
        return rows;
    }

    /** The rows as a table of the same columns. */
    public static Table table(List<ProbeRow> rows) {
        return ROWS.toTable("probes", rows);
    }
}
