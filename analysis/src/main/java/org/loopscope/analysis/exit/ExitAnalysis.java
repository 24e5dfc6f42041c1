package org.loopscope.analysis.exit;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.GateRule;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The exit distributions and signals of all tokens of a capture, computed once, so that another rule or threshold is a
 * search in stored numbers. The rule is replayed on fixed text; nothing is run again. Immutable. Steps are 1-based,
 * positions 0-based.
 */
public final class ExitAnalysis {
    private final Capture capture;
    private final ExitDistribution[] distributions; // [S]
    private final Optional<ExitSignals> signals;

    private ExitAnalysis(Capture capture, Optional<ExitSignals> signals) {
        this.capture = capture;
        this.signals = signals;
        this.distributions = IntStream.range(0, capture.length())
                .mapToObj(capture::exitDistribution)
                .toArray(ExitDistribution[]::new);
    }

    /**
     * For the rules of the gate only.
     *
     * @throws IllegalArgumentException if a gate logit that the pdf reads is NaN
     */
    public static ExitAnalysis of(Capture capture) {
        return new ExitAnalysis(capture, Optional.empty());
    }

    /**
     * For all rules.
     *
     * @param lens the lens on step outputs of the same capture
     * @throws IllegalArgumentException if a gate logit that the pdf reads is NaN
     */
    public static ExitAnalysis of(Capture capture, LensGrid lens) {
        return new ExitAnalysis(capture, Optional.of(ExitSignals.of(capture, lens)));
    }

    /** @throws IllegalStateException if the analysis was made without a lens */
    public ExitSignals signals() {
        return signals.orElseThrow(
                () -> new IllegalStateException("this analysis was made of the gate alone, without a lens"));
    }

    /** T. */
    public int steps() {
        return capture.steps();
    }

    /** S. */
    public int positions() {
        return distributions.length;
    }

    /** Whether there is a gate to read distributions from. */
    public boolean hasGate() {
        return capture.hasGates();
    }

    /** What the gate says of one token; {@link ExitDistribution#none} without a gate. */
    public ExitDistribution distribution(int position) {
        return distributions[position];
    }

    /**
     * The step at which {@code rule} leaves one token.
     *
     * @throws IllegalStateException if the rule reads more than the gate and the analysis was made without a lens
     */
    public int exitStep(ExitRule rule, int position) {
        return rule instanceof GateRule gate
                ? gate.exitStep(distributions[position])
                : rule.exitStep(signals().at(position));
    }

    /** The step at which {@code rule} leaves each token, [S]. */
    public int[] exitSteps(ExitRule rule) {
        int[] steps = new int[distributions.length];
        for (int p = 0; p < steps.length; p++) {
            steps[p] = exitStep(rule, p);
        }
        return steps;
    }

    /** Tokens that leave at each step: [T], index t − 1, summing to S. */
    public int[] histogram(ExitRule rule) {
        int[] counts = new int[steps()];
        for (int step : exitSteps(rule)) {
            counts[step - 1]++;
        }
        return counts;
    }

    /**
     * Cost and agreement of the rule over all tokens of the capture.
     *
     * @param lens a lens of the same capture
     */
    public ExitSummary summary(ExitRule rule, LensGrid lens) {
        if (lens.positions() != positions() || lens.steps() != steps()) {
            throw new IllegalArgumentException("lens: want " + steps() + " steps of " + positions() + " tokens, got "
                    + lens.steps() + " of " + lens.positions());
        }
        int[] exits = exitSteps(rule);
        long sum = 0;
        int agreeing = 0;
        boolean[] agree = new boolean[exits.length];
        for (int p = 0; p < exits.length; p++) {
            sum += exits[p];
            agree[p] = lens.topId(lens.rowOfStep(exits[p]), p, 0) == lens.finalId(p);
            agreeing += agree[p] ? 1 : 0;
        }
        int n = exits.length;
        double mean = (double) sum / n;
        return new ExitSummary(mean, steps(), 1 - mean / steps(), agreeing, n, RunIntervals.share(agree));
    }

    /**
     * Positions whose exit step differs between two rules, ascending; with the rules δ below and above a threshold, the
     * tokens that hang on its exact value.
     */
    public List<Integer> flips(ExitRule one, ExitRule other) {
        int[] low = exitSteps(one);
        int[] high = exitSteps(other);
        return IntStream.range(0, low.length)
                .filter(p -> low[p] != high[p])
                .boxed()
                .toList();
    }

    /**
     * One line per token and step: {@code position}, {@code token}, {@code step}, {@code gate_logit}, {@code lambda}, {@code
     * survival}, {@code pdf}, {@code cdf}, and {@code exit_step}, the step at which {@code rule} leaves this token. What the
     * gate gives is missing for a model without one.
     */
    public Table toTable(ExitRule rule) {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        DoubleColumn gate = DoubleColumn.create("gate_logit");
        DoubleColumn lambda = DoubleColumn.create("lambda");
        DoubleColumn survival = DoubleColumn.create("survival");
        DoubleColumn pdf = DoubleColumn.create("pdf");
        DoubleColumn cdf = DoubleColumn.create("cdf");
        IntColumn exitStep = IntColumn.create("exit_step");
        int[] exits = exitSteps(rule);
        for (int p = 0; p < exits.length; p++) {
            ExitDistribution d = distributions[p];
            for (int t = 1; t <= d.steps(); t++) {
                position.append(p);
                token.append(capture.tokenText(p));
                step.append(t);
                gate.append(capture.gateLogit(t, p));
                lambda.append(d.lambda(t));
                survival.append(d.survival(t));
                pdf.append(d.pdf(t));
                cdf.append(d.cdf(t));
                exitStep.append(exits[p]);
            }
        }
        return Table.create("exit", position, token, step, gate, lambda, survival, pdf, cdf, exitStep);
    }
}
