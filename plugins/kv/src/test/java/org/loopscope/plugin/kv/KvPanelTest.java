package org.loopscope.plugin.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

/** The panel without a window. */
class KvPanelTest {
    private static final String PROMPT = "people Bob's friend's boss is";

    private static final LoopedModel open = TrainedModel.get();
    private static Inspection shown;
    private static Inspection generated;

    private final TestContext context = TestContext.showing(shown);

    @BeforeAll
    static void run() throws LoopscopeException {
        shown = inspect(0);
        generated = inspect(5);
    }

    private static Inspection inspect(int generate) throws LoopscopeException {
        int[] ids = open.tokenizer().orElseThrow().encode(PROMPT);
        Capture capture = open.run(ids, RunOptions.steps(4).withGenerate(generate), RunControl.none())
                .withPrompt(PROMPT);
        return Inspection.of(capture, open.unembedding(), open.tokenizer(), 5, RunControl.none());
    }

    private final ObjectProperty<Values> values = new SimpleObjectProperty<>(Values.of(new KvLab().settings()));

    private KvViewModel model() {
        context.modelProperty().set(open);
        return new KvViewModel(context, values, context.executor(), Runnable::run);
    }

    private <T> void set(Setting<T> setting, T value) {
        values.set(values.get().with(setting, value));
    }

    @Test
    void theMemoryIsThereBeforeAnythingIsRunAndTheRestAfterCompare() {
        KvViewModel model = model();
        assertNotNull(model.memoryProperty().get());
        assertNull(model.agreementProperty().get());
        assertFalse(model.shownTextThereProperty().get());
        set(KvLab.GENERATE, 6);
        model.run();
        assertEquals("", model.work().statusProperty().get());
        ChartFigure agreement = Objects.requireNonNull(model.agreementProperty().get());
        assertTrue(agreement.subtitle().contains("n = 5 tokens of one text"), agreement.subtitle());
        assertTrue(agreement.subtitle().contains("T = 4 · float32"), agreement.subtitle());
        assertEquals(3, agreement.table().rowCount());
        HeatmapFigure tokens = Objects.requireNonNull(model.tokensProperty().get());
        assertEquals(4, tokens.rows());
        assertEquals(6, tokens.columns());
        assertEquals(18, tokens.table().rowCount());
        assertEquals(
                18, Objects.requireNonNull(model.placesProperty().get()).table().rowCount());
        assertEquals(5, model.ownTextsProperty().get().lines().count());
        assertEquals(
                "from the prefill: the same under every policy, not counted",
                model.info(1, 0).get(4));
        assertTrue(
                model.info(3, 1).get(1).startsWith("first-step finds “"),
                model.info(3, 1).get(1));
        assertEquals(3, model.info(0, 1).size());
    }

    @Test
    void theTextThatTheRunGeneratedIsTakenWhereThereIsOne() {
        context.inspectionProperty().set(generated);
        KvViewModel model = model();
        assertEquals(KvViewModel.Text.SHOWN, model.textProperty().get());
        model.run();
        HeatmapFigure tokens = Objects.requireNonNull(model.tokensProperty().get());
        assertEquals(5, tokens.columns());
        set(KvLab.PREFILL, 1);
        model.run();
        // seven tokens of the prompt, of which the first is prefilled
        assertEquals(11, Objects.requireNonNull(model.tokensProperty().get()).columns());
        model.textProperty().set(KvViewModel.Text.GREEDY);
        set(KvLab.GENERATE, 2);
        model.run();
        assertEquals(8, Objects.requireNonNull(model.tokensProperty().get()).columns());
    }

    @Test
    void policiesAndLoopsAreThoseThatAreSet() {
        KvViewModel model = model();
        set(KvLab.GENERATE, 4);
        set(KvLab.STEPS, 2);
        set(KvLab.POLICIES, List.of(KvPolicy.AVERAGED));
        model.run();
        HeatmapFigure tokens = Objects.requireNonNull(model.tokensProperty().get());
        assertEquals(2, tokens.rows());
        assertTrue(tokens.subtitle().contains("T = 2"), tokens.subtitle());
    }

    @Test
    void whatCannotBeComparedIsSaidBesideTheButton() {
        KvViewModel model = model();
        set(KvLab.GENERATE, 1);
        model.run();
        assertTrue(model.work().statusProperty().get().startsWith("--generate: expected 2 or more"));
        context.modelProperty().set(null);
        model.run();
        assertEquals(
                "The model of this run is not open.",
                model.work().statusProperty().get());
        context.inspectionProperty().set(null);
        model.run();
        assertEquals("There is no run yet.", model.work().statusProperty().get());
        assertNull(model.memoryProperty().get());
    }

    @Test
    void whatIsCancelledShowsNothingAndAnotherRunTakesThePicturesAway() {
        KvViewModel model = model();
        context.hold();
        model.run();
        assertTrue(model.work().runningProperty().get());
        model.work().cancel();
        context.runWaiting();
        assertEquals("cancelled", model.work().statusProperty().get());
        assertNull(model.agreementProperty().get());
        model.run();
        context.runWaiting();
        assertNotNull(model.agreementProperty().get());
        context.inspectionProperty().set(generated);
        assertNull(model.agreementProperty().get());
        assertEquals("", model.ownTextsProperty().get());
    }

    @Test
    void everyFigureIsDrawnInLightAndDark() {
        KvViewModel model = model();
        set(KvLab.GENERATE, 4);
        model.run();
        List<Figure> figures = List.of(
                Objects.requireNonNull(model.agreementProperty().get()),
                Objects.requireNonNull(model.divergenceProperty().get()),
                Objects.requireNonNull(model.placesProperty().get()),
                Objects.requireNonNull(model.memoryProperty().get()),
                Objects.requireNonNull(model.tokensProperty().get()));
        for (Figure figure : figures) {
            for (FigureTheme theme : new FigureTheme[] {FigureTheme.LIGHT, FigureTheme.DARK}) {
                assertTrue(FigureExport.image(figure, 1, theme).getWidth() > 300, figure.id());
            }
            assertFalse(figure.description().isBlank(), figure.id());
        }
    }

    @Test
    void withoutAModelTheProviderShowsTheMemoryOfTheRun() {
        KvProvider provider = new KvProvider();
        List<Figure> figures =
                provider.figures(PanelState.initial(MadeUpRun.ofLength(3, 6).inspect()));
        assertEquals(1, figures.size());
        assertEquals(4, figures.get(0).table().rowCount());
        assertTrue(
                figures.get(0).subtitle().contains("6 tokens"), figures.get(0).subtitle());
        assertTrue(provider.supports(shown));
        assertFalse(provider.supports(MadeUpRun.ofLength(1, 3).inspect()));
    }
}
