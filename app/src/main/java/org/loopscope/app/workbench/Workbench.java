package org.loopscope.app.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.base.Settings;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.UnavailableTokenizer;
import org.loopscope.plugin.Selection;

/**
 * The state behind the window: model, runs, what is selected, and the commands that change them. Every method is
 * called on the FX thread; slow work goes to the background and comes back there.
 */
public final class Workbench {
    /** Tokens kept a step and position for the lens. */
    public static final int TOP_K = 10;

    private static final String EXAMPLE = "example";

    private final ModelOpener opener;
    private final BackgroundTasks tasks;
    private final EventLog log = new EventLog();
    private final Settings settings;
    private final RunForm form = new RunForm();

    private final ObservableList<RunEntry> runs = FXCollections.observableArrayList();
    private final ObservableList<RunEntry> shownRuns =
            FXCollections.unmodifiableObservableList(runs); // held: listens weakly
    private final ReadOnlyObjectWrapper<@Nullable LoopedModel> model = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper modelName = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable RunEntry> currentRun = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Inspection> inspection = new ReadOnlyObjectWrapper<>();
    private final ViewState view;
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("");
    private final ComparedRuns compared = new ComparedRuns(shownRuns, currentRun.getReadOnlyProperty(), notice::set);
    private final ReadOnlyObjectWrapper<@Nullable TaskEntry> activeTask = new ReadOnlyObjectWrapper<>();
    private final UnsavedRuns unsaved = new UnsavedRuns(this);
    private int runCounter;

