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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateRow;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.Scope;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

class GateSetTest {
    private static final LoopedModel open = TrainedModel.get();

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final SetLabModel<Prompt, GateRow.InFile, GateData> model = made(context);
    private Path set;
    private Path out;

    private static SetLabModel<Prompt, GateRow.InFile, GateData> made(TestContext context) {
        return new SetLabModel<>(new GateLab(), context, context.executor(), Runnable::run);
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
        Figure figure =
                Objects.requireNonNull(model.figureProperty(GateLab.CALIBRATION).get());
        assertEquals("Calibration of the gate over a set", figure.title());
        // 5 + 7 tokens that another follows, at steps 2 to 4
        assertTrue(figure.subtitle().startsWith("n = 36 gates of 2 prompts · embedded · T = 4"), figure.subtitle());
        assertTrue(
                model.factsProperty()
                        .get()
                        .startsWith(
                                "gate.csv: Model embedded, float32, T = 4 · Counted all tokens of 2 prompts; 95 % intervals over prompts · λ is above 0.5622"),
                model.factsProperty().get());
        assertEquals(2, model.offered(GateLab.SCOPE).size());
        model.valuesProperty().set(model.valuesProperty().get().with(GateLab.SCOPE, Scope.ANSWER));
        assertTrue(Objects.requireNonNull(model.figureProperty(GateLab.GAIN).get())
                .subtitle()
                .startsWith("n = 6 gates of 2 prompts, tokens of the answer"));
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            FigureExport.image(
                    Objects.requireNonNull(
                            model.figureProperty(GateLab.CALIBRATION).get()),
                    1,
                    theme);
            FigureExport.image(
                    Objects.requireNonNull(model.figureProperty(GateLab.GAIN).get()), 1, theme);
        }
    }

    @Test
    void aSavedFileIsShownWithoutAModelAndOneOfAnotherKindIsNot() throws IOException {
        model.run(set.toString(), out);
        context.modelProperty().set(null);
        SetLabModel<Prompt, GateRow.InFile, GateData> other = made(context);
        assertTrue(other.cannotRunBinding().get());
        other.open(set);
        assertTrue(other.work().statusProperty().get().contains("expected the columns prompt, group, scope"));
        assertNull(other.figureProperty(GateLab.CALIBRATION).get());
        other.open(out);
        assertEquals(model.factsProperty().get(), other.factsProperty().get());
    }

    @Test
    void tokensAreGeneratedAfterPromptsWithoutAnswerAsManyAsAskedFor() throws IOException {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n");
        model.run(set.toString(), out);
        assertEquals(List.of(Scope.PROMPT), model.offered(GateLab.SCOPE));
        assertTrue(
                Objects.requireNonNull(model.figureProperty(GateLab.CALIBRATION).get())
                        .subtitle()
                        .startsWith("n = 12 gates of 1 prompt")); // 4 tokens that another follows, at steps 2 to 4
        model.valuesProperty().set(model.valuesProperty().get().with(GateLab.GENERATE, 3));
        model.run(set.toString(), folder.resolve("generated.csv"));
        assertEquals(List.of(Scope.PROMPT, Scope.GENERATED), model.offered(GateLab.SCOPE));
        assertTrue(
                Objects.requireNonNull(model.figureProperty(GateLab.CALIBRATION).get())
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
        assertNull(model.figureProperty(GateLab.CALIBRATION).get());
        assertFalse(Files.exists(out));
    }
}
