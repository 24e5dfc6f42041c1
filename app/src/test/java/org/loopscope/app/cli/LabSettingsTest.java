package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.app.panels.LabRegistry;
import org.loopscope.lab.Lab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.testkit.TestContext;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import picocli.CommandLine;

/** Whatever a lab can be asked, its command and its panel can. */
@ExtendWith(ApplicationExtension.class)
class LabSettingsTest {
    static Stream<Lab> labs() {
        Map<String, Lab> labs = LabRegistry.byCommand();
        assertTrue(labs.size() >= 6, labs.keySet().toString());
        return labs.values().stream();
    }

    @ParameterizedTest
    @MethodSource("labs")
    void everySettingIsAnOptionAndSaysWhatItDoes(Lab lab) {
        CommandLine command = Cli.commandLine();
        for (String word : lab.command().split(" ")) {
            command = command.getSubcommands().get(word);
        }
        for (Setting<?> setting : lab.settings()) {
            assertNotNull(command.getCommandSpec().findOption("--" + setting.name()), lab.command() + " " + setting);
            assertFalse(setting.meaning().isBlank(), lab.command() + " " + setting);
        }
        assertFalse(lab.help().isBlank());
    }

    @ParameterizedTest
    @MethodSource("labs")
    void everySettingHasAControlInAViewOfTheLab(Lab lab, FxRobot robot) {
        if (lab instanceof SetLab<?, ?, ?> set) {
            robot.interact(() -> look(set));
        }
    }

    private static <P, R extends Record, S> void look(SetLab<P, R, S> lab) {
        TestContext context = new TestContext();
        SetLabModel<P, R, S> model = new SetLabModel<>(lab, context, context.executor(), Runnable::run);
        SetLabView view = new SetLabView("x", lab.title(), "none", context, model);
        new Scene(new StackPane(view.view()), 1200, 800);
        view.view().applyCss();
        for (Setting<?> setting : lab.settings()) {
            Node control = view.view().lookup("#x-" + setting.name());
            assertNotNull(control, lab.command() + " " + setting);
            assertEquals(setting.label(), control.getAccessibleText());
        }
        assertEquals(lab.figures().size(), view.cards().size());
        view.dispose();
    }
}
