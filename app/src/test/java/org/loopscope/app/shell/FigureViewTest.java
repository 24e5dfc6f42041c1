package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.BoundingBox;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.jfree.chart.fx.ChartViewer;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.FigureView;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.testkit.TestContext;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;
import tech.tablesaw.api.Table;

@ExtendWith({NeedsTextDrawing.class, ApplicationExtension.class})
class FigureViewTest {
    private FigureView view;
    private StackPane root;

    @Start
    void start(Stage stage) {
        view = new FigureView();
        root = new StackPane(view);
        Scene scene = new Scene(root, 480, 280);
        scene.getStylesheets().add(FigureCard.STYLESHEET);
        stage.setScene(scene);
        stage.show();
    }

    /** Draws nothing but one colour; {@code drawing} is called with each drawing. */
    private record Plain(Color color, Runnable drawing) implements Figure {
        @Override
        public String id() {
            return "plain";
        }

        @Override
        public String title() {
            return "Plain";
        }

        @Override
        public String subtitle() {
            return "";
        }

        @Override
        public double preferredWidth() {
            return 480;
        }

        @Override
        public double preferredHeight() {
            return 280;
        }

        @Override
        public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
            drawing.run();
            g.setColor(color);
            g.fillRect(0, 0, (int) Math.ceil(width), (int) Math.ceil(height));
        }

        @Override
        public Table table() {
            return Table.create("plain");
        }

