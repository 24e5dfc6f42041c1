package org.loopscope.plugin.faithfulness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;

class FaithfulnessPanelTest {
    private static final double WIDTH = 600;
    private static final double HEIGHT = 420;
    private static final Inspection WELCOME = WelcomeRun.run().inspect();

    private final TestContext context = TestContext.showing(WELCOME);
    private final FaithfulnessViewModel model = new FaithfulnessViewModel(context, Runnable::run);

    /** Two steps over ten tokens: step 1 says a always, step 2 a for six and b for four. */
    private static Inspection oneSided() {
        MadeUpRun run = MadeUpRun.of(2, "a", "a", "a", "a", "a", "a", "a", "a", "a", "b");
        for (int p = 0; p < 10; p++) {
            run.predict(1, p, "a", 0.9).predict(2, p, p < 6 ? "a" : "b", 0.9);
        }
        return run.inspect();
    }

    @Test
    void theServiceLoaderFindsIt() {
        List<PanelProvider> found = ServiceLoader.load(PanelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(
                List.of("faithfulness"), found.stream().map(PanelProvider::id).toList());
        assertTrue(found.get(0).help().contains("Cohen's κ"));
        assertTrue(found.get(0).supports(WELCOME));
        assertFalse(found.get(0).supports(MadeUpRun.of(1, "a").inspect()));
    }

    @Test
    void itsFiguresNeedNoWindowAndStateN() {
        List<Figure> figures =
                new FaithfulnessProvider().figures(new PanelState(WELCOME, new Selection(14, 3), ExitRule.q(0.5)));
        assertEquals(
                List.of("agreement", "label-marginals", "answer-flips"),
                figures.stream().map(Figure::id).toList());
        for (Figure figure : figures) {
            FigureExport.image(figure, 1, FigureTheme.DARK);
            assertTrue(figure.table().rowCount() > 0, figure.id());
            assertTrue(figure.subtitle().contains("15"), figure.subtitle());
        }
    }

    @Test
    void theMatrixIsColouredByTheShareAndWritesCountAndKappa() throws IOException {
        AgreementMatrix agreement = AgreementMatrix.of(WELCOME.lens());
        HeatmapFigure figure = AgreementFigures.matrix(WELCOME, agreement, 4);
        BufferedImage image = FigureExport.plain(figure, WIDTH, HEIGHT, 1, FigureTheme.LIGHT);
        Rectangle2D cell = figure.cellBounds(0, 2, WIDTH, HEIGHT);
        assertEquals(
                FigureTheme.LIGHT.probability(agreement.fraction(1, 3)),
                new Color(image.getRGB((int) cell.getX() + 9, (int) cell.getY() + 9)));
        String svg = FigureExport.svgText(figure, FigureTheme.LIGHT);
        assertTrue(svg.contains(">" + agreement.count(1, 3) + "/15<"));
        assertTrue(svg.contains(">κ 1.00<"));
    }

    @Test
    void anUndefinedKappaIsWrittenAsSuch() throws IOException {
        MadeUpRun same = MadeUpRun.of(2, "a", "b", "c");
        Inspection run = same.inspect(); // every step predicts "a" always
        String svg = FigureExport.svgText(
                AgreementFigures.matrix(run, AgreementMatrix.of(run.lens()), 1), FigureTheme.LIGHT);
        assertTrue(svg.contains(">κ undefined<"));
        assertFalse(svg.contains("NaN"));
    }

    @Test
    void aOneSidedStepIsNamedInTheCaution() {
        String caution =
                AgreementFigures.caution(AgreementMatrix.of(oneSided().lens())).orElseThrow();
        assertTrue(caution.contains("loop 1 predicts “a” for 10 of 10 tokens"), caution);
        assertTrue(caution.contains("n = 10"), caution);
    }

    @Test
    void manyTokensWithSpreadLabelsNeedNoCaution() {
        Inspection run = MadeUpRun.ofLength(3, 60).inspect();
        assertTrue(AgreementFigures.caution(AgreementMatrix.of(run.lens())).isEmpty());
    }

    @Test
    void theHoverGivesIntervalExpectedAgreementAndKappa() {
        context.inspectionProperty().set(oneSided());
        List<String> info = model.matrixInfo(0, 1);
        assertEquals("same prediction for 6 of 10 tokens (0.600)", info.get(1));
        assertEquals("too few for a 95 % interval", info.get(2)); // 10 tokens
        assertTrue(info.get(3).contains("0.600"), info.get(3)); // 1.0 * 0.6 + 0 * 0.4
        assertEquals("Cohen's κ 0.00", info.get(4));
    }

    @Test
    void theTimelineMarksChangesAndTheFirstStableStep() {
        AnswerFlips flips = AnswerFlips.of(WELCOME.lens());
        int last = 14; // boss-or-Ivy, Amy, Dan, Dan
        assertEquals(FlipFigures.EARLIER, FlipFigures.kind(flips, 1, last));
        assertEquals(FlipFigures.CHANGED, FlipFigures.kind(flips, 2, last));
        assertEquals(FlipFigures.STABLE, FlipFigures.kind(flips, 3, last));
        assertEquals(FlipFigures.STAYS, FlipFigures.kind(flips, 4, last));
        assertEquals(FlipFigures.STABLE, FlipFigures.kind(flips, 1, 5)); // Sue from the first step on
    }

    @Test
    void theTimelineCountsTokensThatChangeTheirAnswer() {
        AnswerFlips flips = AnswerFlips.of(oneSided().lens());
        assertEquals(4, FlipFigures.flipping(flips));
        // six stable from 1, four from 2: mean 1.4
        assertEquals(
                "4 of 10 tokens (40 %) change their answer · mean first stable step 1.40 of 2",
                FlipFigures.summary(flips));
    }

    @Test
    void theSelectedTokensAnswerIsComparedWithItsExit() {
        assertTrue(model.tokenFactsProperty().get().contains("stable from loop 3 on; exit at loop 3"));
        context.exitRuleProperty().set(ExitRule.fixed(1));
        assertTrue(model.tokenFactsProperty().get().contains("leaves before the answer settles"));
        context.exitRuleProperty().set(ExitRule.full());
        assertTrue(model.tokenFactsProperty().get().contains("leaves 1 after it settled"));
    }

    @Test
    void clickingTheTimelineSelectsTokenAndStepAndTheMatrixAStep() {
        model.select(1, 7);
        assertEquals(new Selection(7, 2), context.selectionProperty().get());
        model.selectStep(3);
        assertEquals(new Selection(7, 4), context.selectionProperty().get());
        model.move(-100, -100);
        assertEquals(new Selection(0, 1), context.selectionProperty().get());
    }

    @Test
    void countingRunsInTheBackgroundAndAnOlderRunIsDropped() {
        context.inspectionProperty().set(null);
        context.hold();
        context.inspectionProperty().set(oneSided());
        assertNull(model.matrixProperty().get());
        context.inspectionProperty().set(WELCOME);
        context.runWaiting();
        assertTrue(
                Objects.requireNonNull(model.matrixProperty().get()).subtitle().contains("n = 15"));
    }

    @Test
    void withoutARunThereIsNothingToShow() {
        context.inspectionProperty().set(null);
        assertNull(model.matrixProperty().get());
        assertNull(model.marginalsProperty().get());
        assertNull(model.timelineProperty().get());
        assertEquals("", model.cautionProperty().get());
        assertEquals("", model.tokenFactsProperty().get());
        assertTrue(model.matrixInfo(0, 0).isEmpty());
        assertTrue(model.tokenInfo(0).isEmpty());
    }

    @Test
    void theMarginalsListTheMostFrequentLabelFirst() {
        context.inspectionProperty().set(oneSided());
        assertNotNull(model.marginalsProperty().get());
        assertEquals(
                "loop 2:  a 6  b 4\nloop 1:  a 10",
                model.marginalsTextProperty().get());
    }

    @Test
    void theGreySegmentIsExplainedOnlyWhereThereIsOne() {
        int[][] few = {{0, 1, 2}, {0, 0, 1}};
        int[][] many = {new int[13], IntStream.range(0, 13).toArray()}; // 13 labels in the second step, 12 have a place
        assertEquals(
                "share of tokens (number: count)",
                new MarginalsFigure(AgreementMatrix.of(few, i -> "t" + i), "float32").axisTitle());
        assertEquals(
                "share of tokens (number: count; grey: the rest)",
                new MarginalsFigure(AgreementMatrix.of(many, i -> "t" + i), "float32").axisTitle());
    }

    @Test
    void aClosedPanelNoLongerListens() {
        HeatmapFigure before = model.timelineProperty().get();
        model.dispose();
        context.selectionProperty().set(new Selection(0, 1));
        context.inspectionProperty().set(null);
        assertSame(before, model.timelineProperty().get());
    }
}
