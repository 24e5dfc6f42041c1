package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitMenuButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The window when the model it was started with cannot be opened. */
@ExtendWith(ApplicationExtension.class)
class WindowWithoutModelTest {
    @Start
    void start(Stage stage) {
        LoopscopeApp.start(
                stage,
                Settings.inMemory(),
                Runnable::run,
                Runnable::run,
                new GuiOptions("no/such/folder", Optional.empty()));
    }

    @Test
    void itSaysSoAndOffersToChooseOne(FxRobot robot) throws TimeoutException {
        Label notice = robot.lookup("#notice").queryAs(Label.class);
        WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, () -> !notice.getText().isEmpty());
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals(
                "Model folder no/such/folder: expected a folder with config.json, found nothing.", notice.getText());
        assertEquals(
                "Choose a model",
                robot.lookup("#model-chooser").queryAs(SplitMenuButton.class).getText());
        assertEquals(
                "no model is open",
                robot.lookup("#status-facts").queryAs(Label.class).getText());
        assertTrue(robot.lookup("#run-button").queryAs(Button.class).isDisabled());
    }
}
