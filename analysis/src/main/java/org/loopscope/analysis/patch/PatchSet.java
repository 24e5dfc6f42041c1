package org.loopscope.analysis.patch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.loopscope.analysis.probe.ProbeInput;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * Patching of all pairs of a set, written to a CSV file as it goes, which {@link PatchSummary} reads. A run that is
 * stopped, at any moment and also by force, loses at most the pair in hand.
 */
public final class PatchSet {
    private final LoopedModel model;
    private final List<PatchPair> pairs;
    private final PatchSettings settings;
    private final Map<String, String> identity;

    /**
     * @param file what the pairs were read from
     * @param pairs those of its pairs that are patched, from the first on
     */
    public PatchSet(LoopedModel model, SetFile file, List<PatchPair> pairs, PatchSettings settings) {
        this.model = model;
        this.pairs = List.copyOf(pairs);
        this.settings = settings;
        this.identity = ProbeInput.identity("patch", model, file, pairs.size(), settings.steps());
        identity.put("source", settings.source().cliName());
        identity.put("layers", Boolean.toString(settings.layers()));
        identity.put("noise", Double.toString(settings.noise()));
        identity.put("seed", Long.toString(settings.seed()));
    }

    /**
     * Patches the pairs that {@code out} does not hold yet, and finishes it.
     *
     * @param kept is told how many pairs the file holds, at the start (those of an earlier, interrupted run) and after each
     * @return the cells, if there is only one pair
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set or other settings, or a
     *     pair cannot be patched, with its number
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the pairs that are done are kept
     *     for the next run
     */
    public Optional<PatchGrid> run(Path out, IntConsumer kept, RunControl control) throws LoopscopeException {
        requireAll();
        Optional<PatchGrid> only = Optional.empty();
        boolean one = pairs.size() == 1;
        try (ResumableCsv csv = ResumableCsv.open(out, PatchTable.TABLE.names(), identity)) {
            kept.accept(csv.items());
            Patching patching = patching(control);
            for (int i = csv.items(); i < pairs.size(); i++) {
                control.progress("pairs patched", i, pairs.size());
                PatchGrid grid = grid(patching, i, control);
                only = one ? Optional.of(grid) : only;
                csv.append(PatchTable.cells(i + 1, pairs.get(i), grid));
                kept.accept(csv.items());
            }
            if (one && only.isEmpty()) { // its rows are from an earlier start; the figure needs it again
                only = Optional.of(grid(patching, 0, control));
            }
            csv.finish();
            return only;
        }
    }

    /** Looks at all pairs before hours have gone into the first of them. */
    private void requireAll() throws LoopscopeException {
        Patching patching = new Patching(model, settings);
        for (int i = 0; i < pairs.size(); i++) {
            try {
                patching.require(pairs.get(i));
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Pair " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
    }

    private Patching patching(RunControl control) throws LoopscopeException {
        return settings.source() == PatchSource.MEAN
                ? Patching.withMean(model, settings, pairs, control)
                : new Patching(model, settings);
    }

    private PatchGrid grid(Patching patching, int i, RunControl control) throws LoopscopeException {
        RunControl quiet = pairs.size() == 1 ? control : RunControl.of(control::isCancelled, (s, d, t) -> {});
        try {
            return patching.grid(pairs.get(i), quiet);
        } catch (LoopscopeException e) {
            throw new LoopscopeException("Pair " + (i + 1) + ": " + e.getMessage(), e);
        }
    }
}
