package org.loopscope.app.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.app.report.HtmlReport;
import org.loopscope.app.report.RowsSection;
import org.loopscope.lab.Lab;
import org.loopscope.lab.SetLab;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.Tokenizer;
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
            "                        [--compare CAPTURE]... --out FILE [options]"
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
            "  loopscope report ann.safetensors --compare tom.safetensors --out two.html",
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

    @Option(
            names = "--compare",
            paramLabel = "CAPTURE",
            description = "Also compare the run with this capture; up to three times. The run of the report is A.")
    private List<Path> others = List.of();

    @Option(
            names = "--compare-model",
            split = ",",
            paramLabel = "DIR",
            description = "The models that made the captures of --compare. Default: --model, and those that they name.")
    private List<String> otherModels = List.of();

    @Option(
            names = "--rows",
            paramLabel = "LAB=FILE",
            description = "Also what the rows of a set say, by the command that wrote them, such as sweep=people.csv or"
                    + " \"probe linear=cups.csv\"; any number of times.")
    private List<String> rows = List.of();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The page to write.")
    private Path out = Path.of("report.html");

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    private final Map<String, Lab> labs;

    /** @param labs by command */
    ReportCommand(CommandEnvironment environment, Map<String, Lab> labs) {
        this.environment = environment;
        this.labs = labs;
    }

    @Override
    public Integer call() throws LoopscopeException {
        OutFile.check(out);
        settings.check();
        Checks.require(
                others.size() < Comparison.MOST,
                "--compare: expected at most three captures, found " + others.size() + ".");
        Checks.require(
                otherModels.isEmpty() || !others.isEmpty(),
                "--compare-model goes with --compare: expected both, found one.");
        List<String> sections = sections();
        Optional<TunedLens> lens = tuned == null ? Optional.empty() : Optional.of(TunedLensFile.read(tuned));
        settings.layers |= lens.isPresent();
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work, model -> {
                    if (lens.isPresent()) {
                        lens.get().requireModel(model, String.valueOf(tuned));
                    }
                })) {
            write(run, readings(run, lens, work.control()), sections, work.control());
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

    /** What the rows of {@code --rows} say; read before a model is opened. */
    private List<String> sections() throws LoopscopeException {
        List<String> sections = new ArrayList<>();
        for (String entry : rows) {
            String[] parts = entry.split("=", 2);
            if (!(labs.get(parts[0]) instanceof SetLab<?, ?, ?> lab) || parts.length == 1) {
                throw new LoopscopeException("--rows: expected one of "
                        + labs.entrySet().stream()
                                .filter(known -> known.getValue() instanceof SetLab<?, ?, ?>)
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(", "))
                        + " before a = and a file behind it, found " + ForeignText.quoted(entry) + ".");
            }
            sections.add(LabFailure.guard(lab, () -> RowsSection.html(lab, path(parts[1]))));
        }
        return sections;
    }

    private static Path path(String file) throws LoopscopeException {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new LoopscopeException(
                    "--rows: expected a file, found " + ForeignText.quoted(file) + ", a name that no file can have.",
                    e);
        }
    }

    /** With the captures of {@code --compare} beside the run. */
    private void write(PromptRun run, Readings readings, List<String> sections, RunControl control)
            throws LoopscopeException {
        if (others.isEmpty()) {
            write(run, settings.shownRule(run.capture()), readings, sections, out, control);
            return;
        }
        List<String> models = !otherModels.isEmpty() || input.model == null ? otherModels : List.of(input.model);
        try (CompareInput captures = new CompareInput(models, control).with(run.model())) {
            Inspection inspection = inspect(run, control);
            List<NamedInspection> runs = new ArrayList<>();
            runs.add(new NamedInspection(name(run), inspection));
            for (Path file : others) {
                runs.add(captures.read(file));
            }
            Comparison comparison = Comparison.of(runs, TokenMatch.FROM_START, LoopMatch.SAME_NUMBER);
            List<String> problems = new ArrayList<>();
            List<PanelProvider> panels = PanelRegistry.load((sentence, cause) -> problems.add(sentence));
            HtmlReport report =
                    new HtmlReport(inspection, settings.shownRule(run.capture()), readings, panels, problems);
            OutFile.write(out, report.comparing(comparison).with(sections).html(control));
        }
    }

    private String name(PromptRun run) {
        Path file = input.source.file;
        return file == null ? run.capture().prompt().strip() : String.valueOf(file.getFileName());
    }

    private static Inspection inspect(PromptRun run, RunControl control) throws LoopscopeException {
        return Inspection.of(
                run.capture(), run.model(), Math.min(TOP, run.capture().config().vocabSize()), control);
    }

    static void write(
            PromptRun run, ExitRule rule, Readings readings, List<String> sections, Path file, RunControl control)
            throws LoopscopeException {
        Inspection inspection = inspect(run, control);
        List<String> problems = new ArrayList<>();
        List<PanelProvider> panels = PanelRegistry.load((sentence, cause) -> problems.add(sentence));
        OutFile.write(
                file,
                new HtmlReport(inspection, rule, readings, panels, problems)
                        .with(sections)
                        .html(control));
    }
}
