package org.loopscope.model;

import java.util.List;

/** What generating cost where it did not take every token through every loop, and what came of it. */
public sealed interface GenerationReport {
    Cost cost();

    /**
     * The work of generating alone: without the prompt, and without steps computed afterwards for the capture.
     *
     * @param loopsRun loops of single tokens: one token through the stack of layers once counts one
     * @param stackPasses times the stack ran; several tokens that went through together count once. Where reading the
     *     weights is what takes the time, time goes with this number
     * @param fullDepthLoops loops, and passes, that decoding every generated token at full depth takes: T × tokens
     * @param millis time taken
     */
    record Cost(long loopsRun, long stackPasses, long fullDepthLoops, long millis) {}

    /**
     * Loops were skipped.
     *
     * @param gateLogits for each generated token the gate logits of the steps that ran before it left the loop, as
     *     generating saw them; their number is the step where it left. NaN for a model without a gate
     * @param replayed whether the capture's states of generated tokens are those of a pass over the finished text with
     *     all steps and the full KV cache. If not they are the ones that generating saw, with the steps it did not need
     *     computed afterwards
     * @param departures generated tokens that are not the most probable ones at step T of the capture: how far the text
     *     departs from greedy decoding at full depth, token by token with the text so far given
     */
    record SkippedLoops(Cost cost, List<List<Double>> gateLogits, boolean replayed, int departures)
            implements GenerationReport {
        public SkippedLoops {
            gateLogits = gateLogits.stream().map(List::copyOf).toList();
        }

        /** The step where the generated token {@code index} (0 is the first one) left the loop. */
        public int stepsRun(int index) {
            return gateLogits.get(index).size();
        }
    }

    /**
     * Tokens were drafted and verified.
     *
     * @param rounds passes that verified
     * @param drafted tokens that were drafted and verified
     * @param accepted those of them that full depth chose too
     */
    record DraftedTokens(Cost cost, int rounds, int drafted, int accepted) implements GenerationReport {
        /** Accepted of drafted tokens, 0 to 1; NaN if none was drafted. */
        public double acceptanceRate() {
            return (double) accepted / drafted;
        }
    }
}
