package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.exit.ExitDistribution;

/** The result of a run for a person at a terminal. */
final class RunTable {
    private final RunResult result;
    private final Capture capture;
    private final LensGrid lens;
    private final ExitAnalysis exits;

    RunTable(RunResult result) {
        this.result = result;
        this.capture = result.capture();
        this.lens = result.lens();
        this.exits = result.exits();
    }

    void print(PrintWriter out) {
        printFacts(out);
        out.println();
        printTokens(out);
        out.println();
        printAnswer(out);
        if (capture.length() > capture.promptLength()) {
            out.println();
            out.println("Generated  " + Shown.text(result.generatedText()));
            new GenerationShown(result).lines().forEach(out::println);
        }
        out.println();
        out.println(summary());
        result.file().ifPresent(file -> out.println("Capture written to " + file + "."));
    }

    private void printFacts(PrintWriter out) {
        ModelInfo model = capture.model();
        out.println("Model      " + Shown.text(model.id()) + ", " + Shown.count(model.parameters()) + " parameters, "
                + model.checkpointDtype() + " weights, " + model.computeDtype() + ", " + model.backend());
        if (!capture.prompt().isEmpty()) {
            out.println("Prompt     " + Shown.text(capture.prompt()));
        }
        out.println("Tokens     " + capture.promptLength() + " given, " + (capture.length() - capture.promptLength())
                + " generated");
        out.println("Steps      T = " + capture.steps() + " (trained with "
                + capture.config().trainedSteps() + (capture.outsideTraining() ? "; outside training" : "") + ")");
        if (!capture.hasGates()) {
            out.println("Exit gate  none");
        }
        out.println("Exit rule  " + result.rule().spec() + generationRule());
        capture.chat().ifPresent(template -> out.println("Chat       through " + template));
        if (capture.options().generate() > 0) {
            out.println("Ends at    " + Shown.text(result.ends().text()));
        }
    }

    private String generationRule() {
        RunOptions options = capture.options();
        if (capture.length() == capture.promptLength()) {
            return "";
        }
        String sampled = options.sampling().greedy()
                ? "greedy"
                : "temperature " + options.sampling().temperature() + ", top-p "
                        + options.sampling().topP() + ", seed "
                        + options.sampling().seed();
        return "; generated with rule " + options.exitRule().spec() + ", KV "
                + options.kvPolicy().cliName() + ", " + sampled;
    }

    /** λ of every step where there is a gate, and what the token predicts at the step where it leaves. */
    private void printTokens(PrintWriter out) {
        TextTable table = new TextTable().right("pos").left("token").right("exit");
        int gates = capture.hasGates() ? capture.steps() : 0;
        for (int t = 1; t <= gates; t++) {
            table.right("λ" + t);
        }
        table.left("predicts").right("p");
        for (int p = 0; p < capture.length(); p++) {
            int exit = exits.exitStep(result.rule(), p);
            ExitDistribution distribution = exits.distribution(p);
            List<String> cells = new ArrayList<>(List.of(
                    String.valueOf(p),
                    Shown.token(capture.tokenText(p)) + (capture.generated(p) ? " *" : ""),
                    String.valueOf(exit)));
            for (int t = 1; t <= gates; t++) {
                cells.add(Shown.number(distribution.lambda(t), 2));
            }
            cells.add(Shown.token(lens.topText(lens.rowOfStep(exit), p, 0)));
            cells.add(Shown.probability(lens.topProbability(lens.rowOfStep(exit), p, 0)));
            table.row(cells);
        }
        table.print(out);
        if (capture.length() > capture.promptLength()) {
            out.println("* generated");
        }
    }

    /** What every step says at the last given token: the model's answer. */
    private void printAnswer(PrintWriter out) {
        int position = capture.promptLength() - 1;
        int exit = exits.exitStep(result.rule(), position);
        out.println("Next token after " + Shown.token(capture.tokenText(position)) + " (position " + position
                + "), by step");
        TextTable table = new TextTable().right("step").left("token").right("p");
        if (capture.hasGates()) {
            table.right("pdf").right("CDF");
        }
        table.left("");
        ExitDistribution distribution = exits.distribution(position);
        for (int t = 1; t <= capture.steps(); t++) {
            int row = lens.rowOfStep(t);
            List<String> cells = new ArrayList<>(List.of(
                    String.valueOf(t),
                    Shown.token(lens.topText(row, position, 0)),
                    Shown.probability(lens.topProbability(row, position, 0))));
            if (capture.hasGates()) {
                cells.add(Shown.probability(distribution.pdf(t)));
                cells.add(Shown.probability(distribution.cdf(t)));
            }
            cells.add(t == exit ? "<- exit" : "");
            table.row(cells);
        }
        table.print(out);
    }

    private String summary() {
        ExitSummary summary = exits.summary(result.rule(), lens);
        return String.format(
                Locale.ROOT,
                "Mean exit step %.2f of %d (%s fewer loop passes, nominally); same token as full depth for %d of %d"
                        + " (%s). %s.",
                summary.meanSteps(),
                summary.steps(),
                Shown.percent(summary.savedFraction()),
                summary.agreeing(),
                summary.tokens(),
                summary.agreement().percent(),
                Shown.seconds(capture.elapsedMillis()));
    }
}
