package org.loopscope.analysis.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.model.Attention;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

class AttentionChangeTest {
    /** Two tokens, one head: the second looks at the first with 0.25, then with 0.5. */
    private static final AttentionChange TWO = AttentionChange.of(List.of(
            new Attention(1, 0, 2, new float[][] {{1, 0, 0.25f, 0.75f}}),
            new Attention(2, 0, 2, new float[][] {{1, 0, 0.5f, 0.5f}})));

    @Test
    void differencesByHand() {
        assertEquals(Math.sqrt(2 * 0.0625), TWO.frobenius(2, 0), 1e-12);
        // (0 + 0.5 ln(0.5 / 0.25) + 0.5 ln(0.5 / 0.75)) / 2
        assertEquals(0.5 * (0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3)), TWO.divergence(2, 0), 1e-12);
        assertEquals(0.25, TWO.sinkShare(1, 0), 1e-12);
        assertEquals(0.5, TWO.sinkShare(2, 0), 1e-12);
        assertEquals(0.5 * Math.log(2), TWO.entropy(2, 0), 1e-12);
        assertTrue(Double.isNaN(TWO.frobenius(1, 0)));
        assertTrue(Double.isNaN(TWO.divergence(1, 0)));
    }

    @Test
    void aProbabilityThatWasZeroGivesALargeButFiniteDivergence() {
        AttentionChange change = AttentionChange.of(List.of(
                new Attention(1, 0, 2, new float[][] {{1, 0, 0, 1}}),
                new Attention(2, 0, 2, new float[][] {{1, 0, 1, 0}})));
        assertEquals(-Math.log(Float.MIN_NORMAL) / 2, change.divergence(2, 0), 1e-9);
    }

    @Test
    void tablesLeaveOutWhatCannotBe() {
        assertEquals(2, TWO.toTable().rowCount());
        assertEquals(1, TWO.toTable().doubleColumn("kl").countMissing());
        assertEquals(3, TWO.mapTable(1, 0).rowCount()); // no later keys
        assertEquals(0.75, TWO.mapTable(1, 0).doubleColumn("weight").get(2), 1e-7);
    }

    @Test
    void theEmbeddedModelHasMapsForEveryStepAndHead() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode(SampleCatalog.WELCOME_PROMPT);
            Capture capture = model.run(ids, RunOptions.steps(4).withLayers(true), RunControl.none());
            AttentionChange change = AttentionChange.of(model.attention().orElseThrow(), capture, 1, RunControl.none());
            assertEquals(4 * 4, change.toTable().rowCount());
            for (int head = 0; head < change.heads(); head++) {
                assertTrue(change.frobenius(2, head) > 0.01, "head " + head);
                assertTrue(change.entropy(4, head) <= Math.log(ids.length));
            }
        }
    }

    /** Against numpy: make-golden.py beside patch/golden.json. */
    @Test
    void changesBetweenLoopsAreThoseOfAForwardPassOfItsOwn() throws IOException, LoopscopeException {
        JsonNode golden;
        try (InputStream in = AttentionChangeTest.class.getResourceAsStream("/patch/golden.json")) {
            golden = new ObjectMapper().readTree(Objects.requireNonNull(in)).get("attention");
        }
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend's boss's teacher is");
            Capture capture = model.run(ids, RunOptions.steps(4).withLayers(true), RunControl.none());
            AttentionChange change = AttentionChange.of(model.attention().orElseThrow(), capture, 1, RunControl.none());
            for (int step = 2; step <= 4; step++) {
                for (int head = 0; head < change.heads(); head++) {
                    JsonNode numpy = golden.get(step - 2).get(head);
                    assertEquals(numpy.get("frobenius").asDouble(), change.frobenius(step, head), 1e-5);
                    assertEquals(numpy.get("kl").asDouble(), change.divergence(step, head), 1e-5);
                    assertEquals(numpy.get("sink").asDouble(), change.sinkShare(step, head), 1e-5);
                }
            }
        }
    }
}
