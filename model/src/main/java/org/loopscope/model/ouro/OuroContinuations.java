package org.loopscope.model.ouro;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.states.StateSpace;

/**
 * Several continuations of one prefix, whose keys and values are computed once: all of it but its last token goes through the model
 * alone, then that token with each continuation, from where the cache was before.
 */
final class OuroContinuations {
    private final Weights weights;
    private final LoopConfig config;
    private final ModelInfo info;
    private final Kernels kernels;
    private final MemoryBudget memory;
    private final Function<int[], List<String>> texts;
    private final int[] prefix;
    private final List<int[]> tails;
    private final RunOptions options;

    OuroContinuations(
            Weights weights,
            LoopConfig config,
            ModelInfo info,
            Kernels kernels,
            MemoryBudget memory,
            Function<int[], List<String>> texts,
            int[] prefix,
            List<int[]> tails,
            int steps) {
        this.weights = weights;
        this.config = config;
        this.info = info;
        this.kernels = kernels;
        this.memory = memory;
        this.texts = texts;
        this.prefix = prefix;
        this.tails = tails;
        this.options = RunOptions.steps(steps);
    }

    List<Capture> run(RunControl control) throws LoopscopeException {
        int before = prefix.length - 1;
        int longest = tails.stream().mapToInt(tail -> tail.length).max().orElse(0) + 1;
        int rows = Math.max(before, longest);
        int capacity = before + longest;
        long bytes = Scratch.bytes(kernels, config, rows, capacity)
                + KvCache.bytes(config, options.steps(), KvPolicy.FULL, capacity, true);
        memory.requireNative("This run", bytes, "reduce the tokens or the steps");
        RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
        List<Capture> captures = new ArrayList<>();
        try (KvCache cache = new KvCache(kernels, config, options.steps(), KvPolicy.FULL, capacity, true);
                ForwardPass pass = new ForwardPass(weights, config, kernels, options.steps(), cache, rows, capacity)) {
            if (before > 0) {
                pass.run(prefix, 0, before, NOTHING, quiet);
            }
            for (int[] tail : tails) {
                control.checkCancelled();
                cache.truncate(before);
                captures.add(continued(pass, tail, quiet));
                control.progress("continuations", captures.size(), tails.size());
            }
        } catch (ForwardPass.NonFiniteStream e) {
            throw new NonFiniteStateException(
                    NonFiniteStateException.sentence(e.step(), e.place(), e.position(), "nothing is kept"),
                    e.step(),
                    e.position(),
                    Optional.empty());
        }
        return captures;
    }

    private Capture continued(ForwardPass pass, int[] tail, RunControl control)
            throws LoopscopeException, ForwardPass.NonFiniteStream {
        int before = prefix.length - 1;
        int[] ids = IntStream.concat(IntStream.of(prefix[before]), IntStream.of(tail))
                .toArray();
        Instant start = Instant.now();
        StateSpace space = memory.states();
        StateSpace.Plan plan = space.reserve(
                "States of this run", Recording.need(config, options.steps(), ids.length, false), "reduce the tokens");
        try (Recording recording = new Recording(weights, config, options.steps(), ids.length, false, space, plan)) {
            pass.run(ids, 0, ids.length, recording.counting(before), control);
            Capture.Builder builder = new Capture.Builder(info, config, options)
                    .tokens(ids, texts.apply(ids), ids.length)
                    .timing(
                            start,
                            java.time.Duration.between(start, Instant.now()).toMillis());
            recording.giveTo(builder, options.steps(), ids.length);
            return builder.build();
        } catch (UncheckedIOException e) {
            throw space.diskProblem(Objects.requireNonNull(e.getCause()));
        }
    }

    private static final ForwardPass.Observer NOTHING = new ForwardPass.Observer() {
        @Override
        public void layer(int step, int layer, int position, Matrix stream) {}

        @Override
        public void stepOutput(int step, int position, Matrix stream) {}
    };
}
