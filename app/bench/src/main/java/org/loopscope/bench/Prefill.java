package org.loopscope.bench;

import java.util.List;
import java.util.Map;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.backend.Product;
import org.loopscope.model.backend.ProductTimer;
import org.loopscope.model.base.LoopscopeException;

/** A prompt through all steps, step states captured, against float32 products of the same shapes alone. */
final class Prefill {
    private static final double FLOPS_WORTH_TIMING = 2e8;

    private Prefill() {}

    static BenchResult measure(Bench bench, String name, int tokens) throws LoopscopeException {
        LoopedModel model = bench.model();
        int steps = model.config().trainedSteps();
        int[] ids = bench.tokens(tokens);
        RunOptions options = RunOptions.steps(steps);
        List<Product> products = bench.cost().layerProducts(tokens);
        double[][] seconds;
        double roundFlops;
        try (ProductTimer timer = new ProductTimer(
                products, ProductTimer.setsBeyondCache(products, model.config().layers()))) {
            int rounds = rounds(timer);
            roundFlops = timer.flops();
            seconds = bench.timing(name)
                    .interleaved(List.of(
                            Timing.whole(() -> model.run(ids, options, bench.quiet())),
                            () -> timer.secondsPerRound(rounds)));
        }
        double flops = bench.cost().passFlops(tokens, steps);
        double sgemm = roundFlops / Sample.median(seconds[1]);
        Sample sample = Sample.millis(seconds[0]);
        return new BenchResult(
                name,
                bench.shape().id(),
                sample,
                "ms",
                1000 * flops / sgemm,
                "FLOPs of the pass / sgemm rate at its shapes",
                Map.of(
                        "pass_gflop", flops / 1e9,
                        "rate_gflops", flops / sample.median() / 1e6,
                        "sgemm_gflops", sgemm / 1e9),
                tokens + " tokens, T = " + steps + ", step states captured, "
                        + model.info().computeDtype());
    }

    /** Rounds that take long enough to be timed. */
    static int rounds(ProductTimer timer) {
        return (int) Math.max(1, Math.min(1000, FLOPS_WORTH_TIMING / timer.flops()));
    }
}
