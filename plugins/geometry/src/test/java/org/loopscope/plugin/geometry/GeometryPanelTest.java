package org.loopscope.plugin.geometry;

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
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.Motion;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TextMeasure;
import org.loopscope.lab.Setting;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;

class GeometryPanelTest {
    private static final double WIDTH = 600;
    private static final double HEIGHT = 300;
    private static final Inspection RUN = MadeUpRun.ofLength(4, 6).layers(2).inspect();

    private final TestContext context = TestContext.showing(RUN);
    private final GeometryViewModel model = new GeometryViewModel(context, Runnable::run);

    @Test
    void theServiceLoaderFindsItForRunsOfTwoStepsOrMore() {
        List<PanelProvider> found = ServiceLoader.load(PanelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(List.of("geometry"), found.stream().map(PanelProvider::id).toList());
        assertTrue(found.get(0).supports(RUN));
        assertFalse(found.get(0).supports(MadeUpRun.of(1, "a").inspect()));
    }

    @Test
    void itsFiguresNeedNoWindow() {
        List<Figure> figures =
                new GeometryProvider().figures(new PanelState(RUN, new Selection(5, 3), ExitRule.q(0.5)));
        assertEquals(
                List.of("geometry-map", "geometry-curves", "geometry-orbits", "geometry-summary"),
                figures.stream().map(Figure::id).toList());
        for (Figure figure : figures) {
            FigureExport.image(figure, 1, FigureTheme.LIGHT);
            FigureExport.image(figure, 1, FigureTheme.DARK);
            assertTrue(figure.table().rowCount() > 0, figure.id());
            assertTrue(figure.subtitle().contains("float32"), figure.subtitle());
        }
    }

    @Test
    void aLongRunHasItsClassesInTheReport() {
        Inspection run = MadeUpRun.ofLength(12, 3).inspect();
        List<Figure> figures = new GeometryProvider().figures(PanelState.initial(run));
        assertEquals("geometry-motion", figures.get(4).id());
        FigureExport.image(figures.get(4), 1, FigureTheme.LIGHT);
        FigureExport.image(figures.get(5), 1, FigureTheme.LIGHT);
        assertTrue(
                figures.get(4).subtitle().startsWith("n = 3, "), figures.get(4).subtitle());
        assertEquals(3, figures.get(4).table().rowCount());
    }

    @Test
    void theMapIsColouredByTheValueAndTheFirstStepIsEmpty() {
        HeatmapFigure figure = MapFigure.of(RUN, Optional.empty(), GeometryValue.ACCELERATION, 0, 1);
        BufferedImage image = FigureExport.plain(figure, WIDTH, HEIGHT, 1, FigureTheme.LIGHT);
        Rectangle2D cell = figure.cellBounds(2, 4, WIDTH, HEIGHT);
        assertEquals(
                FigureTheme.LIGHT.probability(RUN.geometry().relativeAcceleration(3, 4)),
                new Color(image.getRGB((int) cell.getX() + 4, (int) cell.getY() + 4)));
        assertTrue(Double.isNaN(GeometryValue.RELATIVE_STEP.at(RUN.geometry(), 1, 0)));
        assertEquals("–", MapFigure.number(Double.NaN));
    }

    @Test
    void layersGetRowsOfTheirOwnWhereTheValueExistsBetweenThem() {
        Optional<LayerGeometry> layers = Optional.of(LayerGeometry.of(RUN.capture(), RunControl.none()));
        assertEquals(8, MapFigure.of(RUN, layers, GeometryValue.ANGLE, 0, 1).rows());
        assertEquals(4, MapFigure.of(RUN, layers, GeometryValue.DIRECTION, 0, 1).rows());
        model.layersProperty().set(true);
        HeatmapFigure map = Objects.requireNonNull(model.mapProperty().get());
        assertEquals(8, map.rows());
        model.select(5, 2);
        assertEquals(new Selection(2, 3), context.selectionProperty().get());
        assertEquals("“w2”, loop 3, layer 1", model.info(5, 2).get(0));
    }

    @Test
    void orbitsAreFittedToTheTokensAskedForAndSayTheirShares() {
        ChartFigure recent = Objects.requireNonNull(model.orbitsProperty().get());
        assertTrue(recent.subtitle().startsWith("one PCA of 20 states (5 tokens × all steps)"), recent.subtitle());
        model.orbitTokensProperty().set(GeometryViewModel.OrbitTokens.ALL);
        ChartFigure all = Objects.requireNonNull(model.orbitsProperty().get());
        assertTrue(all.subtitle().startsWith("one PCA of 24 states (6 tokens"), all.subtitle());
        model.layersProperty().set(true);
        assertTrue(Objects.requireNonNull(model.orbitsProperty().get())
                .subtitle()
                .startsWith("one PCA of 72 states (6 tokens × all steps and layers)"));
    }

    @Test
    void tokensThatAreSetShareThePlaneAndThoseOutsideTheRunAreLeftOut() {
        set(GeometryLab.TOKENS, List.of(0, 2, 99));
        ChartFigure two = Objects.requireNonNull(model.orbitsProperty().get());
        assertTrue(two.subtitle().startsWith("one PCA of 8 states (2 tokens"), two.subtitle());
        set(GeometryLab.TOKENS, List.of(99));
        ChartFigure recent = Objects.requireNonNull(model.orbitsProperty().get());
        assertTrue(recent.subtitle().startsWith("one PCA of 20 states (5 tokens"), recent.subtitle());
    }

    private <T> void set(Setting<T> setting, T value) {
        model.valuesProperty().set(model.valuesProperty().get().with(setting, value));
    }

    @Test
    void anotherTokenInTheSamePlaneNeedsNoNewFit() {
        model.orbitTokensProperty().set(GeometryViewModel.OrbitTokens.ALL);
        context.hold();
        ChartFigure before = model.orbitsProperty().get();
        model.selectToken(0);
        ChartFigure after = model.orbitsProperty().get();
        assertFalse(before == after);
        assertTrue(Objects.requireNonNull(after).description().contains("“w0”"));
    }

    @Test
    void withoutAModelThereIsNoLongRun() {
        assertFalse(model.longRunAvailableProperty().get());
        model.runLong();
        assertNull(model.motionProperty().get());
        assertTrue(model.motionInfo(0).isEmpty());
    }

    @Test
    void aNarrowCellOfTheMotionHasRoomForItsSign() {
        for (Motion.Kind kind : Motion.Kind.values()) {
            String sign = MotionFigure.sign(kind);
            assertEquals(-1, FigureTheme.LIGHT.monoBold(10).canDisplayUpTo(sign), kind.label());
            assertTrue(TextMeasure.width(sign + "16", FigureTheme.LIGHT.monoBold(10)) < 25, kind.label());
        }
    }

    @Test
    void theLongRunShowsWhereTheTokensOfTheEmbeddedModelEnd() throws LoopscopeException, IOException {
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = embedded.tokenizer().orElseThrow().encode(SampleCatalog.WELCOME_PROMPT);
            Inspection run = Inspection.of(
                    embedded.run(ids, RunOptions.steps(4), RunControl.none()), embedded, 5, RunControl.none());
            context.inspectionProperty().set(run);
            assertTrue(model.longRunAvailableProperty().get());
            model.runLong();
            HeatmapFigure motion = Objects.requireNonNull(model.motionProperty().get());
            assertTrue(motion.subtitle().startsWith("n = 15, settles "), motion.subtitle());
            assertEquals(
                    64,
                    Objects.requireNonNull(model.distanceProperty().get())
                            .table()
                            .rowCount());
            assertTrue(model.motionInfo(0).get(0).contains("settles"));
            String svg = FigureExport.svgText(motion, FigureTheme.LIGHT);
            assertTrue(svg.contains(">= settles<") && svg.contains(">=<"), "a sign that the legend names");
            assertTrue(model.longRunAvailableProperty().get());
            assertEquals("", model.progressProperty().get());
        }
    }

