package org.loopscope.model;

import org.loopscope.model.exit.ExitRule;

/**
 * Which loops a run does for the tokens it generates, and when. Whatever is chosen, the prompt goes through all T steps,
 * and the capture holds the states of all T steps of every token: steps that generating left out are computed once the
 * text is complete.
 */
public sealed interface Decoding {
    /** How it is written in files: {@code every-loop}, {@code skip-loops}, {@code draft}. */
    String name();

    /** Every token goes through all T steps before the next one is chosen. */
    record EveryLoop() implements Decoding {
        @Override
        public String name() {
            return "every-loop";
        }
    }

    /**
     * A generated token's loop stops at the step where the {@link ExitRule} leaves. With {@link KvPolicy#FULL} its keys
     * and values of later steps are computed when a later token goes that deep, so the text is that of {@link EveryLoop}
     * with the same rule. With a policy that shares entries they are folded from the steps that ran: the last of them,
     * the first, or their mean.
     */
    record SkipLoops() implements Decoding {
        @Override
        public String name() {
            return "skip-loops";
        }
    }

    /**
     * Greedy decoding at full depth, faster: up to {@code tokens} tokens are drafted from the logits of {@code step}, then
     * one pass takes all of them through the remaining steps, and those that full depth would have chosen are kept.
     * Source: Zhu et al. 2025 (arXiv:2510.25741) §7.3.
     *
     * @param step s, 1 to T − 1
     * @param tokens k, 1 or more
     */
    record DraftAndVerify(int step, int tokens) implements Decoding {
        public DraftAndVerify {
            if (step < 1) {
                throw new IllegalArgumentException("draft step: want 1 or more, got " + step);
            }
            if (tokens < 1) {
                throw new IllegalArgumentException("draft tokens: want 1 or more, got " + tokens);
            }
        }

        @Override
        public String name() {
            return "draft";
        }
    }

    static Decoding everyLoop() {
        return new EveryLoop();
    }

    static Decoding skipLoops() {
        return new SkipLoops();
    }

    static Decoding draftAndVerify(int step, int tokens) {
        return new DraftAndVerify(step, tokens);
    }
}
