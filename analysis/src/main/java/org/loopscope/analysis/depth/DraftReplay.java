package org.loopscope.analysis.depth;

import java.util.Optional;
import java.util.Set;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.Capture;

/**
 * What drafting at step s with blocks of k would have done on a text that is greedy at full depth, replayed round by round
 * from its capture.
 *
 * <p>This is exact, not an estimate: step t of a token attends to keys and values of step t only, and those of tokens that
 * are kept are the ones of full depth, so a draft after kept tokens is the most probable token of step s in the capture. A
 * round ends at its first rejection, so no draft is kept after a text that the capture does not have. Only how many wrong
 * drafts follow a rejected one before a stop token ends the drafting is not in the capture; see {@link #draftedExactly}.
 *
 * @param rounds passes that verify
 * @param drafted tokens drafted
 * @param accepted of them, kept
 * @param draftedExactly whether {@code drafted} and the cost are exact; else they are the most that it can have been
 * @param loops token times step
 * @param passes through the stack of layers
 * @param fullDepthLoops T times the generated tokens: loops, and passes, without drafting
 */
public record DraftReplay(
        int rounds, int drafted, int accepted, boolean draftedExactly, long loops, long passes, long fullDepthLoops) {
    /**
     * Replays the generated part of a run.
     *
     * @param step s, 1 to T − 1
     * @param block k, 1 or more
     * @return empty where nothing was generated, or the text is not what full depth says greedily
     */
    public static Optional<DraftReplay> of(LensGrid lens, int step, int block) {
        Capture capture = lens.capture();
        if (step < 1 || step >= lens.steps() || block < 1) {
            throw new IllegalArgumentException("draft: want a step from 1 to " + (lens.steps() - 1)
                    + " and a block of 1 or more, got " + step + ", " + block);
        }
        for (int p = capture.promptLength() - 1; p < capture.length() - 1; p++) {
            if (lens.finalId(p) != capture.tokenId(p + 1)) {
                return Optional.empty();
            }
        }
        return capture.length() == capture.promptLength()
                ? Optional.empty()
                : Optional.of(new Rounds(lens, step, block).replay());
    }

    private static final class Rounds {
        private final LensGrid lens;
        private final Capture capture;
        private final int draftRow;
        private final int step;
        private final int block;
        private final Set<Integer> stopIds;
        private final int capacity; // tokens that there would have been room for
        private int drafted;
        private int accepted;
        private boolean exact = true;

        Rounds(LensGrid lens, int step, int block) {
            this.lens = lens;
            this.capture = lens.capture();
            this.draftRow = lens.rowOfStep(step);
            this.step = step;
            this.block = block;
            this.stopIds = capture.options().stopIds();
            this.capacity = capture.promptLength()
                    + Math.max(capture.options().generate(), capture.length() - capture.promptLength());
        }

        DraftReplay replay() {
            int rounds = 0;
            int steps = lens.steps();
            int position = capture.promptLength(); // the first token is known from the prompt
            while (position < capture.length()) { // a round begins with a token that is known and has not run
                position += 1 + round(position);
                rounds++;
            }
            long rows = (long) rounds + drafted;
            return new DraftReplay(
                    rounds,
                    drafted,
                    accepted,
                    exact,
                    rows * steps,
                    rows * step + (long) rounds * (steps - step),
                    (long) steps * (capture.length() - capture.promptLength()));
        }

        /** One round after the token at {@code position}; how many drafts are kept. */
        private int round(int position) {
            boolean ended = stopIds.contains(capture.tokenId(position));
            int wanted = ended ? 0 : Math.min(block, capacity - position - 1);
            int kept = 0;
            for (int i = 0; i < wanted && position + i < capture.length(); i++) {
                int draft = lens.topId(draftRow, position + i, 0);
                drafted++;
                if (draft != lens.finalId(position + i)) {
                    rejected(draft, wanted - i - 1);
                    break;
                }
                kept++;
                if (stopIds.contains(draft)) {
                    break;
                }
            }
            accepted += kept;
            return kept;
        }

        /** The rest of the block is drafted after a wrong token, up to a stop token that the capture does not show. */
        private void rejected(int draft, int rest) {
            if (!stopIds.contains(draft)) {
                drafted += rest;
                exact &= rest == 0 || stopIds.isEmpty();
            }
        }
    }
}
