package org.loopscope.app.shell;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import javafx.application.Application;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Orientation;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.SplitPane;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.app.workbench.Closing;
import org.loopscope.app.workbench.LeftSession;
import org.loopscope.app.workbench.ModelLibrary;
import org.loopscope.app.workbench.RunEntry;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.base.ForeignText;
import org.loopscope.plugin.PanelProvider;

/** The main window: lays out the views, owns the theme and the commands. */
public final class MainWindow {
    private static final String CSS = "/org/loopscope/app/shell/loopscope.css";
    private static final String CARDS_CSS = "/org/loopscope/plugin/cards.css";

    private static final double WIDTH = 1500;
    private static final double HEIGHT = 960;

    private final Stage stage;
    private final Workbench workbench;
    private final ReadOnlyObjectWrapper<FigureTheme> theme = new ReadOnlyObjectWrapper<>(FigureTheme.LIGHT);
    private final BorderPane root = new BorderPane();
    private final Scene scene = new Scene(root);
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final PanelThreads threads = new PanelThreads();
    private final PanelTabs panels;
    private final SidebarView sidebar;
    private final List<String> panelProblems;
    private final DownloadDialog download;
    private final BottomView bottom;
    private final StatusBar status;
    private final NoticeBar offers = NoticeBar.forOffers();
    private final Closing closing;
    private final CommandPalette palette;
    private final SampleTree samples = new SampleTree(this::sampleChosen);

    /** @param panelProblems a sentence for each panel that could not be loaded */
    public MainWindow(
            Stage stage,
            Workbench workbench,
            ModelLibrary library,
            List<PanelProvider> providers,
            List<String> panelProblems,
            Executor analysis) {
        this.stage = stage;
        this.panelProblems = List.copyOf(panelProblems);
        this.workbench = workbench;
        this.closing = new Closing(workbench.unsaved(), new CloseDialog(stage));
        this.panels = new PanelTabs(
                providers,
                new ShellContext(
                        workbench,
                        theme.getReadOnlyProperty(),
                        analysis,
                        threads,
                        providers,
                        (title, text) -> HelpWindow.show(scene, title, text)));
        this.download = new DownloadDialog(stage, library);
        registerCommands();
        this.sidebar = new SidebarView(
                workbench, commands("open-embedded", "open-model", "download-model"), library.names(), samples.node());
        this.bottom = new BottomView(workbench);
        this.status = new StatusBar(workbench);
        this.palette = new CommandPalette(List.copyOf(commands.values()));
        layOut();
        acceptDrops();
        applyTheme(workbench.settings().dark());
        applyFontSize(workbench.settings().fontSize());
    }

    public void show() {
        stage.setTitle("Loopscope");
        root.setPrefSize(WIDTH, HEIGHT); // else the first layout, which places the dividers, is as tall as all panels
        stage.setScene(scene);
        stage.setMinWidth(1024);
        stage.setMinHeight(600);
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        stage.setWidth(Math.min(WIDTH, screen.getWidth()));
        stage.setHeight(Math.min(HEIGHT, screen.getHeight()));
        stage.centerOnScreen();
        stage.setOnCloseRequest(e -> {
            e.consume(); // saving takes a while; the window closes when it is done
            close();
        });
        stage.show();
    }

    public void showSamples(List<SampleTree.Shown> sets) {
        samples.show(sets);
    }

    /** Closes the window, after asking about what is not saved. */
    private void close() {
        closing.request(stage::hide);
    }

    /** Offers to open what a window before this one left. */
    public void offer(LeftSession left, Runnable restore, Runnable discard) {
        offers.offer(left.sentence(), "Restore", restore, "Discard", discard);
    }

    /** Whether the panels behind others have been told of the run, too. */
    boolean panelsShowTheRun() {
        return panels.caughtUp();
    }

    /** Cancels work, timers and panels; the window cannot be used afterwards. */
    public void dispose() {
        workbench.tasks().cancelAll();
        panels.dispose();
        status.dispose();
    }

