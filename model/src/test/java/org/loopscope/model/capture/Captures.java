package org.loopscope.model.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.LongBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.GenerationReport.Cost;
import org.loopscope.model.GenerationReport.DraftedTokens;
import org.loopscope.model.GenerationReport.SkippedLoops;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.LoopShape;
import org.loopscope.model.shape.Site;
import org.loopscope.model.states.States;

/** Captures with random numbers: T = 2, S = 5 (two generated), d = 3, L = 2, V = 7. */
final class Captures {
    private static final LoopConfig CONFIG = new LoopConfig(7, 3, 8, 2, 1, 1, 2, 4, 64, 1e-6, 10000, false, Set.of(1));
    private static final ModelInfo MODEL = new ModelInfo("embedded", "ab12", 1234567890123L, "F32", "float32", "CPU");
    private static final RunOptions OPTIONS = new RunOptions(
            2,
            false,
            2,
            ExitRule.q(0.1 + 0.2),
            KvPolicy.LAST_STEP,
            new Sampling(0.7, 0.95, Long.MIN_VALUE + 1),
            Set.of(0, 2));

    private Captures() {}

    static Capture random(long seed, boolean layers) {
        Random random = new Random(seed);
        return build(random, layers, OPTIONS.withLayers(layers)).build();
    }

    static Capture partial(String problem) {
        RunOptions asked = new RunOptions(8, true, 2, ExitRule.fixed(3), KvPolicy.FULL, Sampling.GREEDY, Set.of());
        return build(new Random(5), true, asked).problem(problem).build();
    }

    static Capture intervened(String... sentences) {
        return build(new Random(8), false, OPTIONS)
                .interventions(List.of(sentences))
                .build();
    }

    static Capture skipped() {
        GenerationReport report =
                new SkippedLoops(new Cost(3, 2, 4, 7), List.of(List.of((double) 0.1f), List.of(-1.5, 1e-9)), true, 1);
        return build(new Random(6), false, OPTIONS.withDecoding(Decoding.skipLoops()))
                .generationReport(report)
                .build();
    }

    static Capture drafted() {
        GenerationReport report = new DraftedTokens(new Cost(9, 5, 4, 7), 2, 6, 3);
        return build(new Random(7), false, OPTIONS.withDecoding(Decoding.draftAndVerify(1, 3)))
                .generationReport(report)
                .build();
    }

    /** Of a model without gate; loops were skipped by another rule, so the report has no gates either. */
    static Capture gateless(boolean layers) {
        RunOptions options =
                OPTIONS.withLayers(layers).withExitRule(ExitRule.sameTop1(1)).withDecoding(Decoding.skipLoops());
        Capture.Builder builder = new Capture.Builder(
                        MODEL, CONFIG.withShape(CONFIG.shape().withoutGate()), options)
                .tokens(new int[] {0, 1, 2}, List.of("a", "b", "c"), 2)
                .states(new float[0][], floats(new Random(9), 2, 9))
                .generationReport(
                        new SkippedLoops(new Cost(3, 2, 4, 7), List.of(List.of(Double.NaN, Double.NaN)), false, 0))
                .generationExitSteps(new int[] {2});
        return layers
                ? builder.layerStates(new float[][][] {floats(new Random(1), 3, 9), floats(new Random(2), 3, 9)})
                        .build()
                : builder.build();
    }

    /** Of a model whose steps are not normed: what is unembedded is another state than h_t. */
    static Capture.Builder unnormed() {
        LoopShape shape = new LoopShape(2, 2, 1, 4, false, false);
        return new Capture.Builder(MODEL, CONFIG.withShape(shape), OPTIONS)
                .tokens(new int[] {0, 1, 2}, List.of("a", "b", "c"), 3)
                .states(new float[0][], floats(new Random(3), 2, 9));
    }

    static States readouts() {
        return States.onHeap(floats(new Random(4), 2, 9));
    }

