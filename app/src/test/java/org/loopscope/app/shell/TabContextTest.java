package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.lens.LogitLensProvider;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;

class TabContextTest {
    private final TestContext window = new TestContext();
    private final Inspection run = WelcomeRun.run().inspect();
    private boolean front;
    private int fell;
    private final TabContext tab = new TabContext(window, () -> front, () -> fell++);

    @Test
    void aPanelInFrontIsToldAtOnce() {
        front = true;
        window.inspectionProperty().set(run);
        window.selectionProperty().set(new Selection(1, 2));
        assertSame(run, tab.inspectionProperty().get());
        assertEquals(new Selection(1, 2), tab.selectionProperty().get());
        assertFalse(tab.isBehind());
        assertEquals(0, fell);
    }

    @Test
    void aPanelBehindIsToldWhenItCatchesUpAndSeesNoRunWithAnOldSelection() {
        List<String> told = new ArrayList<>();
        tab.inspectionProperty()
                .addListener((o, before, now) -> told.add(
                        now == null
                                ? "none"
                                : "run at " + tab.selectionProperty().get().position()));
        window.selectionProperty().set(new Selection(3, 1));
        window.inspectionProperty().set(run);
        assertNull(tab.inspectionProperty().get());
        assertTrue(tab.isBehind());
        tab.catchUp();
        assertFalse(tab.isBehind());
        Inspection next = WelcomeRun.run().inspect();
        window.inspectionProperty().set(null);
        window.selectionProperty().set(new Selection(2, 1));
        window.inspectionProperty().set(next);
        tab.catchUp();
        assertEquals(List.of("run at 3", "none", "run at 2"), told);
    }

    @Test
    void allPanelsOfTheWindowAreThere() {
        window.with(new LogitLensProvider());
        assertEquals(window.panels(), tab.panels());
        assertEquals(1, tab.panels().size());
    }

    @Test
    void whatAPanelSelectsIsSelectedInTheWindow() {
        tab.selectionProperty().set(new Selection(2, 2));
        assertEquals(new Selection(2, 2), window.selectionProperty().get());
        assertFalse(tab.isBehind());
    }

    @Test
    void aClosedPanelIsToldNothing() {
        front = true;
        tab.dispose();
        window.inspectionProperty().set(run);
        assertNull(tab.inspectionProperty().get());
        assertEquals(0, fell);
    }
}
