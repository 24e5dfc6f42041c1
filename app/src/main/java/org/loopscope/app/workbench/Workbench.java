package org.loopscope.app.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.Inspection;
import org.loopscope.app.Settings;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.ChatMl;
import org.loopscope.plugin.Selection;

/**
 * The state behind the window: model, runs, what is selected, and the commands that change them. Every method is
 * called on the FX thread; slow work goes to the background and comes back there.
 */
public final class Workbench {
    /** Tokens kept a step and position for the lens. */
    public static final int TOP_K = 10;

    private final ModelOpener opener;
    private final BackgroundTasks tasks;
    private final EventLog log = new EventLog();
    private final Settings settings;
    private final RunForm form = new RunForm();
    private final ViewHistory history = new ViewHistory();

    private final ObservableList<RunEntry> runs = FXCollections.observableArrayList();
    private final ObservableList<RunEntry> shownRuns =
            FXCollections.unmodifiableObservableList(runs); // held: listens weakly
    private final ReadOnlyObjectWrapper<@Nullable LoopedModel> model = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper modelName = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable RunEntry> currentRun = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Inspection> inspection = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<Selection> selection = new SimpleObjectProperty<>(new Selection(0, 1));
    private final ObjectProperty<ExitRule> exitRule = new SimpleObjectProperty<>(ExitRule.q(0.5));
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable TaskEntry> activeTask = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper canGoBack = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper canGoForward = new ReadOnlyBooleanWrapper();
    private int runCounter;
    private boolean restoring;
    private boolean dragging;
    private boolean draggingRule;

    /**
     * @param worker runs models and analyses, one at a time
     * @param fx the FX thread, or the same thread in tests
     */
    public Workbench(ModelOpener opener, Executor worker, Executor fx, Settings settings) {
        this.opener = opener;
        this.tasks = new BackgroundTasks(worker, fx);
        this.settings = settings;
        selection.addListener((o, before, now) -> rememberView(before, exitRule.get()));
        exitRule.addListener((o, before, now) -> rememberRule(before, now));
    }

    // ---- what views bind to

    public RunForm form() {
        return form;
    }

    public EventLog log() {
        return log;
    }

    public Settings settings() {
        return settings;
    }

    public BackgroundTasks tasks() {
        return tasks;
    }

    /** Runs of this window, newest first. */
    public ObservableList<RunEntry> runs() {
        return shownRuns;
    }

    public ReadOnlyObjectProperty<@Nullable LoopedModel> modelProperty() {
        return model.getReadOnlyProperty();
    }

