package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.card.SetFiles;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** The bar through which every lab opens and runs prompt sets. */
@ExtendWith(ApplicationExtension.class)
class SetBarTest {
    private final List<String> calls = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final BooleanProperty cannotRun = new SimpleBooleanProperty();
    private final LabWork work = LabWork.ofSet(waiting::add, Runnable::run);
    private SetBar bar = null;

    /** Answers as a user would who has chosen these files; empty for one who thought better of it. */
    private record Answers(Optional<Path> rows, Optional<Path> set, List<String> asked) implements SetFiles {
        @Override
        public Optional<Path> rowsToOpen(@Nullable Window owner) {
            asked.add("rows to open");
            return rows;
        }

        @Override
        public Optional<Path> set(@Nullable Window owner, List<String> endings) {
            asked.add("a set (" + String.join(", ", endings) + ")");
            return set;
        }

        @Override
        public Optional<Path> rowsToWrite(@Nullable Window owner, String name) {
            asked.add("where " + name + " goes");
            return rows;
        }
    }

    private final class Lab implements SetBar.Lab {
        @Override
        public LabWork work() {
            return work;
        }

        @Override
        public ObservableValue<Boolean> cannotRunBinding() {
            return cannotRun;
        }

        @Override
        public void open(Path rows) {
            calls.add("open " + rows);
        }

        @Override
        public void run(String set, Path rows) {
            calls.add("run " + set + " into " + rows);
        }
    }

    @Start
    void start(Stage stage) {
        bar = new SetBar("kv-set", "kv", new Lab());
        stage.setScene(new Scene(new VBox(bar, bar.status()), 700, 100));
        stage.show();
    }

    private List<String> answer(@Nullable String rows, @Nullable String set) {
        List<String> asked = new ArrayList<>();
        bar.setFiles(new Answers(
                Optional.ofNullable(rows).map(Path::of),
                Optional.ofNullable(set).map(Path::of),
                asked));
        return asked;
    }

    private MenuItem item(FxRobot robot, String id) {
        return robot.lookup("#kv-set-run").queryAs(MenuButton.class).getItems().stream()
                .filter(item -> id.equals(item.getId()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSetsThatComeWithTheProgramAreOfferedByNameAndCanAllBeRead(FxRobot robot) throws LoopscopeException {
        MenuButton run = robot.lookup("#kv-set-run").queryAs(MenuButton.class);
        List<String> texts = run.getItems().stream().map(MenuItem::getText).toList();
        assertEquals(
                SampleCatalog.builtIn().sets().size() + 2, texts.size(), "a line and “From file…” below: " + texts);
        assertTrue(texts.contains("People: who is Ann's friend's boss?   (embedded/people.jsonl)"), texts.toString());
        assertEquals("From file…", texts.get(texts.size() - 1));
        for (var set : SampleCatalog.builtIn().sets()) {
            assertFalse(SetFile.prompts(set.file()).prompts().isEmpty(), set.file());
        }
    }

    @Test
    void aBundledSetAsksOnlyWhereItsRowsGo(FxRobot robot) {
        List<String> asked = answer("out.csv", null);
        robot.interact(() -> item(robot, "kv-set-run-eval-people").fire());
        assertEquals(List.of("where eval-people-kv.csv goes"), asked);
        assertEquals(List.of("run embedded/eval-people.jsonl into out.csv"), calls);
    }

    @Test
    void aSetFromAFileAsksForItFirst(FxRobot robot) {
        List<String> asked = answer("out.csv", "folder/my.set.jsonl");
        robot.interact(() -> item(robot, "kv-set-run-file").fire());
        assertEquals(List.of("a set (jsonl, csv)", "where my.set-kv.csv goes"), asked);
        assertEquals(List.of("run " + Path.of("folder/my.set.jsonl") + " into out.csv"), calls);
    }

    @Test
    void whoThinksBetterOfItStartsNothing(FxRobot robot) {
        answer(null, null);
        robot.interact(() -> {
            item(robot, "kv-set-run-file").fire();
            item(robot, "kv-set-run-people").fire();
            robot.lookup("#kv-set-open").queryButton().fire();
        });
        assertEquals(List.of(), calls);
    }

    @Test
    void rowsAreOpened(FxRobot robot) {
        answer("rows.csv", null);
        robot.interact(() -> robot.lookup("#kv-set-open").queryButton().fire());
        assertEquals(List.of("open rows.csv"), calls);
    }

    @Test
    void whileASetRunsItsProgressShowsAndOnlyCancelCanBePressed(FxRobot robot) {
        Button open = robot.lookup("#kv-set-open").queryButton();
        Button cancel = robot.lookup("#kv-set-cancel").queryButton();
        ProgressBar progress = robot.lookup("#kv-set-progress").queryAs(ProgressBar.class);
        assertTrue(cancel.isDisabled());
        assertFalse(progress.isVisible());
        robot.interact(() -> work.start(
                control -> {
                    control.progress("prompts", 3, 12);
                    assertEquals(0.25, progress.getProgress());
                    assertEquals("prompts: 3 of 12", status(robot));
                    control.checkCancelled();
                    return "never";
                },
                made -> calls.add("made")));
        assertTrue(open.isDisabled());
        assertTrue(progress.isVisible());
        assertFalse(cancel.isDisabled());
        robot.interact(() -> {
            // Cancel is pressed while the set is at its third prompt
            work.statusProperty().addListener((o, before, now) -> {
                if (now.startsWith("prompts")) {
                    cancel.fire();
                }
            });
            waiting.remove(0).run();
        });
        assertEquals(List.of(), calls);
        assertTrue(status(robot).startsWith("Cancelled; what is done is kept"), status(robot));
        assertFalse(progress.isVisible());
        robot.interact(() -> cannotRun.set(true));
        assertTrue(robot.lookup("#kv-set-run").query().isDisabled(), "without a model");
    }

    @Test
    void theFocusStaysInTheBarWhenTheWorkEnds(FxRobot robot) {
        Button cancel = robot.lookup("#kv-set-cancel").queryButton();
        robot.interact(() -> work.start(control -> "made", calls::add));
        robot.interact(cancel::requestFocus);
        assertTrue(cancel.isFocused());
        robot.interact(() -> waiting.remove(0).run());
        assertEquals(List.of("made"), calls);
        assertTrue(robot.lookup("#kv-set-run").query().isFocused());
    }

    private static String status(FxRobot robot) {
        return robot.lookup("#kv-set-status").queryAs(Label.class).getText();
    }
}
