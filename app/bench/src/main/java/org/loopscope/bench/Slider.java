package org.loopscope.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

/**
 * What moving the slider computes: the exit step of every token, the histogram, the summary and the tokens that flip
 * within δ, with a rule of any kind, on a made-up run of 512 tokens and 8 steps. The same for every shape, since the rule is replayed on gates and on a lens that are there.
 */
final class Slider {
    private static final int TOKENS = 512;
    private static final int STEPS = 8;
    private static final int REPLAYS = 100;
    private static final double TARGET_MILLIS = 16;
    private static final double DELTA = 0.05; // as the Exit panel has it
    private static final List<RuleKind> KINDS = RuleKind.values();

    private Slider() {}

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        MadeUpModel model = new MadeUpModel(STEPS, 1);
        int[] ids = new int[TOKENS];
        Capture capture = model.run(ids, RunOptions.steps(STEPS), RunControl.none());
        LensGrid lens = LogitLens.steps(capture, model.unembedding(), Optional.empty(), 1, RunControl.none());
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
        ExitRule rule = kind.rule(kind.scale(STEPS, MadeUpModel.SIZE).threshold(random.nextDouble()));
        int[] flips = RuleBand.around(rule, DELTA, STEPS, MadeUpModel.SIZE)
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
}
