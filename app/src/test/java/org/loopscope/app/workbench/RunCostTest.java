package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.app.base.Settings;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.open.Models;

/** The line that tells what a run would take, with the counting done when the test says so. */
class RunCostTest {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Workbench workbench = new Workbench(Models::open, Runnable::run, Runnable::run, Settings.inMemory());
    private final RunCost cost = new RunCost(workbench, waiting::add, Runnable::run);

    private void count() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    private String told() {
        count();
        return cost.textProperty().get();
    }

    private void open() {
        workbench.openModel(Models.EMBEDDED, () -> {});
        workbench.form().promptProperty().set(SampleCatalog.WELCOME_PROMPT);
    }

    private String expected(int tokens, RunOptions options) {
        LoopedModel model = workbench.modelProperty().get();
        return tokens + " tokens: keeps " + model.memory(tokens, options).text();
    }

    @Test
    void withoutAModelOrAPromptNothingIsSaid() {
        assertEquals("", told());
        workbench.openModel(Models.EMBEDDED, () -> {});
        assertEquals("", told());
    }

    @Test
    void theLineFollowsEverythingOfTheFormThatCostsMemory() {
        open();
        RunOptions four = RunOptions.steps(4);
        assertEquals(expected(15, four), told());
        workbench.form().captureLayersProperty().set(true);
        assertEquals(expected(15, four.withLayers(true)), told());
        assertTrue(told().contains("(step and layer states)"), told());
        workbench.form().generateProperty().set("3");
        assertEquals(expected(15, four.withLayers(true).withGenerate(3)), told());
        workbench.form().stepsProperty().set("9");
        assertEquals(expected(15, RunOptions.steps(9).withLayers(true).withGenerate(3)), told());
        workbench.form().promptProperty().set("people Ann is");
        assertEquals(expected(3, RunOptions.steps(9).withLayers(true).withGenerate(3)), told());
    }

    @Test
    void whatCannotBeRunHasNoCost() {
        open();
        workbench.form().stepsProperty().set("65");
        assertEquals("", told());
        workbench.form().stepsProperty().set("4");
        assertTrue(told().startsWith("15 tokens: keeps "));
        workbench.form().generateProperty().set("100000");
        assertEquals("", told());
    }

    @Test
    void whileOnePromptIsCountedLaterOnesWaitAndOnlyTheLastIsCounted() {
        open();
        count();
        workbench.form().promptProperty().set("people");
        for (int i = 0; i < 50; i++) {
            workbench.form().promptProperty().set("people Ann's friend".substring(0, 6 + i % 10));
        }
        workbench.form().promptProperty().set("people Ann is");
        assertEquals(1, waiting.size());
        waiting.remove().run();
        assertEquals(1, waiting.size());
        waiting.remove().run();
        assertEquals(0, waiting.size());
        assertEquals(expected(3, RunOptions.steps(4)), cost.textProperty().get());
    }
}
