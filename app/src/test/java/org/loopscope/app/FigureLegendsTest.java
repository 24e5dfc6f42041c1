package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.testkit.LegendLooks;

/** In every chart of a run, of as many steps as there can be, every line can be told from the others. */
class FigureLegendsTest {
    @Test
    void noTwoLinesOfAChartLookAlike() throws LoopscopeException {
        int charts = 0;
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend's boss is");
            var capture = model.run(ids, RunOptions.steps(RunOptions.MAX_STEPS).withLayers(true), RunControl.none());
            Inspection inspection =
                    Inspection.of(capture, model.unembedding(), model.tokenizer(), 5, RunControl.none());
            for (PanelProvider provider : PanelRegistry.load((sentence, thrown) -> {
                throw new AssertionError(sentence, thrown);
            })) {
                for (Figure figure : provider.figures(PanelState.initial(inspection))) {
                    if (figure instanceof ChartFigure chart) {
                        assertEquals(Optional.empty(), LegendLooks.alike(chart));
                        charts++;
                    }
                }
            }
        }
        assertTrue(charts > 5, charts + " charts");
    }
}
