package org.loopscope.model.ouro;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.Intervention;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;
import org.loopscope.model.shape.LoopConfig;

/**
 * One run: prefill of the first tokens in one call, then the rest of the given ones one token a call, all through all T
 * steps, then what is generated. In the end every token has gone through all T steps, the last generated one too, so all
 * states are captured.
 */
final class OuroRun {
    private final Weights weights;
    private final LoopConfig config;
    private final ModelInfo info;
    private final Kernels kernels;
    private final Unembedding unembedding;
    private final RunOptions options;
    private final Function<int[], List<String>> texts;
    private final RunTokens tokens;
    private final int prefill;
    private final Intervention intervention;
    private final Recording recording;
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    /**
     * @param prefill tokens of the first call, 1 to all given
     * @param intervention changes the states of the first call
     * @param recording room for the states of all tokens, given and generated
     */
    OuroRun(
            Weights weights,
            LoopConfig config,
            ModelInfo info,
            Kernels kernels,
            Unembedding unembedding,
            Function<int[], List<String>> texts,
            int[] tokenIds,
            int prefill,
            RunOptions options,
            Intervention intervention,
            Recording recording) {
        this.weights = weights;
        this.config = config;
        this.info = info;
        this.kernels = kernels;
        this.unembedding = unembedding;
        this.options = options;
        this.texts = texts;
        this.tokens = new RunTokens(tokenIds, options);
        this.prefill = prefill;
        this.intervention = intervention;
        this.recording = recording;
    }

    /** Bytes that a run takes outside the heap at most, KV cache included. */
    static long nativeBytes(Kernels kernels, LoopConfig config, int prefill, int tokens, RunOptions options) {
        long rope = (long) tokens * config.headDim() * Float.BYTES;
        int rows = Math.max(prefill, Generator.rows(options));
        long run = Scratch.bytes(kernels, config, rows, tokens) + cacheBytes(config, prefill, tokens, options);
        long replay = replays(options) && tokens > prefill
                ? Scratch.bytes(kernels, config, tokens, tokens)
                        + KvCache.bytes(config, options.steps(), KvPolicy.FULL, tokens, false)
                : 0;
        return rope + Math.max(run, replay);
    }

    static long cacheBytes(LoopConfig config, int prefill, int tokens, RunOptions options) {
        return KvCache.bytes(config, options.steps(), options.kvPolicy(), tokens, tokens > prefill);
    }

    Capture execute(RunControl control) throws NonFiniteStateException {
        try {
            Optional<GenerationReport> report = runAll(control);
            return capture(options.steps(), tokens.length(), report, Optional.empty());
        } catch (NonFiniteStream e) {
            throw stopped(e);
        }
    }

    private Optional<GenerationReport> runAll(RunControl control) throws NonFiniteStream {
        int capacity = tokens.capacity();
        int rows = Math.max(prefill, Generator.rows(options));
        boolean decodes = capacity > prefill;
        Generator generator;
        try (KvCache cache = new KvCache(kernels, config, options.steps(), options.kvPolicy(), capacity, decodes);
                ForwardPass pass = new ForwardPass(weights, config, kernels, options.steps(), cache, rows, capacity)) {
            runGiven(pass, control);
            Readout readout = new Readout(recording, unembedding);
            generator = Generator.of(new Generator.Parts(pass, cache, recording, readout), options, tokens);
            if (options.generate() == 0) {
                return Optional.empty();
            }
            generator.generate(control);
            generator.complete(control);
        }
        if (replays(options)) {
            replay(control);
        }
        return generator.report(control);
    }

    private void runGiven(ForwardPass pass, RunControl control) throws NonFiniteStream {
        pass.run(tokens.ids(), 0, prefill, StreamEditor.of(intervention), recording, control);
        tokens.setComplete(prefill);
        RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
        int rest = tokens.given() - prefill;
        for (int done = 1; done <= rest; done++) {
            pass.run(tokens.ids(), prefill + done - 1, 1, recording, quiet);
            tokens.setComplete(prefill + done);
            control.progress("token " + done + " of " + rest, done, rest);
        }
    }

    /** Whether generating leaves states behind that only another pass can complete. */
    private static boolean replays(RunOptions options) {
        return options.decoding() instanceof Decoding.SkipLoops && options.kvPolicy() != KvPolicy.FULL;
    }

    /** Records the states of generated tokens anew, from one pass over the text with all steps and the full cache. */
    private void replay(RunControl control) throws NonFiniteStream {
        int length = tokens.length();
        try (KvCache cache = new KvCache(kernels, config, options.steps(), KvPolicy.FULL, length, false);
                ForwardPass pass = new ForwardPass(weights, config, kernels, options.steps(), cache, length, length)) {
            pass.run(tokens.ids(), 0, length, recording.from(tokens.given()), control);
        }
        tokens.setComplete(length);
    }

    /** What is complete: whole tokens if the first call had ended, else whole steps. */
    private NonFiniteStateException stopped(NonFiniteStream e) {
        boolean wholeTokens = tokens.complete() > 0;
        int steps = wholeTokens ? options.steps() : e.step() - 1;
        int kept = wholeTokens ? tokens.complete() : prefill;
        String sentence =
                NonFiniteStateException.sentence(e.step(), e.place(), e.position(), kept(steps, kept, wholeTokens));
        Optional<Capture> partial = steps > 0
                ? Optional.of(capture(steps, kept, Optional.empty(), Optional.of(sentence)))
                : Optional.empty();
        return new NonFiniteStateException(sentence, e.step(), e.position(), partial);
    }

    private static String kept(int steps, int tokens, boolean wholeTokens) {
        if (wholeTokens) {
            return tokens == 1 ? "the first token is kept" : "the first " + tokens + " tokens are kept";
        }
        return switch (steps) {
            case 0 -> "no step was complete";
            case 1 -> "step 1 is kept";
            default -> "steps 1 to " + steps + " are kept";
        };
    }

    private Capture capture(int steps, int length, Optional<GenerationReport> report, Optional<String> problem) {
        int[] kept = Arrays.copyOf(tokens.ids(), length);
        Capture.Builder builder = new Capture.Builder(info, config, options)
                .tokens(kept, texts.apply(kept), Math.min(tokens.given(), length))
                .generationExitSteps(tokens.exitSteps(length))
                .interventions(intervention.sentences())
                .timing(start, Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
        recording.giveTo(builder, steps, length);
        report.ifPresent(builder::generationReport);
        problem.ifPresent(builder::problem);
        return builder.build();
    }
}
