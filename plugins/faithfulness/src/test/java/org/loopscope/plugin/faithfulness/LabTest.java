package org.loopscope.plugin.faithfulness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.agreement.WorseWithDepth;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

/** The cards that run the model, without a window. */
class LabTest {
    private static final String SHOWN = "people Bob's friend's boss is";
    private static final String OTHER = "people Ann's friend's boss is";

    private static final LoopedModel open = TrainedModel.get();
    private static Inspection shown;

    private final TestContext context = TestContext.showing(shown);

    @BeforeAll
    static void run() throws LoopscopeException {
        int[] ids = open.tokenizer().orElseThrow().encode(SHOWN);
        Capture capture = open.run(ids, RunOptions.steps(4), RunControl.none()).withPrompt(SHOWN);
        shown = Inspection.of(capture, open.unembedding(), open.tokenizer(), 5, RunControl.none());
    }

    private PatchViewModel patching() {
        context.modelProperty().set(open);
        return new PatchViewModel(context, context.executor(), Runnable::run);
    }

    @Test
    void theOtherPromptsStatesArePutIntoTheRunThatIsShown() {
        PatchViewModel model = patching();
        model.otherProperty().set(OTHER);
        model.run();
        HeatmapFigure figure = Objects.requireNonNull(model.figureProperty().get());
        assertEquals(4, figure.rows());
        assertEquals(7, figure.columns());
        assertEquals("", model.work().statusProperty().get());
        assertEquals("recovery share 1.000", model.info(3, 6).get(2), "the last state is the answer");
        assertEquals("recovery share 0.000", model.info(3, 1).get(2));
        model.select(1, 3);
        assertEquals(new Selection(3, 2), context.selectionProperty().get());
        assertEquals(
                new HeatmapFigure.Cell(1, 3),
                Objects.requireNonNull(model.figureProperty().get()).selected().orElseThrow());
    }

    @Test
    void withAnotherSourceItIsTheShownRunThatLosesItsAnswer() {
        PatchViewModel model = patching();
        model.otherProperty().set(OTHER);
        model.sourceProperty().set(PatchSource.ZERO);
        model.run();
        String own = shown.lens().topText(3, 6, 0).strip();
        assertTrue(
                model.info(3, 6).get(1).startsWith("log p of “" + own + "”"),
                model.info(3, 6).get(1));
        assertTrue(Objects.requireNonNull(model.figureProperty().get()).title().contains("zero"));
    }

    @Test
    void whatCannotBePatchedIsSaidBesideTheButton() {
        PatchViewModel model = patching();
        model.run();
        assertEquals(
                "Type another prompt with as many tokens first.",
                model.work().statusProperty().get());
        model.otherProperty().set("people Ann's friend is");
        model.run();
        assertEquals(
                "The other prompt has 5 tokens, expected 7 as the one shown.",
                model.work().statusProperty().get());
        context.modelProperty().set(null);
        model.run();
        assertEquals("There is no run yet.", model.work().statusProperty().get());
        assertNull(model.figureProperty().get());
    }

    @Test
    void whatIsCancelledShowsNothingAndAnotherRunTakesThePictureAway() {
        PatchViewModel model = patching();
        model.otherProperty().set(OTHER);
        context.hold();
        model.run();
        assertTrue(model.work().runningProperty().get());
        model.work().cancel();
        context.runWaiting();
        assertFalse(model.work().runningProperty().get());
        assertEquals("cancelled", model.work().statusProperty().get());
        assertNull(model.figureProperty().get());
        model.run();
        context.runWaiting();
        assertNotNull(model.figureProperty().get());
        context.inspectionProperty().set(null);
        assertNull(model.figureProperty().get());
    }

    @Test
    void tokensThatGetWorseWithDepthAreCounted() {
        double[][] logs = {{-1, -2}, {-2, -1}, {-3, -3}, {-1, -1.5}};
        assertEquals(
                "Worse with depth: for 2 of 4 tokens (95 % interval 15 to 85 %) the token that follows ends less probable, by more"
                        + " than 0.01 nats, than an earlier loop made it.",
                FlipFigures.worse(WorseWithDepth.of(logs)));
        assertEquals("", FlipFigures.worse(WorseWithDepth.of(new double[0][2])));
        assertTrue(new FaithfulnessViewModel(context, Runnable::run)
                .worseProperty()
                .get()
                .startsWith("Worse with depth: for "));
    }
}
