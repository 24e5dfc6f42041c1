package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** A figure says in its subtitle in which arithmetic its numbers were computed. */
class FigureStatementsTest {
    private static final List<String> PANELS = List.of("logit-lens", "exit", "faithfulness");

    @Test
    void everyFigureOfARunInInt8SaysSo() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, Precision.INT8_WEIGHTS, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend is");
            var capture = model.run(ids, RunOptions.steps(4), RunControl.none());
            Inspection inspection =
                    Inspection.of(capture, model.unembedding(), model.tokenizer(), 5, RunControl.none());
            List<PanelProvider> providers = PanelRegistry.load((sentence, thrown) -> {
                        throw new AssertionError(sentence, thrown);
                    })
                    .stream()
                    .filter(provider -> PANELS.contains(provider.id()))
                    .toList();
            assertEquals(PANELS.size(), providers.size());
            for (PanelProvider provider : providers) {
                for (Figure figure : provider.figures(PanelState.initial(inspection))) {
                    assertTrue(
                            figure.subtitle().contains("float32 with int8-rounded weights"),
                            figure.id() + ": " + figure.subtitle());
                }
            }
        }
    }
}
