package org.loopscope.model.exit;

/** A number that is compared with a threshold after every step, with the direction in which it lets a token go. */
public enum Signal {
    /** Leaves when H(p_t) ≤ threshold (nats). */
    ENTROPY("entropy", "entropy", "nats", false, Double.MAX_VALUE) {
        @Override
        double at(StepSignals signals, int step) {
            return signals.entropy(step);
        }
    },
    /** Leaves when max p_t ≥ threshold. */
    MAX_PROBABILITY("max-prob", "max probability", "", true, 1) {
        @Override
        double at(StepSignals signals, int step) {
            return signals.maxProbability(step);
        }
    },
    /** Leaves when the two largest probabilities differ by threshold or more. */
    MARGIN("margin", "margin", "", true, 1) {
        @Override
        double at(StepSignals signals, int step) {
            return signals.margin(step);
        }
    },
    /** Leaves when KL(p_t ‖ p_{t−1}) ≤ threshold (nats), from step 2 on. */
    KL("kl", "KL to the step before", "nats", false, Double.MAX_VALUE) {
        @Override
        double at(StepSignals signals, int step) {
            return signals.kl(step);
        }
    },
    /** Leaves when ‖h_t − h_{t−1}‖ / ‖h_{t−1}‖ ≤ threshold, from step 2 on. */
    STATE_DIFFERENCE("state-diff", "relative state difference", "", false, Double.MAX_VALUE) {
        @Override
        double at(StepSignals signals, int step) {
            return signals.stateDifference(step);
        }
    },
    /** Leaves when the normalised second difference of the states ≤ threshold, from step 3 on. */
    ACCELERATION("accel", "acceleration", "", false, 1) {
        @Override
        double at(StepSignals signals, int step) {
            return signals.acceleration(step);
        }
    };

    private final String cliName;
    private final String title;
    private final String unit;
    private final boolean leavesAbove;
    private final double largest;

    Signal(String cliName, String title, String unit, boolean leavesAbove, double largest) {
        this.cliName = cliName;
        this.title = title;
        this.unit = unit;
        this.leavesAbove = leavesAbove;
        this.largest = largest;
    }

    /** The number after {@code step}; NaN where it needs an earlier step that does not exist. */
    abstract double at(StepSignals signals, int step);

    /** The number after {@code step} (1-based), as {@link StepSignals} defines it. */
    public double value(StepSignals signals, int step) {
        return at(signals, step);
    }

    /** Whether a token leaves at this number; never at NaN. */
    boolean leaves(double value, double threshold) {
        return leavesAbove ? value >= threshold : value <= threshold;
    }

    /** The name on the command line and in files, such as {@code max-prob}. */
    public String cliName() {
        return cliName;
    }

    /** The name on figures. */
    public String title() {
        return title;
    }

    /** {@code nats} or the empty text. */
    public String unit() {
        return unit;
    }

    /** Whether large values let a token go; otherwise small ones do. */
    public boolean leavesAbove() {
        return leavesAbove;
    }

    /** The largest threshold that means something. */
    double largest() {
        return largest;
    }
}
