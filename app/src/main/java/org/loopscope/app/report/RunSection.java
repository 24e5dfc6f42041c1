package org.loopscope.app.report;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.Capture;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;

/** The head of the report: tokens, what each step answers, and every fact needed to run it again. */
final class RunSection {
    private final Inspection inspection;
    private final Capture capture;
    private final LensGrid lens;
    private final ExitRule rule;
    private final int position; // of the answer: the last given token

    RunSection(Inspection inspection, ExitRule rule, int position) {
        this.inspection = inspection;
        this.capture = inspection.capture();
        this.lens = inspection.lens();
        this.rule = rule;
        this.position = position;
    }

    String html() {
        return "<header>\n<p class=\"product\">Loopscope report</p>\n<h1"
                + (title().length() > 200 ? " class=\"long\"" : "") + ">" + heading() + "</h1>\n"
                + "<p class=\"answer\">" + answer() + "</p>\n" + notes() + "</header>\n" + tokens() + answers()
                + facts();
    }

    /** The prompt, or the tokens of a run that was given ids. */
    String title() {
        return capture.prompt().isEmpty()
                ? String.join(" ", capture.tokenTexts().subList(0, capture.promptLength()))
                : capture.prompt();
    }

    private String heading() {
        return capture.prompt().isEmpty()
                ? capture.tokenTexts().subList(0, capture.promptLength()).stream()
                        .map(Html::foreign)
                        .collect(Collectors.joining(" "))
                : Html.foreign(capture.prompt());
    }

    private String answer() {
        int exit = exitStep(position);
        int stable = AnswerFlips.of(lens).firstStableStep(position);
        String top = "<b>" + Html.token(lens.topText(lens.rowOfStep(lens.steps()), position, 0)) + "</b>";
        String when = stable == 1 ? "already in loop 1, and no later loop changes it" : "from loop " + stable + " on";
        return "After “" + Html.token(capture.tokenText(position)) + "” the model says " + top + ", " + when
                + ". The rule <b>" + Html.escape(rule.spec()) + "</b> leaves at step " + exit + " of " + lens.steps()
                + " and reads <b>" + Html.token(inspection.answer(position, rule)) + "</b>.";
    }

    private String notes() {
        StringBuilder out = new StringBuilder();
        if (capture.outsideTraining()) {
            out.append("<p class=\"note\">Outside training: the model was trained with T = ")
                    .append(capture.config().trainedSteps())
                    .append("; later steps extrapolate.</p>\n");
        }
        capture.problem().ifPresent(problem -> out.append("<p class=\"problem\">")
                .append(Html.sentence(problem))
                .append("</p>\n"));
        return out.toString();
    }

    private String tokens() {
        StringBuilder out = new StringBuilder("<section class=\"card\"><h2>Tokens</h2>\n<p class=\"summary\">");
        out.append(summary()).append("</p>\n<p class=\"tokens\">\n");
        for (int p = 0; p < capture.length(); p++) {
            int exit = exitStep(p);
            String color = Html.color(FigureTheme.LIGHT.step(exit, capture.steps()));
            out.append("<span class=\"token")
                    .append(capture.generated(p) ? " generated" : "")
                    .append(p == position ? " selected" : "")
                    .append("\" style=\"border-color:")
                    .append(color)
                    .append("\">")
                    .append(Html.token(capture.tokenText(p)))
                    .append("<sup>")
                    .append(exit)
                    .append("</sup></span>\n");
        }
        return out.append("</p>\n<p class=\"note\">Number and underline: exit step")
                .append(capture.length() > capture.promptLength() ? "; in italics: generated" : "")
                .append(".</p></section>\n")
                .toString();
    }

    private String summary() {
        ExitSummary s = inspection.exits().summary(rule, lens);
        return String.format(
                Locale.ROOT,
                "Mean exit step %.2f of %d, %.0f %% fewer loop passes (nominally); the same token as full depth for %d of"
                        + " %d (%s).",
                s.meanSteps(),
                s.steps(),
                100 * s.savedFraction(),
                s.agreeing(),
                s.tokens(),
                s.agreement().percent());
    }

    private String answers() {
        StringBuilder out = new StringBuilder("<section class=\"card\"><h2>Answer by step</h2>\n<p class=\"summary\">");
        out.append("Next token after “").append(Html.token(capture.tokenText(position)));
        out.append("”, position ").append(position).append("; ").append(Html.escape(lens.statement()));
        out.append(".</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\" class=\"n\">step</th>"
                + "<th scope=\"col\">prediction</th><th scope=\"col\" class=\"n\">probability</th>"
                + "<th scope=\"col\">next best</th><th scope=\"col\" class=\"n\">entropy (nats)</th>");
        out.append(
                !capture.hasGates()
                        ? "</tr></thead>\n<tbody>\n"
                        : "<th scope=\"col\" class=\"n\">λ</th><th scope=\"col\" class=\"n\">pdf</th>"
                                + "<th scope=\"col\" class=\"n\">CDF</th></tr></thead>\n<tbody>\n");
        for (int t = 1; t <= lens.steps(); t++) {
            appendAnswer(out, t);
        }
        return out.append("</tbody></table></div>\n<p class=\"note\">Marked: the step at which the rule leaves.</p>"
                        + "</section>\n")
                .toString();
    }

