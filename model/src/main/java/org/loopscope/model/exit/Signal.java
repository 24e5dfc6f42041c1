package org.loopscope.model.exit;

import java.util.function.IntFunction;

/**
 * A number that is compared with a threshold after every step, with the direction in which it lets a token go. A constant here is
 * all that a new rule on such a number needs: its name is read on the command line, offered by the window's chooser, swept
 * by {@code all}, and stands in the table of signals.
 */
public enum Signal {
    /** Leaves when H(p_t) ≤ threshold (nats). */
    ENTROPY("entropy", "entropy", "NATS", "nats", false, Double.MAX_VALUE, 1) {
        @Override
        String condition() {
            return "H(p_t) ≤ NATS";
        }

        @Override
        public double value(StepSignals signals, int step) {
            return signals.entropy(step);
        }

        @Override
        ThresholdScale scale(int vocabSize) {
            return ThresholdScale.linear(0, Math.ceil(10 * Math.log(Math.max(2, vocabSize))) / 10);
        }
    },
    /** Leaves when max p_t ≥ threshold. */
    MAX_PROBABILITY("max-prob", "max probability", "P", "", true, 1, 0.9) {
        @Override
        String condition() {
            return "max p_t ≥ P";
        }

        @Override
        public double value(StepSignals signals, int step) {
            return signals.maxProbability(step);
        }
    },
    /** Leaves when the two largest probabilities differ by threshold or more. */
    MARGIN("margin", "margin", "P", "", true, 1, 0.5) {
        @Override
        String condition() {
            return "the two largest probabilities of p_t differ by P or more";
        }

        @Override
        public double value(StepSignals signals, int step) {
            return signals.margin(step);
        }
    },
    /** Leaves when KL(p_t ‖ p_{t−1}) ≤ threshold (nats), the new distribution against the old one, from step 2 on. */
    KL("kl", "KL to the step before", "NATS", "nats", false, Double.MAX_VALUE, 0.01) {
        @Override
        String condition() {
            return "KL(p_t ‖ p_{t−1}) ≤ NATS: the new distribution against the old one";
        }

        @Override
        int fromStep() {
            return 2;
        }

        @Override
        public double value(StepSignals signals, int step) {
            return signals.kl(step);
        }

        @Override
        ThresholdScale scale(int vocabSize) {
            return ThresholdScale.logarithmic(1e-4, 10);
        }
    },
    /** Leaves when |H(p_t) − H(p_{t−1})| ≤ threshold (nats), from step 2 on. */
    ENTROPY_DIFFERENCE("entropy-diff", "change of entropy", "NATS", "nats", false, Double.MAX_VALUE, 0.05) {
        @Override
        String condition() {
            return "|H(p_t) − H(p_{t−1})| ≤ NATS";
        }

        @Override
        int fromStep() {
            return 2;
        }

        @Override
        public double value(StepSignals signals, int step) {
            return step < 2 ? Double.NaN : Math.abs(signals.entropy(step) - signals.entropy(step - 1));
        }

        @Override
        ThresholdScale scale(int vocabSize) {
            return ThresholdScale.logarithmic(1e-4, 10);
        }
    },
    /** Leaves when ‖h_t − h_{t−1}‖ / ‖h_{t−1}‖ ≤ threshold, from step 2 on; NaN where h_{t−1} is zero. */
    STATE_DIFFERENCE("state-diff", "relative state difference", "RATIO", "", false, Double.MAX_VALUE, 0.3, 2) {
        @Override
        String condition() {
            return "‖Δ_t‖ / ‖h_{t−1}‖ ≤ RATIO";
        }

        @Override
        double ofStates(IntFunction<float[]> states, int step) {
            return StateChange.relative(states.apply(step - 1), states.apply(step));
        }

        @Override
        ThresholdScale scale(int vocabSize) {
            return ThresholdScale.logarithmic(0.01, 10);
        }
    },
    /** Leaves when 1 − cos(h_t, h_{t−1}) ≤ threshold, from step 2 on; NaN where a state is zero. */
    STATE_COSINE("state-cosine", "cosine distance of states", "DISTANCE", "", false, 2, 0.05, 2) {
        @Override
        String condition() {
            return "1 − cos(h_t, h_{t−1}) ≤ DISTANCE";
        }

        @Override
        double ofStates(IntFunction<float[]> states, int step) {
            return StateChange.cosineDistance(states.apply(step - 1), states.apply(step));
        }

        @Override
        ThresholdScale scale(int vocabSize) {
            return ThresholdScale.logarithmic(1e-4, 2);
        }
    },
    /** Leaves when ‖Δ_t − Δ_{t−1}‖ / (‖Δ_t‖ + ‖Δ_{t−1}‖) ≤ threshold, Δ_t = h_t − h_{t−1}, from step 3 on. */
    ACCELERATION("accel", "acceleration", "RATIO", "", false, 1, 0.5, 3) {
        @Override
        String condition() {
            return "‖Δ_t − Δ_{t−1}‖ / (‖Δ_t‖ + ‖Δ_{t−1}‖) ≤ RATIO";
        }

        @Override
        double ofStates(IntFunction<float[]> states, int step) {
            return StateChange.acceleration(states.apply(step - 2), states.apply(step - 1), states.apply(step));
        }
    },
    /**
     * Leaves when what is left to go, if the moves go on shrinking as they do, is less than threshold of the state: r < 1 and
     * (‖Δ_t‖ · r / (1 − r)) / ‖h_t‖ &lt; threshold with r = ‖Δ_t‖ / ‖Δ_{t−1}‖, Δ_t = h_t − h_{t−1}; also where nothing moves
     * (‖Δ_t‖ = 0), whatever r is. From step 3 on: Δ_1 would need h_0, an embedding on another scale.
     */
    CONTRACTION("contraction", "distance left by contraction", "RATIO", "", false, Double.MAX_VALUE, 0.05, 3) {
        @Override
        String condition() {
            return "r < 1 and (‖Δ_t‖ · r / (1 − r)) / ‖h_t‖ < RATIO with r = ‖Δ_t‖ / ‖Δ_{t−1}‖: what is left "
                    + "to go if the moves go on shrinking as they do; or nothing moves (‖Δ_t‖ = 0). Never where "
                    + "r is undefined or 1 or more";
        }

        @Override
        double ofStates(IntFunction<float[]> states, int step) {
            return StateChange.distanceLeft(states.apply(step - 2), states.apply(step - 1), states.apply(step));
        }

        @Override
        boolean leaves(double value, double threshold) {
            return value == 0 || value < threshold;
        }

        @Override
        ThresholdScale scale(int vocabSize) {
            return ThresholdScale.logarithmic(1e-3, 10);
        }
    };

