package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.loopscope.model.ouro.Numbers.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;

/** What must be shared besides: decoding through the KV cache, and what is generated. */
abstract class GoldenGeneration extends GoldenParity {
    GoldenGeneration(String set, Kernels kernels) {
        super(set, kernels);
    }

    private Capture generate(RunOptions options) throws LoopscopeException {
        return model.run(golden.prompt(), options.withGenerate(12), RunControl.none());
    }

    @Test
    void decodingTokenByTokenGivesTheReferencesLogitsUnderEveryKvPolicy() throws LoopscopeException {
        int prefill = golden.json.get("prompt_length").asInt();
        for (KvPolicy policy : KvPolicy.values()) {
            Capture capture =
                    model.decode(golden.inputIds(), prefill, options().withKvPolicy(policy), RunControl.none());
            float[] all = Numbers.logits(capture, capture.steps(), unembedding);
            float[] decoded = Arrays.copyOfRange(all, prefill * unembedding.vocabSize(), all.length);
            assertClose(golden.tensor("decode_logits." + name(policy)), decoded, LOGITS, name(policy));
        }
    }

    private static String name(KvPolicy policy) {
        return policy.cliName().replace('-', '_');
    }

    @Test
    void greedyContinuationsUnderEveryKvPolicyAreTheReferences() throws LoopscopeException {
        for (KvPolicy policy : KvPolicy.values()) {
            Capture capture = generate(options().withKvPolicy(policy));
            assertArrayEquals(
                    GoldenSet.ints(golden.json.get("greedy").get("kv_policy").get(name(policy))),
                    generated(capture),
                    name(policy));
        }
    }

    private static int[] generated(Capture capture) {
        return Arrays.copyOfRange(capture.tokenIds(), capture.promptLength(), capture.length());
    }

    @Test
    void greedyContinuationAtFullDepthIsTheReferences() throws LoopscopeException {
        Capture capture = generate(options());
        assertArrayEquals(GoldenSet.ints(golden.json.get("greedy").get("full_depth")), generated(capture));
    }

    @Test
    void greedyContinuationReadAtTheQExitStepIsTheReferences() throws LoopscopeException {
        JsonNode expected = golden.json.get("greedy").get("adaptive_exit");
        Capture capture =
                generate(options().withExitRule(ExitRule.q(expected.get("q").asDouble())));
        assertArrayEquals(GoldenSet.ints(expected.get("tokens")), generated(capture));
        int[] steps = GoldenSet.ints(expected.get("exit_steps"));
        for (int i = 0; i < steps.length; i++) {
            assertEquals(steps[i] + 1, capture.generationExitStep(capture.promptLength() + i), "choice " + i);
        }
    }

    @Test
    void skippingLoopsWithTheFullCacheGivesTheSameTextAndExitSteps() throws LoopscopeException {
        JsonNode expected = golden.json.get("greedy").get("adaptive_exit");
        Capture capture = generate(
                options().withExitRule(ExitRule.q(expected.get("q").asDouble())).withDecoding(Decoding.skipLoops()));
        assertArrayEquals(GoldenSet.ints(expected.get("tokens")), generated(capture));
        int[] steps = GoldenSet.ints(expected.get("exit_steps"));
        GenerationReport.SkippedLoops report =
                (GenerationReport.SkippedLoops) capture.generationReport().orElseThrow();
        for (int i = 0; i < steps.length; i++) {
            assertEquals(steps[i] + 1, capture.generationExitStep(capture.promptLength() + i), "choice " + i);
            if (i > 0) {
                assertEquals(steps[i] + 1, report.stepsRun(i - 1), "loops of the token before choice " + i);
            }
        }
    }

    /** Lengths of drafts that are tried. */
    int[] draftLengths() {
        return new int[] {1, 2, 3, 5, 11, 40};
    }

    @Test
    void draftsOfEveryStepAndLengthAreVerifiedToTheReferencesGreedyText() throws LoopscopeException {
        int[] expected = GoldenSet.ints(golden.json.get("greedy").get("full_depth"));
        for (int step = 1; step < golden.steps(); step++) {
            for (int tokens : draftLengths()) {
                Capture capture = generate(options().withDecoding(Decoding.draftAndVerify(step, tokens)));
                assertArrayEquals(expected, generated(capture), "step " + step + ", " + tokens + " drafts");
            }
        }
    }

    @Test
    void greedyContinuationReadAtAFixedStepIsTheReferences() throws LoopscopeException {
        JsonNode expected = golden.json.get("greedy").get("exit_at_step");
        for (int t = 1; t <= golden.steps(); t++) {
            Capture capture = generate(options().withExitRule(ExitRule.fixed(t)));
            assertArrayEquals(GoldenSet.ints(expected.get(String.valueOf(t - 1))), generated(capture), "step " + t);
        }
    }

    @Test
    void generatedTokensHaveTheStatesOfAnUncachedPass() throws LoopscopeException {
        Capture cached = generate(options().withLayers(true));
        Capture whole = model.run(cached.tokenIds(), options().withLayers(true), RunControl.none());
        assertClose(Numbers.layerStates(whole), Numbers.layerStates(cached), STATES, "layer states");
        assertClose(Numbers.hiddenStates(whole), Numbers.hiddenStates(cached), STATES, "hidden states");
        assertClose(Numbers.gateLogits(whole), Numbers.gateLogits(cached), STATES, "gate logits");
    }
}
