package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Measures a set with a lab and shows what its rows say, for the command line. */
final class SetLabWork<P, R extends Record, S> {
    private final SetLab<P, R, S> lab;
    private final CommandEnvironment environment;
    private final Values values;

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

    /** Writes the rows of a set to {@code out}; false if it was cancelled, which is said. */
    boolean run(String set, LimitOption limit, Path out, ProgressOption progress, Opening opening)
            throws LoopscopeException {
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = opening.open(work.control())) {
            List<P> items = limit.of(lab.prompts().reader().read(set, values));
            SetRun<P, R> run = new SetRun<>(lab, opened, items, values);
            int before = run.into(out, kept -> {}, work.control());
            work.line().clear();
            SetWork.wentOn(environment, before);
            SetWork.outsideTraining(
                    environment, run.job().steps(), opened.config().trainedSteps());
            return true;
        } catch (CancellationException e) {
            SetWork.cancelled(environment, out);
            return false;
        }
    }

    /** Prints what the rows of {@code file} say, and draws. */
    void show(Path file, FigureKind kind, FigureFile figure, boolean json) throws LoopscopeException {
        S summary = lab.summarise(file);
        for (Setting<?> setting : lab.settings()) {
            requireOffered(setting, summary);
        }
        figure.draw(() -> drawn(summary, kind));
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

    private Figure drawn(S summary, FigureKind kind) throws LoopscopeException {
        return lab.figure(kind, summary, values)
                .orElseThrow(() -> new LoopscopeException(
                        "--figure: expected rows with something for the figure " + kind.name() + ", found none."));
    }
}
