package org.loopscope.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;

/**
 * What capturing costs a prompt. Every run captures step states, so their share is found by doing that work again
 * alone: room for them, the copy, and the gate of each. Layer states are found by running with and without them in turn.
 */
final class CaptureOverhead {
    private static final int TOKENS = 64;
    private static final double STEPS_TARGET = 3; // %
    private static final double LAYERS_TARGET = 15; // %

    private CaptureOverhead() {}

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        LoopedModel model = bench.model();
        int[] ids = bench.tokens(TOKENS);
        RunOptions steps = RunOptions.steps(model.config().trainedSteps());
        RunOptions layers = steps.withLayers(true);
        Capture capture = model.run(ids, steps, bench.quiet());
        double[][] seconds = bench.timing(name)
                .interleaved(List.of(
                        Timing.whole(() -> model.run(ids, steps, bench.quiet())),
                        Timing.whole(() -> model.run(ids, layers, bench.quiet())),
                        Timing.whole(() -> captureAgain(model, capture))));
        int runs = seconds[0].length;
        double[] stepPercent = new double[runs];
        double[] layerPercent = new double[runs];
        for (int run = 0; run < runs; run++) {
            double plain = seconds[0][run];
            double redo = Math.min(seconds[2][run], 0.9 * plain); // a disturbed run must not turn the sign
            stepPercent[run] = 100 * redo / (plain - redo);
            layerPercent[run] = 100 * (seconds[1][run] / plain - 1);
        }
        Sample layer = Sample.of(layerPercent);
        Map<String, Double> details = new LinkedHashMap<>();
        details.put("layers_percent", layer.median());
        details.put("layers_percent_min", layer.min());
        details.put("layers_percent_max", layer.max());
        details.put("layers_target_percent", LAYERS_TARGET);
        details.put("step_capture_ms", 1000 * Sample.median(seconds[2]));
        details.put("run_ms", 1000 * Sample.median(seconds[0]));
        return new BenchResult(
                name,
                bench.shape().id(),
                Sample.of(stepPercent),
                "%",
                STEPS_TARGET,
                "target for step states",
                details,
                "step states: their copy and gates done again alone, since every run captures them; layer states: runs"
                        + " with and without in turn");
    }

    /** What a run does to keep its step states: [T][S * d] floats and a gate logit each. */
    private static void captureAgain(LoopedModel model, Capture capture) {
        int d = model.config().hiddenSize();
        int tokens = capture.length();
        float[][] hidden = new float[capture.steps()][tokens * d];
        double gates = 0;
        for (int step = 1; step <= capture.steps(); step++) {
            capture.hiddenStates(step, 0, tokens, hidden[step - 1], 0);
            float[] state = new float[d];
            for (int position = 0; position < tokens; position++) {
                System.arraycopy(hidden[step - 1], position * d, state, 0, d);
                gates += model.gateLogit(state);
            }
        }
        if (!Double.isFinite(gates)) {
            throw new IllegalStateException("gate logits: want finite ones, got " + gates);
        }
    }
}
