package org.loopscope.analysis.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** The KV policies on the embedded model. */
class KvComparisonTest {
    private static LoopedModel model;
    private static int[] prompt;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
        prompt = model.tokenizer().orElseThrow().encode("people Ann's friend's boss is");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static KvPlan plan(int steps, int generate, int prefill) {
        return new KvPlan(steps, generate, prefill, KvPlan.SHARING, Set.of());
    }

    private static KvResult compare(KvPlan plan) throws LoopscopeException {
        return new KvComparison(model, plan).compare(prompt, RunControl.none());
    }

    @Test
    void klIsThatOfTheTwoDistributions() {
        float[] p = {0, 0}; // 1/2, 1/2
        float[] q = {0, (float) Math.log(3)}; // 1/4, 3/4
        double kl = KvComparison.kl(p, Math.log(2), q, Math.log(4), 0, 2);
        // 1/2 ln (1/2 : 1/4) + 1/2 ln (1/2 : 3/4) = 1/2 ln 2 + 1/2 ln 2/3 = 0.143841
        assertEquals(0.143841, kl, 1e-6);
        assertEquals(0, KvComparison.kl(p, Math.log(2), p, Math.log(2), 0, 2), 1e-15);
        assertTrue(Double.isNaN(KvComparison.kl(new float[] {Float.NaN, 0}, 0, q, 0, 0, 2)));
    }

    @Test
    void everyNumberIsThatOfPlainRunsOfTheSameTokens() throws LoopscopeException {
        KvResult result = compare(plan(4, 8, 0));
        Capture full = model.run(prompt, RunOptions.steps(4).withGenerate(8), RunControl.none());
        assertEquals(8, result.length());
        assertEquals(0, result.given());
        for (KvPolicy policy : KvPlan.SHARING) {
            RunOptions options = RunOptions.steps(4).withKvPolicy(policy);
            Capture forced = model.decode(full.tokenIds(), prompt.length, options, RunControl.none());
            Capture own = model.run(prompt, options.withGenerate(8), RunControl.none());
            for (KvToken token : result.tokens(policy)) {
                int before = prompt.length + token.index() - 2;
                // one row a product here, several there: summed in another order, so equal to float32 rounding only
                double[] p = logProbabilities(full.hiddenState(4, before));
                double[] q = logProbabilities(forced.hiddenState(4, before));
                double kl = 0;
                for (int v = 0; v < p.length; v++) {
                    kl += Math.exp(p[v]) * (p[v] - q[v]);
                }
                int id = full.tokenId(before + 1);
                assertEquals(id, token.id());
                assertEquals(id, token.fullTop(), "the text is greedy");
                assertEquals(kl, token.kl(), 1e-5, policy + " " + token.index());
                assertEquals(p[id], token.fullLogProbability(), 1e-5);
                assertEquals(q[id], token.logProbability(), 1e-5);
                assertEquals(OptionalInt.of(id), token.fullFreeId());
                assertEquals(OptionalInt.of(own.tokenId(before + 1)), token.freeId());
            }
        }
    }

    private static double[] logProbabilities(float[] state) {
        float[] logits = new float[model.unembedding().vocabSize()];
        model.unembedding().logits(state, 1, logits);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double[] log = new double[logits.length];
        for (int v = 0; v < log.length; v++) {
            log[v] = logits[v] - Math.log(sum);
        }
        return log;
    }

    @Test
    void theFirstTokenComesFromThePrefillAndIsNotCounted() throws LoopscopeException {
        for (KvToken token : compare(plan(4, 3, 0)).tokens()) {
            if (token.index() == 1) {
                assertEquals(0, token.kl(), 1e-12);
                assertFalse(token.counts());
            } else {
                assertTrue(token.kl() > 1e-6, "sharing changes " + token);
            }
        }
    }

    @Test
    void withOneStepThereIsNothingToShare() throws LoopscopeException {
        for (KvToken token : compare(plan(1, 6, 0)).tokens()) {
            assertEquals(0, token.kl(), 1e-10);
            assertTrue(token.agrees());
            assertTrue(token.freeSame());
        }
    }

