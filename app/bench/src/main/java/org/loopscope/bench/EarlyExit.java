package org.loopscope.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.bench.TokenClock.Generation;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

/**
 * Time of a generated token when it leaves the loop early, for every fixed step and for Q-exit at 0.5, against the time
 * at full depth in proportion to the weights that the steps read. The loops after the exit are skipped while generating;
 * what is computed afterwards to complete the capture is not in these times.
 */
final class EarlyExit {
    private static final ExitRule RULE = ExitRule.q(0.5);

    private EarlyExit() {}

    /** A way to generate, and what was seen of it. */
    private static final class Mode {
        private final ExitRule rule;
        private final KvPolicy policy;
        private final List<Double> meanSteps = new ArrayList<>();

        Mode(ExitRule rule, KvPolicy policy) {
            this.rule = rule;
            this.policy = policy;
        }

        Timing.Timed on(LoopedModel model, int[] prompt, RunOptions base, Bench bench) {
            boolean whole = rule.equals(ExitRule.full());
            RunOptions options = base.withExitRule(rule)
                    .withKvPolicy(policy)
                    .withDecoding(whole ? Decoding.everyLoop() : Decoding.skipLoops());
            return () -> {
                Generation generation = TokenClock.generate(model, prompt, options, bench.quiet());
                meanSteps.add(meanExitStep(generation.capture()));
                return generation.meanSecondsPerToken();
            };
        }

        double steps() {
            return meanSteps.get(meanSteps.size() - 1); // greedy: the same in every run
        }

        String label() {
            return rule.spec() + " " + policy.cliName();
        }
    }

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        LoopedModel model = bench.model();
        int steps = model.config().trainedSteps();
        List<Mode> modes = modes(steps);
        int[] prompt = bench.tokens(Decode.PROMPT);
        RunOptions base = RunOptions.steps(steps).withGenerate(bench.shape().decoded());
        List<Timing.Timed> works = new ArrayList<>();
        modes.forEach(mode -> works.add(mode.on(model, prompt, base, bench)));
        double[][] seconds = bench.timing(name).interleaved(works);
        return result(bench, name, modes, seconds);
    }

    /** The first is full depth, the second the one that is reported. */
    private static List<Mode> modes(int steps) {
        List<Mode> modes = new ArrayList<>();
        modes.add(new Mode(ExitRule.full(), KvPolicy.LAST_STEP));
        modes.add(new Mode(RULE, KvPolicy.LAST_STEP));
        for (int step = 1; step <= steps; step++) {
            modes.add(new Mode(ExitRule.fixed(step), KvPolicy.LAST_STEP));
        }
        modes.add(new Mode(ExitRule.full(), KvPolicy.FULL));
        modes.add(new Mode(RULE, KvPolicy.FULL));
        return modes;
    }

    private static BenchResult result(Bench bench, String name, List<Mode> modes, double[][] seconds)
            throws LoopscopeException {
        LoopedModel model = bench.model();
        int maxSteps = model.config().trainedSteps();
        double full = Sample.median(seconds[0]);
        Map<String, Double> details = new LinkedHashMap<>();
        for (int i = 0; i < modes.size(); i++) {
            details.put(modes.get(i).label() + " ms_per_token", 1000 * Sample.median(seconds[i]));
            details.put(modes.get(i).label() + " mean_steps", modes.get(i).steps());
        }
        ModelCost cost = bench.cost();
        double share = cost.decodeBytes(modes.get(1).steps(), bench.precision())
                / cost.decodeBytes(maxSteps, bench.precision());
        return new BenchResult(
                name,
                bench.shape().id(),
                Sample.millis(seconds[1]),
                "ms/token",
                1000 * full * share,
                "time at full depth, in proportion to the weights that the steps read",
                details,
                RULE.spec() + " with the KV policy last-step; further rules in the details");
    }

    /** Mean step at which the generated tokens left; the last one's successor, which would tell, was not chosen. */
    private static double meanExitStep(Capture capture) {
        int sum = 0;
        int from = capture.promptLength() + 1;
        for (int position = from; position < capture.length(); position++) {
            sum += capture.generationExitStep(position);
        }
        return (double) sum / (capture.length() - from);
    }
}