    /**
     * @param worker runs models and analyses, one at a time
     * @param fx the FX thread, or the same thread in tests
     */
    public Workbench(ModelOpener opener, Executor worker, Executor fx, Settings settings) {
        this.opener = opener;
        this.tasks = new BackgroundTasks(worker, fx);
        this.settings = settings;
        form.generation().restore(settings.generation());
        this.view = new ViewState(currentRun.getReadOnlyProperty(), compared, fx);
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

    /** Runs that exist nowhere but in this window. */
    public UnsavedRuns unsaved() {
        return unsaved;
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

    /** Runs that stand side by side. */
    public ComparedRuns compared() {
        return compared;
    }

    public ReadOnlyObjectProperty<@Nullable Inspection> inspectionProperty() {
        return inspection.getReadOnlyProperty();
    }

    public ObjectProperty<Selection> selectionProperty() {
        return view.selectionProperty();
    }

    public ObjectProperty<ExitRule> exitRuleProperty() {
        return view.exitRuleProperty();
    }

    /** Ids of the tokens whose trajectories are kept at every position, shared by all panels; immutable lists. */
    public ObjectProperty<List<Integer>> pinnedTokensProperty() {
        return view.pinsProperty();
    }

    /** Keeps the lines of a token at every position, or lets it go. */
    public void togglePin(int tokenId) {
        List<Integer> pins = new ArrayList<>(view.pinsProperty().get());
        if (!pins.remove((Integer) tokenId)) {
            pins.add(tokenId);
        }
        view.pinsProperty().set(List.copyOf(pins));
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
        return view.canGoBackProperty();
    }

    public ReadOnlyBooleanProperty canGoForwardProperty() {
        return view.canGoForwardProperty();
    }

    // ---- models

    /**
     * Opens a model in the precision that it was open in last, float32 at first, and then calls {@code afterwards}; on
     * failure the model that is open stays.
     */
    public void openModel(String nameOrFolder, Runnable afterwards) {
        openModel(nameOrFolder, settings.precision(nameOrFolder), afterwards);
    }

    /** Opens the model that is open again, in another precision; remembered for this model when that works. */
    public void choosePrecision(Precision precision) {
        if (model.get() != null && precision != precision()) {
            openModel(modelName.get(), precision, () -> {});
        }
    }

    /** The precision of the open model; float32 while there is none. */
    public Precision precision() {
        LoopedModel open = model.get();
        return open == null ? Precision.FLOAT32 : CaptureOfModel.precision(open.info());
    }

    void openModel(String nameOrFolder, Precision precision, Runnable afterwards) {
        if (activeTask.get() != null) {
            notice.set("Another task is running; cancel it or wait for it first.");
            return;
        }
        track(tasks.start(
                "Open " + nameOrFolder + (precision == Precision.FLOAT32 ? "" : " in " + precision.cliName()),
                control -> opener.open(nameOrFolder, precision, control),
                opened -> {
                    adopt(nameOrFolder, precision, opened);
                    afterwards.run();
                },
                thrown -> problem(thrown)));
    }

    private void adopt(String name, Precision precision, LoopedModel opened) {
        LoopedModel previous = model.get();
        boolean another = !name.equals(modelName.get());
        model.set(opened);
        modelName.set(name);
        if (another) {
            form.stepsProperty().set(Integer.toString(opened.config().trainedSteps()));
        }
        if (inspection.get() == null) {
            view.readableBy(opened.config().hasGate());
        }
        notice.set(opened.tokenizer()
                .filter(UnavailableTokenizer.class::isInstance)
                .map(tokenizer -> ((UnavailableTokenizer) tokenizer).reason() + " Type token ids instead of text.")
                .orElse(""));
        log.info("Opened " + name + ": " + opened.info().parameters() + " parameters, T = "
                + opened.config().trainedSteps() + ", " + opened.info().backend() + ", "
                + opened.info().computeDtype() + ".");
        opened.chat().warnings().forEach(log::warning);
        if (previous != null && runs.stream().noneMatch(run -> usesModel(run, previous))) {
            previous.close();
        }
        remember(() -> settings.setPrecision(name, precision));
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
        run("run");
    }

    /** As {@link #run()}, for what the program runs by itself: nobody asked for it, so closing does not ask to save it. */
    public void runExample() {
        run(EXAMPLE);
    }

    private void run(String source) {
        LoopedModel active = model.get();
        if (active == null || activeTask.get() != null) {
            return;
        }
        form.clearProblems();
        notice.set("");
        String prompt = form.promptProperty().get();
        boolean chat = form.generation().chatProperty().get() && RunForm.chats(active);
        Set<Integer> stop =
                RunForm.readsText(active) ? active.chat().endTokens(chat).ids() : Set.of();
        RunOptions options;
        try {
            if (prompt.isBlank()) {
                throw RunForm.noPrompt();
            }
            options = form.options(exitRuleProperty().get(), stop);
        } catch (FieldException e) {
            form.mark(e.field(), Problems.describe(e));
            return;
        }
        Settings.Generation chosen = form.generation().remember(options.sampling());
        remember(() -> settings.setGeneration(chosen));
        String name = modelName.get();
        String text = RunForm.readsText(active) ? prompt : "";
        Optional<String> template = chat ? active.chat().template() : Optional.empty();
        LoopedModel reading = form.reading(active);
        UnaryOperator<Capture> named =
                capture -> capture.withPrompt(text, template).withAddedTokens(RunForm.added(reading, chat));
        track(tasks.start(
                "Run \"" + shorten(prompt) + "\" T=" + options.steps(),
                control -> {
                    control.progress("reading the prompt", 0, 0);
                    int[] ids = RunForm.tokenIds(reading, prompt, chat);
                    RunForm.checkLength(active, ids, options);
                    return inspect(active, named.apply(active.run(ids, options, control)), control);
                },
                result -> publish(name, source, result, !source.equals(EXAMPLE)),
                thrown -> runFailed(active, name, named, thrown)));
    }

    private static Inspection inspect(LoopedModel model, Capture capture, RunControl control) {
        return Inspection.of(capture, model, TOP_K, control);
    }

    private void runFailed(LoopedModel active, String name, UnaryOperator<Capture> named, Throwable thrown) {
        if (thrown instanceof FieldException typed) {
            form.mark(typed.field(), Problems.describe(typed));
            return;
        }
        problem(thrown);
        if (thrown instanceof NonFiniteStateException stopped
                && stopped.partial().isPresent()) {
            Capture partial = named.apply(stopped.partial().get());
            track(tasks.start(
                    "Read the steps that were complete",
                    control -> inspect(active, partial, control),
                    result -> publish(name, "run, stopped", result, true),
                    this::problem));
        }
    }

    private RunEntry publish(String name, String source, Inspection result, boolean onlyHere) {
        RunEntry entry = RunEntry.of(++runCounter, name, source, result);
        if (onlyHere) {
            unsaved.made(entry);
        }
        runs.add(0, entry);
        show(entry);
        Capture capture = result.capture();
        capture.mappedStates().ifPresent(states -> log.info("Run #" + entry.number() + ": " + states + "."));
        if (capture.outsideTraining()) {
            log.warning("Run #" + entry.number() + " uses T = " + capture.steps() + "; the model was trained with T = "
                    + capture.config().trainedSteps() + ", so later steps are outside training.");
        }
        return entry;
    }

    /** Shows a run of the history; its last given token is selected, at full depth. */
    public void show(RunEntry entry) {
        RunEntry before = currentRun.get();
        if (before == entry) {
            return;
        }
        view.change(before != null, () -> {
            inspection.set(null); // no view may see a new run with an old selection
            currentRun.set(entry);
            Capture capture = entry.capture();
            view.selectionProperty().set(new Selection(capture.promptLength() - 1, capture.steps()));
            if (before != null && !sameWords(before, entry)) {
                view.pinsProperty().set(List.of()); // ids of another vocabulary
            }
            view.readableBy(capture.hasGates());
            inspection.set(entry.inspection());
        });
    }

    /** Whether there is an exit gate to read: in the run that is shown, or else in the open model. */
    public boolean hasGate() {
        Inspection shown = inspection.get();
        LoopedModel active = model.get();
        return shown != null
                ? shown.exits().hasGate()
                : active == null || active.config().hasGate();
    }

    private static boolean sameWords(RunEntry one, RunEntry other) {
        return one.capture().model().weightHash().equals(other.capture().model().weightHash());
    }

    /** Forgets a run of the history. */
    public void remove(RunEntry entry) {
        runs.remove(entry);
        unsaved.settled(entry);
        view.change(false, () -> compared.forget(entry));
        view.forget(entry);
        if (currentRun.get() == entry) {
            currentRun.set(null);
            inspection.set(null);
            runs.stream().findFirst().ifPresent(this::show);
        }
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
                control -> inspect(active, CaptureOfModel.read(file, active.info(), control), control),
                result -> {
                    publish(name, file.getFileName().toString(), result, false);
                    form.promptProperty().set(result.capture().prompt());
                    result.capture().problem().ifPresent(this::warn);
                },
                this::problem));
    }

