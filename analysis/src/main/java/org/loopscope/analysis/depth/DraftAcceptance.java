package org.loopscope.analysis.depth;

import java.util.Arrays;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.Capture;
import org.loopscope.model.Sampling;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How good every earlier step is as a draft of the last one, read from a run: full depth accepts the greedy draft of step s
 * after a token if the most probable token of step s there is that of step T, and a draft that is sampled from p_s with
 * probability Σ_v min(p_s(v), p_T(v)) (Leviathan et al. 2023, arXiv:2211.17192, §3.2). Nothing is run again. Immutable.
 *
 * <p>The idea of drafting with the head at step s and verifying with the head at step T is that of Zhu et al. 2025
 * (arXiv:2510.25741) §7.3. The text is given here, so acceptance at one position does not depend on what was drafted before;
 * real drafting stops a block at its first rejection, which {@link #meanRun} and {@link DraftReplay} follow.
 */
public final class DraftAcceptance {
    /** Which predictions are looked at. */
    public enum Tokens {
        /** Those that chose the generated tokens: from the last given token to the last but one. */
        GENERATED("generated tokens"),
        /** Those after every token. */
        ALL("all tokens");

        private final String title;

        Tokens(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    private final Tokens tokens;
    private final int block;
    private final int trained;
    private final boolean[][] accepted; // [T - 1][n]
    private final double[][] overlap; // [T - 1][n]
    private final Sampling sampling;
    private final double temperature;

    private DraftAcceptance(Tokens tokens, int block, LensGrid lens, boolean[][] accepted, double[][] overlap) {
        this.tokens = tokens;
        this.block = block;
        this.trained = lens.capture().config().trainedSteps();
        this.sampling = lens.capture().options().sampling();
        this.temperature = lens.draftTemperature();
        this.accepted = accepted;
        this.overlap = overlap;
    }

    /**
     * Reads the lens on step outputs.
     *
     * @param block k, tokens drafted before they are verified, 1 or more
     */
    public static DraftAcceptance of(LensGrid lens, Tokens tokens, int block) {
        if (block < 1) {
            throw new IllegalArgumentException("block: want 1 or more, got " + block);
        }
        Capture capture = lens.capture();
        int from = tokens == Tokens.ALL ? 0 : capture.promptLength() - 1;
        int to = tokens == Tokens.ALL ? capture.length() : capture.length() - 1;
        boolean[][] accepted = new boolean[lens.steps() - 1][to - from];
        double[][] overlap = new double[lens.steps() - 1][to - from];
        for (int s = 1; s < lens.steps(); s++) {
            for (int p = from; p < to; p++) {
                overlap[s - 1][p - from] = lens.overlapWithLast(lens.rowOfStep(s), p);
                accepted[s - 1][p - from] = lens.topId(lens.rowOfStep(s), p, 0) == lens.finalId(p);
            }
        }
        return new DraftAcceptance(tokens, block, lens, accepted, overlap);
    }

    public Tokens tokens() {
        return tokens;
    }

    /** k. */
    public int block() {
        return block;
    }

    /** T; drafts can come from steps 1 to T − 1. */
    public int steps() {
        return accepted.length + 1;
    }

    /** Predictions looked at. */
    public int n() {
        return accepted.length == 0 ? 0 : accepted[0].length;
    }

    /** Whether the draft of {@code step} is accepted at the {@code index}-th prediction looked at. */
    public boolean accepted(int step, int index) {
        return accepted[step - 1][index];
    }

    /** Predictions at which the draft of {@code step} is accepted. */
    public int accepted(int step) {
        int count = 0;
        for (boolean one : accepted[step - 1]) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /** Accepted of all, 0 to 1; NaN for none. */
    public double rate(int step) {
        return (double) accepted(step) / n();
    }

    /**
     * 95 % interval of {@link #rate} by {@link RunIntervals}, since tokens of one text depend on each other; both ends NaN
     * for fewer than {@link RunIntervals#LEAST}.
     */
    public Interval interval(int step) {
        return RunIntervals.share(accepted[step - 1]);
    }

    /**
     * α of drafts that are sampled from step s: the mean of Σ_v min(p_s(v), p_T(v)), 0 to 1; NaN for none. The distributions
     * are softmaxes at {@link #temperature}, before any top-p. Source: Leviathan et al. 2023 (arXiv:2211.17192), §3.2,
     * theorem 3.5 and corollary 3.6.
     */
    public double sampledRate(int step) {
        return Arrays.stream(overlap[step - 1]).average().orElse(Double.NaN);
    }

    /** 95 % interval of {@link #sampledRate}, as {@link #interval}. */
    public Interval sampledInterval(int step) {
        return RunIntervals.mean(overlap[step - 1]).clipped(0, 1);
    }

    /** {@link #tokensPerVerification(double, int)} of {@link #sampledRate}. */
    public double tokensPerVerification(int step) {
        return tokensPerVerification(sampledRate(step), block);
    }

    /**
     * Expected tokens that one verification of {@code k} sampled drafts gives, the one that full depth adds counted:
     * (1 − α^(k+1)) / (1 − α), which is 1 + α + … + α^k. Assumes that acceptances are independent of each other and equally
     * likely at every position; in text they are not. Source: Leviathan et al. 2023 (arXiv:2211.17192), eq. 1.
     */
    public static double tokensPerVerification(double alpha, int k) {
        double sum = 0;
        for (int i = 0; i <= k; i++) { // the sum also holds at α = 1
            sum = 1 + alpha * sum;
        }
        return sum;
    }

    /** Of the distributions that drafts are sampled from: that of the run, or 1 for a greedy one. */
    public double temperature() {
        return temperature;
    }

    /** Whether the run cut its distributions by top-p, which {@link #sampledRate} does not. */
    public boolean beforeTopP() {
        return !sampling.greedy() && sampling.topP() < 1;
    }

    /**
     * Accepted drafts of a block of k before the first rejection, 0 to k: the mean over all places where k predictions
     * follow; NaN where the text is shorter.
     */
    public double meanRun(int step) {
        boolean[] accepted = this.accepted[step - 1];
        long sum = 0;
        int starts = accepted.length - block + 1;
        for (int from = 0; from < starts; from++) {
            int run = 0;
            while (run < block && accepted[from + run]) {
                run++;
            }
            sum += run;
        }
        return starts < 1 ? Double.NaN : (double) sum / starts;
    }

    /**
     * The same if acceptance were independent from token to token: α + α² + … + α^k. Source: Leviathan et al. 2023
     * (arXiv:2211.17192), eq. 1, which counts the token that verification adds as well.
     */
    public double independentRun(int step) {
        double rate = rate(step);
        double sum = 0;
        double power = 1;
        for (int i = 0; i < block; i++) {
            power *= rate;
            sum += power;
        }
        return sum;
    }

    /** {@link #speedUp(int, int, int, double, double)} with {@link #meanRun} and verification at the price of one token. */
    public double speedUp(int step) {
        return speedUp(steps(), step, block, meanRun(step), 1);
    }

    /**
     * Estimated speed-up against one token after the other at full depth, in passes through the stack of layers:
     *
     * <pre>  T (a + 1) / ((k + 1) s + c (T − s))</pre>
     *
     * <p>A round runs the token that is known and k drafts after it through steps 1..s one by one, then all k + 1 together
     * through steps s + 1..T, and gives a + 1 tokens: the a drafts that are accepted and the one that full depth says after
     * them. Loops 1..s serve draft and verification. Not counted: prompt, unembedding (k more a round), sampling.
     *
     * @param a mean accepted drafts a round
     * @param c passes that verifying k + 1 tokens together costs a loop: 1 where reading the weights takes the time (an
     *     assumption, not measured here), k + 1 where arithmetic does; with k + 1 it is (a + 1) / (k + 1), never above 1
     */
    public static double speedUp(int steps, int step, int block, double a, double c) {
        return steps * (a + 1) / ((block + 1.0) * step + c * (steps - step));
    }

    /**
     * One line per draft step: {@code tokens}, {@code draft_step}, {@code of_step} (T), {@code outside_training} (whether T
     * is), {@code n}, {@code accepted}, {@code rate}, {@code rate_low}, {@code rate_high} (95 %), {@code block},
     * {@code mean_run}, {@code independent_run}, {@code estimated_speed_up} (in passes), {@code estimated_speed_up_arithmetic}
     * (c = k + 1), {@code temperature}, {@code sampled_rate} (α), {@code sampled_low}, {@code sampled_high} (95 %), {@code
     * tokens_per_verification}.
     */
    public Table toTable() {
        StringColumn which = StringColumn.create("tokens");
        IntColumn step = IntColumn.create("draft_step");
        IntColumn last = IntColumn.create("of_step");
        BooleanColumn outside = BooleanColumn.create("outside_training");
        IntColumn n = IntColumn.create("n");
        IntColumn count = IntColumn.create("accepted");
        DoubleColumn rate = DoubleColumn.create("rate");
        DoubleColumn low = DoubleColumn.create("rate_low");
        DoubleColumn high = DoubleColumn.create("rate_high");
        IntColumn blocks = IntColumn.create("block");
        DoubleColumn run = DoubleColumn.create("mean_run");
        DoubleColumn independent = DoubleColumn.create("independent_run");
        DoubleColumn passes = DoubleColumn.create("estimated_speed_up");
        DoubleColumn temperatures = DoubleColumn.create("temperature");
        DoubleColumn sampled = DoubleColumn.create("sampled_rate");
        DoubleColumn sampledLow = DoubleColumn.create("sampled_low");
        DoubleColumn sampledHigh = DoubleColumn.create("sampled_high");
        DoubleColumn perVerification = DoubleColumn.create("tokens_per_verification");
        DoubleColumn arithmetic = DoubleColumn.create("estimated_speed_up_arithmetic");
        for (int s = 1; s < steps(); s++) {
            which.append(tokens == Tokens.ALL ? "all" : "generated");
            step.append(s);
            last.append(steps());
            outside.append(steps() > trained);
            n.append(n());
            count.append(accepted(s));
            rate.append(rate(s));
            Interval of = interval(s);
            low.append(of.low());
            high.append(of.high());
            blocks.append(block);
            run.append(meanRun(s));
            independent.append(independentRun(s));
            passes.append(speedUp(s));
            arithmetic.append(speedUp(steps(), s, block, meanRun(s), block + 1));
            temperatures.append(temperature);
            sampled.append(sampledRate(s));
            Interval ofSampled = sampledInterval(s);
            sampledLow.append(ofSampled.low());
            sampledHigh.append(ofSampled.high());
            perVerification.append(tokensPerVerification(s));
        }
        return Table.create("draft", which, step, last, outside, n, count, rate, low, high)
                .addColumns(blocks, run, independent, passes, arithmetic, temperatures)
                .addColumns(sampled, sampledLow, sampledHigh, perVerification);
    }
}
