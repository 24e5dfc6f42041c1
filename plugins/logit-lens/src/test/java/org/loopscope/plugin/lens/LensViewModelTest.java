package org.loopscope.plugin.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;

class LensViewModelTest {
    private final TestContext context = TestContext.showing(WelcomeRun.run().inspect());
    private final LensViewModel model = new LensViewModel(context, Runnable::run);

    private HeatmapFigure heatmap() {
        return Objects.requireNonNull(model.heatmapProperty().get());
    }

    private String firstLine() {
        return model.linesProperty().get().get(0).text();
    }

    @Test
    void withoutARunThereIsNothingToShow() {
        context.inspectionProperty().set(null);
        assertNull(model.heatmapProperty().get());
        assertNull(model.trajectoriesProperty().get());
        assertNull(model.exitProperty().get());
        assertTrue(model.linesProperty().get().isEmpty());
        assertEquals(Optional.empty(), model.info(0, 0));
        model.move(1, 0); // must not fail
    }

    @Test
    void clickingACellSelectsItsTokenAndStepForEverybody() {
        model.select(1, 7);
        assertEquals(new Selection(7, 2), context.selectionProperty().get());
        assertEquals(Optional.of(new HeatmapFigure.Cell(1, 7)), heatmap().selected());
        assertEquals("Amy", firstLine());
    }

    private List<String> pins() {
        return model.pinned().stream().map(model::tokenText).toList();
    }

    @Test
    void aClickPinsWhatTheCellPredictsAndTheNextClickReplacesIt() {
        model.click(0, 3, false); // loop 1 says Pia after "friend"
        assertEquals(new Selection(3, 1), context.selectionProperty().get());
        assertEquals(List.of("Pia"), pins());
        model.click(3, 14, false);
        assertEquals(List.of("Dan"), pins());
        assertTrue(model.linesProperty().get().stream()
                .anyMatch(line -> line.text().equals("Dan") && line.pinned()));
    }

    @Test
    void aClickWithAKeyHeldAddsItsTokenAndASecondClickOnTheSameCellLetsItGo() {
        model.click(0, 3, false);
        model.click(3, 14, true);
        assertEquals(List.of("Pia", "Dan"), pins());
        model.click(3, 14, true);
        assertEquals(List.of("Pia"), pins());
        model.unpinAll();
        assertEquals(List.of(), pins());
    }

    @Test
    void whatWasPinnedInTheLegendOutlivesClicks() {
        model.togglePin(WelcomeRun.run().inspect().lens().finalId(5)); // Sue
        model.click(3, 5, false); // predicts Sue too
        model.click(3, 14, false);
        assertEquals(List.of("Sue", "Dan"), pins());
    }

    @Test
    void theKeyboardPinsTheSelectedCellAndLetsItGo() {
        context.selectionProperty().set(new Selection(14, 3));
        model.pinSelected();
        assertEquals(List.of("Dan"), pins());
        model.pinSelected();
        assertEquals(List.of(), pins());
    }

    @Test
    void aSelectionMadeElsewhereMovesTheOutlineAndTheTrajectories() {
        context.selectionProperty().set(new Selection(5, 1));
        assertEquals(Optional.of(new HeatmapFigure.Cell(0, 5)), heatmap().selected());
        assertEquals("Sue", firstLine());
        assertTrue(Objects.requireNonNull(model.trajectoriesProperty().get())
                .title()
                .contains("boss"));
    }

    @Test
    void arrowKeysMoveTheSelectionAndStopAtTheEdges() {
        context.selectionProperty().set(new Selection(0, 1));
        model.move(-1, -1);
        assertEquals(new Selection(0, 1), context.selectionProperty().get());
        model.move(2, 1);
        assertEquals(new Selection(2, 2), context.selectionProperty().get());
        model.move(100, 100);
        assertEquals(new Selection(14, 4), context.selectionProperty().get());
    }

    @Test
    void draggingTheThresholdMovesTheFramesAndKeepsTheTrajectories() {
        var before = model.trajectoriesProperty().get();
        HeatmapFigure frames = heatmap();
        context.exitRuleProperty().set(ExitRule.q(0.9));
        assertNotSame(frames, heatmap());
        assertSame(before, model.trajectoriesProperty().get());
        assertTrue(heatmap().description().contains("q = 0.90"), heatmap().description());
    }

    @Test
    void aPinnedTokenStaysAtAnotherPositionUntilItIsLetGo() {
        int dan = model.linesProperty().get().get(0).tokenId();
        model.togglePin(dan);
        context.selectionProperty().set(new Selection(5, 2));
        assertTrue(model.linesProperty().get().stream().anyMatch(l -> l.tokenId() == dan && l.pinned()));
        model.togglePin(dan);
        assertFalse(model.linesProperty().get().stream().anyMatch(Trajectories.Line::pinned));
    }