    @Test
    void aClosedModelIsAProblemInOneSentence() throws LoopscopeException {
        Inspection run;
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            run = Inspection.of(
                    embedded.run(new int[] {3, 4}, RunOptions.steps(2), RunControl.none()),
                    embedded,
                    5,
                    RunControl.none());
        }
        context.inspectionProperty().set(run);
        model.runLong();
        assertEquals(List.of("The long run could not be made: the model is closed"), context.problems());
    }

    @Test
    void aModelOpenedAgainServesRunsOfOneThatWasClosed() throws LoopscopeException {
        Inspection run;
        try (LoopedModel closed = Models.open(Models.EMBEDDED, RunControl.none())) {
            run = Inspection.of(
                    closed.run(new int[] {3, 4}, RunOptions.steps(2), RunControl.none()), closed, 5, RunControl.none());
        }
        context.inspectionProperty().set(run);
        try (LoopedModel again = Models.open(Models.EMBEDDED, RunControl.none())) {
            context.modelProperty().set(again);
            model.runLong();
            assertNotNull(model.motionProperty().get());
            assertEquals(List.of(), context.problems());
            context.modelProperty().set(null);
        }
    }

    @Test
    void anOlderFitIsDroppedWhenANewRunComes() {
        context.hold();
        Inspection other = MadeUpRun.ofLength(3, 4).inspect();
        context.inspectionProperty().set(MadeUpRun.ofLength(2, 9).inspect());
        context.inspectionProperty().set(other);
        context.runWaiting();
        assertTrue(Objects.requireNonNull(model.orbitsProperty().get())
                .subtitle()
                .startsWith("one PCA of 12 states (4 tokens"));
        assertTrue(
                Objects.requireNonNull(model.summaryProperty().get()).subtitle().startsWith("n = 4 tokens"));
    }

    @Test
    void withoutARunThereIsNothingToShow() {
        context.inspectionProperty().set(null);
        assertNull(model.mapProperty().get());
        assertNull(model.curvesProperty().get());
        assertNull(model.summaryProperty().get());
        assertNull(model.orbitsProperty().get());
        assertTrue(model.info(0, 0).isEmpty());
        model.move(1, 1);
        assertEquals(new Selection(5, 4), context.selectionProperty().get());
    }

    @Test
    void arrowKeysStayInsideTheRun() {
        model.move(-100, -100);
        assertEquals(new Selection(0, 1), context.selectionProperty().get());
        model.move(1, 2);
        assertEquals(new Selection(1, 3), context.selectionProperty().get());
        assertNotNull(model.curvesProperty().get());
    }

    @Test
    void aClosedPanelNoLongerListens() {
        HeatmapFigure before = model.mapProperty().get();
        model.dispose();
        context.selectionProperty().set(new Selection(0, 1));
        assertSame(before, model.mapProperty().get());
    }
}
