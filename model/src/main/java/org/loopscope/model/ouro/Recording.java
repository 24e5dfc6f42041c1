package org.loopscope.model.ouro;

import java.util.Arrays;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.states.StateBuffer;
import org.loopscope.model.states.StateSpace;

/**
 * Copies the states of a run to the memory that its capture will own: the heap or a mapped file. Closing it gives that
 * memory back unless a capture has it.
 */
final class Recording implements ForwardPass.Observer, AutoCloseable {
    private static final int ROWS = 64; // copied at a time

    private final Weights weights;
    private final int hiddenSize;
    private final int capacity;
    private final int depth; // layer planes a step, L + 1, or 0
    private final float[][] gates; // [T][capacity], or [0] without a gate
    private final StateBuffer hidden; // [T, capacity * d]
    private final StateBuffer layers; // [T * (L + 1), capacity * d], or no planes
    private final float[] block; // [ROWS, d]

    /**
     * @param plan where the states go
     * @throws LoopscopeException if a file cannot be made
     */
    Recording(
            Weights weights,
            LoopConfig config,
            int steps,
            int capacity,
            boolean captureLayers,
            StateSpace space,
            StateSpace.Plan plan)
            throws LoopscopeException {
        this.weights = weights;
        this.hiddenSize = config.hiddenSize();
        this.capacity = capacity;
        this.depth = captureLayers ? config.layers() + 1 : 0;
        int size = Math.multiplyExact(capacity, hiddenSize);
        this.gates = new float[config.hasGate() ? steps : 0][capacity];
        this.block = new float[Math.min(ROWS, capacity) * hiddenSize];
        this.hidden = space.allocate(plan.hiddenMapped(), steps, size);
        boolean complete = false;
        try {
            this.layers = space.allocate(plan.layersMapped(), steps * depth, size);
            complete = true;
        } finally {
            if (!complete) {
                hidden.close();
            }
        }
    }

    /** What the capture of such a run takes. */
    static StateSpace.Need need(LoopConfig config, int steps, int tokens, boolean captureLayers) {
        long numbers = Float.BYTES * (long) steps * tokens;
        long plane = numbers * config.hiddenSize();
        return new StateSpace.Need(
                config.hasGate() ? numbers : 0, plane, captureLayers ? plane * (config.layers() + 1) : 0);
    }

    @Override
    public void layer(int step, int layer, int position, Matrix stream) {
        if (depth > 0) {
            copy(stream, layers, (step - 1) * depth + layer + 1, position, false);
        }
    }

    @Override
    public void stepOutput(int step, int position, Matrix stream) throws ForwardPass.NonFiniteStream {
        int bad = copy(stream, hidden, step - 1, position, gates.length > 0);
        if (bad >= 0) {
            throw new ForwardPass.NonFiniteStream(step, "exit gate", bad);
        }
    }

    /** Copies a stream to one plane, with the gates of a step output; returns the first position of a gate not finite, or −1. */
    private int copy(Matrix stream, StateBuffer to, int plane, int position, boolean withGates) {
        for (int row = 0; row < stream.rows(); row += ROWS) {
            int rows = Math.min(ROWS, stream.rows() - row);
            stream.get(row, rows, block, 0);
            to.put(plane, (position + row) * hiddenSize, block, 0, rows * hiddenSize);
            for (int i = 0; withGates && i < rows; i++) {
                float logit = (float) weights.gateLogit(block, i * hiddenSize);
                if (!Float.isFinite(logit)) {
                    return position + row + i;
                }
                gates[plane][position + row + i] = logit;
            }
        }
        return -1;
    }

    /** Gate logits g_1..g_steps of one token, [steps]; NaN without a gate. */
    double[] gateLogits(int position, int steps) {
        double[] logits = new double[steps];
        Arrays.setAll(logits, t -> gates.length == 0 ? Double.NaN : gates[t][position]);
        return logits;
    }

    /** h_t of some tokens, [count, d]. */
    float[] hiddenStates(int step, int position, int count) {
        float[] states = new float[count * hiddenSize];
        hidden.get(step - 1, position * hiddenSize, states.length, states, 0);
        return states;
    }

    /** Copies h_t of the tokens from {@code position} to {@code x}, [tokens, d]. */
    void load(int step, int position, Matrix x) {
        for (int row = 0; row < x.rows(); row += ROWS) {
            int rows = Math.min(ROWS, x.rows() - row);
            hidden.get(step - 1, (position + row) * hiddenSize, rows * hiddenSize, block, 0);
            x.put(row, rows, block, 0);
        }
    }

    /** This recording for a pass over all tokens of which only those from {@code first} are to be recorded. */
    ForwardPass.Observer from(int first) {
        return new ForwardPass.Observer() {
            @Override
            public void layer(int step, int layer, int position, Matrix stream) {
                Recording.this.layer(step, layer, first, tail(position, stream));
            }

            @Override
            public void stepOutput(int step, int position, Matrix stream) throws ForwardPass.NonFiniteStream {
                Recording.this.stepOutput(step, first, tail(position, stream));
            }

            private Matrix tail(int position, Matrix stream) {
                return stream.rows(first - position, stream.rows() - (first - position));
            }
        };
    }

    /** This recording for a pass whose token {@code first} is the first one here. */
    ForwardPass.Observer counting(int first) {
        return new ForwardPass.Observer() {
            @Override
            public void layer(int step, int layer, int position, Matrix stream) {
                Recording.this.layer(step, layer, position - first, stream);
            }

            @Override
            public void stepOutput(int step, int position, Matrix stream) throws ForwardPass.NonFiniteStream {
                Recording.this.stepOutput(step, position - first, stream);
            }
        };
    }

    /** Hands over the first {@code steps} steps of the first {@code tokens} tokens; the recording is used up. */
    void giveTo(Capture.Builder builder, int steps, int tokens) {
        float[][] keptGates = Arrays.copyOf(gates, Math.min(gates.length, steps));
        for (int i = 0; tokens < capacity && i < keptGates.length; i++) {
            keptGates[i] = Arrays.copyOf(keptGates[i], tokens);
        }
        int length = tokens * hiddenSize;
        builder.states(keptGates, hidden.finish(steps, length));
        if (depth > 0) {
            builder.layerStates(layers.finish(steps * depth, length));
        }
    }

    @Override
    public void close() {
        try (hidden;
                layers) {
            Arrays.fill(gates, null);
        }
    }
}
