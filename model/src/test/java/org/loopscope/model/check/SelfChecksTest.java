package org.loopscope.model.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.CheckResult.Outcome;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.embedded.EmbeddedModel;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.open.Models;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.support.Golden;
import org.loopscope.model.tokenizer.Tokenizer;

class SelfChecksTest {
    @TempDir
    Path folder;

    private List<CheckResult> check(String name) throws LoopscopeException {
        return Models.check(name, HubEnvironment.of(Map.of(), folder), RunControl.none());
    }

    private static List<Outcome> outcomes(List<CheckResult> results) {
        return results.stream().map(CheckResult::outcome).toList();
    }

    @Test
    void theEmbeddedModelPassesEveryCheck() throws LoopscopeException {
        List<CheckResult> results = check("embedded");
        assertEquals(
                List.of(
                        "shapes and T",
                        "finite weights",
                        "tokenizer round trip",
                        "last-step lens",
                        "exit pdf",
                        "chat and ends"),
                results.stream().map(CheckResult::name).toList());
        results.forEach(result -> assertEquals(Outcome.PASSED, result.outcome(), result::sentence));
        assertEquals("196,225 weights are finite.", results.get(1).sentence());
        try (LoopedModel model = Models.open("embedded", RunControl.none())) {
            assertEquals(results, model.checks());
        }
    }

    @Test
    void aModelWithoutTokenizerPassesTheOthers() throws LoopscopeException {
        for (String set : List.of("mha", "gqa", "gqa/sharded")) {
            List<CheckResult> results = check(Golden.path("golden/" + set).toString());
            assertEquals(
                    List.of(
                            Outcome.PASSED,
                            Outcome.PASSED,
                            Outcome.NOT_MADE,
                            Outcome.PASSED,
                            Outcome.PASSED,
                            Outcome.PASSED),
                    outcomes(results),
                    results::toString);
        }
    }

    @Test
    void aWeightThatIsNotFiniteIsNamedAndTheModelRefused() throws Exception {
        Path model = Golden.copy("mha", folder.resolve("m"));
        Path file = model.resolve("model.safetensors");
        String tensor = "model.layers.1.mlp.up_proj.weight";
        long offset;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            offset = weights.tensor(tensor).offset()
                    + 5L * weights.tensor(tensor).dtype().sizeBytes();
        }
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(offset);
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff}));
        }
        List<CheckResult> results = check(model.toString());
        assertEquals(Outcome.FAILED, results.get(1).outcome());
        assertEquals(Outcome.NOT_MADE, results.get(3).outcome());
        String sentence = assertThrows(LoopscopeException.class, () -> Models.open(model.toString(), RunControl.none()))
                .getMessage();
        assertTrue(
                sentence.startsWith("m was not opened, its self-check \"finite weights\" failed: " + tensor
                        + ": expected finite numbers, found NaN or infinity at element 5 of "),
                sentence);
    }

    @Test
    void anUnembeddingThatIsNotTheCheckpointsIsFound() throws LoopscopeException {
        CheckResult lens = checkWith(new Changed() {
                    @Override
                    public Unembedding unembedding() {
                        return scaled(super.unembedding());
                    }
                })
                .get(3);
        assertEquals(Outcome.FAILED, lens.outcome());
        assertTrue(lens.sentence().startsWith("expected the logit "), lens.sentence());
    }

    @Test
    void aTokenizerThatIsNotTheModelsIsFound() throws LoopscopeException {
        assertEquals(
                "expected token ids from 0 to 56, found 57.",
                tokenizerCheck(text -> new int[] {57}, ids -> "").sentence());
        CheckResult shifted =
                tokenizerCheck(text -> text.chars().map(c -> c % 57).toArray(), ids -> Arrays.stream(ids)
                        .mapToObj(id -> Character.toString(115 + id))
                        .collect(Collectors.joining()));
        assertEquals(Outcome.FAILED, shifted.outcome(), shifted::sentence);
        assertTrue(shifted.sentence().startsWith("expected a sample text to come back from its tokens, found \""));
        assertEquals(
                "A sample text of 43 tokens came back normalised, and unchanged after that.",
                tokenizerCheck(text -> new int[text.length()], ids -> "a".repeat(ids.length))
                        .sentence());
    }

    @Test
    void aVocabularyWithATokenForTheUnknownIsJudgedByItsOwnWords() throws LoopscopeException {
        CheckResult words = tokenizerCheck(
                text -> text.startsWith("#") ? new int[] {Integer.parseInt(text.substring(1))} : new int[text.length()],
                ids -> Arrays.stream(ids)
                        .mapToObj(id -> id == 0 ? " <unk>" : "#" + id)
                        .collect(Collectors.joining()));
        assertEquals(Outcome.PASSED, words.outcome(), words::sentence);
        assertEquals("15 words of the vocabulary came back unchanged.", words.sentence());
    }

    @Test
    void aCheckThatCannotJudgeIsNotMade() throws LoopscopeException {
        CheckResult all = tokenizerCheck(text -> new int[text.length()], ids -> "a".repeat(ids.length + 1));
        assertEquals(Outcome.NOT_MADE, all.outcome(), all::sentence);
    }

    private interface Encoder {
        int[] encode(String text) throws LoopscopeException;
    }

    private interface Decoder {
        String decode(int[] ids);
    }

    private static CheckResult tokenizerCheck(Encoder encoder, Decoder decoder) throws LoopscopeException {
        return checkWith(new Changed() {
                    @Override
                    public Optional<Tokenizer> tokenizer() {
                        return Optional.of(new Tokenizer() {
                            @Override
                            public int[] encode(String text) throws LoopscopeException {
                                return encoder.encode(text);
                            }

                            @Override
                            public String decode(int... ids) {
                                return decoder.decode(ids);
                            }

                            @Override
                            public String tokenText(int id) {
                                return "#" + id;
                            }
                        });
                    }
                })
                .get(2);
    }

    private static List<CheckResult> checkWith(LoopedModel changed) throws LoopscopeException {
        try (Checkpoint checkpoint = Checkpoint.open(EmbeddedModel.folder());
                changed) {
            return SelfChecks.run(changed, checkpoint, RunControl.none());
        }
    }

    private static Unembedding scaled(Unembedding real) {
        return new Unembedding() {
            @Override
            public int vocabSize() {
                return real.vocabSize();
            }

            @Override
            public int hiddenSize() {
                return real.hiddenSize();
            }

            @Override
            public void logits(float[] states, int rows, float[] out) {
                real.logits(states, rows, out);
                for (int i = 0; i < out.length; i++) {
                    out[i] *= 1.01f;
                }
            }

            @Override
            public void finalNorm(float[] states, int rows, float[] out) {
                real.finalNorm(states, rows, out);
            }
        };
    }

    /** The embedded model, to be changed in one place. */
    private static class Changed implements LoopedModel {
        private final LoopedModel real;

        Changed() throws LoopscopeException {
            real = Models.open("embedded", RunControl.none());
        }

        @Override
        public ModelInfo info() {
            return real.info();
        }

        @Override
        public LoopConfig config() {
            return real.config();
        }

        @Override
        public Optional<Tokenizer> tokenizer() {
            return real.tokenizer();
        }

        @Override
        public Unembedding unembedding() {
            return real.unembedding();
        }

        @Override
        public double gateLogit(float[] state) {
            return real.gateLogit(state);
        }

        @Override
        public Capture run(int[] tokenIds, RunOptions options, RunControl control) throws LoopscopeException {
            return real.run(tokenIds, options, control);
        }

        @Override
        public long estimateBytes(int tokens, RunOptions options) {
            return real.estimateBytes(tokens, options);
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
