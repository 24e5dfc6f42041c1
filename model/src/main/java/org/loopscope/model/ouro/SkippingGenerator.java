package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/**
 * Stops a generated token's loop at the step where the exit rule leaves, decided step by step from the steps so far.
 *
 * <p>With the full KV policy a token that goes to step t needs step t of all tokens before it. Those that left earlier
 * are taken through it then, together with the token itself. They are always the last ones: when a token runs step t,
 * all before it have run step t, so the depth that tokens have reached never rises from one token to the next. With a
 * policy that shares entries, a token's entry is folded from the steps that ran, and the rest is never needed.
 */
final class SkippingGenerator extends Generator {
    private final Sampler sampler;
    private final boolean lazy;
    private final List<List<Double>> gateLogits = new ArrayList<>(); // by generated token, of the steps that ran

    SkippingGenerator(Parts parts, RunOptions options, RunTokens tokens) {
        super(parts, options, tokens);
        this.sampler = new Sampler(options.sampling());
        this.lazy = options.kvPolicy() == KvPolicy.FULL;
    }

    @Override
    void generateTokens(RunControl control, RunControl quiet) throws NonFiniteStream {
        int step = LiveSignals.exitStep(options.exitRule(), parts, options.steps(), tokens.length() - 1);
        while (tokens.left() > 0) {
            int last = tokens.length() - 1;
            tokens.add(sampler.choose(parts.readout().logits(step, last)), step);
            step = runUntilExit(last + 1, quiet);
            progress(control);
        }
    }

    /** Takes a new token through the loop; returns the step at which it left. */
    private int runUntilExit(int position, RunControl control) throws NonFiniteStream {
        parts.cache().begin(1);
        LiveSignals signals = new LiveSignals(parts, options.steps(), position);
        int step = 0;
        do {
            step++;
            int from = lazy ? parts.cache().filled(step) : position;
            Matrix x = step == 1
                    ? parts.pass().embedded(tokens.ids(), position, 1)
                    : recorded(step - 1, from, position + 1 - from);
            parts.pass().step(step, from, x, parts.recording(), control);
        } while (step < options.steps() && !signals.leaves(options.exitRule(), step));
        parts.cache().end(step);
        gateLogits.add(Arrays.stream(parts.recording().gateLogits(position, step))
                .boxed()
                .toList());
        return step;
    }

    @Override
    void complete(RunControl control) throws NonFiniteStream {
        if (!lazy) {
            return;
        }
        for (int step = 2; step <= options.steps(); step++) {
            int from = parts.cache().filled(step);
            if (from < tokens.length()) {
                Matrix x = recorded(step - 1, from, tokens.length() - from);
                parts.pass().step(step, from, x, parts.recording(), control);
            }
        }
        tokens.setComplete(tokens.length());
    }

    @Override
    Optional<GenerationReport> report(RunControl control) throws NonFiniteStream {
        int[] fullDepth = parts.readout().top(options.steps(), tokens.given() - 1, tokens.generated(), control);
        int departures = 0;
        for (int i = 0; i < fullDepth.length; i++) {
            departures += fullDepth[i] == tokens.ids()[tokens.given() + i] ? 0 : 1;
        }
        return Optional.of(new GenerationReport.SkippedLoops(cost(), gateLogits, !lazy, departures));
    }
}
