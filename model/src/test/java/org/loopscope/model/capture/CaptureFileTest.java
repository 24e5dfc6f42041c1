package org.loopscope.model.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.shape.Site;
import org.loopscope.model.states.SmallDisk;
import org.loopscope.model.states.StateSpace;
import org.loopscope.model.support.Golden;
import org.loopscope.model.tokenizer.AddedTokens;

class CaptureFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("c.safetensors");
    }

    private void write(Capture capture) throws LoopscopeException {
        CaptureFile.write(capture, file, Optional.empty(), RunControl.none());
    }

    private String refusal() {
        return assertThrows(LoopscopeException.class, () -> CaptureFile.read(file))
                .getMessage();
    }

    /** Writes a sample capture's file again with its metadata text changed. */
    private void rewriteMetadata(UnaryOperator<String> change) throws LoopscopeException {
        write(Captures.random(1, true));
        String before;
        float[] hidden = new float[2 * 5 * 3];
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            before = f.metadata().get("loopscope");
            f.readFloat32("hidden_states", hidden, 0);
        }
        String after = change.apply(before);
        assertFalse(after.equals(before), "the edit changes nothing");
        new SafetensorsWriter()
                .metadata("loopscope", after)
                .longs("token_ids", (first, rows, out) -> Arrays.fill(out, 1), 5)
                .floats("hidden_states", (first, rows, out) -> System.arraycopy(hidden, 0, out, 0, 30), 2, 5, 3)
                .floats("gate_logits", (first, rows, out) -> Arrays.fill(out, 0), 2, 5)
                .doubles("exit_pdf", (first, rows, out) -> Arrays.fill(out, 0.5), 2, 5)
                .doubles("exit_cdf", (first, rows, out) -> Arrays.fill(out, 0.5), 2, 5)
                .write(file, RunControl.none());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCaptureThatDoesNotFitTheHeapIsReadToAMappedFile(boolean layers) throws LoopscopeException, IOException {
        Capture capture = Captures.random(3, layers);
        write(capture);
        SmallDisk disk = new SmallDisk(Files.createDirectory(folder.resolve("states")), 1000, true);
        Capture read = CaptureFile.read(file, new StateSpace(() -> 0, disk), RunControl.none());
        Captures.assertSame(capture, read);
        long gates = 4L * capture.steps() * capture.length();
        assertEquals(capture.sizeBytes() - gates, read.mappedBytes());
        assertEquals(0, disk.files());
    }

    @Test
    void aCaptureTooLargeForHeapAndDiskIsRefusedWithTheNumbers() throws LoopscopeException {
        write(Captures.random(3, true));
        // T = 2, S = 5, d = 3, L = 2: gates 40, step states 120, layer states 360 bytes.
        StateSpace space = new StateSpace(() -> 519, new SmallDisk(folder, 359, true));
        assertEquals(
                "States of c.safetensors: 0.5 kB are needed, 0.5 kB are free on the Java heap and 0.4 kB on the disk, in "
                        + folder + "; close other runs or give Java more memory (-Xmx), or name a folder with more"
                        + " room by LOOPSCOPE_STATES.",
                assertThrows(LoopscopeException.class, () -> CaptureFile.read(file, space, RunControl.none()))
                        .getMessage());
    }

    @Test
    void readingCanBeCancelled() throws LoopscopeException {
        write(Captures.random(3, true));
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> CaptureFile.read(file, cancelled));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCaptureReadsBackExactly(boolean layers) throws LoopscopeException {
        Capture capture = Captures.random(3, layers);
        write(capture);
        Captures.assertSame(capture, CaptureFile.read(file));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCaptureWithoutGatesReadsBackExactly(boolean layers) throws LoopscopeException {
        Capture written = Captures.gateless(layers);
        write(written);
        Capture read = CaptureFile.read(file);
        Captures.assertSame(written, read);
        assertFalse(read.hasGates());
        assertEquals(2, read.steps());
        assertTrue(Double.isNaN(read.exitDistribution(0).cdf(2)));
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            for (String ofGates : List.of("gate_logits", "exit_pdf", "exit_cdf")) {
                assertTrue(f.find(ofGates).isEmpty(), ofGates);
            }
            assertTrue(f.metadata().get("loopscope").contains("\"gate\":false"));
        }
    }

    @Test
    void readoutsOfStepsThatAreNotNormedReadBack() throws LoopscopeException {
        Capture written = Captures.unnormed().readouts(Captures.readouts()).build();
        write(written);
        Capture read = CaptureFile.read(file);
        Captures.assertSame(written, read);
        assertTrue(read.hasReadouts());
        assertFalse(Arrays.equals(read.state(Site.readout(1), 0), read.hiddenState(1, 0)));
        assertEquals(
                "step 1, coda layer 0: its states were not captured",
                assertThrows(IllegalStateException.class, () -> read.state(new Site(1, Site.Part.CODA, 0), 0))
                        .getMessage());
    }

    @Test
    void readoutsAreThereExactlyWhereStepsAreNotNormed() {
        assertThrows(IllegalArgumentException.class, () -> Captures.unnormed().build());
        Capture normed = Captures.random(1, false);
        assertArrayEquals(normed.hiddenState(2, 1), normed.state(Site.readout(2), 1));
    }

    @Test
    void aModelWithAGateHasGatesInItsFile() throws LoopscopeException {
        write(Captures.gateless(false));
        String metadata;
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            metadata = f.metadata().get("loopscope").replace("\"gate\":false", "\"gate\":true");
        }
        new SafetensorsWriter()
                .metadata("loopscope", metadata)
                .longs("token_ids", (first, rows, out) -> Arrays.fill(out, 1), 3)
                .floats("hidden_states", (first, rows, out) -> Arrays.fill(out, 0), 2, 3, 3)
                .write(file, RunControl.none());
        assertTrue(refusal().startsWith("gate_logits in c.safetensors: "), refusal());
    }

    @Test
    void aPartialCaptureKeepsItsProblem() throws LoopscopeException {
        Capture capture = Captures.partial("The run stopped at step 3: \"NaN\".");
        write(capture);
        Capture read = CaptureFile.read(file);
        assertEquals(Optional.of("The run stopped at step 3: \"NaN\"."), read.problem());
        Captures.assertSame(capture, read);
    }

    @Test
    void textsOfAllKindsReadBackExactly() throws LoopscopeException {
        Capture capture = Captures.random(4, false).withPrompt("日本 🙂 \"q\" \\ \n half a pair: \uD83D end");
        write(capture);
        assertEquals(capture.prompt(), CaptureFile.read(file).prompt());
    }

    @Test
    void tensorsHaveTheDocumentedNamesShapesAndTypes() throws LoopscopeException {
        CaptureFile.Extras extras = new CaptureFile.Extras(
                Optional.of(Captures.doubling(3, 7)),
                Optional.of(new CaptureFile.TopK(2, new int[2 * 5 * 2], new float[2 * 5 * 2])));
        CaptureFile.write(Captures.random(1, true), file, extras, RunControl.none());
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            List<String> described = f.tensors().stream()
                    .map(t -> t.name() + " " + t.dtype() + " " + t.shape())
                    .sorted()
                    .toList();
            assertEquals(
                    List.of(
                            "exit_cdf F64 [2, 5]",
                            "exit_pdf F64 [2, 5]",
                            "gate_logits F32 [2, 5]",
                            "hidden_states F32 [2, 5, 3]",
                            "layer_states F32 [2, 3, 5, 3]",
                            "lens_top_ids I32 [2, 5, 2]",
                            "lens_top_log_probs F32 [2, 5, 2]",
                            "step_logits F32 [2, 5, 7]",
                            "token_ids I64 [5]"),
                    described);
        }
        Captures.assertSame(Captures.random(1, true), CaptureFile.read(file));
    }

    @Test
    void valuesStandLoopStepFirst() throws LoopscopeException {
        Capture capture = Captures.random(1, true);
        write(capture);
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            float[] value = new float[1];
            f.readFloat32("hidden_states", (1 * 5 + 4) * 3 + 2, 1, value, 0); // step 2, position 4, component 2
            assertEquals(capture.hiddenState(2, 4)[2], value[0]);
            float[] state = new float[3];
            capture.layerStates(2, -1, 3, 1, state, 0); // what enters step 2, at position 3
            f.readFloat32("layer_states", ((1 * 3 + 0) * 5 + 3) * 3, 1, value, 0);
            assertEquals(state[0], value[0]);
            DoubleBuffer pdf = f.bytes("exit_pdf").asDoubleBuffer();
            assertEquals(capture.exitDistribution(3).pdf(2), pdf.get(1 * 5 + 3));
            DoubleBuffer cdf = f.bytes("exit_cdf").asDoubleBuffer();
            assertEquals(1.0, cdf.get(1 * 5 + 3));
            assertEquals(capture.exitDistribution(3).cdf(1), cdf.get(3));
        }
    }

    @Test
    void stepLogitsComeFromTheUnembeddingOfEachState() throws LoopscopeException {
        Capture capture = Captures.random(1, false);
        CaptureFile.write(capture, file, Optional.of(Captures.doubling(3, 7)), RunControl.none());
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            float[] logits = new float[2 * 5 * 7];
            f.readFloat32("step_logits", logits, 0);
            for (int t = 0; t < 2; t++) {
                for (int s = 0; s < 5; s++) {
                    assertEquals(2 * capture.hiddenState(t + 1, s)[0], logits[(t * 5 + s) * 7]);
                }
            }
        }
    }

    @Test
    void theStatesOfTheGoldenSetReadBackAsTheReferenceWroteThem() throws LoopscopeException {
        try (SafetensorsFile expected = SafetensorsFile.open(Golden.path("golden/mha/expected.safetensors"))) {
            write(Captures.fromGolden(expected));
            try (SafetensorsFile written = SafetensorsFile.open(file)) {
                for (String tensor : List.of("hidden_states", "gate_logits", "layer_states")) {
                    assertEquals(
                            expected.tensor(tensor).shape(),
                            written.tensor(tensor).shape());
                    assertEquals(0, written.bytes(tensor).compareTo(expected.bytes(tensor)), tensor);
                }
            }
        }
    }

    @Test
    void cancellingKeepsTheOldFile() throws LoopscopeException, IOException {
        write(Captures.random(1, false));
        byte[] before = Files.readAllBytes(file);
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(
                CancellationException.class,
                () -> CaptureFile.write(Captures.random(2, true), file, Optional.empty(), cancelled));
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void aHalfWrittenFileIsTold() throws LoopscopeException, IOException {
        write(Captures.random(1, true));
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - 40));
        assertTrue(refusal().endsWith("the file is cut short or its header is wrong."), refusal());
        Files.write(file, Arrays.copyOf(all, 100));
        assertTrue(refusal().startsWith("c.safetensors: expected a header of 2 to 92 bytes"), refusal());
    }

    @Test
    void anotherSafetensorsFileIsNoCapture() throws IOException {
        Files.copy(Golden.path("golden/mha/model.safetensors"), file);
        assertEquals(
                "c.safetensors: expected a capture, found a safetensors file without \"loopscope\" in its metadata.",
                refusal());
    }

    @Test
    void aFileOfANewerFormatIsTold() throws LoopscopeException {
        rewriteMetadata(s -> s.replace("\"format_version\":1", "\"format_version\":2")
                .replaceFirst("\"program_version\":\"[^\"]*\"", "\"program_version\":\"9.1\""));
        assertEquals(
                "c.safetensors: expected capture format 1, found 2, written by the newer program version 9.1; update"
                        + " Loopscope to open it.",
                refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"format_version\":1 | \"format_version\":0 | expected capture format 1, found 0.",
                "\"format_version\":1 | \"other\":1 | expected capture format 1, found none.",
                "\"prompt_length\":3 | \"prompt_length\":9 "
                        + "| expected a complete capture, found one that is damaged (prompt length: want 1 to 5, got 9).",
                "\"steps\":2 | \"steps\":99 "
                        + "| expected a complete capture, found one that is damaged (steps: want 1 to 64, got 99).",
                "\"generation_exit_steps\":[2,1] | \"generation_exit_steps\":[2,7] "
                        + "| expected a complete capture, found one that is damaged (generation exit step: want 1 to 2, got 7).",
                "\"vocab_size\":7, | \"vocab_size\":1, | expected a complete capture, found one that is damaged (config.eos_token_ids: want 0 to 0, got 1).",
            })
    void metadataThatContradictsTheFileIsTold(String part, String replacement, String sentence)
            throws LoopscopeException {
        rewriteMetadata(s -> s.replace(part, replacement));
        assertEquals("c.safetensors: " + sentence, refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"elapsed_millis\":1234 | \"elapsed\":1234",
                "\"elapsed_millis\":1234 | \"elapsed_millis\":\"long\"",
                "\"id\":\"embedded\" | \"id\":null",
                "\"eos_token_ids\":[1] | \"eos_token_ids\":[null]",
                "\"weight_hash\" | \"weight\"",
                "{ | [",
            })
    void metadataThatIsDamagedIsTold(String part, String replacement) throws LoopscopeException {
        rewriteMetadata(s -> s.replaceFirst(java.util.regex.Pattern.quote(part), replacement));
        String sentence = refusal();
        assertTrue(
                sentence.startsWith("c.safetensors: expected the metadata of a capture, found text that is damaged ("),
                sentence);
    }

    @ParameterizedTest
    @CsvSource({"hidden_states, 7", "gate_logits, 3", "layer_states, 50"})
    void aNumberThatIsNotFiniteIsTold(String tensor, int index) throws LoopscopeException, IOException {
        write(Captures.random(1, true));
        long offset;
        try (SafetensorsFile f = SafetensorsFile.open(file)) {
            offset = f.tensor(tensor).offset();
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat((int) offset + 4 * index, Float.NaN);
        Files.write(file, bytes);
        assertEquals(
                tensor + " in c.safetensors: expected finite numbers, found NaN as number " + index + ".", refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"total_ut_steps\":4 | \"total_ut_steps\":0 | config.total_ut_steps: want 1 to 64, got 0",
                "\"total_ut_steps\":4 | \"total_ut_steps\":-3 | config.total_ut_steps: want 1 to 64, got -3",
                "\"num_hidden_layers\":2 | \"num_hidden_layers\":-1 | config.num_hidden_layers: want 1 to 4096, got -1",
                "\"num_key_value_heads\":1 | \"num_key_value_heads\":2 | config.num_key_value_heads: want 1 to 1, got 2",
                "\"rope_theta\":10000.0 | \"rope_theta\":-1.0 | config.rope_theta: want a number above 0, got -1.0",
                "\"elapsed_millis\":1234 | \"elapsed_millis\":-1 | elapsed_millis: want 0 or more, got -1",
                "\"generate\":2 | \"generate\":1 | options.generate: want 2 or more, got 1",
                "\"steps\":2 | \"steps\":3 | options.steps: want 2, as gate_logits has, got 3",
                "\"steps\":2 | \"steps\":1 | options.steps: want 2, as gate_logits has, got 1",
            })
    void aNumberOutOfItsRangeIsTold(String part, String replacement, String reason) throws LoopscopeException {
        rewriteMetadata(s -> s.replace(part, replacement));
        assertEquals(
                "c.safetensors: expected a complete capture, found one that is damaged (" + reason + ").", refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"total_ut_steps\":4 | \"total_ut_steps\":0.5 | another kind of value in config.total_ut_steps",
                "\"total_ut_steps\":4 | \"total_ut_steps\":4.0 | another kind of value in config.total_ut_steps",
                "\"total_ut_steps\":4 | \"total_ut_steps\":99999999999 | another kind of value in config.total_ut_steps",
                "\"total_ut_steps\":4 | \"other\":4 | no value for total_ut_steps",
                "\"weight_hash\":\"ab12\" | \"weight_hash\":null | no value for weight_hash",
            })
    void whatTheMetadataLacksIsNamedWithoutNamesOfALibrary(String part, String replacement, String found)
            throws LoopscopeException {
        rewriteMetadata(s -> s.replace(part, replacement));
        assertEquals(
                "c.safetensors: expected the metadata of a capture, found text that is damaged (" + found + ").",
                refusal());
    }

    @Test
    void aTimeThatIsNoneIsTold() throws LoopscopeException {
        rewriteMetadata(s -> s.replaceFirst("\"started_at\":\"[^\"]*\"", "\"started_at\":\"noon\""));
        assertTrue(
                refusal().startsWith("c.safetensors: expected a complete capture, found one that is damaged ("),
                refusal());
    }

    @Test
    void aTensorOfAnotherShapeIsTold() throws LoopscopeException {
        rewriteMetadata(s -> s.replace("\"hidden_size\":3", "\"hidden_size\":4"));
        assertEquals("hidden_states in c.safetensors: expected F32 [2, 5, 4], found F32 [2, 5, 3].", refusal());
    }

    @Test
    void keysThatAreAddedLaterDoNotDisturb() throws LoopscopeException {
        rewriteMetadata(s -> s.replace("\"prompt_length\":3", "\"added_later\":{\"a\":[1]},\"prompt_length\":3"));
        assertEquals(5, CaptureFile.read(file).length());
    }

    @Test
    void optionsOfEveryKindReadBack() throws LoopscopeException {
        Capture capture = Captures.random(9, false);
        assertEquals(Set.of(0, 2), capture.options().stopIds());
        write(capture);
        assertEquals(capture.options(), CaptureFile.read(file).options());
    }

    @Test
    void howTokensWereGeneratedReadsBackExactly() throws LoopscopeException {
        for (Capture capture : List.of(Captures.skipped(), Captures.drafted())) {
            write(capture);
            Captures.assertSame(capture, CaptureFile.read(file));
            assertTrue(CaptureFile.read(file).generationReport().isPresent());
        }
    }

    @Test
    void whatWasChangedInTheRunReadsBack() throws LoopscopeException {
        Capture capture = Captures.intervened("step 2, output, position 1: replaced by \"x\"", "step 1: loop skipped");
        write(capture);
        Captures.assertSame(capture, CaptureFile.read(file));
        assertEquals(
                List.of("step 2, output, position 1: replaced by \"x\"", "step 1: loop skipped"),
                CaptureFile.read(file).interventions());
    }

    @Test
    void whatTheTokenizerPutAroundThePromptIsKeptAndOldFilesHaveNone() throws Exception {
        Capture capture =
                Captures.random(4, false).withPrompt("a").withAddedTokens(new AddedTokens(List.of(1), List.of()));
        write(capture);
        Capture read = CaptureFile.read(file);
        assertEquals(1, read.addedBefore());
        assertTrue(read.added(0) && !read.added(1));
        rewriteMetadata(s -> s.replace(",\"special_tokens\":{\"before\":0,\"after\":0}", ""));
        assertEquals(0, CaptureFile.read(file).addedBefore());
        rewriteMetadata(s -> s.replace("\"before\":0", "\"before\":7777"));
        assertThrows(LoopscopeException.class, () -> CaptureFile.read(file));
    }

    @Test
    void aFileOfBeforeInterventionsIsOneOfAnUndisturbedRun() throws LoopscopeException {
        rewriteMetadata(s -> s.replace(",\"interventions\":[]", ""));
        assertEquals(List.of(), CaptureFile.read(file).interventions());
    }

    @Test
    void aFileOfBeforeLoopsCouldBeSkippedIsOneOfEveryLoop() throws LoopscopeException {
        rewriteMetadata(s -> s.replace(",\"decoding\":null", ""));
        Capture read = CaptureFile.read(file);
        assertEquals(Decoding.everyLoop(), read.options().decoding());
        assertEquals(Optional.empty(), read.generationReport());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"guess\"} | decoding: want skip-loops or draft, got \"guess\"",
                "{\"name\":\"draft\",\"draft_step\":0,\"draft_tokens\":1} | draft step: want 1 or more, got 0",
                "{\"name\":\"draft\",\"draft_step\":1} | decoding, draft_tokens: want a number from 0, got none",
                "{\"name\":\"skip-loops\",\"report\":{\"loops_run\":\"x\"}} "
                        + "| decoding, loops_run: want a number from 0, got \"x\"",
                "{\"name\":\"skip-loops\",\"report\":{\"loops_run\":1,\"stack_passes\":1,\"full_depth_loops\":1,"
                        + "\"millis\":1,\"departures\":0,\"gate_logits\":[[1,2,3],[1]]}} "
                        + "| gate logits while generating token 0: want 1 to 2, got 3",
                "{\"name\":\"skip-loops\",\"report\":{\"loops_run\":1,\"stack_passes\":1,\"full_depth_loops\":1,"
                        + "\"millis\":1,\"departures\":0,\"gate_logits\":[[1]]}} "
                        + "| gate logits while generating: want 2 tokens, got 1",
            })
    void aDamagedDecodingIsTold(String replacement, String reason) throws LoopscopeException {
        rewriteMetadata(s -> s.replace("\"decoding\":null", "\"decoding\":" + replacement));
        assertEquals(
                "c.safetensors: expected a complete capture, found one that is damaged (" + reason + ").", refusal());
    }
}