    /** {@code embedded} or the folder that is open, empty before the first model is. */
    public ReadOnlyStringProperty modelNameProperty() {
        return modelName.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<@Nullable RunEntry> currentRunProperty() {
        return currentRun.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<@Nullable Inspection> inspectionProperty() {
        return inspection.getReadOnlyProperty();
    }

    public ObjectProperty<Selection> selectionProperty() {
        return selection;
    }

    public ObjectProperty<ExitRule> exitRuleProperty() {
        return exitRule;
    }

    /** One sentence the user should see now (a problem, or what a run left out), or empty. */
    public ReadOnlyStringProperty noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    public void dismissNotice() {
        notice.set("");
    }

    /** The run or load in progress, which Cancel stops; null when idle. */
    public ReadOnlyObjectProperty<@Nullable TaskEntry> activeTaskProperty() {
        return activeTask.getReadOnlyProperty();
    }

    public BooleanBinding busyBinding() {
        return activeTask.isNotNull();
    }

    /** True while no run can be started: no model, or one at work. */
    public BooleanBinding cannotRunBinding() {
        return Bindings.or(model.isNull(), activeTask.isNotNull());
    }

    public ReadOnlyBooleanProperty canGoBackProperty() {
        return canGoBack.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty canGoForwardProperty() {
        return canGoForward.getReadOnlyProperty();
    }

    // ---- models

    /** Opens a model and then calls {@code afterwards}; on failure the model that is open stays. */
    public void openModel(String nameOrFolder, Runnable afterwards) {
        if (activeTask.get() != null) {
            notice.set("Another task is running; cancel it or wait for it first.");
            return;
        }
        track(tasks.start(
                "Open " + nameOrFolder,
                control -> opener.open(nameOrFolder, control),
                opened -> {
                    adopt(nameOrFolder, opened);
                    afterwards.run();
                },
                thrown -> problem(thrown)));
    }

    private void adopt(String name, LoopedModel opened) {
        LoopedModel previous = model.get();
        model.set(opened);
        modelName.set(name);
        form.stepsProperty().set(Integer.toString(opened.config().trainedSteps()));
        notice.set("");
        log.info("Opened " + name + ": " + opened.info().parameters() + " parameters, T = "
                + opened.config().trainedSteps() + ", " + opened.info().backend() + ".");
        if (previous != null && runs.stream().noneMatch(run -> usesModel(run, previous))) {
            previous.close();
        }
        if (!name.equals("embedded")) {
            remember(() -> settings.addRecentModel(name));
        }
    }

    private static boolean usesModel(RunEntry run, LoopedModel candidate) {
        return run.inspection().unembedding() == candidate.unembedding();
    }

    // ---- runs

    /** Runs the prompt of the form with the open model. */
    public void run() {
        LoopedModel active = model.get();
        if (active == null || activeTask.get() != null) {
            return;
        }
        form.clearProblems();
        notice.set("");
        String prompt = form.promptProperty().get();
        RunOptions options;
        int[] ids;
        try {
            ids = RunForm.tokenIds(active, prompt);
            Set<Integer> stop =
                    active.tokenizer().isPresent() ? ChatMl.endIds(active.config(), active.tokenizer()) : Set.of();
            options = form.options(exitRule.get(), stop);
            RunForm.checkLength(active, ids, options);
        } catch (FieldException e) {
            form.mark(e.field(), Problems.describe(e));
            return;
        }
        String name = modelName.get();
        String text = active.tokenizer().isPresent() ? prompt : "";
        track(tasks.start(
                "Run \"" + shorten(prompt) + "\" T=" + options.steps(),
                control -> inspect(active, active.run(ids, options, control).withPrompt(text), control),
                result -> publish(name, "run", result),
                thrown -> runFailed(active, name, text, thrown)));
    }

    private static Inspection inspect(LoopedModel model, Capture capture, RunControl control) {
        return Inspection.of(capture, model, TOP_K, control);
    }

    private void runFailed(LoopedModel active, String name, String prompt, Throwable thrown) {
        problem(thrown);
        if (thrown instanceof NonFiniteStateException stopped
                && stopped.partial().isPresent()) {
            Capture partial = stopped.partial().get().withPrompt(prompt);
            track(tasks.start(
                    "Read the steps that were complete",
                    control -> inspect(active, partial, control),
                    result -> publish(name, "run, stopped", result),
                    this::problem));
        }
    }

    private void publish(String name, String source, Inspection result) {
        RunEntry entry = RunEntry.of(++runCounter, name, source, result);
        runs.add(0, entry);
        show(entry);
        Capture capture = result.capture();
        if (capture.outsideTraining()) {
            log.warning("Run #" + entry.number() + " uses T = " + capture.steps() + "; the model was trained with T = "
                    + capture.config().trainedSteps() + ", so later steps are outside training.");
        }
    }

    /** Shows a run of the history; its last given token is selected, at full depth. */
    public void show(RunEntry entry) {
        RunEntry before = currentRun.get();
        if (before == entry) {
            return;
        }
        if (before != null && !restoring) {
            history.left(new ViewHistory.View(before, selection.get(), exitRule.get()));
        }
        boolean outer = restoring;
        restoring = true;
        inspection.set(null); // no view may see a new run with an old selection
        currentRun.set(entry);
        Capture capture = entry.capture();
        selection.set(new Selection(capture.promptLength() - 1, capture.steps()));
        inspection.set(entry.inspection());
        restoring = outer;
        updateHistoryState();
    }

    /** Forgets a run of the history. */
    public void remove(RunEntry entry) {
        runs.remove(entry);
        history.forget(entry); // else it would keep the memory of the run
        if (currentRun.get() == entry) {
            currentRun.set(null);
            inspection.set(null);
            runs.stream().findFirst().ifPresent(this::show);
        }
        updateHistoryState();
    }

    /** Asks the run or load in progress to stop. */
    public void cancel() {
        TaskEntry task = activeTask.get();
        if (task != null) {
            task.cancel();
        }
    }

    // ---- capture files

    /** Opens a saved capture and shows it with the lens of the open model, which must be the one that made it. */
    public void openCapture(Path file) {
        LoopedModel active = model.get();
        if (active == null || activeTask.get() != null) {
            notice.set("Wait for the model before opening a capture file.");
            return;
        }
        String name = modelName.get();
        track(tasks.start(
                "Open " + file.getFileName(),
                control -> {
                    Capture capture = CaptureFile.read(file);
                    if (!capture.model().weightHash().equals(active.info().weightHash())) {
                        throw new LoopscopeException(file.getFileName() + ": this capture was made with the model "
                                + capture.model().id() + " (weights "
                                + shortHash(capture.model().weightHash())
                                + "), but " + active.info().id() + " (weights "
                                + shortHash(active.info().weightHash()) + ") is open; open that model first.");
                    }
                    return inspect(active, capture, control);
                },
                result -> {
                    publish(name, file.getFileName().toString(), result);
                    form.promptProperty().set(result.capture().prompt());
                    result.capture().problem().ifPresent(this::warn);
                },
                this::problem));
    }

    /** Saves the run that is shown. */
    public void saveCapture(Path file) {
        RunEntry entry = currentRun.get();
        if (entry == null) {
            return;
        }
        tasks.start(
                "Save " + file.getFileName(),
                control -> {
                    CaptureFile.write(entry.capture(), file, Optional.empty(), control);
                    return file;
                },
                saved -> log.info("Saved run #" + entry.number() + " to " + saved + "."),
                this::problem);
    }

    private static String shortHash(String hash) {
        return hash.substring(0, Math.min(8, hash.length()));
    }

    // ---- back and forward

    public void goBack() {
        currentView().flatMap(history::back).ifPresent(this::restore);
    }

    public void goForward() {
        currentView().flatMap(history::forward).ifPresent(this::restore);
    }

    private Optional<ViewHistory.View> currentView() {
        return Optional.ofNullable(currentRun.get())
                .map(run -> new ViewHistory.View(run, selection.get(), exitRule.get()));
    }

    private void restore(ViewHistory.View view) {
        restoring = true;
        show(view.run());
        exitRule.set(view.rule());
        selection.set(view.selection());
        restoring = false;
        updateHistoryState();
    }

    private void rememberView(Selection before, ExitRule rule) {
        RunEntry run = currentRun.get();
        if (!restoring && run != null) {
            history.left(new ViewHistory.View(run, before, rule));
            updateHistoryState();
        }
    }

    /** A slider drag is one change: only its first move leaves a view behind. */
    private void rememberRule(ExitRule before, ExitRule now) {
        if (!draggingRule) {
            rememberView(selection.get(), before);
        }
        draggingRule = dragging;
    }

    /** Told by the slider when a drag starts and ends, so that undo takes it back as one change. */
    public void setRuleDragging(boolean value) {
        dragging = value;
        if (!value) {
            draggingRule = false;
        }
    }

    private void updateHistoryState() {
        canGoBack.set(history.canGoBack());
        canGoForward.set(history.canGoForward());
    }

    // ---- problems and tasks

    /** Shows one sentence and logs it. */
    public void problem(Throwable thrown) {
        problem(Problems.describe(thrown), thrown);
    }

    /** Shows a sentence of the caller's and logs it with its cause. */
    public void problem(String sentence, Throwable thrown) {
        notice.set(sentence);
        log.error(sentence, thrown);
    }

    private void warn(String sentence) {
        notice.set(sentence);
        log.warning(sentence);
    }

    private void track(TaskEntry task) {
        if (!task.isRunning()) {
            return; // finished at once on a same-thread executor
        }
        activeTask.set(task);
        task.stateProperty().addListener((o, before, now) -> {
            if (activeTask.get() == task) {
                activeTask.set(null);
            }
        });
    }

    /** A change of settings that may fail to be saved. */
    @FunctionalInterface
    public interface SettingsChange {
        void apply() throws IOException;
    }

    /** Applies a change of settings; a disk that cannot be written is told, once, in the log. */
    public void remember(SettingsChange change) {
        try {
            change.apply();
        } catch (IOException e) {
            log.warning("Settings could not be saved: " + e.getMessage());
        }
    }

    private static String shorten(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 40 ? line : line.substring(0, 39) + "…";
    }
}
