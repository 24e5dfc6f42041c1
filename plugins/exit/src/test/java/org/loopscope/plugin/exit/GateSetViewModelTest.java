package org.loopscope.plugin.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.set.Scope;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.testkit.TestContext;

class GateSetViewModelTest {
    private static LoopedModel open;

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final GateSetViewModel model = new GateSetViewModel(context, context.executor(), Runnable::run);
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
        out = folder.resolve("gate.csv");
        Files.writeString(set, """
                {"prompt": "people Mia's friend is", "answer": "Eve"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Tom"}
                """);
        context.modelProperty().set(open);
    }

    @Test
    void aSetIsRunAndShownWithItsFileAndItsTokens() {
        model.run(set.toString(), out);
        assertEquals("", model.work().statusProperty().get());
        ChartFigure figure = Objects.requireNonNull(model.calibrationProperty().get());
        assertEquals("Calibration of the gate over a set", figure.title());
        // 5 + 7 tokens that another follows, at steps 2 to 4
        assertTrue(figure.subtitle().startsWith("n = 36 gates of 2 prompts · embedded · T = 4"), figure.subtitle());
        assertTrue(
                model.factsProperty().get().startsWith("gate.csv, all tokens of 2 prompts. λ is above 0.5622"),
                model.factsProperty().get());
        assertEquals(3, model.choicesProperty().get().size());
        model.tokensProperty().set(new GateSetViewModel.Tokens(Optional.of(Scope.ANSWER)));
        assertTrue(Objects.requireNonNull(model.gainProperty().get())
                .subtitle()
                .startsWith("n = 6 gates of 2 prompts, tokens of the answer"));
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            FigureExport.image(
                    Objects.requireNonNull(model.calibrationProperty().get()), 1, theme);
            FigureExport.image(Objects.requireNonNull(model.gainProperty().get()), 1, theme);
        }
    }

    @Test
    void aSavedFileIsShownWithoutAModelAndOneOfAnotherKindIsNot() throws IOException {
        model.run(set.toString(), out);
        context.modelProperty().set(null);
        GateSetViewModel other = new GateSetViewModel(context, context.executor(), Runnable::run);
        assertTrue(other.cannotRunBinding().get());
        other.open(set);
        assertTrue(other.work().statusProperty().get().contains("expected the columns prompt, group, scope"));
        assertNull(other.calibrationProperty().get());
        other.open(out);
        assertEquals(model.factsProperty().get(), other.factsProperty().get());
    }

    @Test
    void tokensAreGeneratedAfterPromptsWithoutAnswerAsManyAsAskedFor() throws IOException {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n");
        model.run(set.toString(), out);
        assertEquals(2, model.choicesProperty().get().size(), "all and the prompt");
        assertTrue(Objects.requireNonNull(model.calibrationProperty().get())
                .subtitle()
                .startsWith("n = 12 gates of 1 prompt")); // 4 tokens that another follows, at steps 2 to 4
        model.generateProperty().set(3);
        model.run(set.toString(), folder.resolve("generated.csv"));
        assertEquals(3, model.choicesProperty().get().size());
        assertTrue(Objects.requireNonNull(model.calibrationProperty().get())
                .subtitle()
                .startsWith("n = 21 gates of 1 prompt")); // 7 tokens
    }

    @Test
    void whatIsCancelledShowsNothing() {
        context.hold();
        model.run(set.toString(), out);
        assertTrue(model.work().runningProperty().get());
        model.work().cancel();
        context.runWaiting();
        assertTrue(model.work().statusProperty().get().startsWith("Cancelled; what is done is kept"));
        assertNull(model.calibrationProperty().get());
        assertFalse(Files.exists(out));
    }
}
