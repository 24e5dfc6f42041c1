package org.loopscope.analysis.compare;

import java.util.Optional;
import java.util.OptionalInt;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.exit.ExitRule;

/**
 * One value of every run at every aligned token and loop, and its difference to run A. NaN where a run has no token or loop, or
 * where it cannot be compared; never 0. Immutable.
 */
public final class ComparedValue {
    private final Comparison comparison;
    private final CompareValue value;
    private final ExitRule rule;
    private final int[][] exitSteps; // [runs][S], or [0]
    private final Optional<DistributionPairs> distributions;
    private final Optional<StatePairs> states;

    private ComparedValue(
            Comparison comparison,
            CompareValue value,
            ExitRule rule,
            Optional<DistributionPairs> distributions,
            Optional<StatePairs> states) {
        this.comparison = comparison;
        this.value = value;
        this.rule = rule;
        this.distributions = distributions;
        this.states = states;
        this.exitSteps = value == CompareValue.EXIT_STEP
                ? comparison.runs().stream()
                        .map(run -> run.inspection().exits().exitSteps(rule))
                        .toArray(int[][]::new)
                : new int[0][];
    }

    /**
     * @param rule replayed on the gates of every run, for {@link CompareValue#EXIT_STEP}
     * @param distributions of this comparison, for the values that need them
     * @param states of this comparison, for the values that need them
     * @throws IllegalArgumentException if the value needs what is not given
     */
    public static ComparedValue of(
            Comparison comparison,
            CompareValue value,
            ExitRule rule,
            Optional<DistributionPairs> distributions,
            Optional<StatePairs> states) {
        if (value.needsDistributions() && distributions.isEmpty() || value.needsStates() && states.isEmpty()) {
            throw new IllegalArgumentException(value.cliName() + ": want the numbers of pairs of runs, got none");
        }
        return new ComparedValue(comparison, value, rule, distributions, states);
    }

    public Comparison comparison() {
        return comparison;
    }

    public CompareValue value() {
        return value;
    }

    /** What it is; names the chosen token. */
    public String title() {
        OptionalInt token = distributions.map(DistributionPairs::token).orElse(OptionalInt.empty());
        return value == CompareValue.TOKEN && token.isPresent()
                ? "probability of “" + comparison.inspection(0).lens().tokenText(token.getAsInt()) + "”"
                : value.title();
    }

    /** The same with its unit. */
    public String label() {
        return value == CompareValue.TOKEN ? title() : value.label();
    }

    public ExitRule rule() {
        return rule;
    }

    /** The value of a run; of a pair value, the one between A and the run, and for A itself NaN. */
    public double at(int run, int row, int column) {
        Alignment alignment = comparison.alignment();
        if (value.pair()) {
            boolean known = run > 0
                    && comparison.both(run, row, column)
                    && comparison.refusal(value, run).isEmpty();
            return known ? ofPair(run, row, column) : Double.NaN;
        }
        if (!alignment.has(run, row, column)) {
            return Double.NaN;
        }
        return ofRun(run, row, column, alignment.step(run, row), alignment.position(run, column));
    }

    private double ofPair(int run, int row, int column) {
        return switch (value) {
            case SAME_TOP1 -> top(0, row, column) == top(run, row, column) ? 1 : 0;
            case KL -> distributions.orElseThrow().kl(run, row, column);
            case DISTANCE -> states.orElseThrow().distance(run, row, column);
            case COSINE -> states.orElseThrow().cosine(run, row, column);
            default -> throw new IllegalStateException(value + " is no value of a pair");
        };
    }

    private int top(int run, int row, int column) {
        Alignment alignment = comparison.alignment();
        LensGrid lens = comparison.inspection(run).lens();
        return lens.topId(lens.rowOfStep(alignment.step(run, row)), alignment.position(run, column), 0);
    }

    private double ofRun(int run, int row, int column, int step, int position) {
        LensGrid lens = comparison.inspection(run).lens();
        ExitAnalysis exits = comparison.inspection(run).exits();
        int lensRow = lens.rowOfStep(step);
        return switch (value) {
            case PROBABILITY -> lens.topProbability(lensRow, position, 0);
            case ANSWER -> distributions.orElseThrow().answer(run, row, column);
            case TOKEN -> distributions.orElseThrow().chosen(run, row, column);
            case ENTROPY -> lens.entropy(lensRow, position);
            case KL_TO_LAST -> lens.klToLast(lensRow, position);
            case RANK -> lens.rankOfFinal(lensRow, position);
            case LAMBDA -> exits.distribution(position).lambda(step);
            case PDF -> exits.distribution(position).pdf(step);
            case CDF -> exits.distribution(position).cdf(step);
            case EXIT_STEP -> exitSteps[run][position];
            default -> throw new IllegalStateException(value + " is no value of a run");
        };
    }

    /** The value of a run minus that of A; of a pair value, the value itself. NaN where one of the two is missing. */
    public double difference(int run, int row, int column) {
        if (value.pair()) {
            return at(run, row, column);
        }
        return comparison.refusal(value, run).isPresent() ? Double.NaN : at(run, row, column) - at(0, row, column);
    }

    /** The largest value of all runs; 0 where there is none. */
    public double largest() {
        double most = 0;
        for (int run = 0; run < comparison.size(); run++) {
            most = Math.max(most, most(run, false));
        }
        return most;
    }

    /** The largest size of a difference of any run to A; 0 where there is none. */
    public double largestDifference() {
        double most = 0;
        for (int run = 1; run < comparison.size(); run++) {
            most = Math.max(most, most(run, true));
        }
        return most;
    }

    private double most(int run, boolean difference) {
        double most = 0;
        for (int row = 0; row < comparison.alignment().rows(); row++) {
            for (int column = 0; column < comparison.alignment().columns(); column++) {
                double number = difference ? difference(run, row, column) : at(run, row, column);
                most = Double.isFinite(number) ? Math.max(most, Math.abs(number)) : most;
            }
        }
        return most;
    }
}
