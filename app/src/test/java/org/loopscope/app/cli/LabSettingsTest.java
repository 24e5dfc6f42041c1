package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.app.panels.LabRegistry;
import org.loopscope.lab.Form;
import org.loopscope.lab.Lab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.base.LoopscopeException;
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
        for (Setting<?> setting : lab.asked()) {
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

    /** A set that was stopped with one value is not gone on with another. */
    @ParameterizedTest
    @MethodSource("labs")
    void everySettingThatDecidesRowsIsPartOfWhatASetIsKnownBy(Lab lab) {
        Values plain = Values.of(lab.asked());
        for (Setting<?> setting : lab instanceof SetLab<?, ?, ?> ? lab.asked() : List.<Setting<?>>of()) {
            Values other = changed(plain, setting);
            assertEquals(
                    setting.isForShowing(), plain.identity().equals(other.identity()), lab.command() + " " + setting);
        }
        long labels = lab.asked().stream().map(Setting::label).distinct().count();
        assertEquals(lab.asked().size(), labels, "each has words of its own");
    }

    @SuppressWarnings("unchecked") // the form of a setting is of its own type
    private static <T> Values changed(Values plain, Setting<T> setting) {
        Form<T> form = setting.form();
        T before = plain.find(setting).orElse(null);
        if (form instanceof Form.Whole whole) {
            int value = before == null ? whole.least() + 1 : (Integer) before + (before.equals(whole.most()) ? -1 : 1);
            return plain.with(setting, (T) Integer.valueOf(value));
        }
        if (form instanceof Form.Real) {
            return plain.with(
                    setting, (T) Double.valueOf(before == null || (Double) before == 0 ? 1.5 : (Double) before / 2));
        }
        if (form instanceof Form.Flag) {
            return plain.with(setting, (T) Boolean.valueOf(!Boolean.TRUE.equals(before)));
        }
        if (form instanceof Form.Choice<T> choice) {
            return plain.with(
                    setting,
                    choice.all().stream()
                            .filter(v -> !v.equals(before))
                            .findFirst()
                            .orElseThrow());
        }
        try {
            String text =
                    switch (setting.name()) {
                        case "policies", "kv" -> "averaged";
                        case "rules" -> "kl:0.5";
                        case "template" -> "{question1} or {question2}?";
                        case "rule" -> "q:0.75";
                        default -> "1";
                    };
            return plain.read(setting, text);
        } catch (LoopscopeException e) {
            throw new AssertionError(setting.name(), e);
        }
    }

    private static <P, R extends Record, S> void look(SetLab<P, R, S> lab) {
        TestContext context = new TestContext();
        SetLabModel<P, R, S> model = new SetLabModel<>(lab, context, context.executor(), Runnable::run);
        SetLabView view = new SetLabView("x", lab.title(), "none", context, model);
        new Scene(new StackPane(view.view()), 1200, 800);
        view.view().applyCss();
        for (Setting<?> setting : lab.asked()) {
            Node control = view.view().lookup("#x-" + setting.name());
            assertNotNull(control, lab.command() + " " + setting);
            assertEquals(setting.label(), control.getAccessibleText());
        }
        assertEquals(lab.figures().size(), view.cards().size());
        view.dispose();
    }
}
