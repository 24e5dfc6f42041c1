package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.loopscope.analysis.Inspection;
import org.loopscope.app.PanelRegistry;
import org.loopscope.app.report.HtmlReport;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
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
            "  loopscope report capture.safetensors --exit-rule q:0.8 --out report.html"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ReportCommand implements Callable<Integer> {
    private static final int TOP = 10;

    private final CommandEnvironment environment;

    @Mixin
    private final CaptureInput input = new CaptureInput();

    @Mixin
    private final RunSettings settings = new RunSettings();

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
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work)) {
            write(run, settings.shownRule(), out, work.control());
            work.line().clear();
            environment.out().println("Report written to " + out + ".");
            return input.told(run.capture(), environment.err());
        }
    }

    static void write(PromptRun run, ExitRule rule, Path file, RunControl control) throws LoopscopeException {
        int k = Math.min(TOP, run.capture().config().vocabSize());
        Inspection inspection = Inspection.of(run.capture(), run.model(), k, control);
        List<String> problems = new ArrayList<>();
        List<PanelProvider> panels = PanelRegistry.load((sentence, cause) -> problems.add(sentence));
        OutFile.write(file, new HtmlReport(inspection, rule, panels, problems).html(control));
    }
}
