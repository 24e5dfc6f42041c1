package org.loopscope.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureDifference;
import org.loopscope.figure.FigureStack;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.comparing.ComparedFigures;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** The differences of a figure of any panel, for {@code loopscope compare --figure-of}. */
final class CompareFigureOf {
    /** Instead of a name: which names there are. */
    private static final String LIST = "list";

    @Option(
            names = "--figure-of",
            paramLabel = "PANEL/FIGURE",
            description =
                    "Instead of values: the differences of a figure of any panel, such as logit-lens/logit-lens or"
                            + " exit/exit-token; list prints the names.")
    @Nullable
    private String name;

    @Option(
            names = "--position",
            paramLabel = "N",
            description = "With --figure-of: the selected token of A, from 0. Default: its last given one.")
    @Nullable
    private Integer position;

    boolean wanted() {
        return name != null;
    }

    boolean listed() {
        return LIST.equals(name);
    }

    void check() throws LoopscopeException {
        Checks.require(position == null || name != null, "--position goes with --figure-of: expected both, found one.");
    }

    /** One line a figure: its name and title. */
    static String list(List<ComparedFigures.Entry> entries) {
        int width = entries.stream().mapToInt(e -> e.name().length()).max().orElse(0);
        return entries.stream()
                .map(e -> e.name() + " ".repeat(2 + width - e.name().length()) + e.title() + "\n")
                .collect(Collectors.joining());
    }

    /**
     * What was asked for of every run, or everything where the names are wanted.
     *
     * @throws LoopscopeException with one sentence if there is no such figure
     */
    List<ComparedFigures.Entry> entries(
            Comparison comparison, ExitRule rule, RunControl control, CommandEnvironment environment)
            throws LoopscopeException {
        List<ComparedFigures.Source> sources = ComparedFigures.sources(
                PanelRegistry.load((sentence, cause) -> environment.err().println(sentence)));
        List<PanelState> states = states(comparison, rule, control);
        String wanted = String.valueOf(name);
        List<ComparedFigures.Entry> found = new ArrayList<>();
        for (ComparedFigures.Source source : sources) {
            if (wanted.startsWith(source.id() + "/")) {
                found.addAll(of(source, states, control, environment));
            }
        }
        Optional<ComparedFigures.Entry> match =
                found.stream().filter(e -> e.name().equals(wanted)).findFirst();
        if (match.isPresent()) {
            return List.of(match.get());
        }
        List<ComparedFigures.Entry> all = new ArrayList<>();
        for (ComparedFigures.Source source : sources) {
            all.addAll(of(source, states, control, environment));
        }
        if (listed()) {
            return all;
        }
        throw new LoopscopeException("--figure-of: expected "
                + all.stream().map(ComparedFigures.Entry::name).collect(Collectors.joining(", "))
                + ", found \"" + Shown.text(wanted) + "\".");
    }

    private List<PanelState> states(Comparison comparison, ExitRule rule, RunControl control)
            throws LoopscopeException {
        int length = comparison.capture(0).length();
        int selected = position == null ? comparison.capture(0).promptLength() - 1 : position;
        Checks.require(
                selected >= 0 && selected < length,
                "--position: expected 0 to " + (length - 1) + ", a token of A, found " + selected + ".");
        Selection selection = new Selection(selected, comparison.capture(0).steps());
        return ComparedFigures.states(comparison, selection, rule, ComparedFigures.readings(comparison, control));
    }

    private static List<ComparedFigures.Entry> of(
            ComparedFigures.Source source,
            List<PanelState> states,
            RunControl control,
            CommandEnvironment environment) {
        ComparedFigures.Panel panel = ComparedFigures.of(source, states, control);
        panel.problems().forEach(environment.err()::println);
        return panel.entries();
    }

    /** The rows of all differences. */
    static Table table(List<FigureDifference.Result> results) {
        Table all = Table.create("differences");
        for (FigureDifference.Result result : results) {
            if (result.figure().isPresent()) {
                Table one = result.figure().get().table();
                all = all.columnCount() == 0 ? one : all.append(one);
            }
        }
        return all;
    }

    /** All differences as one figure, and the figures of the runs before them if those are wanted. */
    static Figure figure(
            ComparedFigures.Entry entry,
            List<FigureDifference.Result> results,
            Comparison comparison,
            boolean withRuns) {
        List<FigureStack.Part> parts = new ArrayList<>();
        for (int run = 0; withRuns && run < comparison.size(); run++) {
            String before = Comparison.letter(run) + ": ";
            entry.ofRuns().get(run).ifPresent(figure -> parts.add(new FigureStack.Part(before, figure)));
        }
        results.forEach(result -> result.figure().ifPresent(figure -> parts.add(new FigureStack.Part("", figure))));
        if (parts.size() == 1) {
            return parts.get(0).figure();
        }
        List<String> names = new ArrayList<>();
        for (int run = 0; run < comparison.size(); run++) {
            names.add(Comparison.letter(run) + " "
                    + ForeignText.markedOff(
                            ForeignText.escaped(comparison.runs().get(run).name())));
        }
        return new FigureStack(
                entry.id() + "-differences",
                entry.title(),
                String.join(", ", names) + " · " + comparison.alignment().statement(),
                parts,
                table(results));
    }
}
