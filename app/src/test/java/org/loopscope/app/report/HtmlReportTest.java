package org.loopscope.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.testkit.PlainProvider;
import tech.tablesaw.api.Table;

class HtmlReportTest {
    private static Inspection inspection;

    @BeforeAll
    static void runAPrompt() throws Exception {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend's boss's teacher is");
            var capture = model.run(ids, RunOptions.steps(4), RunControl.none()).withPrompt("<b>Ann</b> & co");
            inspection = Inspection.of(capture, model.unembedding(), model.tokenizer(), 5, RunControl.none());
        }
    }

    /** A panel of somebody else. */
    private static final class Foreign extends PlainProvider {
        private final boolean supported;
        private final Supplier<List<Figure>> drawing;

        Foreign(String id, boolean supported, Supplier<List<Figure>> drawing) {
            super(id);
            this.supported = supported;
            this.drawing = drawing;
        }

        @Override
        public boolean supports(Inspection inspected) {
            return supported;
        }

        @Override
        public List<Figure> figures(PanelState state) {
            return drawing.get();
        }
    }

    private static String page(RunControl control, PanelProvider... panels) {
        return new HtmlReport(inspection, ExitRule.q(0.5), List.of(panels), List.of("A panel <x> could not be loaded."))
                .html(control);
    }

    @Test
    void aPanelThatThrowsIsToldAndTheOthersGoOn() {
        String page = page(
                RunControl.none(),
                new Foreign("broken", true, () -> {
                    throw new IllegalStateException("a < b");
                }),
                new Foreign("fine", true, HtmlReportTest::oneFigure));
        assertTrue(
                page.contains("This panel failed: java.lang.IllegalStateException: a &lt; b"),
                "the failure is not told");
        assertFalse(page.contains("Title of broken"), "half a section is shown");
        assertTrue(page.contains("<h2>Title of fine</h2>"), "the other panel is gone");
        assertTrue(page.contains("<p>Help, first.</p>\n<p>Help, second.</p>"));
    }

    private static List<Figure> oneFigure() {
        return List.of(new DepthChart(new ChartFigure.Heading("x", "Figure", "about", "text"), 2, 1)
                .line(new DepthChart.Line("a line", 0, false, List.of(new DepthChart.Point(1, 0.5, 0.5, 0.5)), ""))
                .build(() -> Table.create("t")));
    }

    @Test
    void aPanelWithoutAFigureForOneRunLeavesNoEmptySection() {
        String page = page(
                RunControl.none(),
                new Foreign("compares-runs", true, List::of),
                new Foreign("draws", true, HtmlReportTest::oneFigure));
        assertFalse(page.contains("compares-runs"), "an empty section is shown");
        assertTrue(page.contains("id=\"draws\""), "the panel after it is gone");
    }

    @Test
    void aPanelThatDoesNotSupportTheRunIsLeftOut() {
        assertFalse(
                page(RunControl.none(), new Foreign("other", false, List::of)).contains("Title of other"));
    }

    @Test
    void panelsThatCouldNotBeLoadedAreTold() {
        assertTrue(page(RunControl.none()).contains("A panel &lt;x&gt; could not be loaded."));
    }

    @Test
    void thePromptCannotBecomeMarkup() {
        String page = page(RunControl.none());
        assertFalse(page.contains("<b>Ann</b> &"));
        assertEquals(3, page.split("&lt;b&gt;Ann&lt;/b&gt; &amp; co", -1).length - 1, "title, heading, facts");
    }

    @Test
    void aCancelIsHeardBeforeEachPanel() {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        Foreign drawn = new Foreign("late", true, () -> {
            throw new AssertionError("drawn after the cancel");
        });
        assertThrows(CancellationException.class, () -> page(cancelled, drawn));
    }
}
