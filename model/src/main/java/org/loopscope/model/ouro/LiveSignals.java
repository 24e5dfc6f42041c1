package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.Prediction;
import org.loopscope.model.exit.Signal;
import org.loopscope.model.exit.StepSignals;
import org.loopscope.model.ouro.ForwardPass.NonFiniteStream;

/**
 * Signals of one token that is going through the loop, read from the recording as its steps end. Logits are computed
 * only when a rule asks for them, each step once and in order; of the distributions the last two are held.
 */
final class LiveSignals implements StepSignals {
    private final Recording recording;
    private final Readout readout;
    private final int steps;
    private final int position;
    private final List<Read> reads = new ArrayList<>(); // of steps 1, 2, ...
    private Prediction last = Prediction.of(0); // of the last step read, once one is

    /** What is kept of one step's distribution, rounded as a lens keeps it. */
    private record Read(int top1, float entropy, float maxLogProbability, float margin, float kl) {}

    LiveSignals(Generator.Parts parts, int steps, int position) {
        this.recording = parts.recording();
        this.readout = parts.readout();
        this.steps = steps;
        this.position = position;
    }

    /** The step at which {@code rule} leaves a token whose T steps have run. */
    static int exitStep(ExitRule rule, Generator.Parts parts, int steps, int position) throws NonFiniteStream {
        try {
            return rule.exitStep(new LiveSignals(parts, steps, position));
        } catch (NonFiniteLogits e) {
            throw e.stream;
        }
    }

    /** Whether {@code rule} leaves after {@code step}, the last that has run. */
    boolean leaves(ExitRule rule, int step) throws NonFiniteStream {
        try {
            return rule.leavesAfter(this, step);
        } catch (NonFiniteLogits e) {
            throw e.stream;
        }
    }

    private Read read(int step) {
        while (reads.size() < step) {
            int next = reads.size() + 1;
            Prediction now = Prediction.of(logits(next));
            reads.add(new Read(
                    now.top1(),
                    (float) now.entropy(),
                    (float) now.maxLogProbability(),
                    (float) now.margin(),
                    next == 1 ? Float.NaN : (float) now.klFrom(last)));
            last = now;
        }
        return reads.get(step - 1);
    }

    private float[] logits(int step) {
        try {
            return readout.logits(step, position);
        } catch (NonFiniteStream e) {
            throw new NonFiniteLogits(e);
        }
    }

    private float[] state(int step) {
        return recording.hiddenStates(step, position, 1);
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public double gateLogit(int step) {
        return recording.gateLogits(position, step)[step - 1];
    }

    @Override
    public double entropy(int step) {
        return read(step).entropy();
    }

    @Override
    public double maxProbability(int step) {
        return Math.exp(read(step).maxLogProbability());
    }

    @Override
    public double margin(int step) {
        return read(step).margin();
    }

    @Override
    public int top1(int step) {
        return read(step).top1();
    }

    @Override
    public double kl(int step) {
        return read(step).kl();
    }

    @Override
    public double ofStates(Signal signal, int step) {
        return signal.measured(this::state, step);
    }

    /** Carries the checked exception through the methods of a rule. */
    private static final class NonFiniteLogits extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final NonFiniteStream stream;

        NonFiniteLogits(NonFiniteStream stream) {
            super(stream);
            this.stream = stream;
        }
    }
}
