package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.Job;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.TemporaryFolder;

/** Measures a set with a lab and shows what its rows say, for the command line. */
final class SetLabWork<P, R extends Record, S> {
    private final SetLab<P, R, S> lab;
    private final CommandEnvironment environment;
    private final Values values;
    private @Nullable ModelInfo model;
    private @Nullable Job<R> job;

    SetLabWork(SetLab<P, R, S> lab, CommandEnvironment environment, Values values) {
        this.lab = lab;
        this.environment = environment;
        this.values = values;
    }

    /** Opens the model. */
    @FunctionalInterface
    interface Opening {
        LoopedModel open(RunControl control) throws LoopscopeException;
    }

    /** What is measured. */
    @FunctionalInterface
    interface Items<P> {
        List<P> read(Consumer<String> told) throws LoopscopeException;
    }

    /**
     * Measures items, and gives what their rows say; empty if it was cancelled, which is said.
     *
     * @param out where the rows are kept; nowhere if null
     */
    Optional<S> run(Items<P> items, @Nullable Path out, ProgressOption progress, Opening opening)
            throws LoopscopeException {
        if (out != null) {
            return runInto(items, out, progress, opening);
        }
        try {
            Path folder = Files.createTempDirectory(TemporaryFolder.ofThisUser(), "rows-");
            Path rows = folder.resolve("rows.csv");
            try {
                return Optional.of(measured(items, rows, progress, opening));
            } finally {
                Files.deleteIfExists(rows);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new LoopscopeException("Rows cannot be kept for now (" + IoReason.of(e) + ").", e);
        }
    }

    private Optional<S> runInto(Items<P> items, Path out, ProgressOption progress, Opening opening)
            throws LoopscopeException {
        try {
            return Optional.of(measured(items, out, progress, opening));
        } catch (CancellationException e) {
            SetWork.cancelled(environment, out, job);
            return Optional.empty();
        }
    }

    private S measured(Items<P> items, Path out, ProgressOption progress, Opening opening) throws LoopscopeException {
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = opening.open(work.control())) {
            model = opened.info();
            List<P> read = items.read(sentence -> {
                work.line().clear();
                environment.err().println(sentence);
            });
            SetRun<P, R> run = new SetRun<>(lab, opened, read, values);
            job = run.job();
            int before = run.into(out, kept -> {}, work.control());
            S summary = lab.complete(lab.summarise(out), run.job(), work.control());
            work.line().clear();
            SetWork.wentOn(environment, before, run.job().items());
            SetWork.outsideTraining(
                    environment, run.job().steps(), opened.config().trainedSteps());
            return summary;
        }
    }

    /** That measured the rows; empty where nothing was measured. */
    Optional<ModelInfo> model() {
        return Optional.ofNullable(model);
    }

    /**
     * Prints what rows say, and draws.
     *
     * @param option that the figure was asked for with
     */
    void show(S summary, FigureKind kind, String option, FigureFile figure, boolean json) throws LoopscopeException {
        for (Setting<?> setting : lab.asked()) {
            requireOffered(setting, summary);
        }
        figure.draw(() -> drawn(summary, kind, option));
        Findings found = lab.findings(summary, values);
        if (json) {
            environment.out().println(Json.write(Json.tree(found.data())));
        } else {
            FindingsText.print(found, environment.out());
        }
    }

    /** A choice that the rows have nothing for. */
    private <T> void requireOffered(Setting<T> setting, S summary) throws LoopscopeException {
        boolean chosen = setting.form() instanceof Form.Choice<T> || setting.form() instanceof Form.OfRows;
        if (!chosen || !setting.isForShowing()) {
            return;
        }
        List<T> offered = lab.offered(setting, summary);
        Optional<T> wanted = values.find(setting);
        Checks.require(
                wanted.isEmpty() || offered.contains(wanted.get()),
                "--" + setting.name() + ": expected one of "
                        + offered.stream().map(setting.form()::text).collect(Collectors.joining(", ")) + ", found \""
                        + values.text(setting) + "\".");
    }

    private Figure drawn(S summary, FigureKind kind, String option) throws LoopscopeException {
        return lab.figure(kind, summary, values)
                .orElseThrow(() -> new LoopscopeException(
                        option + " " + kind.name() + ": expected " + kind.needs() + ", found none."));
    }
}
