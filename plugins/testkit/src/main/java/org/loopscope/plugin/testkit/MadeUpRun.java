package org.loopscope.plugin.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Collects a run whose predictions and gates are chosen by hand, for tests of panels and figures. Its states are
 * logarithms of the probabilities and its unembedding the identity, so every lens reads exactly what was put in.
 */
public final class MadeUpRun {
    private final List<String> tokens;
    private final int steps;
    private final String[][] top; // [T][S]
    private final double[][] probability; // [T][S]
    private final double[][] lambda; // [T][S]
    private int given;
    private int layers;
    private boolean gate = true;

    private MadeUpRun(List<String> tokens, int steps) {
        this.tokens = List.copyOf(tokens);
        this.steps = steps;
        this.top = new String[steps][tokens.size()];
        this.probability = new double[steps][tokens.size()];
        this.lambda = new double[steps][tokens.size()];
        this.given = tokens.size();
        for (int t = 0; t < steps; t++) {
            Arrays.fill(top[t], tokens.get(0));
            Arrays.fill(probability[t], 0.5);
            Arrays.fill(lambda[t], 0.5);
        }
    }

    /** A run of these tokens in which every step predicts the first token at 0.5 and every gate is 0.5. */
    public static MadeUpRun of(int steps, String... tokens) {
        return new MadeUpRun(List.of(tokens), steps);
    }

    /** Like {@link #of(int, String...)} with {@code count} tokens {@code w0}, {@code w1}, ... */
    public static MadeUpRun ofLength(int steps, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("w" + i);
        }
        MadeUpRun run = new MadeUpRun(words, steps);
        for (int p = 0; p < count; p++) {
            int settles = 1 + (p * 7 + p / 5) % steps;
            for (int t = 1; t <= steps; t++) {
                run.predict(
                        t,
                        p,
                        "w" + (t >= settles ? (p + 1) % count : (p * 3 + t) % count),
                        t >= settles ? 0.6 + 0.39 * ((p * 13) % 10) / 10.0 : 0.05 + 0.05 * ((p * 11 + t) % 8));
                run.gate(t, p, t >= settles ? 0.8 : 0.06);
            }
        }
        return run;
    }

    /** Step {@code step} (from 1) predicts {@code token} with {@code p}; the rest goes to the other tokens, unevenly. */
    public MadeUpRun predict(int step, int position, String token, double p) {
        top[step - 1][position] = token;
        probability[step - 1][position] = p;
        return this;
    }

    /** λ of one step and token, strictly between 0 and 1. */
    public MadeUpRun gate(int step, int position, double value) {
        lambda[step - 1][position] = value;
        return this;
    }

    /** The first {@code count} tokens were given, the others generated at full depth. */
    public MadeUpRun given(int count) {
        given = count;
        return this;
    }

    /** Adds layer states: {@code count} layers a step, moving evenly from one step's state to the next. */
    public MadeUpRun layers(int count) {
        layers = count;
        return this;
    }

    /** As a model without exit gate gives it. */
    public MadeUpRun withoutGate() {
        gate = false;
        return this;
    }

    /** Runs the step lens over it, keeping the five most probable tokens. */
    public Inspection inspect() {
        List<String> vocabulary = vocabulary();
        return Inspection.of(
                capture(vocabulary),
                new Identity(vocabulary.size()),
                Optional.of(new WordList(vocabulary)),
                5,
                RunControl.none());
    }

    private List<String> vocabulary() {
        Set<String> words = new LinkedHashSet<>(tokens);
        for (String[] step : top) {
            words.addAll(Arrays.asList(step));
        }
        for (int extra = 0; words.size() < 8; extra++) {
            words.add("other" + extra);
        }
        return List.copyOf(words);
    }

    private Capture capture(List<String> vocabulary) {
        int s = tokens.size();
        int v = vocabulary.size();
        float[][] hidden = new float[steps][s * v];
        float[][] gates = new float[steps][s];
        for (int t = 0; t < steps; t++) {
            for (int p = 0; p < s; p++) {
                logits(vocabulary.indexOf(top[t][p]), probability[t][p], p + t, v, hidden[t], p * v);
                gates[t][p] = (float) Math.log(lambda[t][p] / (1 - lambda[t][p]));
            }
        }
        int[] exits = new int[s - given];
        Arrays.fill(exits, steps);
        Capture.Builder builder = new Capture.Builder(
                        new ModelInfo("made-up", "none", 0, "F32", "float32", "no backend"),
                        config(v),
                        RunOptions.steps(steps))
                .tokens(tokens.stream().mapToInt(vocabulary::indexOf).toArray(), tokens, given)
                .prompt(String.join(" ", tokens))
                .states(gate ? gates : new float[0][], hidden)
                .generationExitSteps(exits)
                .timing(Instant.EPOCH, 1);
        return layers == 0
                ? builder.build()
                : builder.layerStates(layerStates(hidden)).build();
    }

    private LoopConfig config(int v) {
        LoopConfig config =
                new LoopConfig(v, v, v, Math.max(1, layers), 1, 1, v, steps, 4096, 1e-6, 1e4, false, Set.of());
        return gate ? config : config.withShape(config.shape().withoutGate());
    }

    /** log p: the chosen token, then the rest by halves from a start that depends on {@code salt}. */
    private static void logits(int chosen, double p, int salt, int v, float[] out, int offset) {
        double rest = 1 - p;
        double sum = 0;
        double[] weight = new double[v];
        for (int i = 0; i < v; i++) {
            if (i != chosen) {
                weight[i] = Math.pow(0.6, Math.floorMod(i + salt, v) % 9) + 1e-3;
                sum += weight[i];
            }
        }
        for (int i = 0; i < v; i++) {
            out[offset + i] = (float) Math.log(Math.max(1e-12, i == chosen ? p : rest * weight[i] / sum));
        }
    }

    private float[][][] layerStates(float[][] hidden) {
        float[][][] states = new float[steps][layers + 1][];
        for (int t = 0; t < steps; t++) {
            float[] from = t == 0 ? new float[hidden[0].length] : hidden[t - 1];
            for (int l = 0; l <= layers; l++) {
                float[] state = new float[from.length];
                for (int i = 0; i < state.length; i++) {
                    state[i] = from[i] + (hidden[t][i] - from[i]) * l / layers;
                }
                states[t][l] = state;
            }
        }
        return states;
    }

    private record Identity(int vocabSize) implements Unembedding {
        @Override
        public int hiddenSize() {
            return vocabSize;
        }

        @Override
        public void logits(float[] states, int rows, float[] out) {
            System.arraycopy(states, 0, out, 0, rows * vocabSize);
        }

        @Override
        public void finalNorm(float[] states, int rows, float[] out) {
            System.arraycopy(states, 0, out, 0, rows * vocabSize);
        }
    }

    private record WordList(List<String> words) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return Arrays.stream(text.split(" ")).mapToInt(words::indexOf).toArray();
        }

        @Override
        public String decode(int... ids) {
            return String.join(" ", tokenTexts(ids));
        }

        @Override
        public String tokenText(int id) {
            return words.get(id);
        }
    }
}
