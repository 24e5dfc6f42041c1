package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.analysis.probe.ProbeCheck;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.StateStore;
import org.loopscope.analysis.set.RowIdentity;
import org.loopscope.analysis.table.PlaceOfFile;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** First every prompt is run and its states wait in a file beside the rows; then one probe is trained after the other. */
final class LinearJob implements ProbeLab.Asking<ProbeRow.InFile> {
    private final LoopedModel model;
    private final DepthProbes probes;
    private final DepthProbes.Settings settings;
    private final String states; // what decides them: the same ones serve probes of other settings
    private @Nullable StateStore store;

    /** @param hash of the items */
    LinearJob(LoopedModel model, List<ProbeItem> items, DepthProbes.Settings settings, String hash)
            throws LoopscopeException {
        this.model = model;
        this.settings = settings;
        this.probes = new DepthProbes(items, settings);
        ProbeCheck.require(model, items);
        Map<String, String> identity = RowIdentity.of(model);
        identity.put("prompts", hash);
        identity.put("steps", Integer.toString(settings.steps()));
        identity.put("layers", Integer.toString(settings.layersPerStep()));
        this.states = identity.toString();
    }

    /** The file that holds the states while {@code out} is unfinished. */
    static Path statesOf(Path out) {
        return PlaceOfFile.beside(out, ".states");
    }

    @Override
    public LoopedModel model() {
        return model;
    }

    @Override
    public int size() {
        return probes.probeCount();
    }

    @Override
    public String items() {
        return "probes";
    }

    @Override
    public int steps() {
        return settings.steps();
    }

    @Override
    public void prepare(Path out, int done, RunControl control) throws LoopscopeException {
        StateStore opened = StateStore.open(
                statesOf(out), states, probes.placeCount(), model.config().hiddenSize(), settings.steps());
        store = opened;
        probes.collect(model, opened, control);
    }

    @Override
    public Optional<String> kept(Path out) {
        return Optional.ofNullable(store)
                .filter(states -> states.count() > 0)
                .map(states -> "the states of " + states.count() + " prompts are kept in " + statesOf(out));
    }

    @Override
    public List<ProbeRow.InFile> rows(int item, RunControl control) throws LoopscopeException {
        StateStore opened = store;
        if (opened == null) {
            throw new IllegalStateException("probe " + item + ": want states, got none prepared");
        }
        return List.of(new ProbeRow.InFile(
                probes.probe(opened, item, control), model.info().computeDtype()));
    }

    @Override
    public void finished() throws LoopscopeException {
        if (store != null) {
            store.delete();
        }
    }

    @Override
    public void close() throws LoopscopeException {
        if (store != null) {
            store.close();
        }
    }
}
