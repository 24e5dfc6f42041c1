package org.loopscope.plugin.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.card.ProfileViewModel.Choice;
import org.loopscope.plugin.card.ProfileViewModel.Subject;
import org.loopscope.plugin.testkit.TestContext;

class ProfileViewModelTest {
    private static LoopedModel open;

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final ProfileViewModel geometry =
            new ProfileViewModel(context, Subject.GEOMETRY, context.executor(), Runnable::run);
    private Path set;
    private Path out;

    @BeforeAll
    static void openTheModel() throws LoopscopeException {
        open = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        open.close();
    }

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

    private ChartFigure shown(ProfileViewModel model) {
        assertEquals("", model.work().statusProperty().get());
        return Objects.requireNonNull(model.figureProperty().get());
    }

    @Test
    void aSetIsRunAndTheFigureFollowsValueAndGroup() {
        geometry.run(set.toString(), out);
        assertEquals("Relative step by depth", shown(geometry).title());
        assertTrue(shown(geometry).subtitle().startsWith("step outputs, after the final norm · n = 2 prompts"));
        assertEquals(3, geometry.groupsProperty().get().size());
        geometry.valueProperty().set(new Choice(ProfileValue.NORM));
        geometry.groupProperty().set(geometry.groupsProperty().get().get(2));
        assertEquals("Norm by depth", shown(geometry).title());
        assertTrue(
                shown(geometry).subtitle().contains(" · two · "),
                shown(geometry).subtitle());
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(shown(geometry), 1, theme).getWidth() > 300);
        }
        geometry.layersProperty().set(true);
        geometry.run(set.toString(), folder.resolve("layers.csv"));
        assertEquals("Norm by depth", shown(geometry).title(), "the value stays where there is one");
        assertTrue(shown(geometry).subtitle().startsWith("residual stream after each layer"));
    }

    @Test
    void theLensStartsWithWhatHasSettledAndFilesAreOpenedWithoutAModel() {
        ProfileViewModel lens = new ProfileViewModel(context, Subject.LENS, context.executor(), Runnable::run);
        lens.stepsProperty().set(6);
        lens.run(set.toString(), out);
        assertEquals("Prediction settled (share) by depth", shown(lens).title());
        context.modelProperty().set(null);
        assertTrue(geometry.cannotRunBinding().get());
        geometry.open(out);
        assertEquals(
                "Entropy (nats) by depth", shown(geometry).title(), "rows of the lens, which has no relative step");
        geometry.open(set);
        assertTrue(geometry.work().statusProperty().get().contains("expected a table of loopscope probe"));
    }

    @Test
    void whatIsCancelledShowsNothing() {
        context.hold();
        geometry.run(set.toString(), out);
        geometry.work().cancel();
        context.runWaiting();
        assertTrue(geometry.work().statusProperty().get().startsWith("Cancelled; what is done is kept"));
        assertNull(geometry.figureProperty().get());
        assertFalse(Files.exists(out));
    }
}