    /** A run of a session, in a file. */
    record SavedRun(Path file, String source, boolean onlyThere) {}

    /**
     * Opens runs of the open model, in this order, and gives their entries to {@code afterwards}: empty for one that cannot
     * be opened, which is told.
     */
    void openRuns(List<SavedRun> saved, Consumer<List<Optional<RunEntry>>> afterwards) {
        LoopedModel active = model.get();
        if (active == null) {
            return;
        }
        String name = modelName.get();
        List<LoopscopeException> refused = new ArrayList<>(); // of the task, read when it has ended
        track(tasks.start(
                "Open " + saved.size() + " kept runs",
                control -> {
                    List<Optional<Inspection>> results = new ArrayList<>();
                    for (SavedRun run : saved) {
                        results.add(openRun(run, active, refused, control));
                    }
                    return results;
                },
                results -> {
                    List<Optional<RunEntry>> entries = new ArrayList<>();
                    for (int i = 0; i < results.size(); i++) {
                        SavedRun run = saved.get(i);
                        entries.add(results.get(i).map(result -> publish(name, run.source(), result, run.onlyThere())));
                    }
                    afterwards.accept(entries);
                    refused.forEach(this::problem);
                },
                this::problem));
    }

    private static Optional<Inspection> openRun(
            SavedRun run, LoopedModel active, List<LoopscopeException> refused, RunControl control) {
        try {
            return Optional.of(inspect(active, CaptureOfModel.read(run.file(), active.info(), control), control));
        } catch (LoopscopeException e) { // the others are opened all the same
            refused.add(e);
            return Optional.empty();
        }
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
                saved -> {
                    unsaved.settled(entry);
                    log.info("Saved run #" + entry.number() + " to " + saved + ".");
                },
                this::problem);
    }

    // ---- back and forward

    public void goBack() {
        view.goBack(this::show);
    }

    public void goForward() {
        view.goForward(this::show);
    }

    /** Told by the slider when a drag starts and ends, so that undo takes it back as one change. */
    public void setRuleDragging(boolean value) {
        view.setRuleDragging(value);
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

    /** Shows one sentence about what is no error of the program. */
    public void warn(String sentence) {
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

    static String shorten(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 40 ? line : line.substring(0, 39) + "…";
    }
}
