package org.loopscope.model.ouro;

import org.loopscope.model.RunOptions;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/** Takes every token through all steps, and reads the next one from the step that the exit rule gives. */
final class EveryLoopGenerator extends Generator {
    private final Sampler sampler;

    EveryLoopGenerator(Parts parts, RunOptions options, RunTokens tokens) {
        super(parts, options, tokens);
        this.sampler = new Sampler(options.sampling());
    }

    @Override
    void generateTokens(RunControl control, RunControl quiet) throws NonFiniteStream {
        while (tokens.left() > 0) {
            int last = tokens.length() - 1;
            int step = LiveSignals.exitStep(options.exitRule(), parts, options.steps(), last);
            tokens.add(sampler.choose(parts.readout().logits(step, last)), step);
            parts.pass().run(tokens.ids(), last + 1, 1, parts.recording(), quiet);
            tokens.setComplete(tokens.length());
            progress(control);
        }
    }
}
