package org.loopscope.model;

import java.util.Set;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.shape.LoopConfig;

/**
 * What one run is asked to do.
 *
 * @param steps T, the number of recurrent steps, 1 to {@link #MAX_STEPS}
 * @param captureLayers whether the residual stream after every layer of every step is kept too
 * @param generate how many tokens to generate after the given ones; each is fed back, so its loop states are captured
 * @param exitRule from which step a generated token's logits are read
 * @param kvPolicy what the KV cache keeps of earlier tokens while decoding
 * @param sampling how a token is chosen from its logits
 * @param stopIds token ids that end generation early, the one that does being the last token kept; empty to generate
 *     exactly {@code generate} tokens
 * @param decoding which loops generated tokens go through, and when
 */
public record RunOptions(
        int steps,
        boolean captureLayers,
        int generate,
        ExitRule exitRule,
        KvPolicy kvPolicy,
        Sampling sampling,
        Set<Integer> stopIds,
        Decoding decoding) {

    public static final int MAX_STEPS = LoopConfig.MAX_STEPS;

    public RunOptions {
        if (steps < 1 || steps > MAX_STEPS) {
            throw new IllegalArgumentException("steps: want 1 to " + MAX_STEPS + ", got " + steps);
        }
        if (generate < 0) {
            throw new IllegalArgumentException("generate: want 0 or more, got " + generate);
        }
        stopIds = Set.copyOf(stopIds);
    }

    /** Options that take every token through every loop. */
    public RunOptions(
            int steps,
            boolean captureLayers,
            int generate,
            ExitRule exitRule,
            KvPolicy kvPolicy,
            Sampling sampling,
            Set<Integer> stopIds) {
        this(steps, captureLayers, generate, exitRule, kvPolicy, sampling, stopIds, Decoding.everyLoop());
    }

    /** T steps over the given tokens, step states only, nothing generated. */
    public static RunOptions steps(int steps) {
        return new RunOptions(steps, false, 0, ExitRule.full(), KvPolicy.FULL, Sampling.GREEDY, Set.of());
    }

    public RunOptions withLayers(boolean layers) {
        return new RunOptions(steps, layers, generate, exitRule, kvPolicy, sampling, stopIds, decoding);
    }

    public RunOptions withGenerate(int tokens) {
        return new RunOptions(steps, captureLayers, tokens, exitRule, kvPolicy, sampling, stopIds, decoding);
    }

    public RunOptions withExitRule(ExitRule rule) {
        return new RunOptions(steps, captureLayers, generate, rule, kvPolicy, sampling, stopIds, decoding);
    }

    public RunOptions withKvPolicy(KvPolicy policy) {
        return new RunOptions(steps, captureLayers, generate, exitRule, policy, sampling, stopIds, decoding);
    }

    public RunOptions withSampling(Sampling choice) {
        return new RunOptions(steps, captureLayers, generate, exitRule, kvPolicy, choice, stopIds, decoding);
    }

    public RunOptions withStopIds(Set<Integer> ids) {
        return new RunOptions(steps, captureLayers, generate, exitRule, kvPolicy, sampling, ids, decoding);
    }

    public RunOptions withDecoding(Decoding choice) {
        return new RunOptions(steps, captureLayers, generate, exitRule, kvPolicy, sampling, stopIds, choice);
    }
}
