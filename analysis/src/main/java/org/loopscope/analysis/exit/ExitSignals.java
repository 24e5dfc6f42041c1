package org.loopscope.analysis.exit;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.Signal;
import org.loopscope.model.exit.StepSignals;

/**
 * What exit rules read of every token and step of a capture, computed once: moving a threshold reads it only. The same
 * numbers as a running loop sees, {@link StepSignals}. Immutable.
 */
public final class ExitSignals {
    private final Capture capture;
    private final LensGrid lens;
    private final Map<Signal, float[][]> ofStates = new EnumMap<>(Signal.class); // [T][S], NaN where there is none

    private ExitSignals(Capture capture, LensGrid lens) {
        this.capture = capture;
        this.lens = lens;
        for (Signal signal : Signal.values()) {
            if (signal.readsStates()) {
                ofStates.put(signal, new float[capture.steps()][capture.length()]);
            }
        }
    }

    /**
     * @param lens the lens on step outputs of the same capture
     * @throws IllegalArgumentException if it is another lens
     */
    public static ExitSignals of(Capture capture, LensGrid lens) {
        if (!lens.stepOutputs() || lens.positions() != capture.length() || lens.steps() != capture.steps()) {
            throw new IllegalArgumentException("lens: want the step outputs of the same capture");
        }
        ExitSignals signals = new ExitSignals(capture, lens);
        for (int p = 0; p < capture.length(); p++) {
            signals.compareStates(p);
        }
        return signals;
    }

    private void compareStates(int position) {
        float[][] states = new float[capture.steps()][capture.config().hiddenSize()];
        for (int step = 1; step <= states.length; step++) {
            capture.hiddenStates(step, position, 1, states[step - 1], 0);
        }
        ofStates.forEach((signal, values) -> {
            for (int step = 1; step <= states.length; step++) {
                values[step - 1][position] = signal.measured(t -> states[t - 1], step);
            }
        });
    }

    /** The signals of one token, a view. */
    public StepSignals at(int position) {
        return new Token(position);
    }

    private final class Token implements StepSignals {
        private final int position;

        Token(int position) {
            this.position = position;
        }

        @Override
        public int steps() {
            return capture.steps();
        }

        @Override
        public double gateLogit(int step) {
            return capture.gateLogit(step, position);
        }

        @Override
        public double entropy(int step) {
            return lens.entropy(step - 1, position);
        }

        @Override
        public double maxProbability(int step) {
            return lens.topProbability(step - 1, position, 0);
        }

        @Override
        public double margin(int step) {
            return lens.margin(step - 1, position);
        }

        @Override
        public int top1(int step) {
            return lens.topId(step - 1, position, 0);
        }

        @Override
        public double kl(int step) {
            return lens.klToPrevious(step - 1, position);
        }

        @Override
        public double ofStates(Signal signal, int step) {
            return Objects.requireNonNull(ofStates.get(signal), "a signal of states")[step - 1][position];
        }
    }
}
