package org.loopscope.app.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Readings;
import org.loopscope.plugin.Selection;

/**
 * One run as one HTML page that needs nothing else: style and pictures are in it, it loads nothing and runs no script.
 * The figures are those of the panels, in the light theme, for the last given token at its exit step.
 */
public final class HtmlReport {
    private final Inspection inspection;
    private final ExitRule rule;
    private final Readings readings;
    private final List<PanelProvider> panels;
    private final List<String> problems;
    private final int position;
    private final List<String> sections = new ArrayList<>();
    private @Nullable Comparison comparison;

    /**
     * @param rule whose exit steps are shown
     * @param panels in their order
     * @param problems one sentence for each panel that could not be loaded
     */
    public HtmlReport(Inspection inspection, ExitRule rule, List<PanelProvider> panels, List<String> problems) {
        this(inspection, rule, Readings.NONE, panels, problems);
    }

    /** As above, with what was read besides; groups at the last given token. */
    public HtmlReport(
            Inspection inspection,
            ExitRule rule,
            Readings readings,
            List<PanelProvider> panels,
            List<String> problems) {
        this.readings = readings;
        this.inspection = inspection;
        this.rule = rule;
        this.panels = List.copyOf(panels);
        this.problems = List.copyOf(problems);
        this.position = inspection.capture().promptLength() - 1;
    }

    /** Adds a section that compares the run with others. Its A is the run of the report. */
    public HtmlReport comparing(Comparison runs) {
        if (runs.inspection(0).capture() != inspection.capture()) {
            throw new IllegalArgumentException("comparison: want the run of the report as A, got another");
        }
        comparison = runs;
        return this;
    }

    /** Adds sections of HTML behind those of the panels. */
    public HtmlReport with(List<String> html) {
        sections.addAll(html);
        return this;
    }

    /**
     * The page. May take seconds.
     *
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public String html(RunControl control) {
        RunSection run = new RunSection(inspection, rule, position);
        StringBuilder out = new StringBuilder(1 << 20);
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // The page asks the browser to hold it to its word: nothing is loaded, nothing runs.
        out.append("<meta http-equiv=\"Content-Security-Policy\""
                + " content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n");
        out.append("<title>").append(Html.plain(run.title())).append(" · Loopscope</title>\n");
        out.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        out.append(run.html());
        if (comparison != null) {
            out.append(new CompareSection(comparison, rule, selection(), panels).html(control));
        }
        appendPanels(out, control);
        sections.forEach(out::append);
        return out.append("</main>\n</body>\n</html>\n").toString();
    }

    /** The last given token at its exit step. */
    private Selection selection() {
        return new Selection(position, inspection.exits().exitStep(rule, position));
    }

    private void appendPanels(StringBuilder out, RunControl control) {
        PanelState state = new PanelState(inspection, selection(), rule, readings);
        for (int i = 0; i < panels.size(); i++) {
            control.checkCancelled();
            control.progress("drawing figures", i, panels.size());
            out.append(new PanelSection(panels.get(i), state).html());
        }
        for (String problem : problems) {
            out.append("<p class=\"problem\">").append(Html.sentence(problem)).append("</p>\n");
        }
    }

    private static String style() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
