package org.loopscope.analysis.lens;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import org.loopscope.model.Sampling;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a lens reads at every depth and position of a capture: the most probable next tokens, and how far the
 * distribution is from that of the last depth.
 *
 * <p>{@code row} is an index into {@link #rows()}, {@code position} a token of the capture; both 0-based. The prediction
 * at a position is for the token that follows it. Logarithms are natural. Immutable; made by {@link LogitLens}. Values
 * are summed in double and kept as float32.
 */
public final class LensGrid {
    private final List<DepthPoint> rows;
    private final Capture capture;
    private final int topK;
    private final IntFunction<String> texts;
    private final String statement;
    private final String lens;
    private final int[][] topIds; // [rows][S * k]
    private final float[][] topLogProbabilities; // [rows][S * k]
    private final float[][] entropy; // [rows][S]
    private final float[][] klToLast; // [rows][S]
    private final float[][] klToPrevious; // [rows][S], or [0]
    private final float[][] overlapWithLast; // [rows][S], or [0]
    private final float[][] margin; // [rows][S]
    private final int[][] rankOfFinal; // [rows][S], 1-based
    private final float[][] logProbabilityOfFinal; // [rows][S]
    private final float[][] probabilityOfNext; // [rows][S]
    private final float[][] lossOfNext; // [rows][S]
    private final int[][] tracked; // [S][n of that position]
    private final float[][][] trackedLogProbabilities; // [S][rows][n of that position]

    /** Takes over the arrays of {@code cells}. */
    LensGrid(LensCells cells, Capture capture, IntFunction<String> texts, String statement, String lens) {
        this.rows = List.copyOf(cells.rows);
        this.capture = capture;
        this.topK = cells.topK;
        this.texts = texts;
        this.statement = statement;
        this.lens = lens;
        this.topIds = cells.topIds;
        this.topLogProbabilities = cells.topLogProbabilities;
        this.entropy = cells.entropy;
        this.klToLast = cells.klToLast;
        this.klToPrevious = cells.klToPrevious;
        this.overlapWithLast = cells.overlapWithLast;
        this.margin = cells.margin;
        this.rankOfFinal = cells.rankOfFinal;
        this.logProbabilityOfFinal = cells.logProbabilityOfFinal;
        this.probabilityOfNext = cells.probabilityOfNext;
        this.lossOfNext = cells.lossOfNext;
        this.tracked = cells.tracked;
        this.trackedLogProbabilities = cells.trackedLogProbabilities;
    }

    /** The depths, from the first step to the last. */
    public List<DepthPoint> rows() {
        return rows;
    }

    /** S. */
    public int positions() {
        return capture.length();
    }

    /** How many tokens are kept per cell; less than asked for when the vocabulary is smaller. */
    public int topK() {
        return topK;
    }

    /** Steps of the capture that was looked at. */
    public int steps() {
        return rows.get(rows.size() - 1).step();
    }

    /** Whether the rows are the step outputs, one a step; otherwise they are layers. */
    public boolean stepOutputs() {
        return rows.get(0).layer().isEmpty();
    }

    /**
     * Row of the output of {@code step} (1-based); in a lens on layers, that of the step's last layer, which is the
     * same state.
     */
    public int rowOfStep(int step) {
        int perStep = rows.size() / steps();
        if (step < 1 || step > steps()) {
            throw new IllegalArgumentException("step: want 1 to " + steps() + ", got " + step);
        }
        return step * perStep - 1;
    }

    /** Token with the {@code rank}-th largest probability, {@code rank} from 0; equal ones by ascending id. */
    public int topId(int row, int position, int rank) {
        return topIds[row][index(position, rank)];
    }

    /** Text of {@link #topId}. */
    public String topText(int row, int position, int rank) {
        return tokenText(topId(row, position, rank));
    }

    public double topProbability(int row, int position, int rank) {
        return Math.exp(topLogProbability(row, position, rank));
    }

    public double topLogProbability(int row, int position, int rank) {
        return topLogProbabilities[row][index(position, rank)];
    }

    /** Entropy of the distribution, in nats; at most ln V. */
    public double entropy(int row, int position) {
        return entropy[row][position];
    }

    /** KL(p_last ‖ p_row) in nats, p_last being the last row's distribution; 0 at the last row. */
    public double klToLast(int row, int position) {
        return klToLast[row][position];
    }

    /**
     * KL(p_row ‖ p_previous) in nats, the distribution against that of the step before; NaN at step 1.
     *
     * @throws IllegalStateException in a lens on layers
     */
    public double klToPrevious(int row, int position) {
        if (klToPrevious.length == 0) {
            throw new IllegalStateException("a lens on layers does not compare steps");
        }
        return klToPrevious[row][position];
    }

    /**
     * Σ_v min(p_row(v), p_last(v)), 0 to 1, both softmaxes at {@link #draftTemperature}: the probability that a token sampled
     * from this row's distribution is accepted as a draft of the last one's. Source: Leviathan et al. 2023
     * (arXiv:2211.17192), §3.2, where it is β, and its mean α.
     *
     * @throws IllegalStateException in a lens on layers
     */
    public double overlapWithLast(int row, int position) {
        if (overlapWithLast.length == 0) {
            throw new IllegalStateException("a lens on layers does not compare drafts");
        }
        return overlapWithLast[row][position];
    }

    /** At which temperature drafts of this capture would be sampled: that of its run, or 1 for a greedy one. */
    public double draftTemperature() {
        return draftTemperature(capture);
    }

    static double draftTemperature(Capture capture) {
        Sampling sampling = capture.options().sampling();
        return sampling.greedy() ? 1 : sampling.temperature();
    }

    /** Largest minus second largest probability, 0 to 1. */
    public double margin(int row, int position) {
        return margin[row][position];
    }

    /** The most probable token at the last row. */
    public int finalId(int position) {
        return topId(rows.size() - 1, position, 0);
    }

    /** Rank, from 1, of {@link #finalId} in this row's distribution. */
    public int rankOfFinal(int row, int position) {
        return rankOfFinal[row][position];
    }

    public double logProbabilityOfFinal(int row, int position) {
        return logProbabilityOfFinal[row][position];
    }

    /** Probability of the token that follows in the capture; NaN at the last position, which has none. */
    public double probabilityOfNext(int row, int position) {
        return probabilityOfNext[row][position];
    }

    /** Cross-entropy of the token that follows in the capture, −ln p in nats; NaN at the last position, which has none. */
    public double lossOfNext(int row, int position) {
        return lossOfNext[row][position];
    }

    /** Every token that is among the top k of any row at this position, the most probable at the last row first. */
    public int[] tracked(int position) {
        return tracked[position].clone();
    }

    /** Log-probability at {@code row} of the token {@code tracked(position)[index]}. */
    public double trackedLogProbability(int row, int position, int index) {
        return trackedLogProbabilities[position][row][index];
    }

    /** Text of a token id; {@code #id} where no tokenizer was given and the capture does not know it. */
    public String tokenText(int id) {
        return texts.apply(id);
    }

    /** The capture that was looked at. */
    public Capture capture() {
        return capture;
    }

    /** Which states were read and how, to be written on figures: {@code step outputs, final norm applied once, float32}. */
    public String statement() {
        return statement;
    }

    /** Which lens it is, in every row of its tables: {@code logit}, or {@code tuned} with the start of its hash. */
    public String lens() {
        return lens;
    }

    /**
     * One line per row, position and rank: {@code step}, {@code layer} (missing for step outputs), {@code position},
     * {@code token}, {@code rank} (from 1), {@code id}, {@code text}, {@code probability}, {@code log_probability}, and the
     * same on every rank of a cell: {@code entropy} (nats), {@code kl_to_last} (nats), {@code rank_of_final} (from 1), {@code
     * log_probability_of_final}, {@code probability_of_next} (missing at the last position), {@code lens} ({@link #lens}).
     */
    public Table toTable() {
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn rank = IntColumn.create("rank");
        IntColumn id = IntColumn.create("id");
        StringColumn text = StringColumn.create("text");
        DoubleColumn[] numbers = doubles(
                "probability",
                "log_probability",
                "entropy",
                "kl_to_last",
                "log_probability_of_final",
                "probability_of_next");
        IntColumn rankOf = IntColumn.create("rank_of_final");
        for (int row = 0; row < rows.size(); row++) {
            for (int p = 0; p < positions(); p++) {
                for (int r = 0; r < topK; r++) {
                    step.append(rows.get(row).step());
                    Tables.append(layer, rows.get(row).layer());
                    position.append(p);
                    token.append(capture.tokenText(p));
                    rank.append(r + 1);
                    id.append(topId(row, p, r));
                    text.append(topText(row, p, r));
                    numbers[0].append(topProbability(row, p, r));
                    numbers[1].append(topLogProbability(row, p, r));
                    numbers[2].append(entropy(row, p));
                    numbers[3].append(klToLast(row, p));
                    rankOf.append(rankOfFinal(row, p));
                    numbers[4].append(logProbabilityOfFinal(row, p));
                    numbers[5].append(probabilityOfNext(row, p));
                }
            }
        }
        Table table = Table.create("lens", step, layer, position, token, rank, id, text)
                .addColumns(numbers[0], numbers[1], numbers[2], numbers[3], rankOf, numbers[4], numbers[5]);
        return Tables.withText(table, "lens", lens);
    }

    private static DoubleColumn[] doubles(String... names) {
        return Arrays.stream(names).map(DoubleColumn::create).toArray(DoubleColumn[]::new);
    }

    private int index(int position, int rank) {
        if (rank < 0 || rank >= topK) {
            throw new IndexOutOfBoundsException("rank: want 0 to " + (topK - 1) + ", got " + rank);
        }
        return position * topK + rank;
    }
}
