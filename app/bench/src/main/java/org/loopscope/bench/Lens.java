package org.loopscope.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.backend.Product;
import org.loopscope.model.backend.ProductTimer;
import org.loopscope.model.base.LoopscopeException;

/** The step lens of a prompt, all steps of all tokens, against the product with the unembedding alone. */
final class Lens {
    private static final int TOKENS = 64;
    private static final int TOP = 10;

    private Lens() {}

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        LoopedModel model = bench.model();
        int steps = model.config().trainedSteps();
        Capture capture = model.run(bench.tokens(TOKENS), RunOptions.steps(steps), bench.quiet());
        Product product = bench.cost().unembedding(steps * TOKENS);
        int top = Math.min(TOP, model.config().vocabSize());
        double[][] seconds;
        try (ProductTimer timer = new ProductTimer(List.of(product), 1)) {
            int rounds = Prefill.rounds(timer);
            seconds = bench.timing(name)
                    .interleaved(List.of(
                            Timing.whole(() -> LogitLens.steps(
                                    capture, model.unembedding(), Optional.empty(), top, bench.quiet())),
                            () -> timer.secondsPerRound(rounds)));
        }
        double sgemm = product.flops() / Sample.median(seconds[1]);
        Sample sample = Sample.millis(seconds[0]);
        return new BenchResult(
                name,
                bench.shape().id(),
                sample,
                "ms",
                1000 * product.flops() / sgemm,
                "FLOPs of the unembedding / sgemm rate at its shape",
                Map.of(
                        "unembedding_gflop", product.flops() / 1e9,
                        "rate_gflops", product.flops() / sample.median() / 1e6,
                        "sgemm_gflops", sgemm / 1e9),
                TOKENS + " tokens, " + steps + " steps, top " + top + ", probability, entropy, KL and rank included");
    }
}
