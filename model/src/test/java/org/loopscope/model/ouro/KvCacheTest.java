package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.loopscope.model.ouro.Numbers.assertClose;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;

/** What the KV cache takes, against what is allocated. */
class KvCacheTest {
    // L = 3, 2 kv heads of 8: a key and a value of one layer are 2 * 16 numbers.
    private static final LoopConfig CONFIG =
            new LoopConfig(31, 32, 48, 3, 4, 2, 8, 4, 4096, 1e-6, 1e6, false, Set.of());
    // Ouro-1.4B: 24 layers, 16 kv heads of 128, T = 4.
    private static final LoopConfig OURO =
            new LoopConfig(49_152, 2048, 5632, 24, 16, 16, 128, 4, 65_536, 1e-6, 1e6, false, Set.of());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"FULL, 1536", "LAST_STEP, 384", "FIRST_STEP, 384", "AVERAGED, 384"})
    void bytesOfATokenAreThoseOfItsEntries(KvPolicy policy, long bytes) {
        // By hand: 4 bytes * 2 * 16 * 3 layers = 384 an entry; the full policy has one for each of 4 steps.
        assertEquals(bytes, policy.bytesPerToken(CONFIG, 4, Float.BYTES));
    }

    @Test
    void aTokenOfOuroTakes768KibInBfloat16AsPublished() {
        assertEquals(786_432, KvPolicy.FULL.bytesPerToken(OURO, 4, 2));
        assertEquals(196_608, KvPolicy.LAST_STEP.bytesPerToken(OURO, 4, 2), "a quarter, Table 14");
    }

    @ParameterizedTest
    @EnumSource(KvPolicy.class)
    void theBytesThatAreToldAreThoseThatAreAllocated(KvPolicy policy) {
        long before = Matrix.openBytes();
        for (boolean decodes : new boolean[] {true, false}) {
            try (KvCache cache = new KvCache(new HostKernels(), CONFIG, 4, policy, 100, decodes)) {
                assertEquals(0, cache.length());
                assertEquals(KvCache.bytes(CONFIG, 4, policy, 100, decodes), Matrix.openBytes() - before);
            }
        }
        assertEquals(before, Matrix.openBytes());
    }

    @ParameterizedTest
    @CsvSource({"FULL, 0", "LAST_STEP, 0", "FIRST_STEP, 13184", "AVERAGED, 13184"})
    void whatIsAllocatedBeyondTheKeptEntriesIsOneLayerOfThePromptAndOneTokenInTheMaking(KvPolicy policy, long more) {
        // By hand: 100 tokens * 128 bytes (one layer) that pass while the prompt is read, and 3 layers * 128 of one
        // token.
        assertEquals(
                100 * policy.bytesPerToken(CONFIG, 4, Float.BYTES) + more, KvCache.bytes(CONFIG, 4, policy, 100, true));
    }

    @Test
    void aTruncatedCacheHasNoRowsOfForgottenTokensAtAnyStep() {
        try (KvCache cache = new KvCache(new HostKernels(), CONFIG, 4, KvPolicy.FULL, 100, true)) {
            cache.stepDone(1, 10);
            cache.stepDone(2, 8);
            cache.stepDone(3, 3);
            cache.truncate(5);
            assertEquals(5, cache.filled(1));
            assertEquals(5, cache.filled(2));
            assertEquals(3, cache.filled(3), "fewer were there");
            assertEquals(0, cache.filled(4));
        }
    }

    @Test
    void aModelTellsTheBytesOfItsCache() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(31, 20, 33, 2, 4, 2, 6), 15);
        try (OuroModel model = checkpoint.load(folder, new HostKernels())) {
            // 2 layers * 2 heads * 6 * (key and value) * 4 bytes = 192 an entry; 3 steps, 10 tokens
            assertEquals(5760, model.cacheBytes(10, RunOptions.steps(3)).orElseThrow());
            assertEquals(
                    1920,
                    model.cacheBytes(10, RunOptions.steps(3).withKvPolicy(KvPolicy.LAST_STEP))
                            .orElseThrow());
        }
    }

    @Test
    void givenTokensDecodedUnderTheFullPolicyHaveTheStatesOfOnePass() throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(31, 20, 33, 2, 4, 2, 6), 16);
        int[] ids = new Random(16).ints(25, 0, 31).toArray();
        try (LoopedModel model = checkpoint.load(folder, new HostKernels())) {
            Capture whole = model.run(ids, RunOptions.steps(4), RunControl.none());
            Capture decoded = model.decode(ids, 10, RunOptions.steps(4), RunControl.none());
            assertClose(Numbers.hiddenStates(whole), Numbers.hiddenStates(decoded), 1e-4, "hidden states");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> model.decode(ids, 26, RunOptions.steps(4), RunControl.none()));
        }
    }
}
