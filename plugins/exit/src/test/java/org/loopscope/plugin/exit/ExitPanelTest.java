package org.loopscope.plugin.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.Setting;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;
import tech.tablesaw.api.Table;

class ExitPanelTest {
    private static final double WIDTH = 900;
    private static final double HEIGHT = 260;
    private static final Inspection WELCOME = WelcomeRun.run().inspect();

    private final TestContext context = TestContext.showing(WELCOME);
    private final ExitViewModel model = new ExitViewModel(context);

    private HeatmapFigure steps() {
        return Objects.requireNonNull(model.stepsProperty().get());
    }

    private <T> void set(Setting<T> setting, T value) {
        model.valuesProperty().set(model.valuesProperty().get().with(setting, value));
    }

    @Test
    void theRuleThatIsSetIsTheOneThatAllPanelsShare() {
        set(ExitLab.RULE, ExitRule.fixed(2));
        assertEquals(ExitRule.fixed(2), context.exitRuleProperty().get());
        context.exitRuleProperty().set(ExitRule.q(0.3));
        assertEquals("q:0.3", model.valuesProperty().get().text(ExitLab.RULE));
        model.valuesProperty().set(model.valuesProperty().get().without(ExitLab.RULE));
        assertEquals("q:0.3", model.valuesProperty().get().text(ExitLab.RULE));
    }

    @Test
    void theBandIsAsWideAsIsAskedFor() {
        context.exitRuleProperty().set(ExitRule.q(0.5));
        assertTrue(
                model.flipHeadingProperty().get().contains("0.45 to 0.55"),
                model.flipHeadingProperty().get());
        int before = model.flipsProperty().get().size();
        set(ExitLab.DELTA, 0.25);
        assertTrue(
                model.flipHeadingProperty().get().contains("0.25 to 0.75"),
                model.flipHeadingProperty().get());
        assertTrue(model.flipsProperty().get().size() > before);
        assertTrue(
                Objects.requireNonNull(model.stepsProperty().get()).subtitle().contains("0.25 to 0.75"));
    }

