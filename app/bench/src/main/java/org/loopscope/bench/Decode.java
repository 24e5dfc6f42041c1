package org.loopscope.bench;

import java.util.List;
import java.util.Map;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.backend.BandwidthTimer;
import org.loopscope.model.base.LoopscopeException;

/** Time of a generated token at full depth with a KV cache, against reading the weights that it needs. */
final class Decode {
    static final int PROMPT = 16;

    private Decode() {}

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        LoopedModel model = bench.model();
        int steps = model.config().trainedSteps();
        int[] prompt = bench.tokens(PROMPT);
        RunOptions options = RunOptions.steps(steps).withGenerate(bench.shape().decoded());
        double[][] seconds;
        double bufferBytes;
        try (BandwidthTimer timer = new BandwidthTimer()) {
            bufferBytes = timer.bytes();
            seconds = bench.timing(name)
                    .interleaved(List.of(
                            () -> TokenClock.generate(model, prompt, options, bench.quiet())
                                    .secondsPerToken(),
                            timer::secondsPerRead));
        }
        double bytes = bench.cost().decodeBytes(steps, bench.precision());
        double bandwidth = bufferBytes / Sample.median(seconds[1]);
        Sample sample = Sample.millis(seconds[0]);
        return new BenchResult(
                name,
                bench.shape().id(),
                sample,
                "ms/token",
                1000 * bytes / bandwidth,
                "bytes of weights a token reads / memory bandwidth",
                Map.of(
                        "token_gb", bytes / 1e9,
                        "read_gb_per_s", bytes / sample.median() / 1e6,
                        "bandwidth_gb_per_s", bandwidth / 1e9),
                "after " + PROMPT + " tokens, T = " + steps + ", KV cache, "
                        + model.info().computeDtype()
                        + (bench.shape().small() ? "; weights this small stay in the cache" : ""));
    }
}
