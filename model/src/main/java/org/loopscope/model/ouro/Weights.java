package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.checkpoint.TensorInfo;

/**
 * The weights of one model in float32, each matrix [out, in] in the checkpoint's row order. Checkpoint names are
 * translated here, once, to what the tensors do.
 */
final class Weights implements AutoCloseable {
    private final List<Matrix> owned = new ArrayList<>();
    private final Matrix embedding; // [V, d]
    private final Matrix unembedding; // [V, d], the embedding itself when tied
    private final Matrix finalNorm; // [1, d]
    private final List<LayerWeights> layers = new ArrayList<>();
    private final float[] gate; // [d]
    private final double gateBias;

    /**
     * One layer.
     *
     * @param attentionNorm [1, d], before attention
     * @param postAttentionNorm [1, d], on what attention adds to the residual stream
     * @param mlpNorm [1, d], before the MLP
     * @param postMlpNorm [1, d], on what the MLP adds
     */
    record LayerWeights(
            Matrix attentionNorm,
            Matrix query,
            Matrix key,
            Matrix value,
            Matrix output,
            Matrix postAttentionNorm,
            Matrix mlpNorm,
            Matrix gate,
            Matrix up,
            Matrix down,
            Matrix postMlpNorm) {}

    /**
     * Reads all weights, widened to float32, straight into off-heap memory.
     *
     * @throws LoopscopeException if a tensor cannot be read or is larger than 2 GiB
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing stays allocated
     */
    static Weights load(Checkpoint checkpoint, RunControl control) throws LoopscopeException {
        Reader reader = new Reader(checkpoint, control);
        boolean complete = false;
        try {
            Weights weights = new Weights(checkpoint.config(), reader);
            complete = true;
            return weights;
        } finally {
            if (!complete) {
                reader.loaded.forEach(Matrix::close);
            }
        }
    }

    private Weights(LoopConfig config, Reader reader) throws LoopscopeException {
        embedding = reader.read(OuroTensors.EMBEDDING);
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(readLayer(OuroTensors.layerPrefix(layer), reader));
        }
        finalNorm = reader.read(OuroTensors.FINAL_NORM);
        gate = reader.checkpoint.readFloat32(OuroTensors.GATE_WEIGHT);
        gateBias = reader.checkpoint.readFloat32(OuroTensors.GATE_BIAS)[0];
        unembedding = config.tiedEmbeddings() ? embedding : reader.read(OuroTensors.UNEMBEDDING);
        owned.addAll(reader.loaded);
    }

    private static LayerWeights readLayer(String prefix, Reader reader) throws LoopscopeException {
        return new LayerWeights(
                reader.read(prefix + "input_layernorm.weight"),
                reader.read(prefix + "self_attn.q_proj.weight"),
                reader.read(prefix + "self_attn.k_proj.weight"),
                reader.read(prefix + "self_attn.v_proj.weight"),
                reader.read(prefix + "self_attn.o_proj.weight"),
                reader.read(prefix + "input_layernorm_2.weight"),
                reader.read(prefix + "post_attention_layernorm.weight"),
                reader.read(prefix + "mlp.gate_proj.weight"),
                reader.read(prefix + "mlp.up_proj.weight"),
                reader.read(prefix + "mlp.down_proj.weight"),
                reader.read(prefix + "post_attention_layernorm_2.weight"));
    }

    /** Reads tensors one after the other, with progress in weights. */
    private static final class Reader {
        private final Checkpoint checkpoint;
        private final RunControl control;
        private final List<Matrix> loaded = new ArrayList<>();
        private final long total;
        private long done;

        Reader(Checkpoint checkpoint, RunControl control) {
            this.checkpoint = checkpoint;
            this.control = control;
            this.total = checkpoint.parameterCount();
        }

        Matrix read(String name) throws LoopscopeException {
            control.checkCancelled();
            TensorInfo info = checkpoint.tensor(name);
            long limit = Integer.MAX_VALUE / Float.BYTES;
            if (info.elements() > limit) {
                throw new LoopscopeException(name + ": expected at most " + limit + " numbers in one tensor, found "
                        + info.elements() + ".");
            }
            List<Long> shape = info.shape();
            int columns = shape.get(shape.size() - 1).intValue();
            Matrix matrix = Matrix.allocate((int) (info.elements() / columns), columns);
            loaded.add(matrix);
            checkpoint.readFloat32(name, matrix.window());
            done += info.elements();
            control.progress("loading weights", done, total);
            return matrix;
        }
    }

    Matrix embedding() {
        return embedding;
    }

    Matrix unembedding() {
        return unembedding;
    }

    Matrix finalNorm() {
        return finalNorm;
    }

    LayerWeights layer(int layer) {
        return layers.get(layer);
    }

    /** Gate logit w · h + b of the state at {@code offset}, summed in double. */
    double gateLogit(float[] states, int offset) {
        double sum = gateBias;
        for (int i = 0; i < gate.length; i++) {
            sum += (double) gate[i] * states[offset + i];
        }
        return sum;
    }

    @Override
    public void close() {
        owned.forEach(Matrix::close);
    }
}
