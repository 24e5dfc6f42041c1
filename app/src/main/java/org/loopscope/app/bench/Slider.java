package org.loopscope.app.bench;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

/**
 * What moving the slider computes: the exit step of every token, the histogram, the summary and the tokens that flip
 * within δ, with a rule of any kind, on a made-up run of 512 tokens and 8 steps. The same for every shape, since the rule is replayed on gates and on a lens that are there.
 */
final class Slider {
    private static final int TOKENS = 512;
    private static final int STEPS = 8;
    private static final int SIZE = 8; // of a state and of the vocabulary: the replay reads neither
    private static final int REPLAYS = 100;
    private static final double TARGET_MILLIS = 16;
    private static final double DELTA = 0.05; // as the Exit panel has it
    private static final List<RuleKind> KINDS = List.of(RuleKind.values());

    private Slider() {}

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        Capture capture = capture();
        LensGrid lens = LogitLens.steps(capture, new SameSize(), Optional.empty(), 1, RunControl.none());
        ExitAnalysis exits = ExitAnalysis.of(capture, lens);
        Timing timing = bench.timing(name);
        Random random = new Random(3);
        double[] seconds = timing.withRuns(Math.max(REPLAYS, timing.runs()))
                .interleaved(List.of(Timing.whole(() -> replay(exits, lens, random))))[0];
        return new BenchResult(
                name,
                bench.shape().id(),
                Sample.millis(seconds),
                "ms",
                TARGET_MILLIS,
                "target, one frame at 60 a second",
                Map.of("tokens", (double) TOKENS, "steps", (double) STEPS),
                "the analysis alone, on a made-up run of " + TOKENS + " tokens and " + STEPS
                        + " steps; drawing in the window is not included");
    }

    private static void replay(ExitAnalysis exits, LensGrid lens, Random random) {
        RuleKind kind = KINDS.get(random.nextInt(KINDS.size()));
        ExitRule rule = kind.rule(kind.scale(STEPS, SIZE).threshold(random.nextDouble()));
        int[] flips = RuleBand.around(rule, DELTA, STEPS, SIZE)
                .map(band -> exits.flips(band.low(), band.high()))
                .orElse(List.of())
                .stream()
                .mapToInt(Integer::intValue)
                .toArray();
        int[] steps = exits.exitSteps(rule);
        int[] histogram = exits.histogram(rule);
        ExitSummary summary = exits.summary(rule, lens);
        if (flips.length > TOKENS
                || steps.length != TOKENS
                || histogram.length != STEPS
                || !(summary.meanSteps() >= 1)) {
            throw new IllegalStateException("replay: want a mean step of at least 1, got " + summary);
        }
    }

    private static Capture capture() {
        Random random = new Random(2);
        float[][] gates = new float[STEPS][TOKENS];
        float[][] hidden = new float[STEPS][TOKENS * SIZE];
        for (int step = 0; step < STEPS; step++) {
            fill(gates[step], random);
            fill(hidden[step], random);
        }
        ModelInfo info = new ModelInfo("made up", "", 0, "F32", "float32", "none");
        LoopConfig config =
                new LoopConfig(SIZE, SIZE, SIZE, 1, 1, 1, SIZE, STEPS, TOKENS, 1e-6, 10_000, false, Set.of());
        return new Capture.Builder(info, config, RunOptions.steps(STEPS))
                .tokens(new int[TOKENS], Collections.nCopies(TOKENS, "x"), TOKENS)
                .states(gates, hidden)
                .timing(Instant.EPOCH, 0)
                .build();
    }

    private static void fill(float[] numbers, Random random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
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
}
