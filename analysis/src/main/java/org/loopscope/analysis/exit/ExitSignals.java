package org.loopscope.analysis.exit;

import java.util.Arrays;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.StateChange;
import org.loopscope.model.exit.StepSignals;

/**
 * What exit rules read of every token and step of a capture, computed once: moving a threshold reads it only. The same
 * numbers as a running loop sees, {@link StepSignals}. Immutable.
 */
public final class ExitSignals {
    private final Capture capture;
    private final LensGrid lens;
    private final float[][] stateDifference; // [T][S], row 0 NaN
    private final float[][] acceleration; // [T][S], rows 0 and 1 NaN

    private ExitSignals(Capture capture, LensGrid lens) {
        this.capture = capture;
        this.lens = lens;
        this.stateDifference = nan(capture);
        this.acceleration = nan(capture);
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

    private static float[][] nan(Capture capture) {
        float[][] rows = new float[capture.steps()][capture.length()];
        for (float[] row : rows) {
            Arrays.fill(row, Float.NaN);
        }
        return rows;
    }

    private void compareStates(int position) {
        int d = capture.config().hiddenSize();
        float[] first = new float[d];
        float[] second = new float[d];
        float[] third = new float[d];
        for (int step = 1; step <= capture.steps(); step++) {
            float[] free = first;
            first = second;
            second = third;
            third = free;
            capture.hiddenStates(step, position, 1, third, 0);
            if (step >= 2) {
                stateDifference[step - 1][position] = (float) StateChange.relative(second, third);
            }
            if (step >= 3) {
                acceleration[step - 1][position] = (float) StateChange.acceleration(first, second, third);
            }
        }
    }

    /** T. */
    public int steps() {
        return capture.steps();
    }

    /** S. */
    public int positions() {
        return capture.length();
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
        public double stateDifference(int step) {
            return stateDifference[step - 1][position];
        }

        @Override
        public double acceleration(int step) {
            return acceleration[step - 1][position];
        }
    }
}
