package org.loopscope.app.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.loopscope.app.panels.PanelFailure;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.app.workbench.Autosave;
import org.loopscope.app.workbench.ModelLibrary;
import org.loopscope.app.workbench.ModelOpener;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.card.WindowFonts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the window: panels, the embedded model in the background, then the welcome prompt by itself. */
public final class LoopscopeApp extends Application {
    private static final Logger LOG = LoggerFactory.getLogger(LoopscopeApp.class);
    private static final String MODEL = "model";
    private static final String FILE = "file";
    private static final long SOON_SECONDS = 2;
    private static final long END_SECONDS = 10;

    private final ExecutorService worker = daemon("loopscope-run");
    private final ExecutorService analysis = daemon("loopscope-analysis");
    private final ExecutorService autosaver = daemon("loopscope-autosave");
    private @Nullable MainWindow window; // once started

    /** Opens the window and returns when it is closed. Once in a process, as JavaFX demands. */
    public static void open(GuiOptions options) {
        List<String> arguments = new ArrayList<>(List.of("--" + MODEL + "=" + options.model()));
        options.file().ifPresent(file -> arguments.add("--" + FILE + "=" + file));
        Application.launch(LoopscopeApp.class, arguments.toArray(String[]::new));
    }

    private static ExecutorService daemon(String name) {
        return Executors.newSingleThreadExecutor(work -> daemonThread(work, name));
    }

    private static Thread daemonThread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void start(Stage stage) {
        Settings settings =
                Settings.in(Settings.defaultFile(System.getenv(), Path.of(System.getProperty("user.home", "."))));
        Map<String, String> given = getParameters().getNamed();
        GuiOptions options = new GuiOptions(
                given.getOrDefault(MODEL, GuiOptions.WELCOME.model()),
                Optional.ofNullable(given.get(FILE)).map(Path::of));
        Started started = start(stage, settings, worker, analysis, options);
        window = started.window();
        settings.sessionsFolder().ifPresent(folder -> keepSession(stage, started, folder));
    }

    private void keepSession(Stage stage, Started started, Path folder) {
        Executor soon = CompletableFuture.delayedExecutor(SOON_SECONDS, TimeUnit.SECONDS, autosaver);
        Autosave autosave = new Autosave(started.workbench(), folder, autosaver, soon, Platform::runLater);
        autosave.findLeft(left -> started.window()
                .offer(
                        left,
                        () -> left.restore(started.workbench(), () -> autosave.restored(left)),
                        () -> autosave.discard(left)));
        autosave.start();
        stage.addEventHandler(WindowEvent.WINDOW_HIDDEN, e -> autosave.end());
    }

    /** Builds the window on {@code stage}; tests pass their own settings and executors. */
    static Started start(Stage stage, Settings settings, Executor worker, Executor analysis, GuiOptions options) {
        return start(stage, settings, Models::open, worker, analysis, options);
    }

    /** The same with models of {@code opener}. */
    static Started start(
            Stage stage,
            Settings settings,
            ModelOpener opener,
            Executor worker,
            Executor analysis,
            GuiOptions options) {
        WindowFonts.register();
        Workbench workbench = new Workbench(opener, worker, Platform::runLater, settings);
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
            workbench.problem(PanelFailure.blamed(thrown)); // which logs it with its trace where it is ours
        });
        List<String> panelProblems = new ArrayList<>();
        List<PanelProvider> providers = PanelRegistry.load((sentence, cause) -> {
            panelProblems.add(sentence);
            workbench.problem(sentence, cause);
        });
        ModelLibrary library = new ModelLibrary(
                workbench,
                HubEnvironment.ofThisProcess(),
                work -> daemonThread(work, "loopscope-hub").start(),
                Platform::runLater);
        library.refresh();
        MainWindow window = new MainWindow(stage, workbench, library, providers, panelProblems, analysis);
        try {
            window.showSamples(Samples.builtIn());
        } catch (LoopscopeException e) {
            workbench.problem(e);
        }
        stage.setOnHidden(e -> window.dispose());
        window.show();
        workbench.openModel(options.model(), () -> {
            firstPicture(workbench, options);
            settings.problems().forEach(workbench::warn); // last: the first picture takes notices away
        });
        return new Started(workbench, window);
    }

    /** What a started window is made of, for tests. */
    record Started(Workbench workbench, MainWindow window) {}

    private static void firstPicture(Workbench workbench, GuiOptions options) {
        if (options.file().isPresent()) {
            workbench.openCapture(options.file().get());
        } else if (options.model().equals("embedded")) {
            workbench.form().promptProperty().set(SampleCatalog.WELCOME_PROMPT);
            workbench.runExample();
        }
    }

    @Override
    public void stop() {
        autosaver.shutdown();
        MainWindow closed = window;
        try {
            if (closed != null && !closed.awaitWork(END_SECONDS, worker, analysis)) {
                LOG.warn("work of the window did not end in {} s", END_SECONDS);
            }
            if (!autosaver.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the kept session could not be removed in {} s", END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
