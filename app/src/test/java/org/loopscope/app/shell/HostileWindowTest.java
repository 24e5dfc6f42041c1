package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javafx.scene.control.TabPane;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.Settings;
import org.loopscope.app.panels.HostileJar;
import org.loopscope.app.workbench.Workbench;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.util.WaitForAsyncUtils;

/** The window opens and shows its first picture whatever the panels of others do, and says which jar it was. */
@ExtendWith({NeedsTextDrawing.class, ApplicationExtension.class})
class HostileWindowTest {
    private static final String FOLDER = "loopscope.plugins";

    @TempDir
    Path folder;

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ExecutorService analysis = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        System.clearProperty(FOLDER);
        worker.shutdownNow();
        analysis.shutdownNow();
    }

    private List<String> open(FxRobot robot) throws TimeoutException {
        return open(robot, "");
    }

    /** Opens the window, waits for the first picture, closes it, waits for a sentence with {@code awaited}; gives all sentences. */
    private List<String> open(FxRobot robot, String awaited) throws TimeoutException {
        System.setProperty(FOLDER, folder.toString());
        List<LoopscopeApp.Started> opened = new ArrayList<>();
        List<Stage> stages = new ArrayList<>();
        robot.interact(() -> {
            Stage stage = new Stage();
            stages.add(stage);
            opened.add(LoopscopeApp.start(stage, Settings.inMemory(), worker, analysis, GuiOptions.WELCOME));
        });
        Workbench workbench = opened.get(0).workbench();
        WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(() ->
                        workbench.runs().size() == 1 && !workbench.busyBinding().get())
                .get());
        List<String> told = new ArrayList<>();
        robot.interact(() -> {
            TabPane tabs = (TabPane) stages.get(0).getScene().lookup("#panel-tabs");
            assertTrue(tabs.getTabs().size() >= 7, "the panels that come with the program");
            assertEquals("tab-logit-lens", tabs.getTabs().get(0).getId());
            stages.get(0).hide();
        });
        WaitForAsyncUtils.waitFor(30, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(
                        () -> sentences(workbench).stream().anyMatch(sentence -> sentence.contains(awaited)))
                .get());
        robot.interact(() -> told.addAll(sentences(workbench)));
        return told;
    }

    private static List<String> sentences(Workbench workbench) {
        return workbench.log().entries().stream().map(entry -> entry.sentence()).toList();
    }

    @Test
    void everyKindOfPanelThatFailsLeavesTheWindowOpen(FxRobot robot) throws Exception {
        HostileJar.build(folder, "exit", "constructor");
        HostileJar.build(folder, "error", "create");
        HostileJar.build(folder, "blocked", "view");
        HostileJar.build(folder, "exit", "supports");
        HostileJar.build(folder, "nothing", "static");
        String told = String.join("\n", open(robot));
        for (String jar :
                List.of("exit-constructor.jar", "error-create.jar", "blocked-view.jar", "exit-supports.jar")) {
            assertTrue(told.contains(jar), jar + " is named in:\n" + told);
        }
        assertTrue(!told.contains("nothing-static.jar"), told);
    }

    static Stream<Arguments> deedsAndPlaces() {
        return HostileJar.DEEDS.keySet().stream().sorted().flatMap(deed -> HostileJar.PLACES.stream()
                .filter(place -> HostileJar.fits(deed, place))
                .map(place -> Arguments.of(deed, place)));
    }

    /** The long form: each deed in each place. */
    @Tag("endurance")
    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("deedsAndPlaces")
    void oneHostileJarLeavesTheWindowOpen(String deed, String place, FxRobot robot)
            throws IOException, TimeoutException {
        HostileJar.build(folder, deed, place);
        boolean silent =
                place.equals("figures") || deed.equals("listener"); // asked for reports, heard when a rule is set
        String jar = deed + "-" + place + ".jar";
        String told = String.join("\n", open(robot, silent ? "" : jar));
        assertEquals(!silent, told.contains(jar), told);
    }
}
