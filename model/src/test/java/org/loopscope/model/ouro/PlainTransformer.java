package org.loopscope.model.ouro;

import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.shape.LoopConfig;

/**
 * The slow, obvious version in double: one token after the other, one number after the other, straight from the
 * published formulas. Only the rotary angles are rounded to float32, as the published code does.
 */
final class PlainTransformer {
    private final RandomCheckpoint checkpoint;
    private final LoopConfig c;

    PlainTransformer(RandomCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.c = checkpoint.config;
    }

    /** E[ids], [S][d]. */
    double[][] embed(int[] ids) {
        double[][] x = new double[ids.length][c.hiddenSize()];
        float[] table = checkpoint.tensors.get(OuroTensors.EMBEDDING);
        for (int s = 0; s < ids.length; s++) {
            for (int i = 0; i < c.hiddenSize(); i++) {
                x[s][i] = table[ids[s] * c.hiddenSize() + i];
            }
        }
        return x;
    }

    /** One pass through all layers and the final norm: what a step does to [S][d], and all of a plain transformer. */
    double[][] pass(double[][] input) {
        double[][] x = copy(input);
        for (int layer = 0; layer < c.layers(); layer++) {
            x = layer(layer, x);
        }
        return norm(x, OuroTensors.FINAL_NORM);
    }

    /** Residual stream after one layer. */
    double[][] layer(int layer, double[][] input) {
        String p = OuroTensors.layerPrefix(layer);
        double[][] x = copy(input);
        add(x, norm(attention(p, norm(x, p + "input_layernorm.weight")), p + "input_layernorm_2.weight"));
        add(x, norm(mlp(p, norm(x, p + "post_attention_layernorm.weight")), p + "post_attention_layernorm_2.weight"));
        return x;
    }

    double[][] norm(double[][] x, String weight) {
        float[] w = checkpoint.tensors.get(weight);
        double[][] out = copy(x);
        for (double[] row : out) {
            double squares = 0;
            for (double v : row) {
                squares += v * v;
            }
            double rms = Math.sqrt(squares / row.length + c.normEps());
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] / rms * w[i];
            }
        }
        return out;
    }

    double[][] linear(double[][] x, String weight, int outputs) {
        float[] w = checkpoint.tensors.get(weight);
        double[][] out = new double[x.length][outputs];
        for (int s = 0; s < x.length; s++) {
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < x[s].length; i++) {
                    out[s][o] += w[o * x[s].length + i] * x[s][i];
                }
            }
        }
        return out;
    }

    double gateLogit(double[] state) {
        return linear(new double[][] {state}, OuroTensors.GATE_WEIGHT, 1)[0][0]
                + checkpoint.tensors.get(OuroTensors.GATE_BIAS)[0];
    }

    double[][] mlp(String p, double[][] x) {
        double[][] gate = linear(x, p + "mlp.gate_proj.weight", c.intermediateSize());
        double[][] up = linear(x, p + "mlp.up_proj.weight", c.intermediateSize());
        for (int s = 0; s < x.length; s++) {
            for (int i = 0; i < gate[s].length; i++) {
                gate[s][i] = gate[s][i] / (1 + Math.exp(-gate[s][i])) * up[s][i];
            }
        }
        return linear(gate, p + "mlp.down_proj.weight", c.hiddenSize());
    }

    private double[][] attention(String p, double[][] x) {
        double[][] q = linear(x, p + "self_attn.q_proj.weight", c.heads() * c.headDim());
        double[][] k = linear(x, p + "self_attn.k_proj.weight", c.kvHeads() * c.headDim());
        double[][] v = linear(x, p + "self_attn.v_proj.weight", c.kvHeads() * c.headDim());
        rotate(q, c.headDim(), c.ropeTheta(), 0);
        rotate(k, c.headDim(), c.ropeTheta(), 0);
        return linear(attend(q, k, v, c.headDim(), 0), p + "self_attn.o_proj.weight", c.hiddenSize());
    }

    static void rotate(double[][] x, int headDim, double theta, int firstPosition) {
        for (int s = 0; s < x.length; s++) {
            for (int i = 0; i < headDim / 2; i++) {
                float frequency = 1f / (float) Math.pow(theta, (float) (2 * i) / headDim);
                double angle = (firstPosition + s) * frequency;
                for (int head = 0; head < x[s].length; head += headDim) {
                    double a = x[s][head + i];
                    double b = x[s][head + headDim / 2 + i];
                    x[s][head + i] = a * Math.cos(angle) - b * Math.sin(angle);
                    x[s][head + headDim / 2 + i] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
    }

    /** Queries of the tokens from {@code firstPosition} on; keys and values of all tokens. */
    static double[][] attend(double[][] q, double[][] k, double[][] v, int headDim, int firstPosition) {
        int heads = q[0].length / headDim;
        int kvHeads = k[0].length / headDim;
        double[][] out = new double[q.length][q[0].length];
        for (int s = 0; s < q.length; s++) {
            for (int h = 0; h < heads; h++) {
                attendHead(
                        q[s], k, v, h * headDim, h / (heads / kvHeads) * headDim, headDim, firstPosition + s, out[s]);
            }
        }
        return out;
    }

    private static void attendHead(
            double[] q, double[][] k, double[][] v, int head, int kvHead, int headDim, int last, double[] out) {
        double[] weight = new double[last + 1];
        double sum = 0;
        for (int token = 0; token <= last; token++) {
            double score = 0;
            for (int i = 0; i < headDim; i++) {
                score += q[head + i] * k[token][kvHead + i];
            }
            weight[token] = Math.exp(score / Math.sqrt(headDim));
            sum += weight[token];
        }
        for (int token = 0; token <= last; token++) {
            for (int i = 0; i < headDim; i++) {
                out[head + i] += weight[token] / sum * v[token][kvHead + i];
            }
        }
    }

    static void add(double[][] x, double[][] y) {
        for (int s = 0; s < x.length; s++) {
            for (int i = 0; i < x[s].length; i++) {
                x[s][i] += y[s][i];
            }
        }
    }

    private static double[][] copy(double[][] x) {
        double[][] out = new double[x.length][];
        for (int s = 0; s < x.length; s++) {
            out[s] = x[s].clone();
        }
        return out;
    }

    static float[] flat(double[][] x) {
        float[] out = new float[x.length * x[0].length];
        for (int s = 0; s < x.length; s++) {
            for (int i = 0; i < x[s].length; i++) {
                out[s * x[s].length + i] = (float) x[s][i];
            }
        }
        return out;
    }
}
