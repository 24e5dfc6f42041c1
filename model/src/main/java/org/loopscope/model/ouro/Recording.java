package org.loopscope.model.ouro;

import java.util.Arrays;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopConfig;

/** Copies the states of a run to the arrays that its capture will own. */
final class Recording implements ForwardPass.Observer {
    private final Weights weights;
    private final int hiddenSize;
    private final int capacity;
    private final float[][] gates; // [T][capacity]
    private final float[][] hidden; // [T][capacity * d]
    private final float[][][] layers; // [T][L + 1][capacity * d], or [0]

    Recording(Weights weights, LoopConfig config, int steps, int capacity, boolean captureLayers) {
        this.weights = weights;
        this.hiddenSize = config.hiddenSize();
        this.capacity = capacity;
        int size = Math.multiplyExact(capacity, hiddenSize);
        this.gates = new float[steps][capacity];
        this.hidden = new float[steps][size];
        this.layers = new float[captureLayers ? steps : 0][config.layers() + 1][size];
    }

    /** Bytes of the capture of such a run. */
    static long bytes(LoopConfig config, int steps, int tokens, boolean captureLayers) {
        long statesPerStep = 1 + (captureLayers ? config.layers() + 1 : 0);
        return Float.BYTES * (long) steps * tokens * (1 + statesPerStep * config.hiddenSize());
    }

    @Override
    public void layer(int step, int layer, int position, Matrix stream) {
        if (layers.length > 0) {
            stream.get(0, stream.rows(), layers[step - 1][layer + 1], position * hiddenSize);
        }
    }

    @Override
    public void stepOutput(int step, int position, Matrix stream) throws ForwardPass.NonFiniteStream {
        float[] states = hidden[step - 1];
        stream.get(0, stream.rows(), states, position * hiddenSize);
        for (int i = position; i < position + stream.rows(); i++) {
            float logit = (float) weights.gateLogit(states, i * hiddenSize);
            if (!Float.isFinite(logit)) {
                throw new ForwardPass.NonFiniteStream(step, "exit gate", i);
            }
            gates[step - 1][i] = logit;
        }
    }

    /** Gate logits g_1..g_steps of one token, [steps]. */
    double[] gateLogits(int position, int steps) {
        double[] logits = new double[steps];
        for (int t = 0; t < steps; t++) {
            logits[t] = gates[t][position];
        }
        return logits;
    }

    /** h_t of some tokens, [count, d]. */
    float[] hiddenStates(int step, int position, int count) {
        return Arrays.copyOfRange(hidden[step - 1], position * hiddenSize, (position + count) * hiddenSize);
    }

    /** Copies h_t of the tokens from {@code position} to {@code x}, [tokens, d]. */
    void load(int step, int position, Matrix x) {
        x.put(0, x.rows(), hidden[step - 1], position * hiddenSize);
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

    /** Hands over the first {@code steps} steps of the first {@code tokens} tokens; the recording is used up. */
    void giveTo(Capture.Builder builder, int steps, int tokens) {
        float[][] keptGates = Arrays.copyOf(gates, steps);
        float[][] keptHidden = Arrays.copyOf(hidden, steps);
        float[][][] keptLayers = Arrays.copyOf(layers, Math.min(steps, layers.length));
        if (tokens < capacity) {
            Arrays.fill(hidden, null); // so that each array can go as soon as its beginning is copied
            Arrays.fill(layers, null);
            trim(keptGates, tokens);
            trim(keptHidden, tokens * hiddenSize);
            for (float[][] layersOfStep : keptLayers) {
                trim(layersOfStep, tokens * hiddenSize);
            }
        }
        builder.states(keptGates, keptHidden).layerStates(keptLayers);
    }

    private static void trim(float[][] rows, int length) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOf(rows[i], length);
        }
    }
}
