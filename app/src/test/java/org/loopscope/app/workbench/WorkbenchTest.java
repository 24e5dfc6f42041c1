package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.app.base.Settings;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.Selection;

/** The window's state without a window: the embedded model, everything on the test's own thread. */
class WorkbenchTest {
    @TempDir
    Path folder;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean hold;
    private Workbench workbench;

    @BeforeEach
    void openEmbedded() {
        hold = false;
        workbench = new Workbench(Models::open, this::work, Runnable::run, Settings.inMemory());
        workbench.openModel("embedded", () -> {});
    }

    private void work(Runnable task) {
        if (hold) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    private void run(String prompt) {
        workbench.form().promptProperty().set(prompt);
        workbench.run();
    }

    private Capture shown() {
        RunEntry entry = workbench.currentRunProperty().get();
        assertNotNull(
                entry, () -> "no run is shown: " + workbench.noticeProperty().get());
        return entry.capture();
    }

    @Test
    void aRunIsShownWithItsLastTokenSelectedAtFullDepth() {
        run(SampleCatalog.WELCOME_PROMPT);
        assertEquals(15, shown().length());
        assertEquals(4, shown().steps());
        assertEquals(new Selection(14, 4), workbench.selectionProperty().get());
        assertEquals("Dan", workbench.currentRunProperty().get().answer());
        assertEquals(3, workbench.currentRunProperty().get().firstStableStep());
    }

    @Test
    void movingTheThresholdReplaysTheRunAndBackUndoesIt() {
        run(SampleCatalog.WELCOME_PROMPT);
        int[] atHalf = workbench.inspectionProperty().get().exits().exitSteps(ExitRule.q(0.5));
        assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}, atHalf);
        workbench.setRuleDragging(true);
        workbench.exitRuleProperty().set(ExitRule.q(0.6));
        workbench.exitRuleProperty().set(ExitRule.q(0.9));
        workbench.exitRuleProperty().set(ExitRule.q(0.99));
        workbench.setRuleDragging(false);
        workbench.goBack();
        assertEquals(ExitRule.q(0.5), workbench.exitRuleProperty().get(), "a drag is one change");
        workbench.goForward();
        assertEquals(ExitRule.q(0.99), workbench.exitRuleProperty().get());
        assertEquals(1, workbench.runs().size(), "nothing was run again");
    }

    @Test
    void backReturnsToTheTokenThatWasSelectedBefore() {
        run(SampleCatalog.WELCOME_PROMPT);
        workbench.selectionProperty().set(new Selection(3, 2));
        workbench.selectionProperty().set(new Selection(5, 1));
        workbench.goBack();
        assertEquals(new Selection(3, 2), workbench.selectionProperty().get());
        workbench.goBack();
        assertEquals(new Selection(14, 4), workbench.selectionProperty().get());
        workbench.goForward();
        assertEquals(new Selection(3, 2), workbench.selectionProperty().get());
        assertTrue(workbench.canGoForwardProperty().get());
    }

    @Test
    void aClickThatSelectsAndPinsIsUndoneAndRedoneAsOneChange() {
        Deque<Runnable> later = new ArrayDeque<>();
        boolean[] settled = {true};
        Workbench events = new Workbench(
                Models::open,
                Runnable::run,
                work -> {
                    if (settled[0]) {
                        work.run();
                    } else {
                        later.add(work);
                    }
                },
                Settings.inMemory());
        events.openModel("embedded", () -> {});
        events.form().promptProperty().set(SampleCatalog.WELCOME_PROMPT);
        events.run();
        Selection before = events.selectionProperty().get();
        settled[0] = false; // what follows is one event
        events.pinnedTokensProperty().set(List.of(20));
        events.selectionProperty().set(new Selection(3, 2));
        while (!later.isEmpty()) {
            later.remove().run();
        }
        settled[0] = true;
        events.togglePin(21);
        assertEquals(List.of(20, 21), events.pinnedTokensProperty().get());
        events.goBack();
        assertEquals(List.of(20), events.pinnedTokensProperty().get());
        events.goBack();
        assertEquals(List.of(), events.pinnedTokensProperty().get());
        assertEquals(before, events.selectionProperty().get());
        assertFalse(events.canGoBackProperty().get());
        events.goForward();
        assertEquals(List.of(20), events.pinnedTokensProperty().get());
        assertEquals(new Selection(3, 2), events.selectionProperty().get());
    }

    @Test
    void samplingIsRememberedWhenARunUsesItAndComesBackAtTheNextStart() {
        Settings settings = Settings.inMemory();
        Workbench first = new Workbench(Models::open, Runnable::run, Runnable::run, settings);
        first.openModel("embedded", () -> {});
        first.form().generation().temperatureProperty().set("0.8");
        first.form().generation().seedProperty().set("7");
        first.form().promptProperty().set("people Ann's friend is");
        first.run();
        first.form().generation().temperatureProperty().set("hot");
        first.run(); // refused, so not remembered
        Workbench second = new Workbench(Models::open, Runnable::run, Runnable::run, settings);
        assertEquals("0.8", second.form().generation().temperatureProperty().get());
        assertEquals("7", second.form().generation().seedProperty().get());
    }

    @Test
    void skippedLoopsAreReallySkippedAndReported() {
        workbench.form().generateProperty().set("3");
        workbench.form().generation().wayProperty().set(GenerationForm.Way.SKIP_LOOPS);
        run(SampleCatalog.WELCOME_PROMPT);
        var report = shown().generationReport().orElseThrow();
        assertTrue(
                report.cost().loopsRun() < report.cost().fullDepthLoops(),
                report.cost().toString());
    }

    @Test
    void anUnknownWordMarksThePromptAndKeepsTheRunThatIsShown() {
        run(SampleCatalog.WELCOME_PROMPT);
        RunEntry before = workbench.currentRunProperty().get();
        run("people Hubert's friend is");
        String sentence = workbench.form().promptProblemProperty().get();
        assertTrue(sentence.contains("Hubert"), sentence);
        assertSame(before, workbench.currentRunProperty().get());
        assertEquals(
                "people Hubert's friend is", workbench.form().promptProperty().get());
    }

    @Test
    void anEmptyPromptIsToldAtTheField() {
        run("   ");
        assertEquals(
                "Prompt: expected some text, found none.",
                workbench.form().promptProblemProperty().get());
        assertNull(workbench.currentRunProperty().get());
    }

    @Test
    void stepsOutsideTheirRangeAreToldAtTheField() {
        workbench.form().stepsProperty().set("65");
        run("people Ann's friend is");
        assertEquals(
                "T: expected a whole number from 1 to 64, found \"65\".",
                workbench.form().optionsProblemProperty().get());
        workbench.form().stepsProperty().set("4");
        workbench.run();
        assertEquals("", workbench.form().optionsProblemProperty().get());
        assertEquals("Pia", workbench.currentRunProperty().get().answer());
    }

    @Test
    void stepsBeyondTrainingAreRunAndToldInTheLog() {
        workbench.form().stepsProperty().set("8");
        run("people Ann's friend is");
        assertEquals(8, shown().steps());
        assertTrue(workbench.log().entries().stream()
                .anyMatch(entry -> entry.level() == EventLog.Level.WARNING
                        && entry.sentence().contains("outside training")));
    }

    @Test
    void aBrokenFolderLeavesTheOpenModelAndItsRuns() throws IOException {
        run("people Ann's friend is");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
        workbench.openModel(folder.toString(), () -> {});
        assertFalse(workbench.noticeProperty().get().isEmpty());
        assertEquals(1, workbench.log().unseenErrorsProperty().get());
        assertEquals("embedded", workbench.modelNameProperty().get());
        run("people Ann's friend is");
        assertEquals(2, workbench.runs().size());
    }

    @Test
    void aCancelledRunLeavesNothingBehind() {
        hold = true;
        run("people Ann's friend is");
        assertTrue(workbench.busyBinding().get());
        workbench.cancel();
        waiting.remove().run();
        assertFalse(workbench.busyBinding().get());
        assertEquals(
                TaskEntry.State.CANCELLED,
                workbench.tasks().entries().get(0).stateProperty().get());
        assertEquals(0, workbench.runs().size());
        assertEquals("", workbench.noticeProperty().get(), "cancel is not an error");
    }

    @Test
    void aSavedCaptureOpensAsTheSameRun() {
        run(SampleCatalog.WELCOME_PROMPT);
        Path file = folder.resolve("capture.safetensors");
        workbench.saveCapture(file);
        workbench.openCapture(file);
        assertEquals(
                2, workbench.runs().size(), () -> workbench.noticeProperty().get());
        RunEntry opened = workbench.currentRunProperty().get();
        assertEquals("capture.safetensors", opened.source());
        assertEquals("Dan", opened.answer());
        assertArrayEquals(
                workbench.runs().get(1).capture().hiddenState(3, 14),
                opened.capture().hiddenState(3, 14));
    }

    @Test
    void generatedTokensAreAppendedWithTheirStates() {
        workbench.form().generateProperty().set("1");
        run(SampleCatalog.WELCOME_PROMPT);
        assertEquals(16, shown().length());
        assertEquals("Dan", shown().tokenText(15));
        assertEquals(3, shown().generationExitStep(15));
        assertEquals(14, workbench.selectionProperty().get().position(), "the last given token is selected");
    }

    @Test
    void removingTheShownRunShowsTheNewestOfTheOthers() {
        run("people Ann's friend is");
        run("calc 7+8=");
        workbench.remove(workbench.currentRunProperty().get());
        assertEquals(
                "people Ann's friend is", workbench.currentRunProperty().get().title());
    }
}
