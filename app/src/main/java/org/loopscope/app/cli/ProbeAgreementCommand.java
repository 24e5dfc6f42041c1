package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerSet;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.agreement.LabelCount;
import org.loopscope.analysis.agreement.WorseWithDepth;
import org.loopscope.analysis.probe.ProbeInput;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.figure.AnswerFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every step answers, how the steps agree, and whether more depth makes it worse. */
@Command(
        name = "agreement",
        description =
                "Asks every prompt of a set, notes what every step answers, and counts how the steps agree: with label marginals,"
                        + " expected agreement, kappa and intervals; and how often more depth makes the right answer less probable.",
        customSynopsis = "loopscope probe agreement --set FILE --out FILE.csv [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope probe agreement --set embedded/probe-cups.jsonl --out answers.csv --matrix agreement.csv",
            "  loopscope probe agreement --model ByteDance/Ouro-1.4B --set ouro/question-pairs.jsonl --out answers.csv"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class ProbeAgreementCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ProbeLinearCommand.ProbeSetOptions input = new ProbeLinearCommand.ProbeSetOptions();

    @Mixin
    private final ProbeOptions options = new ProbeOptions();

    @Option(names = "--matrix", paramLabel = "FILE", description = "Also write the matrix, a line per pair of steps.")
    @Nullable
    Path matrix;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ProbeAgreementCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        options.check();
        OutFile.check(matrix);
        ProbeInput asked = input.read(options, environment);
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel model = options.open(work.control())) {
            return ask(model, asked, work);
        }
    }

    private int ask(LoopedModel model, ProbeInput asked, ProgressOption.Work work) throws LoopscopeException {
        int steps = options.steps(model);
        KeptItems kept = new KeptItems(before -> SetWork.wentOn(environment, before));
        try {
            new AnswerSet(model, asked, steps).run(options.out(), kept, work.control());
        } catch (CancellationException e) {
            work.line().clear();
            return options.cancelled(environment, e, kept.items(), "prompts");
        }
        work.line().clear();
        tell(model, steps);
        return ExitCode.FINE;
    }

    private void tell(LoopedModel model, int steps) throws LoopscopeException {
        AnswerTable answers = AnswerTable.read(options.out(), steps);
        AgreementMatrix agreement = answers.agreement();
        environment.out().println("Answers written to " + options.out() + ".");
        if (matrix != null) {
            OutFile.write(matrix, Tables.csv(agreement.toTable()));
            environment.out().println("Agreement matrix written to " + matrix + ".");
        }
        String about = options.about(model, input.set());
        options.draw(AnswerFigures.agreement(agreement, about), environment);
        pairs(agreement);
        steps(answers, agreement);
        worse(answers);
    }

    private void pairs(AgreementMatrix agreement) {
        TextTable table = new TextTable()
                .right("i")
                .right("j")
                .right("A[i,j]")
                .right("share")
                .left("95 %")
                .right("expected")
                .right("kappa");
        for (int i = 1; i <= agreement.steps(); i++) {
            for (int j = i + 1; j <= agreement.steps(); j++) {
                table.row(List.of(
                        Integer.toString(i),
                        Integer.toString(j),
                        agreement.count(i, j) + "/" + agreement.n(),
                        number(agreement.fraction(i, j)),
                        interval(agreement.interval(i, j)),
                        number(agreement.expected(i, j)),
                        number(agreement.kappa(i, j))));
            }
        }
        table.print(environment.out());
    }

    private void steps(AnswerTable answers, AgreementMatrix agreement) {
        TextTable table = new TextTable()
                .right("step")
                .right("stable from here")
                .right("accuracy")
                .left("95 %")
                .left("labels");
        for (int t = 1; t <= agreement.steps(); t++) {
            StringBuilder labels = new StringBuilder();
            for (LabelCount label : agreement.marginals(t).stream().limit(6).toList()) {
                labels.append(label.text().strip())
                        .append(' ')
                        .append(label.count())
                        .append("  ");
            }
            boolean gold = answers.withGold() > 0;
            table.row(List.of(
                    Integer.toString(t),
                    Integer.toString(answers.stableHistogram()[t - 1]),
                    gold ? number((double) answers.right(t) / answers.withGold()) : "–",
                    gold ? interval(answers.accuracyInterval(t)) : "",
                    labels.toString().strip()));
        }
        table.print(environment.out());
    }

    private void worse(AnswerTable answers) {
        WorseWithDepth worse = answers.worse();
        if (worse.n() > 0) {
            environment
                    .out()
                    .println(String.format(
                            Locale.ROOT,
                            "%d of %d prompts (95 %%: %s) end with a less probable right answer than an earlier step gave (by"
                                    + " more than %.2f nats); %d were right at some step and are not at the last.",
                            worse.worseAtEnd(),
                            worse.n(),
                            interval(worse.worseAtEndInterval()),
                            WorseWithDepth.TOLERANCE,
                            answers.lostRight()));
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "undefined" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String interval(Interval interval) {
        return String.format(Locale.ROOT, "%.3f to %.3f", interval.low(), interval.high());
    }
}
