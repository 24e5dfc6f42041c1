package org.loopscope.analysis.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The loss of every token of one run, at every step. Tokens are 1-based in the text: the first one is not predicted. Immutable. */
public final class TokenLosses {
    private final LensGrid lens;
    private final List<StepLoss> losses; // of tokens 1 to S − 1
    private final double margin;

    private TokenLosses(LensGrid lens, List<StepLoss> losses, double margin) {
        this.lens = lens;
        this.losses = losses;
        this.margin = margin;
    }

    /**
     * Of all tokens but the first.
     *
     * @param margin nats that a rise is counted above
     */
    public static TokenLosses of(LensGrid lens, double margin) {
        List<StepLoss> losses = new ArrayList<>();
        for (int p = 0; p + 1 < lens.positions(); p++) {
            losses.add(StepLoss.of(lens, p, margin));
        }
        return new TokenLosses(lens, List.copyOf(losses), margin);
    }

    public LensGrid lens() {
        return lens;
    }

    public double margin() {
        return margin;
    }

    /** T. */
    public int steps() {
        return lens.steps();
    }

    /** Tokens that are predicted, S − 1. */
    public int tokens() {
        return losses.size();
    }

    /** Of the token at {@code position}, from 1. */
    public StepLoss at(int position) {
        return losses.get(position - 1);
    }

    /** The token at {@code position}. */
    public String text(int position) {
        return lens.capture().tokenText(position);
    }

    /** Tokens that end worse than their least ("overthinking"), those that lose most first. */
    public List<Integer> worse() {
        List<Integer> worse = new ArrayList<>();
        for (int p = 1; p <= tokens(); p++) {
            if (at(p).worse(steps())) {
                worse.add(p);
            }
        }
        worse.sort((a, b) -> Double.compare(lost(b), lost(a)));
        return List.copyOf(worse);
    }

    /** How far the loss at T is above the least of all steps, nats. */
    public double lost(int position) {
        StepLoss loss = at(position);
        return loss.at(steps()) - loss.at(loss.best());
    }

    /** L(step) of each token, [S − 1]. */
    public double[] ofStep(int step) {
        return losses.stream().mapToDouble(loss -> loss.at(step)).toArray();
    }

    /**
     * One line per token: {@code position}, {@code token}, {@code loss_t} of every step, {@code best_step}, {@code rises}, {@code
     * worse} (nats above the least, at T).
     */
    public Table byToken() {
        IntColumn positions = IntColumn.create("position");
        StringColumn tokens = StringColumn.create("token");
        IntColumn best = IntColumn.create("best_step");
        BooleanColumn rises = BooleanColumn.create("rises");
        DoubleColumn lost = DoubleColumn.create("above_least");
        BooleanColumn worse = BooleanColumn.create("ends_worse");
        for (int p = 1; p <= tokens(); p++) {
            positions.append(p);
            tokens.append(text(p));
            best.append(at(p).best());
            rises.append(at(p).risen(steps()));
            lost.append(lost(p));
            worse.append(at(p).worse(steps()));
        }
        Table table = Table.create("loss", positions, tokens);
        for (int t = 1; t <= steps(); t++) {
            table.addColumns(DoubleColumn.create("loss_" + t, ofStep(t)));
        }
        return table.addColumns(best, rises, lost, worse);
    }

    /** One line per step: {@code step}, {@code loss} with its interval over dependent tokens, {@code perplexity}, {@code risen}, {@code worse}. */
    public Table bySteps() {
        IntColumn steps = IntColumn.create("step");
        for (int t = 1; t <= steps(); t++) {
            steps.append(t);
        }
        return Table.create(
                "loss_by_step",
                steps,
                column("loss", this::mean),
                column("loss_low", t -> interval(t).low()),
                column("loss_high", t -> interval(t).high()),
                column("perplexity", t -> Math.exp(mean(t))),
                column("risen", t -> share(t, true)),
                column("worse", t -> share(t, false)));
    }

    private DoubleColumn column(String name, IntToDoubleFunction ofStep) {
        DoubleColumn column = DoubleColumn.create(name);
        for (int t = 1; t <= steps(); t++) {
            column.append(ofStep.applyAsDouble(t));
        }
        return column;
    }

    /** Mean over tokens. */
    public double mean(int step) {
        double sum = 0;
        for (double loss : ofStep(step)) {
            sum += loss;
        }
        return sum / tokens();
    }

    /** 95 %, over tokens that depend on each other. */
    public Interval interval(int step) {
        return RunIntervals.mean(ofStep(step));
    }

    private double share(int step, boolean risen) {
        return (double) losses.stream()
                        .filter(loss -> risen ? loss.risen(step) : loss.worse(step))
                        .count()
                / tokens();
    }
}