    private final String cliName;
    private final String title;
    private final String number;
    private final String unit;
    private final boolean leavesAbove;
    private final double largest;
    private final double initial;
    private final int firstStep;

    Signal(
            String cliName,
            String title,
            String number,
            String unit,
            boolean leavesAbove,
            double largest,
            double initial) {
        this(cliName, title, number, unit, leavesAbove, largest, initial, 0);
    }

    Signal(
            String cliName,
            String title,
            String number,
            String unit,
            boolean leavesAbove,
            double largest,
            double initial,
            int firstStep) {
        this.cliName = cliName;
        this.title = title;
        this.number = number;
        this.unit = unit;
        this.leavesAbove = leavesAbove;
        this.largest = largest;
        this.initial = initial;
        this.firstStep = firstStep;
    }

    /** The number after {@code step} (1-based); NaN where it needs an earlier step that does not exist. */
    public double value(StepSignals signals, int step) {
        return signals.ofStates(this, step);
    }

    /** Whether it is a number of states, rather than of predictions. */
    public boolean readsStates() {
        return firstStep > 0;
    }

    /**
     * The number of a token's states, rounded to float32 so that a running loop and a finished capture decide the same.
     *
     * @param states h_t after the final norm, [d], by t from 1
     * @return NaN before the step from which there is one
     */
    public float measured(IntFunction<float[]> states, int step) {
        return step < firstStep ? Float.NaN : (float) ofStates(states, step);
    }

    double ofStates(IntFunction<float[]> states, int step) {
        throw new IllegalStateException(cliName + " reads no states");
    }

    /** Whether a token leaves at this number; never at NaN. */
    boolean leaves(double value, double threshold) {
        return leavesAbove ? value >= threshold : value <= threshold;
    }

    /** The thresholds that can make a difference. */
    ThresholdScale scale(int vocabSize) {
        return ThresholdScale.linear(0, 1);
    }

    /** What lets a token go, with direction and denominator; {@link #number} stands for the threshold. */
    abstract String condition();

    /** The first step at which it can let a token go. */
    int fromStep() {
        return Math.max(1, firstStep);
    }

    /** The name on the command line and in files, such as {@code max-prob}. */
    public String cliName() {
        return cliName;
    }

    /** The name on figures. */
    public String title() {
        return title;
    }

    /** What stands behind the name where the rule is described, {@code NATS}. */
    String number() {
        return number;
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

    /** The threshold that a chooser begins with. */
    double initial() {
        return initial;
    }
}
