package org.loopscope.analysis.compare;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.Capture;

/**
 * Two to four runs and which of their tokens and loops belong together. Run 0 is A, with which the others are compared.
 * Immutable.
 */
public final class Comparison {
    /** Fewest and most runs. */
    public static final int LEAST = 2;

    public static final int MOST = 4;

    /** What to keep in mind where {@link #sameWords()} is false. */
    public static final String DIFFERENT_WORDS =
            "These runs have different vocabularies: numbers about predicted words,"
                    + " such as probability, rank and KL to full depth, are not about the same words.";

    private final List<NamedInspection> runs;
    private final Alignment alignment;
    private final boolean[] sameWords; // [runs]: as A

    private Comparison(List<NamedInspection> runs, TokenMatch tokens, LoopMatch loops) {
        this.runs = runs;
        this.sameWords = new boolean[runs.size()];
        boolean all = true;
        for (int run = 0; run < sameWords.length; run++) {
            sameWords[run] = run == 0 || Vocabulary.same(inspection(0), inspection(run));
            all &= sameWords[run];
        }
        Alignment.SameToken same = all
                ? (a, p, b, q) -> a.tokenId(p) == b.tokenId(q)
                : (a, p, b, q) -> a.tokenText(p).equals(b.tokenText(q));
        this.alignment =
                Alignment.of(runs.stream().map(r -> r.inspection().capture()).toList(), tokens, loops, same);
    }

    /** @throws IllegalArgumentException unless there are 2 to 4 runs */
    public static Comparison of(List<NamedInspection> runs, TokenMatch tokens, LoopMatch loops) {
        if (runs.size() < LEAST || runs.size() > MOST) {
            throw new IllegalArgumentException("runs: want " + LEAST + " to " + MOST + ", got " + runs.size());
        }
        return new Comparison(List.copyOf(runs), tokens, loops);
    }

    public List<NamedInspection> runs() {
        return runs;
    }

    public int size() {
        return runs.size();
    }

    /** A to D. */
    public static String letter(int run) {
        return String.valueOf((char) ('A' + run));
    }

    public Inspection inspection(int run) {
        return runs.get(run).inspection();
    }

    public Capture capture(int run) {
        return inspection(run).capture();
    }

    public Alignment alignment() {
        return alignment;
    }

    /** Whether ids mean the same as in A. */
    public boolean sameWords(int run) {
        return sameWords[run];
    }

    /** Whether ids mean the same in all runs. */
    public boolean sameWords() {
        for (boolean same : sameWords) {
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** Why this value of a run cannot be held against that of A, as one sentence; empty where it can. */
    public Optional<String> refusal(CompareValue value, int run) {
        if (value.needsSameWords() && !sameWords[run]) {
            return Optional.of("A and " + letter(run) + " have different vocabularies, so "
                    + (value.pair() ? "their predictions" : "what they predict") + " cannot be compared.");
        }
        if (value.needsGate() && !(capture(0).hasGates() && capture(run).hasGates())) {
            return Optional.of((capture(0).hasGates() ? letter(run) : "A") + " has no exit gate.");
        }
        int d = capture(0).config().hiddenSize();
        int other = capture(run).config().hiddenSize();
        if (value.needsStates() && d != other) {
            return Optional.of("A has states of " + d + " numbers and " + letter(run) + " of " + other
                    + ", so they cannot be compared.");
        }
        return Optional.empty();
    }

    /** Whether a run and A both have a token and a loop there. */
    public boolean both(int run, int row, int column) {
        return alignment.has(0, row, column) && alignment.has(run, row, column);
    }

    /** The arithmetic of the runs, each named once. */
    public String arithmetic() {
        return runs.stream()
                .map(r -> r.inspection().capture().model().computeDtype())
                .distinct()
                .reduce((a, b) -> a + " and " + b)
                .orElseThrow();
    }
}