    @Test
    void theRestOfAPromptIsDecodedAfterAShorterPrefill() throws LoopscopeException {
        KvResult result = compare(plan(4, 2, 3));
        assertEquals(3, result.prefill());
        assertEquals(prompt.length - 3, result.given());
        List<KvToken> tokens = result.tokens(KvPolicy.LAST_STEP);
        assertEquals(prompt.length - 3 + 2, tokens.size());
        assertEquals(prompt[3], tokens.get(0).id());
        assertFalse(tokens.get(0).hasFree(), "the rest of the prompt is given");
        Capture own = model.decode(
                prompt, 3, RunOptions.steps(4).withKvPolicy(KvPolicy.LAST_STEP).withGenerate(2), RunControl.none());
        assertEquals(
                OptionalInt.of(own.tokenId(prompt.length)),
                tokens.get(prompt.length - 3).freeId());
    }

    @Test
    void aGivenTextIsComparedAsItIsAndTheOwnTextsAsTheyAreWritten() throws LoopscopeException {
        int[] text = model.tokenizer().orElseThrow().encode("Max Max Max");
        KvResult result = new KvComparison(model, plan(4, 0, 0)).compare(prompt, text, RunControl.none());
        assertEquals(3, result.given());
        Capture full = model.run(prompt, RunOptions.steps(4).withGenerate(3), RunControl.none());
        List<KvToken> tokens = result.tokens(KvPolicy.AVERAGED);
        for (int i = 0; i < 3; i++) {
            assertEquals(text[i], tokens.get(i).id());
            assertEquals(
                    OptionalInt.of(full.tokenId(prompt.length + i)),
                    tokens.get(i).fullFreeId());
        }
        assertTrue(tokens.get(0).fullLogProbability() < -1, "Max is not what the model would say");
    }

    @Test
    void rowsReadBackAreThoseThatWereComputed() throws Exception {
        List<KvPrompt> prompts = List.of(
                KvPrompt.of(prompt, "a"),
                KvPrompt.of(Arrays.copyOf(prompt, 5), "b"),
                KvPrompt.of(Arrays.copyOf(prompt, 4), ""));
        Path file = folder.resolve("kv.csv");
        KvRuns.write(model, plan(4, 4, 0), prompts, file);
        KvSummary read = KvTable.read(file);
        KvSummary computed = KvRuns.summary(model, plan(4, 4, 0), prompts);
        assertEquals(computed.lines(), read.lines());
        assertEquals(computed.places(), read.places());
        assertEquals(3, read.prompts());
        assertEquals(model.info().computeDtype(), read.computeDtype());
    }

    @Test
    void policiesAreReadFromTheirNames() throws LoopscopeException {
        assertEquals(KvPlan.SHARING, KvPlan.policies("all"));
        assertEquals(List.of(KvPolicy.AVERAGED, KvPolicy.LAST_STEP), KvPlan.policies("averaged, last-step"));
        for (String wrong : List.of("full", "averaged,averaged", "none", "")) {
            assertThrows(LoopscopeException.class, () -> KvPlan.policies(wrong), wrong);
        }
    }

    @Test
    void memoryIsThatOfTheModelsSizesAndOfWhatIsAllocated() {
        // By hand: float32, key and value, 2 layers, and per layer kvHeads * headDim = d numbers.
        long entry = 4L * 2 * 2 * model.config().kvHeads() * model.config().headDim();
        KvMemory memory = KvMemory.of(model.config(), 4, 20, model);
        assertEquals(4 * entry, memory.lines().get(0).perToken());
        assertEquals(2 * entry, memory.lines().get(0).perTokenBfloat16());
        assertEquals(20 * 4 * entry, memory.lines().get(0).allocated().orElseThrow());
        assertEquals(KvPolicy.LAST_STEP, memory.lines().get(1).policy());
        assertEquals(0.25, memory.lines().get(1).share());
        assertEquals(20 * entry, memory.lines().get(1).allocated().orElseThrow());
        assertEquals(20 * entry, memory.lines().get(2).total());
        assertTrue(memory.lines().get(2).allocated().orElseThrow() > 20 * entry, "one layer of the prompt besides");
        assertTrue(KvMemory.of(model.config(), 4, 20, null)
                .toTable()
                .column("bytes_allocated")
                .isMissing(0));
    }
}
