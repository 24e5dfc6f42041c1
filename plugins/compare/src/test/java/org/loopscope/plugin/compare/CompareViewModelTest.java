package org.loopscope.plugin.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.comparing.CompareFigures;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.PlainProvider;
import org.loopscope.plugin.testkit.TestContext;

class CompareViewModelTest {
    private static final double WIDTH = 600;
    private static final double HEIGHT = 300;

    /** Two loops; the last token is settled at loop 1 in B, at loop 2 in A. */
    private static final Inspection A = MadeUpRun.of(2, "x", "y", "z")
            .predict(1, 2, "x", 0.45)
            .predict(2, 2, "y", 0.9)
            .gate(1, 2, 0.1)
            .inspect();

    private static final Inspection B = MadeUpRun.of(2, "x", "y", "z")
            .predict(1, 2, "y", 0.7)
            .predict(2, 2, "y", 0.6)
            .gate(1, 2, 0.8)
            .inspect();

    /** Three loops of four tokens, the first two of them shared. */
    private static final Inspection LONGER = MadeUpRun.of(3, "x", "y", "x", "z").inspect();

    private final TestContext context = TestContext.showing(A);
    private final CompareViewModel model = new CompareViewModel(context, Runnable::run);

    private void compare(Inspection... runs) {
        List<NamedInspection> named = new ArrayList<>();
        for (Inspection run : runs) {
            named.add(new NamedInspection("#" + (named.size() + 1), run));
        }
        context.comparedRunsProperty().set(List.copyOf(named));
    }

    private HeatmapFigure heatmap(int run) {
        return model.heatmapsProperty().get().get(run);
    }

    private static Color color(HeatmapFigure figure, int row, int column) {
        BufferedImage image = FigureExport.plain(figure, WIDTH, HEIGHT, 1, FigureTheme.LIGHT);
        Rectangle2D cell = figure.cellBounds(row, column, WIDTH, HEIGHT);
        return new Color(image.getRGB((int) cell.getX() + 8, (int) cell.getY() + 5));
    }

