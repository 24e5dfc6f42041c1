package org.loopscope.app.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.attention.AttentionChange;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Attention of a capture, computed again from its layer states. */
@Command(
        name = "attention",
        description =
                "Shows how the attention heads of a layer change from loop to loop, or with --head one head's map at a"
                        + " step. Computed from the layer states of the capture and the model's weights.",
        customSynopsis = {
            "loopscope attention [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS |",
            "                           --prompt-file FILE) [options]"
        },
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope attention --prompt \"people Ann's friend's boss is\" --layer 1",
            "  loopscope attention capture.safetensors --layer 1 --head 0 --step 3 --csv"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class AttentionCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final CaptureInput input = new CaptureInput();

    @Mixin
    private final RunSettings settings = new RunSettings();

    @Option(names = "--layer", paramLabel = "L", description = "The layer, from 0. Default: the last.")
    @Nullable
    private Integer layer;

    @Option(names = "--head", paramLabel = "H", description = "Write the map of this head, from 0, at one step.")
    @Nullable
    private Integer head;

    @Option(names = "--step", paramLabel = "T", description = "With --head: the step. Default: the last.")
    @Nullable
    private Integer step;

    @Mixin
    private final TableOutput output = new TableOutput();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    AttentionCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        output.check();
        settings.check();
        settings.layers = true; // attention is computed from them
        if (step != null && head == null) {
            throw new LoopscopeException("--step says at which step a map is shown: expected --head H with it.");
        }
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work)) {
            Capture capture = run.capture();
            int l = within("--layer", layer, 0, capture.config().layers() - 1);
            int h = head == null
                    ? 0
                    : within("--head", head, 0, capture.config().heads() - 1);
            int t = within("--step", step, 1, capture.steps());
            AttentionMaps maps = run.model()
                    .attention()
                    .orElseThrow(() -> new LoopscopeException(
                            "The model " + capture.model().id() + " cannot tell its attention."));
            AttentionChange change = AttentionChange.of(maps, capture, l, work.control());
            work.line().clear();
            String statement = "layer " + l + (head == null ? ", all heads" : ", head " + h + ", step " + t)
                    + ", recomputed from layer states, entropy and KL in nats";
            output.write(
                    head == null ? change.toTable() : change.mapTable(t, h),
                    statement,
                    capture.model().computeDtype(),
                    environment);
            return input.told(capture, environment.err());
        }
    }

    /** The value, or the largest without one. */
    private static int within(String option, @Nullable Integer value, int least, int most) throws LoopscopeException {
        if (value == null) {
            return most;
        }
        if (value < least || value > most) {
            throw new LoopscopeException(option + ": expected " + least + " to " + most + ", found " + value + ".");
        }
        return value;
    }
}
