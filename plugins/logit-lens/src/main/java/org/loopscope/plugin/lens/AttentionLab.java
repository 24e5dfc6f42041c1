package org.loopscope.plugin.lens;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.attention.AttentionChange;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.RunTable;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

/** Attention of a run, computed again from its layer states. */
public final class AttentionLab implements RunLab {
    static final Setting<Integer> LAYER =
            Setting.whole("layer", 0).means("The layer, from 0.").orNothing("the last");
    static final Setting<Integer> HEAD = Setting.whole("head", 0)
            .means("Write the map of this head, from 0, at one step.")
            .orNothing("all heads");
    static final Setting<Integer> STEP =
            Setting.whole("step", 1).means("With --head: the step.").orNothing("the last");

    @Override
    public String id() {
        return "attention";
    }

    @Override
    public String title() {
        return "Attention";
    }

    @Override
    public String summary() {
        return "Shows how the attention heads of a layer change from loop to loop, or with --head one head's map at a step."
                + " Computed from the layer states of the run and the model's weights.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--prompt \"people Ann's friend's boss is\" --layer 1",
                "capture.safetensors --layer 1 --head 0 --step 3 --csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(LAYER, HEAD, STEP);
    }

    /** Those of the panel follow its selection. */
    @Override
    public List<FigureKind> figures() {
        return List.of();
    }

    @Override
    public String help() {
        return GuideText.section("lens-lab", "Attention");
    }

    @Override
    public List<TableKind> tables() {
        return List.of(TableKind.of("attention", "heads by step, or one map"));
    }

    @Override
    public boolean needsLayers(TableKind table, Values values) {
        return true;
    }

    @Override
    public void check(TableKind table, boolean drawn, Values values, ExitRule rule) throws LoopscopeException {
        if (values.isSet(STEP) && !values.isSet(HEAD)) {
            throw new LoopscopeException("--step says at which step a map is shown: expected --head H with it.");
        }
    }

    @Override
    public RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException {
        Capture capture = run.capture();
        Place at = place(capture, values);
        boolean map = values.isSet(HEAD);
        AttentionMaps maps = run.model()
                .attention()
                .orElseThrow(() -> new LoopscopeException("Attention maps are not available for model "
                        + capture.model().id() + "."));
        AttentionChange change = AttentionChange.of(maps, capture, at.layer, run.control());
        String statement = "layer " + at.layer + (map ? ", head " + at.head + ", step " + at.step : ", all heads")
                + ", recomputed from layer states, entropy and KL in nats, " + run.dtype();
        return RunTable.of(map ? change.mapTable(at.step, at.head) : change.toTable(), statement);
    }

    /** Where one map is; head 0 unless one is set. */
    record Place(int layer, int head, int step) {}

    /** @throws LoopscopeException with one sentence, for a place that is not in the run */
    static Place place(Capture capture, Values values) throws LoopscopeException {
        return new Place(
                within("--layer", values.find(LAYER), 0, capture.config().layers() - 1),
                within(
                        "--head",
                        values.find(HEAD).or(() -> Optional.of(0)),
                        0,
                        capture.config().heads() - 1),
                within("--step", values.find(STEP), 1, capture.steps()));
    }

    /** The value, or the largest without one. */
    private static int within(String option, Optional<Integer> value, int least, int most) throws LoopscopeException {
        int number = value.orElse(most);
        if (number < least || number > most) {
            throw new LoopscopeException(option + ": expected " + least + " to " + most + ", found " + number + ".");
        }
        return number;
    }
}
