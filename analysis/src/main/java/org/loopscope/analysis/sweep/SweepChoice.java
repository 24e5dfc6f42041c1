package org.loopscope.analysis.sweep;

import java.util.Optional;

/**
 * Thresholds that are chosen on one curve and reported on another. What a threshold reaches on the prompts on which it was chosen
 * is better than what it reaches on others: the best of many is also the luckiest.
 *
 * @param choosing where the best threshold is looked for
 * @param reporting where it is said what that threshold reaches; the same curve where there are no others
 * @param upper whether a budget is kept by the upper end of the interval of mean loops, not by the mean
 */
public record SweepChoice(SweepCurve choosing, SweepCurve reporting, boolean upper) {
    /** Chosen and reported on the same prompts. */
    public static SweepChoice of(SweepCurve curve) {
        return new SweepChoice(curve, curve, false);
    }

    /** Whether two sets of prompts are used. */
    public boolean apart() {
        return choosing != reporting;
    }

    /** What the best threshold of a rule within {@code loops} reaches; empty where none is within, or it was not reported on. */
    public Optional<SweepPoint> bestWithin(String rule, double loops) {
        return choosing.bestWithin(rule, loops, upper).flatMap(this::reported);
    }

    /** The same of {@link SweepCurve#shown}. */
    public Optional<SweepPoint> shown(String rule, double loops) {
        return choosing.shown(rule, loops, upper).flatMap(this::reported);
    }

    /** The same of {@link SweepCurve#bestAtCost}. */
    public Optional<SweepPoint> bestAtCost(String rule, double cost) {
        return choosing.bestAtCost(rule, cost).flatMap(this::reported);
    }

    private Optional<SweepPoint> reported(SweepPoint chosen) {
        return reporting.point(chosen.spec());
    }
}