    @Test
    void theServiceLoaderFindsIt() {
        List<PanelProvider> found = ServiceLoader.load(PanelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(List.of("exit"), found.stream().map(PanelProvider::id).toList());
        assertTrue(found.get(0).help().contains("arXiv:2510.25741"));
        assertTrue(found.get(0).help().contains("nominal"));
    }

    @Test
    void itsFiguresNeedNoWindow() {
        List<Figure> figures =
                new ExitProvider().figures(new PanelState(WELCOME, new Selection(14, 3), ExitRule.q(0.5)));
        assertEquals(
                List.of(
                        "exit-token",
                        "exit-histogram",
                        "exit-steps",
                        "exit-gate-reliability",
                        "exit-gate-scatter",
                        "exit-weighted"),
                figures.stream().map(Figure::id).toList());
        for (Figure figure : figures) {
            FigureExport.image(figure, 1, FigureTheme.DARK);
            assertTrue(figure.table().rowCount() > 0, figure.id());
        }
    }

    @Test
    void columnsAreFilledUpToTheExitInTheColoursOfTheSteps() {
        HeatmapFigure figure = ExitFigures.steps(WELCOME, ExitRule.fixed(3), 0);
        BufferedImage image = FigureExport.plain(figure, WIDTH, HEIGHT, 1, FigureTheme.LIGHT);
        for (int row = 0; row < 4; row++) {
            Rectangle2D cell = figure.cellBounds(row, 5, WIDTH, HEIGHT);
            Color color = new Color(image.getRGB((int) cell.getX() + 7, (int) cell.getY() + 7));
            assertEquals(row < 3, color.equals(FigureTheme.LIGHT.step(row + 1, 4)), "step " + (row + 1) + ": " + color);
        }
    }

    @Test
    void theTableSaysWhichTokensHangOnTheThreshold() {
        // By hand: CDF(1) of the last token is 0.09, so q = 0.1 ± 0.05 straddles it.
        Table table = ExitFigures.steps(WELCOME, ExitRule.q(0.1), 14).table();
        assertTrue(
                table.columnNames().containsAll(List.of("position", "step", "cdf", "exit_step", "flips_within_delta")));
        Table last = table.where(table.intColumn("position").isEqualTo(14));
        assertTrue(last.booleanColumn("flips_within_delta").get(0));
        Table first = table.where(table.intColumn("position").isEqualTo(0));
        assertFalse(first.booleanColumn("flips_within_delta").get(0));
    }

    @Test
    void theHistogramCountsEveryTokenOnce() {
        Table table = ExitFigures.histogram(WELCOME, ExitRule.q(0.5)).table();
        assertEquals(15, (int) table.intColumn("tokens").sum());
        assertEquals(7, table.intColumn("tokens").get(0));
        assertEquals(4, table.intColumn("tokens").get(1));
        assertEquals(4, table.intColumn("tokens").get(2));
    }

    @Test
    void draggingTheThresholdUpdatesEverything() {
        HeatmapFigure before = steps();
        var histogram = model.histogramProperty().get();
        String summary = model.summaryProperty().get();
        context.exitRuleProperty().set(ExitRule.q(0.95));
        assertNotSame(before, steps());
        assertNotSame(histogram, model.histogramProperty().get());
        assertFalse(summary.equals(model.summaryProperty().get()));
        assertTrue(steps().subtitle().contains("q = 0.95"), steps().subtitle());
    }

    @Test
    void theSummaryGivesMeanSavingAndAgreementWithItsInterval() {
        // exits 7 x 1, 4 x 2, 4 x 3: mean 27 / 15 = 1.80, 55 % fewer
        String summary = model.summaryProperty().get();
        assertTrue(summary.contains("mean 1.80 of 4 loops, 55 % fewer (nominal)"), summary);
        assertTrue(summary.contains("of 15 (") && summary.contains("95 % interval"), summary);
    }

    @Test
    void flippingTokensAreListedAndCanBeSelected() {
        context.exitRuleProperty().set(ExitRule.q(0.1));
        List<ExitViewModel.Flip> flips = model.flipsProperty().get();
        assertTrue(flips.contains(new ExitViewModel.Flip(14, "is")), flips.toString());
        model.selectToken(14);
        assertEquals(new Selection(14, 2), context.selectionProperty().get());
    }

    @Test
    void aRuleWithoutThresholdHasNoFlipsAndSaysItsName() {
        context.exitRuleProperty().set(ExitRule.fixed(2));
        assertTrue(model.flipsProperty().get().isEmpty());
        assertTrue(steps().subtitle().contains("fixed step 2"), steps().subtitle());
        context.exitRuleProperty().set(ExitRule.full());
        assertTrue(steps().subtitle().contains("full depth"), steps().subtitle());
        assertTrue(model.summaryProperty().get().contains("mean 4.00 of 4 loops, 0 % fewer"));
    }

    @Test
    void everyRuleWithAThresholdListsWhatHangsOnIt() throws LoopscopeException {
        assertEquals(
                "No token changes its exit within q 0.45 to 0.55",
                model.flipHeadingProperty().get());
        context.exitRuleProperty().set(ExitRule.parse("max-prob:0.5"));
        assertTrue(
                model.flipHeadingProperty().get().contains("max probability 0.45 to 0.55"),
                model.flipHeadingProperty().get());
        assertTrue(steps().subtitle().contains("max probability ≥ 0.50"), steps().subtitle());
        assertTrue(steps().subtitle().contains("number: max probability"), steps().subtitle());
        context.exitRuleProperty().set(ExitRule.parse("kl:0.01")); // 5 % of five decades: a factor of 1.78
        assertTrue(
                model.flipHeadingProperty().get().contains("KL to the step before 0.0056 to 0.018"),
                model.flipHeadingProperty().get());
        context.exitRuleProperty().set(ExitRule.full());
        assertEquals(
                "This rule has no threshold to move",
                model.flipHeadingProperty().get());
    }

    @Test
    void replayedAndRegeneratedAreToldApart() {
        assertEquals(
                "Replayed on the given text; nothing is run again.",
                model.originProperty().get());
        context.inspectionProperty().set(MadeUpRun.of(2, "a", "b").given(1).inspect()); // generated at full depth
        assertEquals(
                "Replayed: this text was generated with full depth; Run writes it anew with q = 0.50.",
                model.originProperty().get());
        context.exitRuleProperty().set(ExitRule.full());
        assertEquals(
                "Regenerated: this text was generated with this very rule.",
                model.originProperty().get());
    }

    @Test
    void theSelectedTokensFactsFollowTheSelection() {
        assertTrue(model.tokenFactsProperty().get().startsWith("leaves at loop 3 · expected loops 2.78"));
        context.selectionProperty().set(new Selection(0, 1));
        assertTrue(model.tokenFactsProperty().get().startsWith("leaves at loop 1"));
    }

    @Test
    void arrowKeysStopAtTheEnds() {
        model.move(100);
        assertEquals(14, context.selectionProperty().get().position());
        model.move(-100);
        assertEquals(0, context.selectionProperty().get().position());
    }

    @Test
    void theHoverGivesTheNumbersOfACell() {
        List<String> info = model.info(2, 14);
        assertEquals("loop 3 · token 15 “is”", info.get(0));
        assertTrue(info.get(1).contains("λ 0.9600") && info.get(1).contains("p 0.8037"), info.get(1));
        assertTrue(info.get(2).contains("leaves at loop 3 (q = 0.50)"), info.get(2));
    }

    @Test
    void withoutARunThereIsNothingToShow() {
        context.inspectionProperty().set(null);
        assertNull(model.tokenProperty().get());
        assertNull(model.stepsProperty().get());
        assertNull(model.histogramProperty().get());
        assertEquals("", model.summaryProperty().get());
        assertTrue(model.info(0, 0).isEmpty());
    }

    @Test
    void aClosedPanelNoLongerListens() {
        HeatmapFigure before = steps();
        model.dispose();
        context.exitRuleProperty().set(ExitRule.q(0.01));
        context.inspectionProperty().set(null);
        assertSame(before, steps());
    }

    @Test
    void aSingleStepIsNoSpecialCase() {
        context.inspectionProperty().set(MadeUpRun.of(1, "a").inspect());
        assertTrue(model.summaryProperty().get().contains("mean 1.00 of 1 loops"));
        FigureExport.image(steps(), 1, FigureTheme.LIGHT);
    }
}
