package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.app.panels.LabRegistry;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.lab.Form;
import org.loopscope.lab.Lab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.card.LabView;
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
        robot.interact(() -> {
            Panel view = new LabView(lab, new TestContext());
            assertControls(lab, controls(view));
            view.dispose();
        });
    }

    @Test
    void everySettingHasAControlInThePanelsOfTheProgram(FxRobot robot) {
        robot.interact(() -> {
            Set<Setting<?>> shown = new HashSet<>();
            for (PanelProvider provider : PanelRegistry.load((sentence, cause) -> fail(sentence))) {
                Panel panel = provider.create(new TestContext());
                shown.addAll(controls(panel));
                panel.dispose();
            }
            labs().forEach(lab -> assertControls(lab, shown));
        });
    }

    private static void assertControls(Lab lab, Set<Setting<?>> shown) {
        List<Setting<?>> missing =
                lab.asked().stream().filter(setting -> !shown.contains(setting)).toList();
        assertEquals(List.of(), missing, lab.command());
    }

    private static Set<Setting<?>> controls(Panel panel) {
        new Scene(new StackPane(panel.view()), 1200, 800);
        panel.view().applyCss();
        Set<Setting<?>> found = new HashSet<>();
        walk(panel.view(), found);
        return found;
    }

    private static void walk(Node node, Set<Setting<?>> found) {
        if (node.getProperties().get(Setting.class) instanceof Setting<?> setting) {
            found.add(setting);
        }
        if (node instanceof TabPane tabs) { // what is in a tab may be made when it is first looked at
            for (Tab tab : tabs.getTabs()) {
                tabs.getSelectionModel().select(tab);
                tabs.applyCss();
            }
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> walk(child, found));
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
}