    /**
     * After {@link #dispose}: waits for {@code executors}, which start nothing more, and for what panels began by themselves;
     * the process may end then.
     *
     * @return false if something was still at work after {@code seconds}
     */
    boolean awaitWork(long seconds, ExecutorService... executors) throws InterruptedException {
        return threads.end(seconds, executors);
    }

    // ---- layout

    private void layOut() {
        ToolbarView toolbar =
                new ToolbarView(workbench, command("run"), command("cancel"), command("palette"), command("theme"));
        root.setTop(new VBox(
                menuBar(),
                toolbar.node(),
                offers.node(),
                NoticeBar.ofProblems(workbench, bottom::showLog).node()));
        VBox middle = new VBox(new TokensCard(workbench, theme.getReadOnlyProperty()).node(), panels.node());
        middle.getStyleClass().add("ls-middle");
        VBox.setVgrow(panels.node(), Priority.ALWAYS);
        Node left = sidebar.node();
        SplitPane across = new SplitPane(left, middle, new InspectorView(workbench).node());
        across.setId("split-across");
        across.setDividerPositions(0.18, 0.805);
        SplitPane.setResizableWithParent(left, false);
        SplitPane.setResizableWithParent(across.getItems().get(2), false);
        SplitPane down = new SplitPane(across, bottom.node());
        down.setOrientation(Orientation.VERTICAL);
        down.setDividerPositions(0.86);
        SplitPane.setResizableWithParent(bottom.node(), false);
        root.setCenter(down);
        root.setBottom(status.node());
    }

    private MenuBar menuBar() {
        Menu analyze = new Menu("Analyze");
        for (PanelProvider provider : panels.providers()) {
            analyze.getItems().add(command("panel-" + provider.id()).menuItem());
        }
        MenuBar bar = new MenuBar(
                menu(
                        "File",
                        "open-model",
                        "open-embedded",
                        "download-model",
                        "-",
                        "open-capture",
                        "save-capture",
                        "-",
                        "quit"),
                menu("Edit", "back", "forward", "-", "edit-prompt"),
                menu("View", "theme", "larger", "smaller", "normal-size"),
                menu("Run", "run", "cancel", "welcome"),
                analyze,
                menu("Compare", "compare-before", "compare-tick", "compare-clear"),
                menu("Window", "palette", "pop-out", "show-log"),
                menu("Help", "guide", "panel-help", "keys", "loaded-panels", "about"));
        bar.setId("menu-bar");
        return bar;
    }

    private Menu menu(String title, String... ids) {
        Menu menu = new Menu(title);
        for (String id : ids) {
            menu.getItems()
                    .add(id.equals("-") ? new SeparatorMenuItem() : command(id).menuItem());
        }
        return menu;
    }

    // ---- commands

    private Command command(String id) {
        Command found = commands.get(id);
        if (found == null) {
            throw new IllegalArgumentException("no command " + id);
        }
        return found;
    }

    private List<Command> commands(String... ids) {
        return Stream.of(ids).map(this::command).toList();
    }

    private void register(String id, String text, String help, String keys, Runnable action) {
        commands.put(id, new Command(id, text, help, keys, Command.ALWAYS, action));
    }

    private void register(
            String id,
            String text,
            String help,
            String keys,
            javafx.beans.value.ObservableBooleanValue off,
            Runnable act) {
        commands.put(id, new Command(id, text, help, keys, off, act));
    }

