package org.loopscope.plugin.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jfree.chart.ChartRenderingInfo;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Bin;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DotCloud;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;

class LabViewModelTest {
    private static final Inspection WELCOME = WelcomeRun.run().inspect();

    private final TestContext context = TestContext.showing(WELCOME);
    private final LabViewModel model = new LabViewModel(context, Runnable::run);

    @Test
    void nothingIsComputedBeforeItIsLookedAt() {
        context.hold();
        assertNull(model.reliabilityProperty().get());
        model.look();
        assertNull(model.reliabilityProperty().get());
        context.runWaiting();
        assertNotNull(model.reliabilityProperty().get());
        assertNotNull(model.weightedProperty().get());
    }

    @Test
    void onlyTheLatestRunIsShown() {
        context.hold();
        model.look();
        context.inspectionProperty().set(MadeUpRun.of(2, "a", "b", "c").inspect());
        context.runWaiting();
        assertEquals(3, Objects.requireNonNull(model.weightedProperty().get()).columns());
        context.inspectionProperty().set(null);
        assertNull(model.weightedProperty().get());
        assertEquals("", model.warningsProperty().get());
    }

    @Test
    void theScatterShowsWhatIsChosenBesideLambda() {
        model.look();
        for (GateFigures.Beside beside : GateFigures.Beside.values()) {
            model.besideProperty().set(beside);
            var figure = Objects.requireNonNull(model.scatterProperty().get());
            assertEquals("λ and " + beside.title, figure.title());
            FigureExport.image(figure, 1, FigureTheme.DARK);
        }
    }

    @Test
    void aDotOfManyTellsItsTokenItsLoopAndItsNumbers() {
        String[] tokens = new String[200];
        Arrays.fill(tokens, "x");
        var inspection = MadeUpRun.of(4, tokens).inspect();
        GateDiagnosis gate = GateDiagnosis.of(inspection);
        ChartFigure figure = GateFigures.scatter(inspection, gate, GateFigures.Beside.ENTROPY);
        ChartRenderingInfo places = new ChartRenderingInfo();
        BufferedImage image = new BufferedImage(520, 340, BufferedImage.TYPE_INT_ARGB);
        figure.drawChart(image.createGraphics(), 520, 340, FigureTheme.LIGHT, places);
        var area = places.getPlotInfo().getDataArea();
        Set<String> texts = new TreeSet<>();
        for (double x = area.getX(); x < area.getMaxX(); x += 4) {
            for (double y = area.getY(); y < area.getMaxY(); y += 4) {
                if (places.getEntityCollection().getEntity(x, y) instanceof DotCloud.Places dots) {
                    texts.add(dots.textAt(x, y));
                }
            }
        }
        texts.remove("");
        Set<String> wanted = gate.points().stream()
                .map(p -> String.format(
                        Locale.ROOT,
                        "token %d “x”, loop %d: entropy %.3f, λ %.3f",
                        p.position() + 1,
                        p.step(),
                        p.entropy(),
                        p.lambda()))
                .collect(Collectors.toSet());
        assertTrue(texts.size() > 3, texts::toString);
        assertTrue(wanted.containsAll(texts), () -> texts + " of " + wanted);
    }

    @Test
    void theWarningCountsGatesThatNoLabelAsksFor() {
        // Two tokens, three steps; the second token has none that follows it. λ 0.6, 0.5 and, not read by p, 0.9.
        MadeUpRun run =
                MadeUpRun.of(3, "a", "b").gate(1, 0, 0.6).gate(2, 0, 0.5).gate(3, 0, 0.9);
        context.inspectionProperty().set(run.inspect());
        model.look();
        assertTrue(
                model.warningsProperty()
                        .get()
                        .startsWith("λ is above 0.5622, the most that Stage II can ask for, at 1 of 2"),
                model.warningsProperty().get());
    }

    @Test
    void barsOfTheCalibrationStayWhereAMeanLabelCanBe() {
        GateBins.Dot high = GateFigures.dot(new Bin(0.2, 0.3, 3, 0.25, 0.8125, 0.375));
        assertEquals(0.4375, high.low());
        assertEquals(1, high.high(), "0.8125 + 0.375 is no mean of labels");
        GateBins.Dot low = GateFigures.dot(new Bin(0.2, 0.3, 3, 0.25, 0.25, 0.375));
        assertEquals(0, low.low());
        assertEquals(0.625, low.high());
        GateBins.Dot single = GateFigures.dot(new Bin(0.2, 0.3, 1, 0.25, 0.5, Double.NaN));
        assertTrue(Double.isNaN(single.low()) && Double.isNaN(single.high()), "one point has no bar");
    }

    @Test
    void theHoverNamesTheMixture() {
        model.look();
        assertTrue(model.info(0, 3).get(0).startsWith("mixture of logits · token 4"));
        assertTrue(model.info(2, 3).get(0).startsWith("full depth"));
    }

    @Test
    void aSingleTokenHasNoGateToJudge() {
        context.inspectionProperty().set(MadeUpRun.of(1, "a").inspect());
        model.look();
        FigureExport.image(Objects.requireNonNull(model.reliabilityProperty().get()), 1, FigureTheme.LIGHT);
        assertEquals(
                0, Objects.requireNonNull(model.scatterProperty().get()).table().rowCount());
    }
}