    private void appendAnswer(StringBuilder out, int step) {
        int row = lens.rowOfStep(step);
        ExitDistribution exits = inspection.exits().distribution(position);
        out.append(step == exitStep(position) ? "<tr class=\"exit\">" : "<tr>");
        out.append(Html.element("td", "n", String.valueOf(step)));
        out.append(Html.element("td", "", "<b>" + Html.token(lens.topText(row, position, 0)) + "</b>"));
        out.append(Html.element("td", "n", Html.probability(lens.topProbability(row, position, 0))));
        StringBuilder others = new StringBuilder();
        for (int k = 1; k < Math.min(4, lens.topK()); k++) {
            others.append(k == 1 ? "" : " · ").append(Html.token(lens.topText(row, position, k)));
            others.append(' ').append(Html.probability(lens.topProbability(row, position, k)));
        }
        out.append(Html.element("td", "", others.toString()));
        out.append(Html.element("td", "n", Html.number(lens.entropy(row, position), 3)));
        if (capture.hasGates()) {
            out.append(Html.element("td", "n", Html.number(exits.lambda(step), 3)));
            out.append(Html.element("td", "n", Html.number(exits.pdf(step), 3)));
            out.append(Html.element("td", "n", Html.number(exits.cdf(step), 3)));
        }
        out.append("</tr>\n");
    }

    private int exitStep(int token) {
        return inspection.exits().exitStep(rule, token);
    }

    private String facts() {
        StringBuilder out = new StringBuilder("<section class=\"card\"><h2>Run</h2>\n<dl>\n");
        factTexts().forEach((name, value) -> out.append("<dt>")
                .append(Html.escape(name))
                .append("</dt><dd>")
                .append(Html.foreign(value))
                .append("</dd>\n"));
        return out.append("</dl></section>\n").toString();
    }

    private Map<String, String> factTexts() {
        ModelInfo model = capture.model();
        RunOptions options = capture.options();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", String.format(Locale.ROOT, "%s, %,d parameters", model.id(), model.parameters()));
        capture.chat().ifPresent(template -> facts.put("Chat", "through " + template));
        facts.put("Weights (SHA-256)", model.weightHash());
        facts.put("Arithmetic", model.checkpointDtype() + " weights, " + model.computeDtype() + ", " + model.backend());
        facts.put("Prompt", capture.prompt().isEmpty() ? "given as token ids" : capture.prompt());
        facts.put(
                "Tokens",
                capture.promptLength() + " given, " + (capture.length() - capture.promptLength()) + " generated");
        facts.put("Token ids", java.util.Arrays.toString(capture.tokenIds()));
        facts.put(
                "Steps",
                "T = " + capture.steps() + ", trained with " + capture.config().trainedSteps());
        facts.put("Exit rule shown", rule.spec() + (capture.hasGates() ? "" : "; the model has no exit gate"));
        if (capture.length() > capture.promptLength()) {
            facts.put(
                    "Generation",
                    "rule " + options.exitRule().spec() + ", KV "
                            + options.kvPolicy().cliName() + ", " + sampling(options.sampling())
                            + capture.generationReport()
                                    .map(RunSection::decoding)
                                    .orElse(""));
        }
        facts.put("Layer states", capture.hasLayerStates() ? "captured" : "not captured");
        facts.put(
                "Run at", capture.startedAt().truncatedTo(ChronoUnit.SECONDS) + ", " + capture.elapsedMillis() + " ms");
        facts.put("Program", "Loopscope " + ProgramVersion.get());
        return facts;
    }

    private static String decoding(GenerationReport report) {
        GenerationReport.Cost cost = report.cost();
        String loops = "; " + cost.loopsRun() + " of " + cost.fullDepthLoops() + " loops run while generating";
        if (report instanceof GenerationReport.SkippedLoops skipped) {
            return loops
                    + (skipped.replayed()
                            ? "; states of generated tokens replayed at full depth after generating"
                            : "; skipped steps computed after generating")
                    + "; " + skipped.departures() + " generated tokens are not full depth's first choice";
        }
        return report instanceof GenerationReport.DraftedTokens drafted
                ? loops + "; " + drafted.accepted() + " of " + drafted.drafted() + " drafts accepted"
                : loops;
    }

    private static String sampling(Sampling sampling) {
        return sampling.greedy()
                ? "greedy"
                : "temperature " + sampling.temperature() + ", top-p " + sampling.topP() + ", seed " + sampling.seed();
    }
}
