package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LensCommandTest {
    private static final String PROMPT = "people Ann's friend's boss's teacher's neighbour's boss's friend is";

    @TempDir
    Path folder;

    private Path capture(String... options) {
        Path file = folder.resolve("c.safetensors");
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("run", "--prompt", PROMPT, "--out", file.toString()),
                        java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        assertEquals(0, Cli.run(args).code());
        return file;
    }

    @Test
    void aCaptureAndItsPromptGiveTheSameLens() {
        Cli.Result ofFile = Cli.run("lens", capture().toString(), "--format", "csv");
        Cli.Result ofPrompt = Cli.run("lens", "--prompt", PROMPT, "--format", "csv");
        assertEquals(0, ofFile.code(), ofFile.err());
        assertEquals(ofPrompt.out(), ofFile.out());
        List<String> lines = ofFile.out().lines().toList();
        assertTrue(lines.get(0).endsWith(",probability_of_next,compute_dtype"), lines.get(0));
        assertTrue(lines.stream().skip(1).allMatch(line -> line.endsWith(",float32")), lines.get(1));
        assertEquals(1 + 15 * 4 * 5, ofFile.out().lines().count()); // header, tokens, steps, top 5
    }

    @Test
    void theTableHasOneRowPerTokenAndStep() {
        List<String> lines =
                Cli.run("lens", "--prompt", PROMPT, "--top", "2").out().lines().toList();
        assertEquals(3 + 15 * 4, lines.size());
        assertTrue(lines.get(0).startsWith("step outputs"), lines.get(0));
        String last = lines.get(lines.size() - 2); // loop 3 of the last token
        assertTrue(last.matches("\\s*14 +is +loop 3 +1 +[0-9.]+ +[0-9.]+ +Dan +0\\.999 .*"), last);
    }

    @Test
    void layersGiveOneRowPerLayerToo() throws Exception {
        JsonNode lens = new ObjectMapper()
                .readTree(Cli.run("lens", "--prompt", PROMPT, "--layers", "--top", "1", "--json")
                        .out());
        JsonNode rows = lens.get("rows");
        assertEquals(15 * 4 * 2, rows.size());
        JsonNode last = rows.get(rows.size() - 1);
        assertEquals(4, last.get("step").asInt());
        assertEquals(1, last.get("layer").asInt());
        assertEquals("Dan", last.get("top").get(0).get("text").asText());
        assertEquals(1, last.get("rank_of_final").asInt());
        assertEquals(0, last.get("kl_to_last").asDouble(), 1e-6);
    }

    @Test
    void theLensIsWrittenWholeToAFile() throws Exception {
        Path out = folder.resolve("lens.csv");
        Cli.Result result = Cli.run("lens", "--prompt", PROMPT, "--format", "csv", "--out", out.toString());
        assertEquals(0, result.code());
        assertEquals("Lens written to " + out + ".\n", result.out().replace("\r\n", "\n"));
        assertTrue(Files.readString(out).startsWith("step,"), "header first");
    }

    @Test
    void aCaptureOfAnotherModelIsRefused() throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("other"));
        Path file = folder.resolve("other.safetensors");
        assertEquals(
                0,
                Cli.run("run", "--model", model.toString(), "--token-ids", "1,2,3", "--out", file.toString())
                        .code());

        Cli.Result unnamed = Cli.run("lens", file.toString());
        assertEquals(2, unnamed.code());
        assertEquals(
                file + " is a capture of the model other; give that model's folder with --model.", unnamed.problem());

        Cli.Result wrong = Cli.run("lens", file.toString(), "--model", "embedded");
        assertEquals(2, wrong.code());
        assertTrue(
                wrong.problem().startsWith(file + " is a capture of the model other, expected the weights "),
                wrong.problem());

        assertEquals(
                0, Cli.run("lens", file.toString(), "--model", model.toString()).code());
    }

    @Test
    void optionsThatSayHowToRunAreRefusedBesideACapture() {
        Path file = capture();
        assertEquals(
                "--steps says how to run a prompt: expected --prompt with it, found " + file
                        + ", which is run already.",
                Cli.run("lens", file.toString(), "--steps", "2").problem());
    }

    @Test
    void layersOfACaptureWithoutThemAreMissed() {
        Path file = capture();
        Cli.Result result = Cli.run("lens", file.toString(), "--layers");
        assertEquals(2, result.code());
        assertEquals(
                file + ": expected layer states, as loopscope run --layers keeps them, found none.", result.problem());
        assertEquals(
                0, Cli.run("lens", capture("--layers").toString(), "--layers").code());
    }

    @Test
    void noInputAndTooFewPredictionsAreOneSentence() {
        assertEquals(
                "Expected a capture file, or one of --prompt, --token-ids and --prompt-file; found none of them.",
                Cli.run("lens").problem());
        assertEquals(
                "--top: expected 1 or more, found 0.",
                Cli.run("lens", "--prompt", PROMPT, "--top", "0").problem());
    }

    @Test
    void groupsAreSummedAtEveryTokenAndStep() {
        List<String> lines = Cli.run(
                        "lens", "--prompt", PROMPT, "--groups", "dan: Dan; rest: Sue Bob", "--format", "csv")
                .out()
                .lines()
                .toList();
        assertEquals("position,token,group,tokens,step,layer,probability,compute_dtype", lines.get(0));
        assertEquals(1 + 15 * 2 * 4, lines.size());
        String[] last = lines.get(1 + 14 * 8 + 3).split(","); // last token, first group, step 4
        assertEquals("dan", last[2]);
        assertTrue(Double.parseDouble(last[6]) > 0.99, last[6]);
        assertEquals(
                "--groups: expected --format table or csv and the plain lens, found json.",
                Cli.run("lens", "--prompt", PROMPT, "--groups", "Dan", "--json").problem());
    }
}
