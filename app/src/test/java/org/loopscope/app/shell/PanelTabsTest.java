package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.testkit.PlainProvider;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;

/** A panel of somebody else that throws takes neither the window nor the other panels down. */
@ExtendWith(ApplicationExtension.class)
class PanelTabsTest {
    private final TestContext context = new TestContext();

    private static final class Foreign extends PlainProvider {
        private final Supplier<Panel> opening;
        private final Predicate<Inspection> supporting;

        Foreign(String id, Supplier<Panel> opening, Predicate<Inspection> supporting) {
            super(id);
            this.opening = opening;
            this.supporting = supporting;
        }

        @Override
        public boolean supports(Inspection inspection) {
            return supporting.test(inspection);
        }

        @Override
        public Panel create(PanelContext given) {
            return opening.get();
        }
    }

    private record Plain(Runnable closing) implements Panel {
        @Override
        public Node view() {
            return new Label("a view");
        }

        @Override
        public void dispose() {
            closing.run();
        }
    }

    private static Foreign fine(String id, Runnable closing) {
        return new Foreign(id, () -> new Plain(closing), inspection -> true);
    }

    private static <T> T fail(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    void aPanelThatCannotBeOpenedShowsWhyInItsTab(FxRobot robot) {
        Foreign broken = new Foreign("broken", () -> fail(new IllegalStateException("no gate")), i -> true);
        Foreign old = new Foreign("old", () -> fail(new NoSuchMethodError("Panel.colour")), i -> true);
        robot.interact(() -> {
            PanelTabs tabs = new PanelTabs(List.of(broken, old, fine("fine", () -> {})), context);
            List<Tab> shown = ((TabPane) tabs.node()).getTabs();
            String sentence = "The panel Title of broken could not be opened: Internal error"
                    + " (IllegalStateException: no gate). The log has the details.";
            assertEquals(sentence, problem(shown.get(0)));
            assertTrue(problem(shown.get(1)).contains("NoSuchMethodError: Panel.colour"), problem(shown.get(1)));
            assertEquals("Title of fine", shown.get(2).getText());
            assertEquals(2, context.problems().size());
            assertEquals(sentence, context.problems().get(0));
        });
    }

    private static String problem(Tab tab) {
        StackPane pane = assertInstanceOf(StackPane.class, tab.getContent());
        return ((Label) pane.getChildren().get(0)).getText();
    }

    @Test
    void aPanelThatFailsAtANewRunIsSwitchedOffAndTheOthersAreNot(FxRobot robot) {
        Foreign broken = new Foreign("broken", () -> new Plain(() -> {}), i -> fail(new AbstractMethodError("gone")));
        robot.interact(() -> {
            PanelTabs tabs = new PanelTabs(List.of(broken, fine("fine", () -> {})), context);
            List<Tab> shown = ((TabPane) tabs.node()).getTabs();
            context.inspectionProperty().set(WelcomeRun.run().inspect());
            assertTrue(shown.get(0).isDisable());
            assertFalse(shown.get(1).isDisable());
            assertEquals(
                    List.of("The panel Title of broken failed: Internal error (AbstractMethodError: gone). The"
                            + " log has the details."),
                    context.problems());
        });
    }

    @Test
    void aPanelThatCannotBeClosedDoesNotKeepTheOthersOpen(FxRobot robot) {
        int[] closed = {0};
        Foreign broken = fine("broken", () -> fail(new IllegalStateException("stuck")));
        robot.interact(() -> {
            PanelTabs tabs = new PanelTabs(List.of(broken, fine("fine", () -> closed[0]++)), context);
            tabs.dispose();
            assertEquals(1, closed[0]);
            assertEquals(1, context.problems().size());
        });
    }
}
