package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.Attention;
import org.loopscope.model.AttentionMaps;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.OuroTensors;

class OuroAttentionTest {
    private static final int VOCABULARY = 31;
    private static final int D = 20;
    private static final int HEAD = 6;
    private static final int[] IDS = new Random(5).ints(9, 0, VOCABULARY).toArray();

    @TempDir
    private Path folder;

    private RandomCheckpoint checkpoint(int heads, int kvHeads) {
        return new RandomCheckpoint(RandomCheckpoint.config(VOCABULARY, D, 33, 2, heads, kvHeads, HEAD), 21);
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "4, 2", "3, 1"})
    void attentionTimesValuesTimesOutputGivesTheStreamAfterTheLayer(int heads, int kvHeads) throws LoopscopeException {
        RandomCheckpoint checkpoint = checkpoint(heads, kvHeads);
        PlainTransformer plain = new PlainTransformer(checkpoint);
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            Capture capture = model.run(IDS, RunOptions.steps(3).withLayers(true), RunControl.none());
            AttentionMaps maps = model.attention().orElseThrow();
            for (int step = 1; step <= 3; step++) {
                for (int layer = 0; layer < 2; layer++) {
                    Attention attention = maps.attention(capture, step, layer, RunControl.none());
                    double[][] before = states(capture, step, layer - 1);
                    double[][] after = through(plain, layer, before, attention, heads / kvHeads, kvHeads);
                    double[][] captured = states(capture, step, layer);
                    for (int p = 0; p < IDS.length; p++) {
                        for (int i = 0; i < D; i++) {
                            assertEquals(captured[p][i], after[p][i], 2e-5, "step " + step + ", layer " + layer);
                        }
                    }
                }
            }
        }
    }

    private static double[][] states(Capture capture, int step, int layer) {
        double[][] result = new double[capture.length()][D];
        float[] row = new float[D];
        for (int p = 0; p < result.length; p++) {
            capture.layerStates(step, layer, p, 1, row, 0);
            for (int i = 0; i < D; i++) {
                result[p][i] = row[i];
            }
        }
        return result;
    }

    /** The layer with its attention probabilities taken from {@code attention}. */
    private static double[][] through(
            PlainTransformer plain, int layer, double[][] x, Attention attention, int group, int kvHeads) {
        String prefix = OuroTensors.layerPrefix(layer);
        double[][] normed = plain.norm(x, prefix + "input_layernorm.weight");
        double[][] values = plain.linear(normed, prefix + "self_attn.v_proj.weight", kvHeads * HEAD);
        double[][] attended = new double[x.length][attention.heads() * HEAD];
        for (int q = 0; q < x.length; q++) {
            for (int head = 0; head < attention.heads(); head++) {
                for (int k = 0; k < x.length; k++) {
                    for (int i = 0; i < HEAD; i++) {
                        attended[q][head * HEAD + i] +=
                                attention.weight(head, q, k) * values[k][head / group * HEAD + i];
                    }
                }
            }
        }
        double[][] added = plain.linear(attended, prefix + "self_attn.o_proj.weight", D);
        double[][] stream = new double[x.length][];
        for (int p = 0; p < x.length; p++) {
            stream[p] = x[p].clone();
        }
        PlainTransformer.add(stream, plain.norm(added, prefix + "input_layernorm_2.weight"));
        double[][] mlp = plain.mlp(prefix, plain.norm(stream, prefix + "post_attention_layernorm.weight"));
        PlainTransformer.add(stream, plain.norm(mlp, prefix + "post_attention_layernorm_2.weight"));
        return stream;
    }

    @Test
    void rowsSumToOneAndDoNotLookAhead() throws LoopscopeException {
        try (OuroModel model = checkpoint(4, 2).load(folder, new HostKernels())) {
            Capture capture = model.run(IDS, RunOptions.steps(2).withLayers(true), RunControl.none());
            AttentionMaps maps = model.attention().orElseThrow();
            Attention attention = maps.attention(capture, 2, 1, RunControl.none());
            assertEquals(4L * 4 * IDS.length * IDS.length, maps.attentionBytes(IDS.length));
            for (int head = 0; head < 4; head++) {
                assertEquals(1, attention.weight(head, 0, 0), 1e-7);
                for (int q = 0; q < IDS.length; q++) {
                    double sum = 0;
                    for (int k = 0; k < IDS.length; k++) {
                        sum += attention.weight(head, q, k);
                    }
                    assertEquals(1, sum, 1e-6);
                    if (q + 1 < IDS.length) {
                        assertEquals(0, attention.weight(head, q, q + 1));
                    }
                }
            }
        }
    }

    @Test
    void captureOfAnotherModelOrWithoutLayersIsRefused() throws LoopscopeException {
        try (OuroModel model = checkpoint(4, 4).load(folder, new HostKernels())) {
            AttentionMaps maps = model.attention().orElseThrow();
            Capture bare = model.run(IDS, RunOptions.steps(2), RunControl.none());
            assertThrows(IllegalStateException.class, () -> maps.attention(bare, 1, 0, RunControl.none()));
            Capture whole = model.run(IDS, RunOptions.steps(2).withLayers(true), RunControl.none());
            assertThrows(IllegalArgumentException.class, () -> maps.attention(whole, 3, 0, RunControl.none()));
            assertThrows(IllegalArgumentException.class, () -> maps.attention(whole, 1, 2, RunControl.none()));
            RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
            assertThrows(CancellationException.class, () -> maps.attention(whole, 1, 0, cancelled));
            RandomCheckpoint other =
                    new RandomCheckpoint(RandomCheckpoint.config(VOCABULARY, D, 33, 2, 4, 4, HEAD), 22);
            try (OuroModel second = other.load(folder.resolve("other"), new HostKernels())) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> second.attention().orElseThrow().attention(whole, 1, 0, RunControl.none()));
            }
        }
    }
}