    @Test
    void theHoverTellsTopTokensEntropyKlAndRank() {
        CellInfo info = model.info(2, 14).orElseThrow();
        assertEquals("loop 3 · token 15 “is”", info.heading());
        assertEquals("Dan", info.predictions().get(0).token());
        assertEquals(0.999, info.predictions().get(0).probability(), 1e-5);
        assertEquals(5, info.predictions().size());
        assertTrue(info.facts().get(2).contains("Dan has rank 1"), info.facts().toString());
    }

    @Test
    void changingTheValueChangesTheSubtitle() {
        model.valueProperty().set(LensValue.KL);
        assertTrue(heatmap().subtitle().contains("KL"), heatmap().subtitle());
    }

    @Test
    void layersCannotBeShownForARunWithoutThem() {
        assertFalse(model.layersAvailableProperty().get());
    }

    @Test
    void layersAreReadInTheBackgroundAndStepsShownMeanwhile() {
        context.hold();
        context.inspectionProperty().set(WelcomeRun.run().layers(3).inspect());
        model.layersProperty().set(true);
        assertEquals(4, heatmap().rows());
        assertFalse(model.progressProperty().get().isEmpty());
        context.runWaiting();
        assertEquals(12, heatmap().rows());
        assertEquals("", model.progressProperty().get());
    }

    @Test
    void asManyPredictionsAreKeptAsAreAskedFor() {
        assertEquals(5, model.info(3, 2).orElseThrow().predictions().size());
        for (boolean layers : new boolean[] {false, true}) {
            context.inspectionProperty().set(WelcomeRun.run().layers(3).inspect());
            model.layersProperty().set(layers);
            model.valuesProperty().set(model.valuesProperty().get().with(LensLab.TOP, 2));
            assertEquals(layers ? 12 : 4, heatmap().rows());
            assertEquals(2, model.info(3, 2).orElseThrow().predictions().size());
            model.valuesProperty().set(model.valuesProperty().get().without(LensLab.TOP));
            assertEquals(5, model.info(3, 2).orElseThrow().predictions().size());
        }
        assertEquals(List.of(), context.problems());
    }

    @Test
    void aLayerLensThatCameTooLateIsDropped() {
        context.hold();
        context.inspectionProperty().set(WelcomeRun.run().layers(3).inspect());
        model.layersProperty().set(true);
        model.layersProperty().set(false);
        context.runWaiting();
        assertEquals(4, heatmap().rows());
        assertEquals(0, context.problems().size());
    }

    @Test
    void aNewRunDropsTheLayersOfTheOldOne() {
        context.inspectionProperty().set(WelcomeRun.run().layers(3).inspect());
        model.layersProperty().set(true);
        assertEquals(12, heatmap().rows());
        context.inspectionProperty().set(WelcomeRun.run().inspect());
        assertEquals(4, heatmap().rows());
        assertFalse(model.layersProperty().get());
    }

    @Test
    void aChosenLayerStaysOutlined() {
        context.inspectionProperty().set(WelcomeRun.run().layers(3).inspect());
        model.layersProperty().set(true);
        model.select(4, 2); // layer 1 of step 2
        assertEquals(new Selection(2, 2), context.selectionProperty().get());
        assertEquals(Optional.of(new HeatmapFigure.Cell(4, 2)), heatmap().selected());
        model.select(3, 2); // another layer of the same step
        assertEquals(Optional.of(new HeatmapFigure.Cell(3, 2)), heatmap().selected());
    }

    @Test
    void aSelectionOutsideAShorterRunIsBroughtInside() {
        Inspection small = MadeUpRun.of(2, "a", "b").inspect();
        context.inspectionProperty().set(small);
        assertEquals(Optional.of(new HeatmapFigure.Cell(1, 1)), heatmap().selected());
    }

    @Test
    void aClosedPanelNoLongerListens() {
        HeatmapFigure before = heatmap();
        model.dispose();
        context.selectionProperty().set(new Selection(0, 1));
        context.inspectionProperty().set(null);
        assertSame(before, heatmap());
        assertNotNull(model.trajectoriesProperty().get());
    }

    @Test
    void memoryThatDoesNotSufficeForTheLayersIsToldAndTheStepsStay() {
        Inspection run = WelcomeRun.run().layers(3).inspect();
        context.inspectionProperty()
                .set(Inspection.of(
                        run.capture(),
                        new NoMemoryForLayers(run.unembedding()),
                        run.tokenizer(),
                        5,
                        RunControl.none()));
        model.layersProperty().set(true);
        assertEquals(
                List.of("The layers of this run could not be read: there is not enough memory; run fewer tokens or"
                        + " steps."),
                context.problems());
        assertEquals("", model.progressProperty().get());
        assertEquals(4, heatmap().rows());
    }

    /** Step outputs are not normed again, so only a lens on layers fails. */
    private record NoMemoryForLayers(Unembedding inner) implements Unembedding {
        @Override
        public int vocabSize() {
            return inner.vocabSize();
        }

        @Override
        public int hiddenSize() {
            return inner.hiddenSize();
        }

        @Override
        public void logits(float[] states, int rows, float[] out) {
            inner.logits(states, rows, out);
        }

        @Override
        public void finalNorm(float[] states, int rows, float[] out) {
            throw new OutOfMemoryError("Java heap space");
        }
    }
}
