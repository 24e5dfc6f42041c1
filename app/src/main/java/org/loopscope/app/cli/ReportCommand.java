package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.Inspection;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.app.PanelRegistry;
import org.loopscope.app.report.HtmlReport;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.Tokenizer;
import org.loopscope.model.Unembedding;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.Readings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the figures of every panel into one page. */
@Command(
        name = "report",
        description =
                "Writes one self-contained HTML page: the run's facts, the answer of every step, and the figures of every panel with"
                        + " their data.",
        customSynopsis = {
            "loopscope report [--model M] (CAPTURE | --prompt TEXT | --token-ids IDS | --prompt-file FILE)",
            "                        --out FILE [options]"
        },
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope report --prompt \"people Ann's friend's boss is\" --out report.html",
            "  loopscope report capture.safetensors --exit-rule q:0.8 --out report.html",
            "  loopscope report --prompt \"people Ann's friend's boss is\" --groups \"men: Dan Bob; women: Sue Ann\" --out"
                    + " report.html"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ReportCommand implements Callable<Integer> {
    private static final int TOP = 10;
    private static final int LAYER_TOP = 5;

    private final CommandEnvironment environment;

    @Mixin
    private final CaptureInput input = new CaptureInput();

    @Mixin
    private final RunSettings settings = new RunSettings();

    @Option(
            names = "--groups",
            paramLabel = "WORDS",
            description = "Also the probability of groups of tokens, as in \"yes: yes Yes; no: no No\".")
    @Nullable
    private String groups;

    @Option(
            names = "--tuned",
            paramLabel = "FILE",
            description =
                    "Also the layers through a tuned lens, as loopscope train tuned-lens writes it; implies --layers.")
    @Nullable
    private Path tuned;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The page to write.")
    private Path out = Path.of("report.html");

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ReportCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        OutFile.check(out);
        settings.check();
        Optional<TunedLens> lens = tuned == null ? Optional.empty() : Optional.of(TunedLensFile.read(tuned));
        settings.layers |= lens.isPresent();
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work, model -> {
                    if (lens.isPresent()) {
                        lens.get().requireModel(model, String.valueOf(tuned));
                    }
                })) {
            write(run, settings.shownRule(), readings(run, lens, work.control()), out, work.control());
            work.line().clear();
            environment.out().println("Report written to " + out + ".");
            return input.told(run.capture(), environment.err());
        }
    }

    /** What is computed on request: the lens on layers that were captured, a tuned lens, token groups. */
    private Readings readings(PromptRun run, Optional<TunedLens> lens, RunControl control) throws LoopscopeException {
        Capture capture = run.capture();
        Unembedding unembedding = run.model().unembedding();
        Optional<Tokenizer> tokenizer = run.model().tokenizer();
        int k = Math.min(LAYER_TOP, capture.config().vocabSize());
        List<GroupTrajectories> grouped = new ArrayList<>();
        if (groups != null) {
            List<TokenGroup> parsed = TokenGroup.parse(groups, tokenizer, unembedding.vocabSize());
            List<Integer> last = List.of(capture.promptLength() - 1);
            grouped.add(GroupTrajectories.of(capture, unembedding, last, parsed, capture.hasLayerStates(), control));
            if (lens.isPresent()) {
                grouped.add(lens.get().groups(capture, unembedding, last, parsed, control));
            }
        }
        Optional<LensGrid> read = Optional.empty();
        if (lens.isPresent()) {
            read = Optional.of(lens.get().read(capture, unembedding, tokenizer, k, control));
        }
        Optional<LensGrid> layers = capture.hasLayerStates()
                ? Optional.of(LogitLens.layers(capture, unembedding, tokenizer, k, control))
                : Optional.empty();
        return new Readings(layers, read, grouped);
    }

    static void write(PromptRun run, ExitRule rule, Readings readings, Path file, RunControl control)
            throws LoopscopeException {
        int k = Math.min(TOP, run.capture().config().vocabSize());
        Inspection inspection = Inspection.of(run.capture(), run.model(), k, control);
        List<String> problems = new ArrayList<>();
        List<PanelProvider> panels = PanelRegistry.load((sentence, cause) -> problems.add(sentence));
        OutFile.write(file, new HtmlReport(inspection, rule, readings, panels, problems).html(control));
    }
}
