package org.loopscope.model.ouro;

import java.util.Optional;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/** Generates the tokens of one run after the given ones have gone through all steps; one for each {@link Decoding}. */
abstract class Generator {
    final Parts parts;
    final RunOptions options;
    final RunTokens tokens;
    private GenerationReport.Cost cost = new GenerationReport.Cost(0, 0, 0, 0);

    /** What a run works with. */
    record Parts(ForwardPass pass, KvCache cache, Recording recording, Readout readout) {}

    Generator(Parts parts, RunOptions options, RunTokens tokens) {
        this.parts = parts;
        this.options = options;
        this.tokens = tokens;
    }

    static Generator of(Parts parts, RunOptions options, RunTokens tokens) {
        Decoding decoding = options.decoding();
        if (decoding instanceof Decoding.SkipLoops) {
            return new SkippingGenerator(parts, options, tokens);
        }
        if (decoding instanceof Decoding.DraftAndVerify draft) {
            return new DraftingGenerator(parts, options, tokens, draft);
        }
        return new EveryLoopGenerator(parts, options, tokens);
    }

    /** Most tokens that go through the layers together while generating. */
    static int rows(RunOptions options) {
        Decoding decoding = options.decoding();
        if (decoding instanceof Decoding.SkipLoops && options.kvPolicy() == KvPolicy.FULL) {
            return Math.max(1, options.generate());
        }
        return decoding instanceof Decoding.DraftAndVerify draft ? 1 + Math.min(draft.tokens(), options.generate()) : 1;
    }

    /** Generates all tokens and counts what it takes. */
    final void generate(RunControl control) throws NonFiniteStream {
        long start = System.nanoTime();
        long loops = parts.pass.loopsRun();
        long passes = parts.pass.stackPasses();
        generateTokens(control, RunControl.of(control::isCancelled, (stage, done, total) -> {}));
        cost = new GenerationReport.Cost(
                parts.pass.loopsRun() - loops,
                parts.pass.stackPasses() - passes,
                (long) options.steps() * tokens.generated(),
                (System.nanoTime() - start) / 1_000_000);
    }

    /** @param quiet cancelled like {@code control}, for work whose progress would only flicker */
    abstract void generateTokens(RunControl control, RunControl quiet) throws NonFiniteStream;

    /** Records what generating did not need, as far as that takes the cache of the run. */
    void complete(RunControl control) throws NonFiniteStream {}

    /** What generating cost and skipped; asked once all states are recorded. */
    Optional<GenerationReport> report(RunControl control) throws NonFiniteStream {
        return Optional.empty();
    }

    final GenerationReport.Cost cost() {
        return cost;
    }

    final void progress(RunControl control) {
        int done = tokens.generated();
        control.progress("token " + done + " of " + options.generate(), done, options.generate());
    }

    /** Recorded outputs of {@code step}, as what the next step takes, [count, d]. */
    final Matrix recorded(int step, int position, int count) {
        Matrix x = parts.pass.stream(count);
        parts.recording.load(step, position, x);
        return x;
    }
}
