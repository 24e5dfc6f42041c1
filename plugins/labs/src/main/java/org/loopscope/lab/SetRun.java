package org.loopscope.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.analysis.set.RowIdentity;
import org.loopscope.analysis.table.Columns;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * One set worked through by one lab: the one loop over items that all labs share. Rows are kept as they come; a run that is
 * stopped, at any moment and also by force, loses at most the item in hand, and the next one with the same identity goes on.
 */
public final class SetRun<P, R extends Record> {
    private final SetLab<P, R, ?> lab;
    private final LoopedModel model;
    private final Values values;
    private final Columns<R> columns;
    private final Job<R> job;
    private final Map<String, String> identity;

    /**
     * Gets ready.
     *
     * @throws LoopscopeException with one sentence for an item that cannot be measured
     */
    public SetRun(SetLab<P, R, ?> lab, LoopedModel model, List<P> items, Values given) throws LoopscopeException {
        this.lab = lab;
        this.model = model;
        this.values = given.on(model);
        this.columns = lab.columns(values);
        this.job = lab.job(model, items, values);
        this.identity = identity(items);
    }

    /** Told how many items the file holds: at the start, and after each. */
    @FunctionalInterface
    public interface Kept {
        void holds(int items);
    }

    /** The job, for what it has to say besides. */
    public Job<R> job() {
        return job;
    }

    /**
     * Measures the items that {@code out} does not hold yet, and finishes it.
     *
     * @return how many an earlier, interrupted run had done
     * @throws LoopscopeException if the file cannot be written or was begun with another identity
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; what is done is kept
     */
    public int into(Path out, Kept kept, RunControl control) throws LoopscopeException {
        int before;
        try (job;
                ResumableCsv csv = ResumableCsv.open(out, columns.names(), identity)) {
            before = Math.min(csv.items(), job.size());
            kept.holds(csv.items());
            job.prepare(out, csv.items(), control);
            RunControl quiet = job.size() == 1 ? control : RunControl.of(control::isCancelled, (stage, n, all) -> {});
            for (int i = csv.items(); i < job.size(); i++) {
                control.checkCancelled();
                control.progress(job.items(), i, job.size());
                csv.append(cells(i, quiet));
                kept.holds(csv.items());
            }
            csv.finish();
            control.progress(job.items(), job.size(), job.size());
            job.finished();
        }
        return before;
    }

    private List<List<String>> cells(int item, RunControl control) throws LoopscopeException {
        List<R> rows;
        try {
            rows = job.rows(item, control);
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            rows = job.problem(item, e);
        }
        return rows.stream().map(columns::cells).toList();
    }

    /** What decides the rows: the program, the weights, the arithmetic, the items, and every setting that does. */
    private Map<String, String> identity(List<P> items) {
        Map<String, String> all = RowIdentity.of(model);
        all.put("lab", lab.command());
        all.put(
                "prompts",
                items.size() + " with hash "
                        + RowIdentity.shortened(lab.prompts().hash(items)));
        all.putAll(values.identity());
        lab.drawing().forEach(setting -> all.remove(setting.label())); // the items say what was drawn
        all.putAll(job.identity());
        return all;
    }
}
