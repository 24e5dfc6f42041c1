package org.loopscope.model.ouro;

import java.util.Optional;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/**
 * Greedy self-speculation. A round starts from a token that full depth has chosen and that has not run yet. That token
 * and the drafts after it go through steps 1..s one by one, each draft read from step s of the token before it; then all
 * of them go through steps s + 1..T together. Drafts are kept as long as they are what step T of the token before says;
 * what it says after the last one kept starts the next round. Rows of rejected drafts are forgotten and overwritten.
 * Steps 1..s and their keys and values serve both, so nothing is computed twice for a token that is kept.
 */
final class DraftingGenerator extends Generator {
    private final Decoding.DraftAndVerify draft;
    private final int steps;
    private int rounds;
    private int drafted;
    private int accepted;

    DraftingGenerator(Parts parts, RunOptions options, RunTokens tokens, Decoding.DraftAndVerify draft) {
        super(parts, options, tokens);
        this.draft = draft;
        this.steps = options.steps();
    }

    @Override
    void generateTokens(RunControl control, RunControl quiet) throws NonFiniteStream {
        if (tokens.left() > 0) {
            tokens.add(parts.readout().top(steps, tokens.length() - 1, 1, quiet)[0], steps);
        }
        while (tokens.complete() < tokens.length()) {
            round(tokens.length() - 1, quiet);
            progress(control);
        }
    }

    /** Drafts after the token at {@code position}, which is chosen but has not run, and keeps what full depth says too. */
    private void round(int position, RunControl control) throws NonFiniteStream {
        int drafts = draft(position, Math.min(draft.tokens(), tokens.left()), control);
        int[] chosen = verify(position, drafts, control);
        int checked = chosen.length - 1;
        int kept = 0;
        while (kept < checked && tokens.ids()[position + 1 + kept] == chosen[kept]) {
            tokens.add(chosen[kept++], steps);
        }
        rounds++;
        drafted += checked;
        accepted += kept;
        parts.cache().truncate(position + 1 + kept);
        tokens.setComplete(position + 1 + kept);
        if (tokens.left() > 0) {
            tokens.add(chosen[kept], steps);
        }
    }

    /** Runs the token at {@code position} and up to {@code wanted} drafts after it to step s; returns how many drafts. */
    private int draft(int position, int wanted, RunControl control) throws NonFiniteStream {
        runShallow(position, control);
        int drafts = 0;
        boolean stopped = false;
        try {
            while (drafts < wanted && !stopped) {
                int last = position + drafts;
                int id = parts.readout().top(draft.step(), last, 1, control)[0];
                tokens.ids()[last + 1] = id;
                runShallow(last + 1, control);
                drafts++;
                stopped = tokens.stopsAt(id);
            }
        } catch (NonFiniteStream e) { // perhaps only because the draft is wrong: full depth decides without it
            parts.cache().truncate(position + 1 + drafts);
        }
        return drafts;
    }

    private void runShallow(int position, RunControl control) throws NonFiniteStream {
        parts.cache().begin(1);
        Matrix x = parts.pass().embedded(tokens.ids(), position, 1);
        for (int step = 1; step <= draft.step(); step++) {
            parts.pass().step(step, position, x, parts.recording(), control);
        }
        parts.cache().end(draft.step());
    }

    /** What full depth chooses after the token at {@code position} and after each draft whose states are finite. */
    private int[] verify(int position, int drafts, RunControl control) throws NonFiniteStream {
        try {
            Matrix x = recorded(draft.step(), position, drafts + 1);
            for (int step = draft.step() + 1; step <= steps; step++) {
                parts.pass().step(step, position, x, parts.recording(), control);
            }
            return parts.readout().top(steps, position, drafts + 1, control);
        } catch (NonFiniteStream e) {
            if (e.position() == position) { // full depth stops here too
                throw e;
            }
            return verify(position, e.position() - position - 1, control);
        }
    }

    @Override
    Optional<GenerationReport> report(RunControl control) {
        return Optional.of(new GenerationReport.DraftedTokens(cost(), rounds, drafted, accepted));
    }
}
