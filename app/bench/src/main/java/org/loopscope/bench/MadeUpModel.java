package org.loopscope.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * A model without weights whose runs are random numbers from a fixed seed, for measuring what comes after a run. A state is
 * its own logits over {@value #SIZE} words {@code w0}, {@code w1}, ...
 */
public final class MadeUpModel implements LoopedModel {
    /** What models of this kind are called. */
    public static final String NAME = "made up";

    static final int SIZE = 64; // of a state and of the vocabulary
    private static final int CONTEXT = 4096;

    private final LoopConfig config;

    /** A model of {@code layers} layers that was "trained" for {@code steps} steps. */
    public MadeUpModel(int steps, int layers) {
        config = new LoopConfig(SIZE, SIZE, SIZE, layers, 1, 1, SIZE, steps, CONTEXT, 1e-6, 1e4, false, Set.of());
    }

    /** A prompt of that many tokens. */
    public static String prompt(int tokens) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            words.add("w" + i * 7 % SIZE);
        }
        return String.join(" ", words);
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(NAME, "", 0, "F32", "float32", "none");
    }

    @Override
    public LoopConfig config() {
        return config;
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return Optional.of(new Words());
    }

    @Override
    public Unembedding unembedding() {
        return new SameSize();
    }

    @Override
    public double gateLogit(float[] state) {
        return state[0];
    }

    @Override
    public Capture run(int[] tokenIds, RunOptions options, RunControl control) throws LoopscopeException {
        config.requireTokens(tokenIds, 0);
        Random random = new Random(2);
        int steps = options.steps();
        float[][] gates = new float[steps][tokenIds.length];
        float[][] hidden = new float[steps][];
        float[][][] layers = new float[steps][config.layers() + 1][];
        for (int step = 0; step < steps; step++) {
            control.checkCancelled();
            fill(gates[step], random);
            hidden[step] = fill(new float[tokenIds.length * SIZE], random);
            for (int layer = 0; options.captureLayers() && layer <= config.layers(); layer++) {
                layers[step][layer] = fill(new float[tokenIds.length * SIZE], random);
            }
        }
        Capture.Builder builder = new Capture.Builder(info(), config, options)
                .tokens(tokenIds, new Words().tokenTexts(tokenIds), tokenIds.length)
                .states(gates, hidden)
                .timing(Instant.EPOCH, 0);
        return options.captureLayers() ? builder.layerStates(layers).build() : builder.build();
    }

    private static float[] fill(float[] numbers, Random random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @Override
    public long estimateBytes(int tokens, RunOptions options) {
        long states = options.steps() * (options.captureLayers() ? config.layers() + 2L : 1L);
        return states * tokens * SIZE * Float.BYTES;
    }

    @Override
    public void close() {
        // holds nothing
    }

    /** A state is its own logits. */
    private static final class SameSize implements Unembedding {
        @Override
        public int vocabSize() {
            return SIZE;
        }

        @Override
        public int hiddenSize() {
            return SIZE;
        }

        @Override
        public void logits(float[] states, int rows, float[] out) {
            System.arraycopy(states, 0, out, 0, rows * SIZE);
        }

        @Override
        public void finalNorm(float[] states, int rows, float[] out) {
            System.arraycopy(states, 0, out, 0, rows * SIZE);
        }
    }

    /** Word {@code w7} is token 7. */
    private static final class Words implements Tokenizer {
        @Override
        public int[] encode(String text) throws LoopscopeException {
            String[] words = text.strip().split(" ");
            int[] ids = new int[words.length];
            for (int i = 0; i < ids.length; i++) {
                if (!words[i].matches("w\\d{1,4}") || Integer.parseInt(words[i].substring(1)) >= SIZE) {
                    throw new LoopscopeException(
                            "Prompt: expected words w0 to w" + (SIZE - 1) + ", found \"" + words[i] + "\".");
                }
                ids[i] = Integer.parseInt(words[i].substring(1));
            }
            return ids;
        }

        @Override
        public String decode(int... ids) {
            return String.join(" ", Arrays.stream(ids).mapToObj(this::tokenText).toList());
        }

        @Override
        public String tokenText(int id) {
            return "w" + id;
        }
    }
}
