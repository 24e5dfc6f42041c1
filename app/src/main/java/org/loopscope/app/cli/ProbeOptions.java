package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all probes are told. */
final class ProbeOptions {
    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(
            names = "--steps",
            paramLabel = "T",
            description = "Recurrent steps, 1 to 64. Default: as many as the model was trained with.")
    @Nullable
    Integer steps;

    @Mixin
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();

    @Mixin
    private final PrecisionOption precision = new PrecisionOption();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only the first N prompts or pairs of the set. Default: all.")
    @Nullable
    Integer limit;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The CSV to write. Rows are kept in FILE.part as they come; the same command goes on there.")
    @Nullable
    Path out;

    @Mixin
    private final FigureFile figure = new FigureFile();

    /** Refuses what cannot be used, before a model is opened. */
    void check() throws LoopscopeException {
        if (out == null) {
            throw new LoopscopeException("--out: expected a CSV file to write, found none.");
        }
        OutFile.check(out);
        figure.check();
        precision.value();
        Checks.steps(steps, 1);
        Checks.atLeast("--limit", limit, 1);
    }

    LoopedModel open(RunControl control) throws LoopscopeException {
        return specialTokens.of(Models.open(model.name, precision.value(), control));
    }

    Path out() {
        return Objects.requireNonNull(out, "checked");
    }

    int steps(LoopedModel opened) {
        return steps == null ? opened.config().trainedSteps() : steps;
    }

    <T> List<T> limited(List<T> all) {
        return limit == null || limit >= all.size() ? all : all.subList(0, limit);
    }

    /** What was probed, for a figure: model, set and arithmetic. */
    String about(LoopedModel opened, String set) {
        return opened.info().id() + ", " + SetFile.shortName(set) + " · "
                + opened.info().computeDtype();
    }

    void draw(Figure drawn, CommandEnvironment environment) throws LoopscopeException {
        figure.draw(() -> drawn);
        figure.told(environment);
    }

    /** Says that the work was stopped and what is kept; the exit code. */
    int cancelled(CommandEnvironment environment, CancellationException e, int kept, String items) {
        if (kept == 0) {
            throw e;
        }
        environment
                .err()
                .println("Cancelled; " + kept + " " + items + " are kept in " + ResumableCsv.partOf(out())
                        + ", the same command goes on there.");
        return ExitCode.CANCELLED;
    }
}