        @Override
        public String description() {
            return "";
        }
    }

    private void untilDrawn(FigureView shown) {
        try {
            WaitForAsyncUtils.waitFor(
                    20, TimeUnit.SECONDS, () -> WaitForAsyncUtils.waitForAsyncFx(10_000, shown::isDrawn));
        } catch (TimeoutException e) {
            throw new AssertionError("not drawn", e);
        }
    }

    private BufferedImage seen() {
        return WaitForAsyncUtils.waitForAsyncFx(
                10_000, () -> SwingFXUtils.fromFXImage(view.snapshot(new SnapshotParameters(), null), null));
    }

    /** Bars of one colour, each with its count above it: JFreeChart's canvas paints some of them like the text. */
    private static ChartFigure bars() {
        return new ChartFigure(
                new ChartFigure.Heading("bars", "Bars", "", ""),
                480,
                280,
                theme -> {
                    XYSeries counts = new XYSeries("tokens");
                    for (int step = 1; step <= 4; step++) {
                        counts.add(step, 10 + step);
                    }
                    XYSeriesCollection data = new XYSeriesCollection(counts);
                    data.setIntervalWidth(0.8);
                    XYBarRenderer renderer = ChartStyle.flat(new XYBarRenderer());
                    renderer.setSeriesPaint(0, theme.accent());
                    renderer.setDefaultItemLabelGenerator(
                            (d, series, item) -> Integer.toString((int) d.getYValue(series, item)));
                    renderer.setDefaultItemLabelsVisible(true);
                    renderer.setDefaultItemLabelPaint(theme.text());
                    renderer.setDefaultItemLabelFont(theme.bold(12));
                    XYPlot plot = ChartStyle.stepPlot(4, "loop step", ChartStyle.countAxis("tokens", 14), theme);
                    plot.setDataset(data);
                    plot.setRenderer(renderer);
                    return ChartStyle.chart(plot, theme);
                },
                () -> Table.create("bars"));
    }

    @Test
    void aChartIsThatOfTheFile(FxRobot robot) {
        ChartFigure bars = bars();
        robot.interact(() -> view.figureProperty().set(bars));
        untilDrawn(view);
        int width = (int) view.getWidth();
        int height = (int) view.getHeight();
        BufferedImage file = // in the text size that the tests before left to the toolkit
                FigureExport.plain(bars, view.figureWidth(), view.figureHeight(), view.zoom(), FigureTheme.LIGHT);
        BufferedImage shown = seen();
        int[] expected = file.getRGB(0, 0, width, height, null, 0, width);
        int[] painted = shown.getRGB(0, 0, width, height, null, 0, width);
        int most = IntStream.range(0, expected.length)
                .map(i -> difference(expected[i], painted[i]))
                .max()
                .orElseThrow();
        assertTrue(
                most <= 2,
                "a channel differs by " + most + " of 255"); // painting rounds; other text or bars are far off
        assertTrue(IntStream.of(expected)
                        .filter(p -> p == FigureTheme.LIGHT.accent().getRGB())
                        .count()
                > 1000);
    }

    /** Of the channel that differs most. */
    private static int difference(int one, int other) {
        return IntStream.of(0, 8, 16, 24)
                .map(shift -> Math.abs((one >> shift & 0xff) - (other >> shift & 0xff)))
                .max()
                .orElseThrow();
    }

    @Test
    void figuresAreDrawnOffTheFxThreadAndOnlyTheLastOfAnEvent(FxRobot robot) {
        AtomicInteger drawn = new AtomicInteger();
        AtomicReference<String> thread = new AtomicReference<>("");
        Runnable drawing = () -> {
            drawn.incrementAndGet();
            thread.set(Thread.currentThread().getName());
        };
        robot.interact(() -> {
            for (int i = 0; i < 50; i++) {
                view.figureProperty().set(new Plain(new Color(0x102030 + i), drawing));
            }
        });
        untilDrawn(view);
        assertEquals(1, drawn.get());
        assertEquals("loopscope-figures", thread.get());
        assertEquals(0xff102030 + 49, seen().getRGB(100, 100));
    }

    @Test
    void thePictureBeforeStaysUntilTheNewOneIsThereAndThenOnlyTheLastOneIsDrawn(FxRobot robot) throws Exception {
        robot.interact(() -> view.figureProperty().set(new Plain(Color.GREEN, () -> {})));
        untilDrawn(view);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        robot.interact(() -> view.figureProperty().set(new Plain(Color.RED, () -> {
            begun.countDown();
            await(go);
        })));
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        AtomicInteger between = new AtomicInteger();
        robot.interact(() -> view.figureProperty().set(new Plain(Color.BLACK, between::incrementAndGet)));
        robot.interact(() -> view.figureProperty().set(new Plain(Color.BLUE, () -> {})));
        WaitForAsyncUtils.waitForFxEvents();
        assertFalse(WaitForAsyncUtils.waitForAsyncFx(10_000, view::isDrawn));
        assertEquals(Color.GREEN.getRGB(), seen().getRGB(100, 100));
        go.countDown();
        untilDrawn(view);
        assertEquals(Color.BLUE.getRGB(), seen().getRGB(100, 100));
        assertEquals(0, between.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFigureThatThrowsLeavesTheOthersDrawn(FxRobot robot) {
        List<String> told = new CopyOnWriteArrayList<>();
        robot.interact(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> told.add(e.getMessage()));
            view.figureProperty().set(new Plain(Color.RED, () -> {
                throw new IllegalStateException("cannot be drawn");
            }));
        });
        untilDrawn(view);
        WaitForAsyncUtils.waitForFxEvents();
        robot.interact(() -> Thread.currentThread().setUncaughtExceptionHandler(null));
        assertEquals(List.of("cannot be drawn"), told);
        robot.interact(() -> view.figureProperty().set(new Plain(Color.BLUE, () -> {})));
        untilDrawn(view);
        assertEquals(Color.BLUE.getRGB(), seen().getRGB(100, 100));
    }

    private static HeatmapFigure grid(int columns) {
        return HeatmapFigure.builder("grid", "Grid")
                .rows("step", List.of("1", "2"))
                .columns("token", Collections.nCopies(columns, "t"))
                .values(ValueScale.probability("p"), (row, column) -> 0.5)
                .selected(new HeatmapFigure.Cell(0, 40))
                .build();
    }

    @Test
    void figuresFollowTheTextSizeAndCellsAreFoundWhereTheyAreDrawn(FxRobot robot) {
        FigureCard card = new FigureCard("grid", "Grid", new TestContext(), () -> "");
        AtomicReference<String> clicked = new AtomicReference<>("");
        robot.interact(() -> {
            HeatmapView heatmap = new HeatmapView(card, (row, column) -> Optional.empty());
            heatmap.setOnSelect((row, column) -> clicked.set(row + " " + column));
            heatmap.figureProperty().set(grid(60));
            root.getChildren().setAll(card);
            root.setStyle("-fx-font-size: 13px;");
        });
        untilDrawn(card.view());
        double usual = card.view().prefHeight(-1);
        int columns = shownColumns(card);
        robot.interact(() -> root.setStyle("-fx-font-size: 26px;"));
        untilDrawn(card.view());
        assertEquals(2, card.view().zoom(), 1e-9);
        assertEquals(2 * usual, card.view().prefHeight(-1), 1e-9);
        assertTrue(shownColumns(card) < columns * 0.6, shownColumns(card) + " of " + columns);
        HeatmapFigure scrolled = (HeatmapFigure) card.figureProperty().get();
        assertTrue(scrolled.shows(1, 40), "the selected column is out of sight");

        var cell = scrolled.cellBounds(
                1, 40, card.view().figureWidth(), card.view().figureHeight());
        var place = card.view()
                .localToScreen(
                        new BoundingBox(2 * cell.getX(), 2 * cell.getY(), 2 * cell.getWidth(), 2 * cell.getHeight()));
        robot.clickOn(place.getCenterX(), place.getCenterY());
        assertEquals("1 40", clicked.get());
    }

    private static int shownColumns(FigureCard card) {
        HeatmapFigure shown = (HeatmapFigure) card.figureProperty().get();
        int count = 0;
        for (int column = 0; column < shown.columns(); column++) {
            count += shown.shows(0, column) ? 1 : 0;
        }
        return count;
    }

    @Test
    void aChartInALargeWindowStandsInJFreeChartsViewer(FxRobot robot) {
        FigureCard card = new FigureCard("chart", "Chart", new TestContext(), () -> "");
        robot.interact(() -> {
            root.getChildren().setAll(card);
            card.figureProperty().set(bars());
        });
        robot.clickOn("#card-chart-maximise");
        ChartViewer viewer = robot.lookup("#large-chart").queryAs(ChartViewer.class);
        double whole = viewer.getChart().getXYPlot().getDomainAxis().getRange().getLength();
        robot.interact(() -> viewer.getChart().getXYPlot().getDomainAxis().setRange(1, 1.5));
        robot.doubleClickOn(viewer);
        assertEquals(
                whole, viewer.getChart().getXYPlot().getDomainAxis().getRange().getLength(), 1e-9);
        robot.interact(() -> ((Stage) viewer.getScene().getWindow()).close());
    }
}
