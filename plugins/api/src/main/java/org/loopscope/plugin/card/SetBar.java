package org.loopscope.plugin.card;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * Everything of a lab that goes through a prompt set, in one shape: rows that are there are opened, and a set, one that
 * comes with the program or a file, is run through the open model, its rows going to a file that is asked for. Cancel
 * stands beside, the progress is in {@link #status}.
 */
public final class SetBar extends HBox {
    private final String command;
    private final Lab lab;
    private final MenuButton run = new MenuButton("Run set");
    private final HBox status;
    private SetFiles files = new SetFileChoosers();

    /** What a lab does with a set. */
    public interface Lab {
        /** What is opened and run, with its progress and how it ended. */
        LabWork work();

        /** True while no set can be run. */
        ObservableValue<Boolean> cannotRunBinding();

        /** Shows rows that are there. */
        void open(Path rows);

        /**
         * Runs a set and shows its rows.
         *
         * @param set a file, or the name of a set that comes with the program, as {@link SetFile#open} takes it
         */
        void run(String set, Path rows);

        /**
         * The sets that come with the program and fit this lab, as they are offered.
         *
         * @throws LoopscopeException if the program's sets are damaged
         */
        default List<SampleSet> bundled() throws LoopscopeException {
            return SampleCatalog.builtIn().sets();
        }

        /** What names of files of sets end in, without the dot. */
        default List<String> setEndings() {
            return List.of("jsonl", "csv");
        }
    }

    /**
     * A bar whose ids begin with {@code id}.
     *
     * @param command the command that writes the same rows
     */
    public SetBar(String id, String command, Lab lab) {
        super(6);
        this.command = command;
        this.lab = lab;
        Button open = WorkButton.start(id + "-open", "Open rows…", lab.work(), this::open);
        open.setTooltip(new Tooltip("Show the CSV that “loopscope " + command + " --set” or this panel has written"));
        run.setId(id + "-run");
        run.setMinWidth(Region.USE_PREF_SIZE);
        run.setTooltip(new Tooltip("Run a prompt set through the open model; a set that was stopped goes on"));
        run.disableProperty().bind(lab.cannotRunBinding());
        run.getItems().setAll(bundled(id));
        MenuItem file = new MenuItem("From file…");
        file.setId(id + "-run-file");
        file.setOnAction(e -> runFile());
        run.getItems().add(file);
        Button cancel =
                WorkButton.cancel(id + "-cancel", lab.work(), "Stop; the prompts that are done are kept in the file");
        lab.work().runningProperty().addListener((o, before, now) -> keepFocus(open, cancel));
        getChildren().addAll(open, run, cancel);
        setAlignment(Pos.CENTER_LEFT);
        setMinWidth(Region.USE_PREF_SIZE);
        status = status(id, lab.work());
    }

    /** When the work ends Cancel is disabled, and the focus would go to the next card and a panel scroll there. */
    private void keepFocus(Button open, Button cancel) {
        if (cancel.isFocused() && cancel.isDisabled()) {
            (run.isDisabled() ? open : run).requestFocus();
        }
    }

    private static HBox status(String id, LabWork work) {
        ProgressBar progress = new ProgressBar();
        progress.setId(id + "-progress");
        progress.getStyleClass().add("set-progress");
        progress.setAccessibleText("How far the set is");
        progress.setPrefWidth(160);
        progress.setMinWidth(40);
        progress.progressProperty().bind(work.progressProperty());
        progress.visibleProperty().bind(work.runningProperty());
        progress.managedProperty().bind(progress.visibleProperty());
        TextLine text = TextLine.small(id + "-status", work.statusProperty());
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox line = new HBox(8, progress, text);
        line.setAlignment(Pos.CENTER_LEFT);
        line.visibleProperty().bind(text.visibleProperty());
        line.managedProperty().bind(text.visibleProperty());
        return line;
    }

    /** A line that says how far the work is, or how it ended; away while there is nothing to say. */
    public Node status() {
        return status;
    }

    /** Asks {@code others} for files instead of the system's dialogs. */
    public void setFiles(SetFiles others) {
        files = others;
    }

    private List<MenuItem> bundled(String id) {
        List<SampleSet> sets;
        try {
            sets = lab.bundled();
        } catch (LoopscopeException e) { // the sidebar, which lists them too, has told it
            return List.of();
        }
        List<MenuItem> items = new ArrayList<>();
        for (SampleSet set : sets) {
            MenuItem item = new MenuItem(set.title() + "   (" + set.file() + ")");
            item.setMnemonicParsing(false);
            item.setId(id + "-run-" + stem(set.file()));
            item.setOnAction(e -> run(set.file()));
            items.add(item);
        }
        items.add(new SeparatorMenuItem());
        return items;
    }

    private void open() {
        files.rowsToOpen(window()).ifPresent(lab::open);
    }

    private void runFile() {
        files.set(window(), lab.setEndings()).ifPresent(set -> run(set.toString()));
    }

    private void run(String set) {
        Optional<Path> rows = files.rowsToWrite(window(), stem(set) + "-" + command.replace(' ', '-') + ".csv");
        rows.ifPresent(file -> lab.run(set, file));
    }

    /** The last part of a name, without its ending. */
    private static String stem(String name) {
        return SetFile.shortName(name).replaceFirst("\\.[^.]*$", "");
    }

    private @Nullable Window window() {
        return getScene() == null ? null : getScene().getWindow();
    }
}
