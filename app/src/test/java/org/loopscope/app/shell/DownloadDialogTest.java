package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar.ButtonData;
import javafx.scene.control.ButtonType;
import javafx.scene.control.DialogPane;
import javafx.scene.control.TextField;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.Settings;
import org.loopscope.app.cli.TinyHub;
import org.loopscope.app.workbench.ModelLibrary;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.open.Models;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The two questions of a download as a person answers them, with a server on this machine. */
@ExtendWith(ApplicationExtension.class)
class DownloadDialogTest {
    @TempDir
    Path folder;

    private TinyHub server;
    private ModelLibrary library;
    private DownloadDialog dialog;

    @Start
    void start(Stage stage) throws Exception {
        server = new TinyHub(folder.resolve("made"));
        HubEnvironment hub = HubEnvironment.of(
                Map.of("HF_HUB_CACHE", folder.resolve("cache").toString(), "HF_ENDPOINT", server.address()), folder);
        Workbench workbench = new Workbench(Models::open, Runnable::run, Runnable::run, Settings.inMemory());
        library = new ModelLibrary(workbench, hub, Runnable::run, Runnable::run);
        dialog = new DownloadDialog(stage, library);
        stage.show();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void until(BooleanSupplier condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(
                30, TimeUnit.SECONDS, () -> WaitForAsyncUtils.waitForAsyncFx(10_000, condition::getAsBoolean));
    }

    private static void press(FxRobot robot, String paneId, ButtonData kind) {
        DialogPane pane = robot.lookup("#" + paneId).queryAs(DialogPane.class);
        ButtonType type = pane.getButtonTypes().stream()
                .filter(button -> button.getButtonData() == kind)
                .findFirst()
                .orElseThrow();
        // Later: a button that opens the next dialog would keep this call until that is answered.
        Platform.runLater(() -> ((Button) pane.lookupButton(type)).fire());
    }

    @Test
    void theNameAndThenTheSizeAreAskedAndAYesDownloads(FxRobot robot) throws Exception {
        Platform.runLater(dialog::show);
        until(() -> robot.lookup("#download-dialog").tryQuery().isPresent());
        TextField name = robot.lookup("#download-name").queryAs(TextField.class);
        assertEquals("ByteDance/Ouro-1.4B", name.getText());
        robot.interact(() -> name.setText("org/tiny"));
        press(robot, "download-dialog", ButtonData.OK_DONE);
        until(() -> robot.lookup("#download-confirm").tryQuery().isPresent());
        DialogPane confirm = robot.lookup("#download-confirm").queryAs(DialogPane.class);
        assertEquals(
                "org/tiny: 2 layers, d 8, T 3. 2 files, 0.0 MB, go to " + folder.resolve("cache") + ". Download them?",
                confirm.getContentText());
        press(robot, "download-confirm", ButtonData.OK_DONE);
        until(() -> library.names().equals(List.of("org/tiny")));
    }

    @Test
    void aNoDownloadsNothing(FxRobot robot) throws Exception {
        robot.interact(() -> library.ask("org/tiny"));
        until(() -> robot.lookup("#download-confirm").tryQuery().isPresent());
        int asked = server.asked().size();
        press(robot, "download-confirm", ButtonData.CANCEL_CLOSE);
        until(() -> library.offerProperty().get() == null);
        assertEquals(asked, server.asked().size());
    }
}
