package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.loopscope.model.ouro.Numbers.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitDistribution;

/** What a forward pass must share with the reference implementation, within the tolerances of golden/README.md. */
abstract class GoldenParity {
    static final double STATES = 5e-5;
    static final double LOGITS = 1e-4;
    private static final double PROBABILITIES = 1e-5;

    private final String set;
    private final Kernels kernels;

    GoldenSet golden;
    OuroModel model;
    Unembedding unembedding;

    GoldenParity(String set, Kernels kernels) {
        this.set = set;
        this.kernels = kernels;
    }

    @BeforeEach
    void load() throws LoopscopeException {
        golden = new GoldenSet(set);
        model = golden.load(kernels);
        unembedding = model.unembedding();
    }

    @AfterEach
    void close() {
        model.close();
    }

    private Capture run(RunOptions options) throws LoopscopeException {
        return model.run(golden.inputIds(), options, RunControl.none());
    }

    RunOptions options() {
        return RunOptions.steps(golden.steps());
    }

    @Test
    void statesOfEveryLayerAndStepAreThoseOfTheReference() throws LoopscopeException {
        Capture capture = run(options().withLayers(true));
        assertClose(golden.tensor("layer_states"), Numbers.layerStates(capture), STATES, "layer_states");
        assertClose(golden.tensor("hidden_states"), Numbers.hiddenStates(capture), STATES, "hidden_states");
        assertClose(golden.tensor("gate_logits"), Numbers.gateLogits(capture), STATES, "gate_logits");
    }

    @Test
    void exitDistributionsAreThoseOfTheReference() throws LoopscopeException {
        Capture capture = run(options());
        int steps = capture.steps();
        float[] lambda = new float[capture.length() * steps]; // [S, T], as the golden sets have it
        float[] pdf = lambda.clone();
        float[] cdf = lambda.clone();
        for (int position = 0; position < capture.length(); position++) {
            ExitDistribution exit = capture.exitDistribution(position);
            for (int t = 1; t <= steps; t++) {
                lambda[position * steps + t - 1] = (float) exit.lambda(t);
                pdf[position * steps + t - 1] = (float) exit.pdf(t);
                cdf[position * steps + t - 1] = (float) exit.cdf(t);
            }
        }
        assertClose(golden.tensor("lambda"), lambda, PROBABILITIES, "lambda");
        assertClose(golden.tensor("exit_pdf"), pdf, PROBABILITIES, "exit_pdf");
        assertClose(golden.tensor("exit_cdf"), cdf, PROBABILITIES, "exit_cdf");
    }

    @Test
    void exitStepsOfEveryThresholdAreThoseOfTheReference() throws LoopscopeException {
        Capture capture = run(options());
        for (Map.Entry<String, JsonNode> entry : golden.json.get("q_exit_step").properties()) {
            assertArrayEquals(
                    GoldenSet.ints(entry.getValue()),
                    exitSteps(capture, Double.parseDouble(entry.getKey())),
                    "q = " + entry.getKey());
        }
    }

    /** 0-based like the golden sets. */
    private static int[] exitSteps(Capture capture, double q) {
        int[] result = new int[capture.length()];
        for (int position = 0; position < result.length; position++) {
            result[position] = capture.exitDistribution(position).exitStep(q) - 1;
        }
        return result;
    }

    @Test
    void logitsOfEveryStepAreThoseOfTheReference() throws LoopscopeException {
        Capture capture = run(options());
        float[] expected = golden.tensor("step_logits");
        int size = expected.length / capture.steps();
        for (int t = 1; t <= capture.steps(); t++) {
            float[] logits = Numbers.logits(capture, t, unembedding);
            assertClose(Arrays.copyOfRange(expected, (t - 1) * size, t * size), logits, LOGITS, "step " + t);
            assertArrayEquals(
                    GoldenSet.ints(golden.json.get("step_argmax").get(t - 1)),
                    Numbers.argmax(logits, unembedding.vocabSize()),
                    "top tokens of step " + t);
        }
    }

    @Test
    void expectedLogitsAreTheExitWeightedMeanOfTheSteps() throws LoopscopeException {
        Capture capture = run(options());
        int vocabulary = unembedding.vocabSize();
        float[] mean = new float[capture.length() * vocabulary];
        for (int t = 1; t <= capture.steps(); t++) {
            float[] logits = Numbers.logits(capture, t, unembedding);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (float) (capture.exitDistribution(i / vocabulary).pdf(t) * logits[i]);
            }
        }
        assertClose(golden.tensor("expected_logits"), mean, LOGITS, "expected_logits");
        assertArrayEquals(GoldenSet.ints(golden.json.get("expected_logits_argmax")), Numbers.argmax(mean, vocabulary));
    }

    @Test
    void otherNumbersOfStepsGiveTheReferencesLogitsAndExits() throws LoopscopeException {
        for (int steps : new int[] {2, 6, 8}) {
            Capture capture = run(RunOptions.steps(steps));
            JsonNode expected = golden.json.get("ut_steps_override").get(String.valueOf(steps));
            float[] logits = Numbers.logits(capture, steps, unembedding);
            assertClose(golden.tensor("override_last_logits.T" + steps), logits, LOGITS, "T = " + steps);
            assertArrayEquals(
                    GoldenSet.ints(expected.get("last_step_argmax")),
                    Numbers.argmax(logits, unembedding.vocabSize()),
                    "top tokens, T = " + steps);
            assertArrayEquals(
                    GoldenSet.ints(expected.get("q_exit_0.5")), exitSteps(capture, 0.5), "exit steps, T = " + steps);
        }
    }
}
