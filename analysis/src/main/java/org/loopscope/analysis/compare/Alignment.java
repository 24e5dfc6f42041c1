package org.loopscope.analysis.compare;

import java.util.Arrays;
import java.util.List;
import org.loopscope.model.Capture;

/**
 * Which tokens and which loops of several runs belong together. A column holds at most one token of each run, a row at most
 * one loop; where a run has none, it is missing there. Columns and positions from 0, rows from 0, steps from 1.
 *
 * <p>The tokens with which all prompts begin are matched by index. What follows is matched by index too ({@link
 * TokenMatch#FROM_START}), or backwards from the last given token of each run ({@link TokenMatch#FROM_END}); generated tokens
 * then follow by index after it. Immutable.
 */
public final class Alignment {
    /** A column or row in which a run has nothing. */
    public static final int MISSING = -1;

    /** Whether two tokens are the same word. */
    @FunctionalInterface
    interface SameToken {
        boolean test(Capture one, int position, Capture other, int otherPosition);
    }

    private final TokenMatch tokens;
    private final LoopMatch loops;
    private final int shared;
    private final boolean sameText;
    private final int rows;
    private final int columns;
    private final int[] steps; // [runs], T
    private final int[][] columnOf; // [runs][S]
    private final int[][] positionAt; // [runs][columns]

    private Alignment(List<Capture> runs, TokenMatch tokens, LoopMatch loops, SameToken same) {
        this.tokens = tokens;
        this.loops = loops;
        this.shared = sharedTokens(runs, same);
        this.sameText = runs.stream().allMatch(run -> run.length() == shared);
        this.steps = runs.stream().mapToInt(Capture::steps).toArray();
        this.rows = Arrays.stream(steps).max().orElseThrow();
        int longestPrompt = runs.stream().mapToInt(Capture::promptLength).max().orElseThrow();
        this.columnOf = runs.stream().map(run -> columnsOf(run, longestPrompt)).toArray(int[][]::new);
        this.columns = 1
                + Arrays.stream(columnOf)
                        .mapToInt(of -> of[of.length - 1])
                        .max()
                        .orElseThrow();
        this.positionAt = new int[runs.size()][columns];
        for (int run = 0; run < columnOf.length; run++) {
            Arrays.fill(positionAt[run], MISSING);
            for (int position = 0; position < columnOf[run].length; position++) {
                positionAt[run][columnOf[run][position]] = position;
            }
        }
    }

    static Alignment of(List<Capture> runs, TokenMatch tokens, LoopMatch loops, SameToken same) {
        return new Alignment(List.copyOf(runs), tokens, loops, same);
    }

    private static int sharedTokens(List<Capture> runs, SameToken same) {
        Capture first = runs.get(0);
        int shared = 0;
        while (shared < first.length() && allHave(runs, first, shared, same)) {
            shared++;
        }
        return shared;
    }

    private static boolean allHave(List<Capture> runs, Capture first, int position, SameToken same) {
        return runs.stream().allMatch(run -> position < run.length() && same.test(first, position, run, position));
    }

    /** Increasing, so that the last entry is the largest. */
    private int[] columnsOf(Capture run, int longestPrompt) {
        int shift = tokens == TokenMatch.FROM_START ? 0 : longestPrompt - run.promptLength();
        int[] of = new int[run.length()];
        for (int position = 0; position < of.length; position++) {
            of[position] = position < shared ? position : position + shift;
        }
        return of;
    }

    public LoopMatch loops() {
        return loops;
    }

    /** How many tokens all runs begin with. */
    public int sharedTokens() {
        return shared;
    }

    public int columns() {
        return columns;
    }

    /** The largest T. */
    public int rows() {
        return rows;
    }

    /** The token of a run in a column, or {@link #MISSING}. */
    public int position(int run, int column) {
        return positionAt[run][column];
    }

    public int column(int run, int position) {
        return columnOf[run][position];
    }

    /** The loop of a run in a row, from 1, or {@link #MISSING}. */
    public int step(int run, int row) {
        int step = loops == LoopMatch.SAME_NUMBER ? row + 1 : steps[run] - (rows - 1 - row);
        return step >= 1 && step <= steps[run] ? step : MISSING;
    }

    public int row(int run, int step) {
        return loops == LoopMatch.SAME_NUMBER ? step - 1 : rows - 1 - (steps[run] - step);
    }

    /** {@code loop 3}, or {@code last}, {@code last − 1} where loops are counted from the last. */
    public String rowLabel(int row) {
        if (loops == LoopMatch.SAME_NUMBER || Arrays.stream(steps).allMatch(t -> t == rows)) {
            return "loop " + (row + 1);
        }
        return row == rows - 1 ? "last loop" : "last − " + (rows - 1 - row);
    }

    /** Whether the run has a token and a loop there. */
    public boolean has(int run, int row, int column) {
        return position(run, column) != MISSING && step(run, row) != MISSING;
    }

    /** Columns in which every run has a token. */
    public int complete() {
        int count = 0;
        for (int column = 0; column < columns; column++) {
            int c = column;
            count += Arrays.stream(positionAt).allMatch(of -> of[c] != MISSING) ? 1 : 0;
        }
        return count;
    }

    /** How it was done, for figures: {@code first 3 tokens the same, then by index from the start; loop t with loop t}. */
    public String statement() {
        String how = sameText
                ? "same tokens, by index"
                : (shared == 0
                                ? ""
                                : shared == 1
                                        ? "first token the same, then "
                                        : "first " + shared + " tokens the same, then ")
                        + "by index " + tokens.label();
        boolean sameDepth = Arrays.stream(steps).allMatch(t -> t == rows);
        return sameDepth || loops == LoopMatch.SAME_NUMBER ? how : how + "; last loop with last loop";
    }
}
