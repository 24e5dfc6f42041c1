package org.loopscope.analysis.patch;

import java.util.List;
import org.loopscope.model.shape.Site;

/**
 * What became of the clean answer when one state was replaced, for every place and position; and when whole loops were
 * skipped or repeated. Immutable.
 */
public final class PatchGrid {
    private final PatchSettings settings;
    private final String computeDtype;
    private final List<Site> sites;
    private final List<String> cleanTokens; // [S]
    private final List<String> corruptedTokens; // [S]
    private final PatchScore clean;
    private final PatchScore corrupted;
    private final PatchScore[][] scores; // [sites][S]
    private final PatchScore[] skipped; // [T]
    private final PatchScore[] repeated; // [T]
    private final String answer;
    private final int answerTokens;

    PatchGrid(
            PatchSettings settings,
            String computeDtype,
            List<Site> sites,
            Texts texts,
            PatchScore clean,
            PatchScore corrupted,
            PatchScore[][] scores,
            Loops loops) {
        this.settings = settings;
        this.computeDtype = computeDtype;
        this.sites = List.copyOf(sites);
        this.cleanTokens = List.copyOf(texts.clean);
        this.corruptedTokens = List.copyOf(texts.corrupted);
        this.answer = texts.answer;
        this.answerTokens = texts.answerTokens;
        this.clean = clean;
        this.corrupted = corrupted;
        this.scores = scores;
        this.skipped = loops.skipped;
        this.repeated = loops.repeated;
    }

    /** Texts of the two prompts' tokens, and of the answer's first token; and how many tokens the answer has. */
    record Texts(List<String> clean, List<String> corrupted, String answer, int answerTokens) {}

    /** Scores with a whole loop left out or done twice in the clean run, [T] each. */
    record Loops(PatchScore[] skipped, PatchScore[] repeated) {}

    public PatchSettings settings() {
        return settings;
    }

    /** The arithmetic of the runs, {@link org.loopscope.model.ModelInfo#computeDtype}. */
    public String computeDtype() {
        return computeDtype;
    }

    /** The rows: step outputs, or layers, in the order of computation. */
    public List<Site> sites() {
        return sites;
    }

    /** Tokens of the clean answer. */
    public int answerTokens() {
        return answerTokens;
    }

    /** S. */
    public int positions() {
        return cleanTokens.size();
    }

    public List<String> cleanTokens() {
        return cleanTokens;
    }

    public List<String> corruptedTokens() {
        return corruptedTokens;
    }

    /** Text of the clean answer's first token. */
    public String answer() {
        return answer;
    }

    /** Whether the prompts differ in this token. */
    public boolean differs(int position) {
        return !cleanTokens.get(position).equals(corruptedTokens.get(position));
    }

    /** The clean run, left alone. */
    public PatchScore clean() {
        return clean;
    }

    /** The corrupted run, left alone. */
    public PatchScore corrupted() {
        return corrupted;
    }

    /** The run that is patched, left alone. */
    public PatchScore base() {
        return settings.source().intoCorrupted() ? corrupted : clean;
    }

    /** The run with the state of one place and position replaced. */
    public PatchScore score(int row, int position) {
        return scores[row][position];
    }

    /** Change of the answer's natural log-probability against the run left alone. */
    public double change(int row, int position) {
        return scores[row][position].logProbability() - base().logProbability();
    }

    /** Recovery share, see {@link PatchScore#recovery}. */
    public double recovery(int row, int position) {
        return scores[row][position].recovery(clean, corrupted);
    }

    /** The clean run without the loop of {@code step}. */
    public PatchScore withoutLoop(int step) {
        return skipped[step - 1];
    }

    /** The clean run with the loop of {@code step} done twice. */
    public PatchScore withLoopTwice(int step) {
        return repeated[step - 1];
    }
}