    private void registerCommands() {
        BooleanBinding busy = workbench.busyBinding();
        BooleanBinding noRun = workbench.currentRunProperty().isNull();
        register(
                "run",
                "Run",
                "Run the prompt through the model",
                "Shortcut+Enter",
                workbench.cannotRunBinding(),
                workbench::run);
        register(
                "cancel",
                "Cancel",
                "Stop the run or load in progress",
                "Shortcut+Period",
                busy.not(),
                workbench::cancel);
        register(
                "welcome",
                "Run the welcome prompt",
                "Six hops that the embedded model gets right in its third loop",
                "",
                workbench.cannotRunBinding(),
                this::runWelcome);
        register(
                "open-model",
                "Open model folder…",
                "Open a folder with config.json, safetensors and tokenizer.json",
                "Shortcut+O",
                busy,
                this::chooseModel);
        register(
                "open-embedded",
                "Open the embedded model",
                "The small trained model that comes with Loopscope",
                "",
                busy,
                () -> workbench.openModel("embedded", () -> {}));
        register(
                "download-model",
                "Download model…",
                "Fetch an Ouro model from the Hugging Face Hub",
                "",
                download::show);
        register(
                "open-capture",
                "Open capture…",
                "Show a saved run again",
                "Shortcut+Shift+O",
                busy,
                this::chooseCapture);
        register(
                "save-capture",
                "Save capture…",
                "Save states, gates and exits of this run as safetensors",
                "Shortcut+S",
                noRun,
                this::chooseSave);
        register("quit", "Quit", "Close Loopscope", "Shortcut+Q", this::close);
        register(
                "back",
                "Back",
                "Undo the last change of run, selection or exit rule",
                "Alt+Left",
                workbench.canGoBackProperty().not(),
                workbench::goBack);
        register(
                "forward",
                "Forward",
                "Redo it",
                "Alt+Right",
                workbench.canGoForwardProperty().not(),
                workbench::goForward);
        register("edit-prompt", "Edit prompt", "Move to the prompt editor", "Shortcut+L", () -> sidebar.focusPrompt());
        register(
                "theme",
                "Light or dark",
                "Switch between the light and the dark theme",
                "Shortcut+D",
                () -> applyTheme(!theme.get().dark()));
        register(
                "larger",
                "Larger text",
                "One step larger, figures included; saved figures keep their size",
                "Shortcut+Equals",
                () -> applyFontSize(workbench.settings().fontSize() + 1));
        register(
                "smaller",
                "Smaller text",
                "One step smaller",
                "Shortcut+Minus",
                () -> applyFontSize(workbench.settings().fontSize() - 1));
        register("normal-size", "Normal text size", "Back to the usual size", "Shortcut+0", () -> applyFontSize(13));
        register("palette", "Commands…", "Find and run any command by name", "Shortcut+K", this::showPalette);
        register(
                "pop-out",
                "Panel in a window of its own",
                "Open the panel in front a second time",
                "Shortcut+Shift+W",
                () -> panels.popOut(scene));
        register("show-log", "Show log", "What happened, with the details of errors", "", () -> bottom.showLog());
        registerComparison(noRun);
        register("guide", "User guide", "How to read what Loopscope shows", "F1", this::showGuide);
        register(
                "panel-help",
                "About the panel in front",
                "What its figures mean and how they mislead",
                "Shift+F1",
                this::showPanelHelp);
        register("keys", "Keyboard", "Every command and its keys", "", this::showKeys);
        register(
                "loaded-panels",
                "Loaded panels",
                "Which panels there are, and which file each came from",
                "",
                this::showLoadedPanels);
        register("about", "About Loopscope", "Version and licence", "", this::showAbout);
        int number = 1;
        for (PanelProvider provider : panels.providers()) {
            register(
                    "panel-" + provider.id(),
                    ForeignText.inWindow(provider.title()),
                    provider.summary(),
                    number <= 9 ? "Shortcut+" + number : "",
                    () -> panels.select(provider.id()));
            number++;
        }
    }

    private void registerComparison(BooleanBinding noRun) {
        register(
                "compare-before",
                "Compare with the run before",
                "Show this run and the one made before it side by side",
                "Shortcut+Shift+T",
                noRun,
                () -> {
                    workbench.compared().compareWithBefore();
                    panels.select("compare");
                });
        register(
                "compare-tick",
                "Tick or untick this run for comparison",
                "Ticked runs stand beside whichever run is shown, in the panel Compare",
                "Shortcut+T",
                noRun,
                () -> {
                    RunEntry shown = workbench.currentRunProperty().get();
                    if (shown != null) {
                        workbench.compared().toggle(shown);
                    }
                });
        register(
                "compare-clear",
                "End the comparison",
                "Take all ticks away",
                "",
                Bindings.isEmpty(workbench.compared().ticked()),
                workbench.compared()::clear);
    }

