package org.loopscope.analysis.agreement;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.loopscope.analysis.probe.ProbeCheck;
import org.loopscope.analysis.probe.ProbeInput;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * What every step answers to the prompts of a set, written to a CSV file as it goes, which {@link AnswerTable} reads. A run
 * that is stopped, at any moment and also by force, loses at most the prompt in hand.
 */
public final class AnswerSet {
    private final LoopedModel model;
    private final List<ProbeItem> items;
    private final int steps;
    private final Map<String, String> identity;

    /** @param steps T of the runs */
    public AnswerSet(LoopedModel model, ProbeInput input, int steps) {
        this.model = model;
        this.items = input.set().items();
        this.steps = steps;
        this.identity = input.identity("agreement", model, steps);
    }

    /**
     * Asks the prompts that {@code out} does not hold yet, and finishes it. All are looked at before the first is asked.
     *
     * @param kept is told how many prompts the file holds, at the start (those of an earlier, interrupted run) and after each
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set, template or T, or a
     *     prompt cannot be asked, with its number
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public void run(Path out, IntConsumer kept, RunControl control) throws LoopscopeException {
        ProbeCheck.require(model, items);
        List<String> columns = Tables.withComputeDtype(AnswerTable.columns(steps));
        try (ResumableCsv csv = ResumableCsv.open(out, columns, identity)) {
            kept.accept(csv.items());
            RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
            for (int i = csv.items(); i < items.size(); i++) {
                control.checkCancelled();
                control.progress("prompts", i, items.size());
                List<String> row = AnswerTable.row(model, items.get(i), i + 1, steps, quiet);
                csv.append(Tables.withComputeDtype(
                        List.of(AnswerTable.inFile(columns, row)), model.info().computeDtype()));
                kept.accept(csv.items());
            }
            csv.finish();
        }
    }
}
