package org.loopscope.analysis.probe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.analysis.table.PlaceOfFile;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * Linear probes over a set, written to a CSV file as they are trained, which {@link ProbeRow#read} reads. The states wait
 * in a file beside it until the last probe is trained. A run that is stopped, at any moment and also by force, loses at
 * most the prompt or the probe in hand.
 */
public final class ProbeRun {
    private final LoopedModel model;
    private final List<ProbeItem> items;
    private final DepthProbes probes;
    private final DepthProbes.Settings settings;
    private final String stateIdentity;
    private final Map<String, String> identity;

    /** Is told how far the files are. */
    @FunctionalInterface
    public interface Kept {
        /**
         * @param prompts whose states are in the file beside
         * @param probes in the CSV
         */
        void holds(int prompts, int probes);
    }

    /**
     * @param settings with {@code layersPerStep} of the model, or 0
     * @throws LoopscopeException if the prompts cannot be divided as the settings want
     */
    public ProbeRun(LoopedModel model, ProbeInput input, DepthProbes.Settings settings) throws LoopscopeException {
        this.model = model;
        this.items = input.set().items();
        this.settings = settings;
        this.probes = new DepthProbes(input.set().items(), settings);
        this.identity = input.identity("linear", model, settings.steps());
        identity.put("states", settings.layersPerStep() > 0 ? "layers" : "steps");
        this.stateIdentity = identity.toString(); // the same states serve probes of other settings
        identity.put("folds", Integer.toString(settings.folds()));
        identity.put("l2", Double.toString(settings.l2()));
        identity.put("seed", Long.toString(settings.seed()));
        identity.put("shuffles", Integer.toString(settings.shuffles()));
    }

    /** The file that holds the states while {@code out} is unfinished. */
    public static Path statesOf(Path out) {
        return PlaceOfFile.beside(out, ".states");
    }

    /** Probes in all. */
    public int probeCount() {
        return probes.probeCount();
    }

    /**
     * Collects the states and trains the probes that the files do not hold yet, and finishes {@code out}.
     *
     * @param kept is told what the files hold, at the start and at the end, also where it is stopped
     * @throws LoopscopeException if a file cannot be written or was begun with another model, set or other settings
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; what is done is kept for the
     *     next run
     */
    public void run(Path out, Kept kept, RunControl control) throws LoopscopeException {
        ProbeCheck.require(model, items);
        try (ResumableCsv csv = ResumableCsv.open(out, Tables.withComputeDtype(ProbeRow.COLUMNS), identity);
                StateStore store = StateStore.open(
                        statesOf(out),
                        stateIdentity,
                        probes.placeCount(),
                        model.config().hiddenSize(),
                        settings.steps())) {
            kept.holds(store.count(), csv.items());
            try {
                probes.collect(model, store, control);
                train(csv, store, control);
            } finally {
                kept.holds(store.count(), csv.items());
            }
            csv.finish();
            store.delete();
        }
    }

    private void train(ResumableCsv csv, StateStore store, RunControl control) throws LoopscopeException {
        for (int i = csv.items(); i < probes.probeCount(); i++) {
            control.progress("probes", i, probes.probeCount());
            List<String> row = probes.probe(store, i, control).cells();
            csv.append(Tables.withComputeDtype(List.of(row), model.info().computeDtype()));
        }
    }
}