    private void showPalette() {
        palette.show(scene);
    }

    private void sampleChosen(Prompt prompt) {
        workbench.form().promptProperty().set(prompt.prompt());
        command("run").run();
    }

    private void runWelcome() {
        workbench.form().promptProperty().set(SampleCatalog.WELCOME_PROMPT);
        workbench.run();
    }

    private void chooseModel() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle("Open a model folder");
        Optional.ofNullable(chooser.showDialog(stage)).ifPresent(folder -> openFolder(folder.toPath()));
    }

    private void openFolder(Path folder) {
        workbench.openModel(folder.toString(), () -> {});
    }

    private static FileChooser captureChooser(String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("Capture (*.safetensors)", "*.safetensors"));
        return chooser;
    }

    private void chooseCapture() {
        Optional.ofNullable(captureChooser("Open a capture").showOpenDialog(stage))
                .ifPresent(file -> workbench.openCapture(file.toPath()));
    }

    private void chooseSave() {
        FileChooser chooser = captureChooser("Save this run");
        chooser.setInitialFileName("capture.safetensors");
        Optional.ofNullable(chooser.showSaveDialog(stage)).ifPresent(file -> workbench.saveCapture(file.toPath()));
    }

    private void acceptDrops() {
        root.setOnDragOver(e -> {
            if (e.getDragboard().hasFiles()) {
                e.acceptTransferModes(TransferMode.COPY);
            }
            e.consume();
        });
        root.setOnDragDropped(e -> {
            List<File> files = new ArrayList<>(e.getDragboard().getFiles());
            if (!files.isEmpty()) {
                open(files.get(0).toPath());
            }
            e.setDropCompleted(!files.isEmpty());
            e.consume();
        });
    }

    /** Opens a dropped or given path: a folder is a model, a file a capture. */
    public void open(Path path) {
        if (path.toFile().isDirectory()) {
            openFolder(path);
        } else {
            workbench.openCapture(path);
        }
    }

    // ---- look

    private void applyTheme(boolean dark) {
        Application.setUserAgentStylesheet(
                dark
                        ? new atlantafx.base.theme.PrimerDark().getUserAgentStylesheet()
                        : new atlantafx.base.theme.PrimerLight().getUserAgentStylesheet());
        scene.getStylesheets().setAll(resource(CSS), resource(CARDS_CSS));
        root.getStyleClass().remove("dark");
        if (dark) {
            root.getStyleClass().add("dark");
        }
        theme.set(dark ? FigureTheme.DARK : FigureTheme.LIGHT);
        if (workbench.settings().dark() != dark) {
            workbench.remember(() -> workbench.settings().setDark(dark));
        }
    }

    private void applyFontSize(int pixels) {
        int size = Math.max(10, Math.min(20, pixels));
        root.setStyle("-fx-font-size: " + size + "px;");
        if (workbench.settings().fontSize() != size) {
            workbench.remember(() -> workbench.settings().setFontSize(size));
        }
    }

    private static String resource(String path) {
        var url = MainWindow.class.getResource(path);
        if (url == null) {
            throw new IllegalStateException("style sheet " + path + " is missing from the program");
        }
        return url.toExternalForm();
    }

    // ---- help

    private void showGuide() {
        HelpWindow.show(scene, "User guide", Guide.text());
    }

    private void showPanelHelp() {
        panels.current().ifPresent(provider -> HelpWindow.show(scene, provider.title(), provider.help()));
    }

    private void showKeys() {
        HelpWindow.show(scene, "Keyboard", HelpPages.keys(commands.values()));
    }

    private void showLoadedPanels() {
        HelpWindow.show(scene, "Loaded panels", HelpPages.panels(panels.providers(), panelProblems));
    }

    private void showAbout() {
        HelpWindow.show(scene, "About Loopscope", HelpPages.about());
    }
}