    private static Capture.Builder build(Random random, boolean layers, RunOptions options) {
        Capture.Builder builder = new Capture.Builder(MODEL, CONFIG, options)
                .prompt("people Ann is")
                .tokens(new int[] {0, 1, 2, 6, 5}, List.of("people", "Ann", "<E4 B8>", " is", "\n"), 3)
                .states(floats(random, 2, 5), floats(random, 2, 15))
                .generationExitSteps(new int[] {2, 1})
                .timing(Instant.parse("2026-03-04T05:06:07.123456789Z"), 1234);
        return layers ? builder.layerStates(new float[][][] {floats(random, 3, 15), floats(random, 3, 15)}) : builder;
    }

    private static float[][] floats(Random random, int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    /** What the reference computed for golden/mha, as a capture. */
    static Capture fromGolden(SafetensorsFile expected) throws LoopscopeException {
        LoopConfig config = new LoopConfig(96, 32, 88, 2, 4, 4, 8, 4, 512, 1e-6, 1e6, false, Set.of(0));
        LongBuffer stored = expected.bytes("input_ids").asLongBuffer();
        int[] ids = new int[20];
        Arrays.setAll(ids, i -> (int) stored.get(i));
        float[][][] layers = new float[4][][];
        for (int t = 0; t < 4; t++) {
            layers[t] = rows(expected, "layer_states", t * 3, 3, 20 * 32);
        }
        return new Capture.Builder(MODEL, config, RunOptions.steps(4).withLayers(true))
                .tokens(ids, Arrays.stream(ids).mapToObj(id -> "#" + id).toList(), 20)
                .states(rows(expected, "gate_logits", 0, 4, 20), rows(expected, "hidden_states", 0, 4, 20 * 32))
                .layerStates(layers)
                .build();
    }

    private static float[][] rows(SafetensorsFile file, String tensor, int first, int count, int length)
            throws LoopscopeException {
        float[][] rows = new float[count][length];
        for (int i = 0; i < count; i++) {
            file.readFloat32(tensor, (long) (first + i) * length, length, rows[i], 0);
        }
        return rows;
    }

    /** Every logit is twice the first component of the state. */
    static Unembedding doubling(int hiddenSize, int vocabSize) {
        return new Unembedding() {
            @Override
            public int vocabSize() {
                return vocabSize;
            }

            @Override
            public int hiddenSize() {
                return hiddenSize;
            }

            @Override
            public void logits(float[] states, int rows, float[] out) {
                for (int row = 0; row < rows; row++) {
                    Arrays.fill(out, row * vocabSize, (row + 1) * vocabSize, 2 * states[row * hiddenSize]);
                }
            }

            @Override
            public void finalNorm(float[] states, int rows, float[] out) {
                throw new UnsupportedOperationException();
            }
        };
    }

    static void assertSame(Capture a, Capture b) {
        assertEquals(a.model(), b.model());
        assertEquals(a.config(), b.config());
        assertEquals(a.options(), b.options());
        assertEquals(a.prompt(), b.prompt());
        assertEquals(a.promptLength(), b.promptLength());
        assertArrayEquals(a.tokenIds(), b.tokenIds());
        assertEquals(a.tokenTexts(), b.tokenTexts());
        assertEquals(a.startedAt(), b.startedAt());
        assertEquals(a.elapsedMillis(), b.elapsedMillis());
        assertEquals(a.problem(), b.problem());
        assertEquals(a.generationReport(), b.generationReport());
        assertEquals(a.steps(), b.steps());
        assertEquals(a.hasLayerStates(), b.hasLayerStates());
        for (int position = a.promptLength(); position < a.length(); position++) {
            assertEquals(a.generationExitStep(position), b.generationExitStep(position));
        }
        for (int step = 1; step <= a.steps(); step++) {
            for (int position = 0; position < a.length(); position++) {
                assertEquals(a.gateLogit(step, position), b.gateLogit(step, position));
                assertArrayEquals(a.hiddenState(step, position), b.hiddenState(step, position));
                assertArrayEquals(a.state(Site.readout(step), position), b.state(Site.readout(step), position));
            }
            for (int layer = -1; a.hasLayerStates() && layer < a.config().layers(); layer++) {
                assertArrayEquals(layer(a, step, layer), layer(b, step, layer));
            }
        }
    }

    private static float[] layer(Capture c, int step, int layer) {
        float[] states = new float[c.length() * c.config().hiddenSize()];
        c.layerStates(step, layer, 0, c.length(), states, 0);
        return states;
    }
}
