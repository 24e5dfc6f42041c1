package org.loopscope.plugin.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.lab.Setting;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.profile.GeometryProfileLab;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

class StatesByDepthTest {
    private static final LoopedModel open = TrainedModel.get();

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final GeometryProfileLab lab = new GeometryProfileLab();
    private final SetLabModel<?, ?, Profile> geometry =
            new SetLabModel<>(lab, context, context.executor(), Runnable::run);
    private Path set;
    private Path out;

    @BeforeEach
    void writeTheSet() throws IOException {
        set = folder.resolve("set.jsonl");
        out = folder.resolve("rows.csv");
        Files.writeString(set, """
                {"prompt": "people Mia's friend is", "answer": "Eve", "group": "one"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Tom", "group": "two"}
                """);
        context.modelProperty().set(open);
    }

    private Figure shown(SetLabModel<?, ?, Profile> model) {
        assertEquals("", model.work().statusProperty().get());
        return Objects.requireNonNull(model.figureProperty(lab.figures().get(0)).get());
    }

    @Test
    void aSetIsRunAndTheFigureFollowsValueAndGroup() {
        geometry.run(set.toString(), out);
        assertEquals("Relative step by depth", shown(geometry).title());
        assertTrue(shown(geometry).subtitle().startsWith("step outputs, after the final norm · n = 2 prompts"));
        Setting<String> group = groups();
        assertEquals(List.of("one", "two"), geometry.offered(group));
        set(lab.value(), ProfileValue.NORM);
        set(group, "two");
        assertEquals("Norm by depth", shown(geometry).title());
        assertTrue(
                shown(geometry).subtitle().contains(" · two · "),
                shown(geometry).subtitle());
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(shown(geometry), 1, theme).getWidth() > 300);
        }
        set(layers(), true);
        geometry.run(set.toString(), folder.resolve("layers.csv"));
        assertEquals("Norm by depth", shown(geometry).title(), "the value stays where there is one");
        assertTrue(shown(geometry).subtitle().startsWith("residual stream after each layer"));
    }

    @Test
    void filesAreOpenedWithoutAModelAndThoseOfTheLensAreNot() throws IOException {
        geometry.run(set.toString(), out);
        context.modelProperty().set(null);
        assertTrue(geometry.cannotRunBinding().get());
        geometry.open(out);
        assertEquals("Relative step by depth", shown(geometry).title());
        geometry.open(set);
        assertTrue(geometry.work().statusProperty().get().contains("expected a table of loopscope probe"));
        assertEquals("Relative step by depth", shownTitle(), "what was shown stays");
    }

    private String shownTitle() {
        return Objects.requireNonNull(
                        geometry.figureProperty(lab.figures().get(0)).get())
                .title();
    }

    private <T> void set(Setting<T> setting, T value) {
        geometry.valuesProperty().set(geometry.valuesProperty().get().with(setting, value));
    }

    @SuppressWarnings("unchecked") // the setting of this name is a text
    private Setting<String> groups() {
        return (Setting<String>) named("group");
    }

    @SuppressWarnings("unchecked") // the setting of this name is a flag
    private Setting<Boolean> layers() {
        return (Setting<Boolean>) named("layers");
    }

    private Setting<?> named(String name) {
        return lab.settings().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsCancelledShowsNothing() {
        context.hold();
        geometry.run(set.toString(), out);
        geometry.work().cancel();
        context.runWaiting();
        assertTrue(geometry.work().statusProperty().get().startsWith("Cancelled; what is done is kept"));
        assertNull(geometry.figureProperty(lab.figures().get(0)).get());
        assertFalse(Files.exists(out));
    }
}
