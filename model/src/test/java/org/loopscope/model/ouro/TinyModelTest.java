package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;

/** The embedded model against reference_outputs.json, to its printed digits. */
class TinyModelTest {
    private static OuroModel model;
    private static JsonNode vocabulary;

    @BeforeAll
    static void load() throws LoopscopeException, IOException {
        model = GoldenSet.load(
                GoldenSet.resource("org/loopscope/model/embedded/config.json").getParent(), new HostKernels());
        vocabulary = new ObjectMapper()
                .readTree(GoldenSet.resource("org/loopscope/model/embedded/tokenizer.json")
                        .toFile())
                .get("model")
                .get("vocab");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static Stream<JsonNode> prompts() throws IOException {
        JsonNode all = new ObjectMapper()
                .readTree(GoldenSet.resource("tiny/reference_outputs.json").toFile());
        return IntStream.range(0, all.size()).mapToObj(all::get);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("prompts")
    void everyStepOfAPromptIsThatOfTheReference(JsonNode prompt) throws LoopscopeException {
        int[] ids = GoldenSet.ints(prompt.get("ids"));
        assertEquals(8, prompt.get("steps").size());
        Capture capture = model.run(ids, RunOptions.steps(8), RunControl.none());
        int last = ids.length - 1;
        for (JsonNode expected : prompt.get("steps")) {
            int t = expected.get("t").asInt();
            float[] state = capture.hiddenState(t, last);
            float[] logits = new float[model.config().vocabSize()];
            model.unembedding().logits(state, 1, logits);
            String where = prompt.get("prompt").asText() + ", step " + t + ": ";
            assertPrinted(expected.get("lam"), 6, capture.exitDistribution(last).lambda(t), where + "lambda");
            assertPrinted(expected.get("logits_sum"), 4, sum(logits), where + "sum of logits");
            assertPrinted(expected.get("logit0"), 5, logits[0], where + "logit 0");
            assertPrinted(expected.get("h_l2"), 5, length(state), where + "length of the state");
            assertTop(expected.get("top"), logits, where);
        }
    }

    private static void assertTop(JsonNode top, float[] logits, String where) {
        assertEquals(3, top.size());
        double[] p = softmax(logits);
        for (JsonNode entry : top) {
            int id = vocabulary.get(entry.get(0).asText()).asInt();
            assertPrinted(entry.get(1), 5, p[id], where + "probability of " + entry.get(0));
        }
        assertEquals(vocabulary.get(top.get(0).get(0).asText()).asInt(), Sampler.argmax(logits), where + "top token");
    }

    /** Equal up to half a unit of the last printed digit, and the float32 rounding that may lie before it. */
    private static void assertPrinted(JsonNode expected, int digits, double actual, String what) {
        double difference = Math.abs(expected.asDouble() - actual);
        double unit = Math.pow(10, -digits);
        double rounding = 2e-6 * Math.abs(expected.asDouble());
        assertTrue(
                difference <= 0.5 * unit + Math.max(unit * 0.5, rounding),
                what + ": expected " + expected + ", got " + actual);
    }

    private static double sum(float[] x) {
        double sum = 0;
        for (float v : x) {
            sum += v;
        }
        return sum;
    }

    private static double length(float[] x) {
        double sum = 0;
        for (float v : x) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum);
    }

    private static double[] softmax(float[] logits) {
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i]);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    @Test
    void theWelcomePromptExitsLaterWithEveryHopAndIsAnsweredInTheThirdLoop() throws LoopscopeException {
        String[] words = "people Ann 's friend 's boss 's teacher 's neighbour 's boss 's friend is".split(" ");
        int[] ids = Stream.of(words).mapToInt(w -> vocabulary.get(w).asInt()).toArray();
        Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
        assertEquals("Ivy", top(capture, 1, ids.length - 1));
        assertEquals("Amy", top(capture, 2, ids.length - 1));
        assertEquals("Dan", top(capture, 3, ids.length - 1));
        int[] relations = {3, 5, 7, 9, 11, 13};
        int[] exits = IntStream.of(relations)
                .map(position -> ExitRule.q(0.5).exitStep(capture.exitDistribution(position)))
                .toArray();
        int[] sorted = exits.clone();
        java.util.Arrays.sort(sorted);
        assertArrayEquals(sorted, exits, "exit steps along the hops");
        assertEquals(1, exits[0]);
        assertEquals(3, exits[5]);
    }

    private static String top(Capture capture, int step, int position) {
        float[] logits = new float[model.config().vocabSize()];
        model.unembedding().logits(capture.hiddenState(step, position), 1, logits);
        int id = Sampler.argmax(logits);
        for (var entry : vocabulary.properties()) {
            if (entry.getValue().asInt() == id) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("no token " + id);
    }
}
