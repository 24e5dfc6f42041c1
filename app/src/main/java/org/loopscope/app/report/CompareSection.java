package org.loopscope.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.compare.CompareTables;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.RunFacts;
import org.loopscope.analysis.compare.StatePairs;
import org.loopscope.figure.FigureDifference;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.comparing.CompareFigures;
import org.loopscope.plugin.comparing.ComparedFigures;

/** The run of the report beside others: how they were made, what differs, and the difference of every panel's figures. */
final class CompareSection {
    private static final List<CompareValue> SUMMARISED = List.of(
            CompareValue.PROBABILITY,
            CompareValue.ENTROPY,
            CompareValue.LAMBDA,
            CompareValue.EXIT_STEP,
            CompareValue.SAME_TOP1,
            CompareValue.DISTANCE,
            CompareValue.COSINE);

    private final Comparison comparison;
    private final ExitRule rule;
    private final Selection selection;
    private final List<PanelProvider> panels;

    /** @param selection in A, the run of the report */
    CompareSection(Comparison comparison, ExitRule rule, Selection selection, List<PanelProvider> panels) {
        this.comparison = comparison;
        this.rule = rule;
        this.selection = selection;
        this.panels = List.copyOf(panels);
    }

    /**
     * The section. May take seconds.
     *
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    String html(RunControl control) {
        StringBuilder out = new StringBuilder("<section class=\"card\" id=\"compare\">\n<h2>Compared runs</h2>\n");
        out.append("<p class=\"summary\">");
        for (int run = 0; run < comparison.size(); run++) {
            out.append(run == 0 ? "" : " · ")
                    .append("<b>")
                    .append(Comparison.letter(run))
                    .append("</b> ");
            out.append(Html.foreign(comparison.runs().get(run).name()));
        }
        out.append("</p>\n<p class=\"note\">A is the run of this report. Tokens: ");
        out.append(Html.sentence(comparison.alignment().statement())).append(".</p>\n");
        if (!comparison.sameWords()) {
            out.append("<p class=\"problem\">")
                    .append(Html.sentence(Comparison.DIFFERENT_WORDS))
                    .append("</p>\n");
        }
        List<RunFacts.Fact> facts = RunFacts.of(comparison.runs());
        out.append("<p class=\"note\">")
                .append(Html.sentence(RunFacts.sentence(facts)))
                .append("</p>\n");
        out.append(new DataTable(RunFacts.toTable(facts)).html("How the runs were made"));
        List<ComparedValue> values = values(control);
        out.append(new DataTable(CompareTables.summaries(values)).html("Differences to A in a few numbers"));
        out.append("<div class=\"figures\">\n").append(own(values.get(0))).append("</div>\n");
        out.append("<h2>Differences of every panel's figures</h2>\n");
        appendPanels(out, control);
        return out.append("</section>\n").toString();
    }

    private List<ComparedValue> values(RunControl control) {
        Optional<StatePairs> states = Optional.of(StatePairs.of(comparison, control));
        return SUMMARISED.stream()
                .map(value -> ComparedValue.of(comparison, value, rule, Optional.empty(), states))
                .toList();
    }

    private String own(ComparedValue probability) {
        StringBuilder out = new StringBuilder();
        for (int run = 0; run < comparison.size(); run++) {
            out.append(PanelSection.figure(CompareFigures.run(probability, run, false, null)));
        }
        out.append(PanelSection.figure(CompareFigures.all(probability, true)));
        ComparedValue cdf = ComparedValue.of(comparison, CompareValue.CDF, rule, Optional.empty(), Optional.empty());
        int column = comparison.alignment().column(0, selection.position());
        int row = comparison.alignment().row(0, selection.step());
        return out.append(PanelSection.figure(CompareFigures.curve(CompareFigures.EXIT_CURVE, cdf, column, row, false)))
                .toString();
    }

    private void appendPanels(StringBuilder out, RunControl control) {
        List<PanelState> states =
                ComparedFigures.states(comparison, selection, rule, ComparedFigures.readings(comparison, control));
        List<ComparedFigures.Source> sources = ComparedFigures.sources(panels);
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            control.progress("comparing figures", i, sources.size());
            ComparedFigures.Panel panel = ComparedFigures.of(sources.get(i), states, control);
            problems.addAll(panel.problems());
            for (ComparedFigures.Entry entry : panel.entries()) {
                control.checkCancelled();
                append(out, panel.title(), entry);
            }
        }
        for (String problem : problems) {
            out.append("<p class=\"problem\">").append(Html.sentence(problem)).append("</p>\n");
        }
    }

    private void append(StringBuilder out, String panel, ComparedFigures.Entry entry) {
        out.append("<details><summary>")
                .append(Html.sentence(panel + ": " + entry.title()))
                .append("</summary>\n<div class=\"figures\">\n");
        for (FigureDifference.Result result : entry.differences(comparison)) {
            out.append(result.figure()
                    .map(PanelSection::figure)
                    .orElseGet(() -> "<p class=\"note\">" + Comparison.letter(result.run()) + " − A: "
                            + Html.sentence(result.sentence()) + "</p>\n"));
        }
        out.append("</div></details>\n");
    }
}