    @Test
    void theServiceLoaderFindsItForAnyRunAndTheReportHasNothingOfIt() {
        List<PanelProvider> found = ServiceLoader.load(PanelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(List.of("compare"), found.stream().map(PanelProvider::id).toList());
        assertTrue(found.get(0).supports(A));
        assertEquals(List.of(), found.get(0).figures(PanelState.initial(A)));
    }

    @Test
    void withoutChosenRunsThereIsNothing() {
        assertNull(model.comparisonProperty().get());
        assertEquals(List.of(), model.heatmapsProperty().get());
        assertNull(model.curveProperty().get());
        assertTrue(model.numbersProperty().get().isEmpty());
        model.select(0, 0);
        model.move(1, 0);
        assertEquals(new Selection(2, 2), context.selectionProperty().get());
    }

    @Test
    void everyRunHasAHeatmapOnTheSameScale() {
        compare(A, B);
        assertEquals(2, model.heatmapsProperty().get().size());
        assertEquals("compare-a", heatmap(0).id());
        assertEquals("A: #1", heatmap(0).title());
        assertEquals("B: #2", heatmap(1).title());
        assertEquals(FigureTheme.LIGHT.probability(0.45), color(heatmap(0), 0, 2));
        assertEquals(FigureTheme.LIGHT.probability(0.7), color(heatmap(1), 0, 2));
        assertTrue(
                heatmap(1).subtitle().contains("same tokens, by index"),
                heatmap(1).subtitle());
        assertTrue(heatmap(1).subtitle().contains("float32"), heatmap(1).subtitle());
    }

    @Test
    void differencesAreDrawnInTwoColoursAndAStaysAsItIs() {
        compare(A, B);
        model.differenceProperty().set(true);
        assertEquals("B − A: #2", heatmap(1).title());
        assertEquals(FigureTheme.LIGHT.probability(0.45), color(heatmap(0), 0, 2));
        assertEquals(FigureTheme.LIGHT.diverging(0.25 / 0.3), color(heatmap(1), 0, 2)); // 0.7 − 0.45
        assertEquals(FigureTheme.LIGHT.diverging(-1), color(heatmap(1), 1, 2)); // 0.6 − 0.9, the largest
        assertEquals(FigureTheme.LIGHT.diverging(0), color(heatmap(1), 0, 0));
        assertTrue(
                heatmap(1).description().contains("largest −0.30 at loop 2 after “z”"),
                heatmap(1).description());
    }

    @Test
    void aValueBetweenTwoRunsLeavesTheProbabilityInA() {
        compare(A, B);
        model.valueProperty().set(CompareValue.SAME_TOP1);
        assertEquals(FigureTheme.LIGHT.probability(0.45), color(heatmap(0), 0, 2));
        assertEquals(FigureTheme.LIGHT.probability(0.75), color(heatmap(1), 0, 2)); // x and y
        assertEquals(FigureTheme.LIGHT.probability(0.08), color(heatmap(1), 1, 2)); // both y
        assertTrue(
                heatmap(1).description().startsWith("B says the same top-1 token as A in 5 of 6 places"),
                heatmap(1).description());
    }

    @Test
    void whatHasNoPartnerIsHatchedAndNotZero() {
        compare(A, LONGER);
        model.differenceProperty().set(true);
        assertEquals(4, heatmap(0).columns());
        assertEquals(3, heatmap(0).rows());
        model.select(2, 3); // only the longer run has it
        assertEquals(new Selection(2, 2), context.selectionProperty().get(), "the shared selection is one of A");
        List<String> ofA = model.numbersProperty().get().orElseThrow().lines().get(1);
        assertEquals("no token here", ofA.get(1));
        assertEquals("–", ofA.get(4));
        assertEquals(Optional.of(new HeatmapFigure.Cell(2, 3)), heatmap(1).selected());
        for (int run = 0; run < 2; run++) {
            FigureExport.image(heatmap(run), 1, FigureTheme.DARK);
        }
    }

    @Test
    void tokensAndLoopsAreAlignedAsChosen() {
        compare(A, LONGER);
        assertTrue(
                heatmap(1).subtitle().endsWith("first 2 tokens the same, then by index from the start"),
                heatmap(1).subtitle());
        model.tokensProperty().set(TokenMatch.FROM_END);
        model.loopsProperty().set(LoopMatch.FROM_LAST);
        assertEquals(
                Optional.of(new HeatmapFigure.Cell(2, 3)), heatmap(0).selected(), "the last of A below the last of B");
        assertTrue(
                heatmap(1).subtitle().endsWith("last loop with last loop"),
                heatmap(1).subtitle());
        ChartFigure curve = Objects.requireNonNull(model.curveProperty().get());
        assertTrue(curve.subtitle().endsWith("loops counted as in the longest run"), curve.subtitle());
    }

    @Test
    void pointingAtACellShowsTheNumbersOfAllRunsAndLeavingGoesBackToTheSelection() {
        compare(A, B);
        assertEquals(
                "loop 2 after “z”", model.numbersProperty().get().orElseThrow().title());
        model.point(Optional.of(new HeatmapFigure.Cell(0, 2)));
        assertEquals(
                Optional.of(new HeatmapFigure.Cell(0, 2)),
                model.cursorProperty().get());
        CellNumbers numbers = model.numbersProperty().get().orElseThrow();
        assertEquals("loop 1 after “z”", numbers.title());
        assertEquals(
                List.of("A", "z", "1", "x", "0.450"), numbers.lines().get(1).subList(0, 5));
        assertEquals(
                List.of("B", "z", "1", "y", "0.700"), numbers.lines().get(2).subList(0, 5));
        assertEquals("different", numbers.lines().get(2).get(9));
        assertEquals(new Selection(2, 2), context.selectionProperty().get(), "pointing selects nothing");
        model.point(Optional.empty());
        assertEquals(
                "loop 2 after “z”", model.numbersProperty().get().orElseThrow().title());
    }

    @Test
    void theSelectionIsSharedWithTheOtherPanels() {
        compare(A, B);
        model.select(0, 1);
        assertEquals(new Selection(1, 1), context.selectionProperty().get());
        context.selectionProperty().set(new Selection(2, 1));
        assertEquals(Optional.of(new HeatmapFigure.Cell(0, 2)), heatmap(1).selected());
        model.move(-5, 1);
        assertEquals(new Selection(0, 2), context.selectionProperty().get());
    }

    @Test
    void curvesHaveALineForEveryRunOrForEveryDifference() {
        compare(A, B);
        ChartFigure exits = Objects.requireNonNull(model.exitCurveProperty().get());
        assertEquals("Exit CDF at “z”", exits.title());
        assertEquals(List.of("A", "B"), names(exits));
        model.differenceProperty().set(true);
        ChartFigure difference =
                Objects.requireNonNull(model.exitCurveProperty().get());
        assertEquals(List.of("B − A"), names(difference));
        assertTrue(difference.description().contains("B: +0.70 0.000"), difference.description()); // 0.8 − 0.1, 1 − 1
        FigureExport.image(difference, 1, FigureTheme.LIGHT);
    }

    private static List<String> names(ChartFigure figure) {
        return figure.legend().orElseThrow().entries().stream()
                .map(e -> e.label())
                .toList();
    }

    @Test
    void theExitFrameFollowsTheRule() {
        compare(A, B);
        List<String> before =
                model.numbersProperty().get().orElseThrow().lines().get(1);
        context.exitRuleProperty().set(ExitRule.q(0.05));
        List<String> after = model.numbersProperty().get().orElseThrow().lines().get(1);
        assertEquals("2", before.get(8));
        assertEquals("1", after.get(8));
    }

    @Test
    void distributionsAndStatesAreComparedInTheBackground() {
        context.hold();
        model.valueProperty().set(CompareValue.KL);
        compare(A, B);
        assertEquals(List.of(), model.heatmapsProperty().get(), "not shown before it is known");
        context.runWaiting();
        assertEquals(2, model.heatmapsProperty().get().size());
        CellNumbers numbers = model.numbersProperty().get().orElseThrow();
        assertEquals(
                List.of("A's answer", "KL(A ‖ run)", "distance", "cosine"),
                numbers.lines().get(0).subList(10, 14));
        assertEquals("0.600", numbers.lines().get(2).get(10), "B gives A's answer, y, 0.6 at loop 2");
        compare(A, B, LONGER);
        model.dispose();
        context.runWaiting();
        assertEquals(2, model.heatmapsProperty().get().size(), "a closed panel is left as it was");
    }

    @Test
    void thePinnedTokenIsFollowed() {
        compare(A, B);
        model.valueProperty().set(CompareValue.TOKEN);
        assertTrue(
                model.noteProperty().get().startsWith("No token is pinned."),
                model.noteProperty().get());
        context.pinnedTokensProperty().set(List.of(1)); // y
        assertEquals("", model.noteProperty().get());
        assertEquals(FigureTheme.LIGHT.probability(0.9), color(heatmap(0), 1, 2));
        assertTrue(
                heatmap(0).subtitle().startsWith("probability of “y”"),
                heatmap(0).subtitle());
    }

    @Test
    void fourRunsAreShownAndOneFewerTakesItsCardAway() {
        compare(A, B, LONGER, B);
        assertEquals(4, model.heatmapsProperty().get().size());
        compare(A, B, LONGER);
        assertEquals(3, model.heatmapsProperty().get().size());
        assertEquals(List.of("T", "trained T", "prompt", "tokens given"), differing());
        compare(A);
        assertEquals(List.of(), model.heatmapsProperty().get());
        assertEquals(List.of(), model.factsProperty().get());
    }

    private List<String> differing() {
        return model.factsProperty().get().stream()
                .filter(fact -> !fact.same())
                .map(fact -> fact.name())
                .toList();
    }

    @Test
    void everyValueCanBeDrawnForEveryRunAndAllTogether() {
        compare(A, B, LONGER);
        context.pinnedTokensProperty().set(List.of(0));
        for (boolean difference : new boolean[] {false, true}) {
            model.differenceProperty().set(difference);
            for (CompareValue value : CompareViewModel.VALUES) {
                model.valueProperty().set(value);
                for (HeatmapFigure figure : model.heatmapsProperty().get()) {
                    FigureExport.image(figure, 1, FigureTheme.LIGHT);
                    assertTrue(figure.table().rowCount() > 0);
                }
                assertNotNull(model.curveProperty().get(), value.label());
                assertEquals(3, model.heatmapsProperty().get().size(), value.label());
            }
        }
        ComparedValue entropy = ComparedValue.of(
                Objects.requireNonNull(model.comparisonProperty().get()),
                CompareValue.ENTROPY,
                ExitRule.full(),
                Optional.empty(),
                Optional.empty());
        assertEquals(9, CompareFigures.all(entropy, false).rows(), "three runs of up to three loops");
        assertEquals(6, CompareFigures.all(entropy, true).rows(), "without A");
        FigureExport.image(CompareFigures.all(entropy, true), 1, FigureTheme.LIGHT);
    }

    // ---- lines that coincide

    @Test
    void runsThatDrawTheSameLineAreNamed() {
        compare(A, A, LONGER, B);
        context.selectionProperty().set(new Selection(0, 1)); // where all are alike
        ChartFigure curve = Objects.requireNonNull(model.exitCurveProperty().get());
        assertTrue(curve.subtitle().contains("B equals A"), curve.subtitle());
        compare(A, LONGER);
        curve = Objects.requireNonNull(model.curveProperty().get());
        assertTrue(curve.subtitle().endsWith("B equals A in the loops that both have"), curve.subtitle());
        compare(A, B);
        context.selectionProperty().set(new Selection(2, 1));
        curve = Objects.requireNonNull(model.curveProperty().get());
        assertFalse(curve.subtitle().contains("equals"), curve.subtitle());
    }

    @Test
    void aLineUnderAnotherIsWiderThanIt() {
        compare(A, A);
        ChartFigure curve = Objects.requireNonNull(model.curveProperty().get());
        XYPlot plot = (XYPlot) curve.chart(FigureTheme.LIGHT).getPlot();
        float a = ((BasicStroke) plot.getRenderer().getSeriesStroke(0)).getLineWidth();
        float b = ((BasicStroke) plot.getRenderer().getSeriesStroke(1)).getLineWidth();
        assertEquals(SeriesRenderingOrder.REVERSE, plot.getSeriesRenderingOrder(), "A is drawn last");
        assertTrue(b >= a + 2, a + " and " + b);
    }

    // ---- figures of other panels

    private static final HeatmapFigure GRID = HeatmapFigure.builder("grid", "Grid")
            .rows(Axis.loops("", 2))
            .columns("", List.of("1"))
            .values(ValueScale.probability(""), (row, column) -> row)
            .build();

    /** A panel with one figure of A, twice of others; it throws for LONGER. */
    private static final class Fake extends PlainProvider {
        Fake() {
            super("fake");
        }

        @Override
        public String title() {
            return "Fake";
        }

        @Override
        public List<Figure> figures(PanelState state) {
            if (state.inspection() == LONGER) {
                throw new IllegalStateException("too long");
            }
            return state.inspection() == A ? List.of(GRID) : List.of(GRID, GRID);
        }
    }

    private PanelFiguresViewModel choose(CompareViewModel of, String title) {
        PanelFiguresViewModel figures = of.figures();
        figures.choiceProperty()
                .set(figures.choices().stream()
                        .filter(c -> c.title().equals(title))
                        .findFirst()
                        .orElseThrow());
        return figures;
    }

    @Test
    void anyPanelsFiguresCanBeChosenAndTheDifferenceStandsBesideThem() {
        CompareViewModel with = new CompareViewModel(context.with(new Fake()), Runnable::run);
        assertEquals(
                List.of("values of this panel", "Loop × layer at the selected token", "Fake"),
                with.figures().choices().stream()
                        .map(PanelFiguresViewModel.Choice::title)
                        .toList());
        compare(A, B);
        PanelFiguresViewModel figures = choose(with, "Fake");
        assertEquals(
                List.of("fake/grid", "fake/grid-2"),
                figures.entriesProperty().get().stream().map(e -> e.name()).toList());
        PanelFiguresViewModel.Shown shown =
                Objects.requireNonNull(figures.shownProperty().get());
        assertEquals("fake/grid", shown.entry().name());
        assertEquals(List.of("#1", "#2"), shown.names());
        assertTrue(shown.differences().get(0).figure().isPresent());
        figures.entryProperty().set(figures.entriesProperty().get().get(1));
        shown = Objects.requireNonNull(figures.shownProperty().get());
        assertEquals(
                "A has no such figure, so there is no difference.",
                shown.differences().get(0).sentence());
        context.selectionProperty().set(new Selection(0, 1)); // made again: the choice stays
        assertEquals(
                "fake/grid-2",
                Objects.requireNonNull(figures.shownProperty().get()).entry().name());
        with.dispose();
    }

    @Test
    void aPanelThatFailsForOneRunIsToldInASentence() {
        CompareViewModel with = new CompareViewModel(context.with(new Fake()), Runnable::run);
        compare(A, LONGER);
        PanelFiguresViewModel figures = choose(with, "Fake");
        assertEquals(
                "The panel Fake failed for run B: too long.",
                figures.noteProperty().get());
        assertEquals(
                "B has no such figure, so there is no difference.",
                Objects.requireNonNull(figures.shownProperty().get())
                        .differences()
                        .get(0)
                        .sentence());
        assertEquals(List.of(), context.problems());
        with.dispose();
    }

    @Test
    void withoutLayerStatesTheReaderIsToldWhatToDo() {
        compare(A, B);
        PanelFiguresViewModel figures = choose(model, "Loop × layer at the selected token");
        assertEquals(
                "These runs were captured without layer states. Tick “layer states” below T and run them again.",
                figures.noteProperty().get());
        assertNull(figures.shownProperty().get());
    }

    @Test
    void onlyTheFiguresOfTheLastSelectionArriveAndTheyEndWithTheComparison() {
        CompareViewModel with = new CompareViewModel(context.with(new Fake()), Runnable::run);
        compare(A, B);
        context.hold();
        PanelFiguresViewModel figures = choose(with, "Fake");
        context.selectionProperty().set(new Selection(0, 1));
        assertNull(figures.shownProperty().get());
        assertEquals(
                "Making the figures of every run …", figures.progressProperty().get());
        context.runWaiting();
        assertNotNull(figures.shownProperty().get());
        assertEquals("", figures.progressProperty().get());
        context.comparedRunsProperty().set(List.of());
        assertNull(figures.shownProperty().get());
        with.dispose();
    }

    @Test
    void aCellOfAFigureThatStandsForATokenSelectsIt() {
        compare(A, B);
        model.select(OptionalInt.empty(), OptionalInt.of(1));
        assertEquals(new Selection(1, 2), context.selectionProperty().get());
        model.select(OptionalInt.of(0), OptionalInt.empty());
        assertEquals(new Selection(1, 1), context.selectionProperty().get());
        model.select(OptionalInt.empty(), OptionalInt.empty());
        assertEquals(new Selection(1, 1), context.selectionProperty().get());
    }
}
