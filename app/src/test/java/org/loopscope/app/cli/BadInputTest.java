package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.exit.RuleKind;

/** What a user can cause: exit code 2 and one plain sentence, never a stack trace. */
class BadInputTest {
    @TempDir
    Path folder;

    static Stream<Arguments> wrongOptions() {
        return Stream.of(
                wrong("Prompt: expected one of --prompt, --token-ids and --prompt-file, found none."),
                wrong("Prompt: expected some text, found none.", "--prompt", ""),
                wrong("Prompt: expected some text, found none.", "--prompt", "  \n "),
                wrong("Steps: expected a number from 1 to 64, found 0.", "--prompt", "people", "--steps", "0"),
                wrong("Steps: expected a number from 1 to 64, found 65.", "--prompt", "people", "--steps", "65"),
                wrong("Tokens to generate: expected 0 or more, found -1.", "--prompt", "people", "--generate", "-1"),
                wrong("Exit rule \"q:1.5\": q: want [0, 1], got 1.5.", "--prompt", "people", "--exit-rule", "q:1.5"),
                wrong(
                        "Exit rule \"q:NaN\": expected a number after the colon.",
                        "--prompt",
                        "a",
                        "--exit-rule",
                        "q:NaN"),
                wrong(
                        "Exit rule \"fixed:0\": exit step: want 1 or more, got 0.",
                        "--prompt",
                        "a",
                        "--exit-rule",
                        "fixed:0"),
                wrong("Exit rule \"q:x\": expected a number after the colon.", "--prompt", "a", "--exit-rule", "q:x"),
                wrong(
                        "Exit rule: expected one of " + RuleKind.grammar() + ", found \"soon\".",
                        "--prompt",
                        "people",
                        "--exit-rule",
                        "soon"),
                wrong(
                        "KV policy: expected one of full, last-step, first-step, averaged, found \"none\".",
                        "--prompt",
                        "people",
                        "--kv",
                        "none"),
                wrong(
                        "Temperature: expected a number from 0 to 100, found -1.0.",
                        "--prompt",
                        "a",
                        "--temperature",
                        "-1"),
                wrong("Top-p: expected a number above 0 and up to 1, found 0.0.", "--prompt", "a", "--top-p", "0"),
                wrong(
                        "Token ids: expected whole numbers with commas between them, such as 1,2,3, found \"1,,2\".",
                        "--token-ids",
                        "1,,2"),
                wrong(
                        "--chat formats a text: expected --prompt or --prompt-file, found --token-ids.",
                        "--token-ids",
                        "16",
                        "--chat"),
                wrong(
                        "--chat: expected a model with a chat template, or whose vocabulary has <|im_start|>, found embedded,"
                                + " which was not trained for chat.",
                        "--prompt",
                        "people",
                        "--chat"),
                wrong(
                        "--logits says what to write into the capture file: expected --out FILE with it.",
                        "--prompt",
                        "people",
                        "--logits"),
                wrong(
                        "nowhere.txt: expected a text file with one prompt, found no such file.",
                        "--prompt-file",
                        "nowhere.txt"));
    }

    private static Arguments wrong(String sentence, String... options) {
        return Arguments.of(sentence, options);
    }

    @ParameterizedTest
    @MethodSource("wrongOptions")
    void anOptionOutOfRangeIsToldBeforeAnythingRuns(String sentence, String[] options) {
        String[] args = Stream.concat(Stream.of("run"), Stream.of(options)).toArray(String[]::new);
        Cli.Result result = Cli.run(args);
        assertEquals(sentence, result.problem());
        assertEquals(2, result.code());
        assertEquals("", result.out());
    }

    @Test
    void aTokenIdOutsideTheVocabularyIsRefused() {
        Cli.Result result = Cli.run("run", "--token-ids", "16,57");
        assertEquals(2, result.code());
        assertEquals("Token id at position 1: expected 0 to 56, found 57.", result.problem());
        assertEquals(
                "Token id at position 0: expected 0 to 56, found -1.",
                Cli.run("run", "--token-ids", "-1").problem());
    }

