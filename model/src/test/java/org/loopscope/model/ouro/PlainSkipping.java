package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.shape.LoopConfig;

/**
 * The slow, obvious version in double of greedy text with skipped loops under a policy that shares entries: the prompt
 * with all steps and its own keys and values of each, then each token until 1 − ∏ (1 − σ(g)) reaches q.
 */
final class PlainSkipping {
    final List<Integer> generated = new ArrayList<>();
    final List<List<Double>> gates = new ArrayList<>(); // by generated token, of the steps that ran

    private final PlainTransformer plain;
    private final LoopConfig c;
    private final int steps;
    private final double q;
    private final KvPolicy policy;
    private final List<List<double[]>> keys = new ArrayList<>(); // [L][tokens][width]
    private final List<List<double[]>> values = new ArrayList<>();

    PlainSkipping(RandomCheckpoint checkpoint, int steps, double q, KvPolicy policy) {
        this.plain = new PlainTransformer(checkpoint);
        this.c = checkpoint.config;
        this.steps = steps;
        this.q = q;
        this.policy = policy;
    }

    void generate(int[] prompt, int count) {
        for (int layer = 0; layer < c.layers(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
        List<double[]> lastStates = prompt(prompt);
        int exit = exit(gatesOf(lastStates));
        double[] state = lastStates.get(exit - 1);
        for (int n = 0; n < count; n++) {
            int id = top(state);
            generated.add(id);
            state = token(id, prompt.length + n);
        }
    }

    /** Step outputs of the last token of the prompt. */
    private List<double[]> prompt(int[] ids) {
        double[][] x = plain.embed(ids);
        List<double[]> last = new ArrayList<>();
        List<List<double[][]>> made = new ArrayList<>(); // [T][2 * L]
        for (int step = 1; step <= steps; step++) {
            List<double[][]> ofStep = new ArrayList<>();
            for (int layer = 0; layer < c.layers(); layer++) {
                x = layer(layer, x, new ArrayList<>(), new ArrayList<>(), ofStep);
            }
            x = plain.norm(x, OuroTensors.FINAL_NORM);
            last.add(x[ids.length - 1].clone());
            made.add(ofStep);
        }
        for (int token = 0; token < ids.length; token++) {
            fold(made, token);
        }
        return last;
    }

    /** Takes one token through the loop until it exits; gives the state it leaves with. */
    private double[] token(int id, int position) {
        double[][] x = plain.embed(new int[] {id});
        List<double[]> states = new ArrayList<>();
        List<List<double[][]>> made = new ArrayList<>();
        do {
            List<double[][]> ofStep = new ArrayList<>();
            for (int layer = 0; layer < c.layers(); layer++) {
                if (keys.get(layer).size() != position) {
                    throw new IllegalStateException("one entry a token");
                }
                x = layer(layer, x, keys.get(layer), values.get(layer), ofStep);
            }
            x = plain.norm(x, OuroTensors.FINAL_NORM);
            states.add(x[0].clone());
            made.add(ofStep);
        } while (exit(gatesOf(states)) > states.size() && states.size() < steps);
        fold(made, 0);
        gates.add(gatesOf(states));
        return states.get(states.size() - 1);
    }

    /** First step at which the CDF of the gates reaches q; the one after them if none does, T if that comes first. */
    private int exit(List<Double> gateLogits) {
        double stay = 1;
        for (int t = 1; t <= gateLogits.size(); t++) {
            stay *= 1 - 1 / (1 + Math.exp(-gateLogits.get(t - 1)));
            if (1 - stay >= q) {
                return t;
            }
        }
        return Math.min(steps, gateLogits.size() + 1);
    }

    private List<Double> gatesOf(List<double[]> states) {
        return states.stream().map(plain::gateLogit).toList();
    }

    private int top(double[] state) {
        double[] logits = plain.linear(new double[][] {state}, OuroTensors.UNEMBEDDING, c.vocabSize())[0];
        int best = 0;
        for (int id = 0; id < logits.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        return best;
    }

    private void fold(List<List<double[][]>> made, int token) {
        for (int layer = 0; layer < c.layers(); layer++) {
            keys.get(layer).add(folded(made, 2 * layer, token));
            values.get(layer).add(folded(made, 2 * layer + 1, token));
        }
    }

    private double[] folded(List<List<double[][]>> made, int which, int token) {
        if (policy == KvPolicy.FIRST_STEP) {
            return made.get(0).get(which)[token];
        }
        if (policy == KvPolicy.LAST_STEP) {
            return made.get(made.size() - 1).get(which)[token];
        }
        double[] mean = new double[c.kvHeads() * c.headDim()];
        for (List<double[][]> step : made) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += step.get(which)[token][i] / made.size();
            }
        }
        return mean;
    }

    private double[][] layer(
            int layer, double[][] input, List<double[]> pastKeys, List<double[]> pastValues, List<double[][]> made) {
        String p = OuroTensors.layerPrefix(layer);
        int first = pastKeys.size();
        double[][] normed = plain.norm(input, p + "input_layernorm.weight");
        double[][] queries = plain.linear(normed, p + "self_attn.q_proj.weight", c.heads() * c.headDim());
        double[][] k = plain.linear(normed, p + "self_attn.k_proj.weight", c.kvHeads() * c.headDim());
        double[][] v = plain.linear(normed, p + "self_attn.v_proj.weight", c.kvHeads() * c.headDim());
        PlainTransformer.rotate(queries, c.headDim(), c.ropeTheta(), first);
        PlainTransformer.rotate(k, c.headDim(), c.ropeTheta(), first);
        made.add(k);
        made.add(v);
        double[][] attended =
                PlainTransformer.attend(queries, join(pastKeys, k), join(pastValues, v), c.headDim(), first);
        double[][] x = new double[input.length][c.hiddenSize()];
        PlainTransformer.add(x, input);
        double[][] added = plain.linear(attended, p + "self_attn.o_proj.weight", c.hiddenSize());
        PlainTransformer.add(x, plain.norm(added, p + "input_layernorm_2.weight"));
        double[][] mlp = plain.mlp(p, plain.norm(x, p + "post_attention_layernorm.weight"));
        PlainTransformer.add(x, plain.norm(mlp, p + "post_attention_layernorm_2.weight"));
        return x;
    }

    private static double[][] join(List<double[]> past, double[][] rows) {
        List<double[]> all = new ArrayList<>(past);
        all.addAll(List.of(rows));
        return all.toArray(double[][]::new);
    }
}
