package org.loopscope.analysis.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

class LongRunTest {
    @Test
    void distanceAndCosineToTheEndByHand() {
        LongRun run = LongRun.of(TinyCaptures.oneToken(new float[] {0, 5}, new float[] {3, 4}, new float[] {5, 0}));
        assertEquals(Math.sqrt(50) / 5, run.distance(1, 0), 1e-12);
        assertEquals(0, run.cosine(1, 0), 1e-12);
        assertEquals(Math.sqrt(4 + 16) / 5, run.distance(2, 0), 1e-12);
        assertEquals(0.6, run.cosine(2, 0), 1e-12);
        assertEquals(0, run.distance(3, 0));
        assertEquals(1, run.cosine(3, 0), 1e-12);
        assertEquals(1, run.count(Motion.Kind.TOO_SHORT));
    }

    @Test
    void theLongRunOfTheEmbeddedModelSharesItsFirstSteps() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode(SampleCatalog.WELCOME_PROMPT);
            Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
            LongRun run = LongRun.run(model, capture, 64, RunControl.none());
            assertEquals(64, run.steps());
            for (int t = 1; t <= 4; t++) {
                for (int p = 0; p < ids.length; p++) {
                    assertArrayEquals(
                            capture.hiddenState(t, p),
                            run.capture().hiddenState(t, p),
                            1e-5f,
                            "step " + t + ", token " + p);
                }
            }
            assertEquals(ids.length * 64, GeometryTables.distances(run).rowCount());
            assertEquals(ids.length, GeometryTables.motions(run).rowCount());
        }
    }

    @Test
    void aCaptureOfAnotherModelIsRefused() throws LoopscopeException {
        Capture other = TinyCaptures.oneToken(new float[] {1, 0});
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            LoopscopeException e =
                    assertThrows(LoopscopeException.class, () -> LongRun.run(model, other, 8, RunControl.none()));
            assertEquals(
                    "Long run: expected the model of the capture, tiny, found embedded, whose weights differ.",
                    e.getMessage());
        }
    }
}