    @Test
    void aPromptLongerThanTheContextIsRefused() throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("short"));
        String ids = "1,".repeat(RandomCheckpoint.CONTEXT) + "1";
        Cli.Result result = Cli.run("run", "--model", model.toString(), "--token-ids", ids);
        assertEquals(2, result.code());
        assertEquals(
                "Length of the run: expected at most 16 tokens, the context of the model, found 17 (17 given and 0 to"
                        + " generate).",
                result.problem());
    }

    @Test
    void aWordOutsideTheVocabularyIsNamed() {
        Cli.Result result = Cli.run("run", "--prompt", "people Hal is");
        assertEquals(2, result.code());
        assertEquals("The word \"Hal\" is not in the vocabulary of this model.", result.problem());
    }

    @Test
    void aCaptureThatIsCutShortIsToldAndNeverHalfShown() throws Exception {
        Path file = capture();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        Cli.Result result = Cli.run("lens", file.toString());
        assertEquals(2, result.code());
        assertTrue(result.problem().endsWith("; the file is cut short or its header is wrong."), result.problem());
        assertTrue(result.problem().contains(" in c.safetensors: expected its data to end by byte "), result.problem());
        assertEquals("", result.out());
        Files.write(file, new byte[] {1, 2, 3, 4});
        assertEquals(
                "c.safetensors: expected at least 8 bytes of a safetensors file, found 4.",
                Cli.run(
                                "report",
                                file.toString(),
                                "--out",
                                folder.resolve("r.html").toString())
                        .problem());
    }

    @Test
    void aCaptureOfAnotherFormatVersionIsTold() throws Exception {
        Path file = capture();
        byte[] bytes = Files.readAllBytes(file);
        String latin1 = new String(bytes, StandardCharsets.ISO_8859_1);
        Files.write(
                file,
                latin1.replace("format_version\\\":1", "format_version\\\":7").getBytes(StandardCharsets.ISO_8859_1));
        Cli.Result result = Cli.run("lens", file.toString());
        assertEquals(2, result.code());
        assertEquals(
                "c.safetensors: expected capture format 1, found 7, written by the newer program version "
                        + ProgramVersion.get() + "; update Loopscope to open it.",
                result.problem());
    }

    @Test
    void aSafetensorsFileThatIsNoCaptureIsTold() throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("m"));
        assertEquals(
                "model.safetensors: expected a capture, found a safetensors file without \"loopscope\" in its metadata.",
                Cli.run("lens", model.resolve("model.safetensors").toString()).problem());
    }

    private Path capture() {
        Path file = folder.resolve("c.safetensors");
        assertEquals(
                0,
                Cli.run("run", "--prompt", "people Ann's friend is", "--out", file.toString())
                        .code());
        return file;
    }

    @Test
    void textForAModelWithoutTokenizerIsRefused() throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("mute"));
        Cli.Result result = Cli.run("run", "--model", model.toString(), "--prompt", "people");
        assertEquals(2, result.code());
        assertEquals(
                "The model mute has no usable tokenizer.json, so it cannot read text; give --token-ids instead.",
                result.problem());
    }

    @Test
    void aFolderThatIsNoModelIsNamed() {
        Cli.Result missing = Cli.run("run", "--model", folder.resolve("gone").toString(), "--prompt", "people");
        assertEquals(2, missing.code());
        assertEquals(
                "Model folder " + folder.resolve("gone") + ": expected a folder with config.json, found nothing.",
                missing.problem());
        Cli.Result empty = Cli.run("run", "--model", folder.toString(), "--prompt", "people");
        assertEquals("Model folder " + folder + ": expected config.json in it, found none.", empty.problem());
    }

    @Test
    void aStateThatIsNotFiniteStopsTheRunAndIsTold() throws Exception {
        Path model = RandomCheckpoint.writeWithStateThatOverflows(folder.resolve("broken"));
        Cli.Result result = Cli.run("run", "--model", model.toString(), "--token-ids", "10,1");
        assertEquals(2, result.code());
        assertTrue(result.problem().startsWith("The run stopped at step 1, layer 0"), result.problem());
    }

    @Test
    void anUnembeddingThatIsNotFiniteIsTold() throws Exception {
        Path model = RandomCheckpoint.writeWithLogitThatOverflows(folder.resolve("broken"));
        Cli.Result result = Cli.run("run", "--model", model.toString(), "--token-ids", "1,2");
        assertEquals(2, result.code());
        assertEquals(
                "The lens stopped at loop 3, position 0: the logits hold NaN or infinity where finite numbers were"
                        + " expected; the unembedding of this model is damaged, or its states are too large for float32.",
                result.problem());
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeTheRun() {
        Path out = folder.resolve("gone").resolve("c.safetensors");
        Cli.Result result = Cli.run("run", "--prompt", "people", "--out", out.toString());
        assertEquals(2, result.code());
        assertEquals("Cannot write " + out + ": expected the folder to exist, found none.", result.problem());
        assertEquals(
                "Cannot write " + folder + ": expected a file name, found a folder.",
                Cli.run("run", "--prompt", "people", "--out", folder.toString()).problem());
    }

    @Test
    void aPromptFileThatIsNoTextIsRefused() throws Exception {
        Path file = Files.write(folder.resolve("p.txt"), new byte[] {'a', (byte) 0xff, 0});
        assertEquals(
                file + ": expected text in UTF-8, found other bytes.",
                Cli.run("run", "--prompt-file", file.toString()).problem());
    }

    @Test
    void noSentenceShowsAStackTraceButDebugDoes() {
        String[] args = {"run", "--prompt", "people", "--steps", "0"};
        assertFalse(Cli.run(args).err().contains("\tat "));
        assertTrue(Cli.run("run", "--prompt", "people", "--steps", "0", "--debug")
                .err()
                .contains("\tat org.loopscope"));
        assertTrue(Cli.in(folder)
                .variable("LOOPSCOPE_DEBUG", "1")
                .execute(args)
                .err()
                .contains("\tat org.loopscope"));
    }
}
