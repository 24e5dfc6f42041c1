package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.lens.tuned.TunedLensFile;

class LensCommandTest {
    private static final String PROMPT = "people Ann's friend's boss's teacher's neighbour's boss's friend is";

    @TempDir
    Path folder;

    private Path capture(String... options) {
        Path file = folder.resolve("c.safetensors");
        String[] args = Stream.concat(
                        Stream.of("run", "--prompt", PROMPT, "--out", file.toString()), Stream.of(options))
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
        assertTrue(lines.get(0).endsWith(",probability_of_next,lens,compute_dtype"), lines.get(0));
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

    /** Counted again from the predictions that the other table has. */
    @Test
    void predictionDepthIsTheStepFromWhichTheFinalAnswerStays() {
        List<String> top = Cli.run("lens", "--prompt", PROMPT, "--top", "1", "--format", "csv")
                .out()
                .lines()
                .skip(1)
                .toList(); // step after step, 15 positions each
        Cli.Result result = Cli.run("lens", "--prompt", PROMPT, "--what", "depth", "--format", "csv");
        assertEquals(0, result.code(), result.err());
        List<String> depths = result.out().lines().toList();
        assertEquals("position,token,step,layer,text,lens,compute_dtype", depths.get(0));
        assertEquals(1 + 15, depths.size());
        for (int p = 0; p < 15; p++) {
            String last = top.get(3 * 15 + p).split(",")[5];
            int step = 4;
            while (step > 1 && top.get((step - 2) * 15 + p).split(",")[5].equals(last)) {
                step--;
            }
            String[] cells = depths.get(1 + p).split(",");
            assertEquals(step, Integer.parseInt(cells[2]), "position " + p);
            assertEquals("logit", cells[5]);
        }
        assertEquals(
                "--what depth and --groups are two tables: expected one of them, found both.",
                Cli.run("lens", "--prompt", PROMPT, "--what", "depth", "--groups", "Dan")
                        .problem());
    }

    private Path tuned(String... options) throws Exception {
        Path lens = folder.resolve("lens.safetensors");
        Path text = Files.writeString(folder.resolve("text.txt"), (PROMPT + " Dan\n").repeat(10));
        String[] args = Stream.concat(
                        Stream.of(
                                "train",
                                "tuned-lens",
                                "--text",
                                text.toString(),
                                "--out",
                                lens.toString(),
                                "--epochs",
                                "1"),
                        Stream.of(options))
                .toArray(String[]::new);
        Cli.Result trained = Cli.run(args);
        assertEquals(0, trained.code(), trained.err());
        return lens;
    }

    @Test
    void groupsThroughATunedLensAreItsOwnProbabilities() throws Exception {
        String lens = tuned().toString();
        Cli.Result groups =
                Cli.run("lens", "--prompt", PROMPT, "--tuned", lens, "--groups", "#20; #7", "--format", "csv");
        assertEquals(0, groups.code(), groups.err());
        List<String> lines = groups.out().lines().toList();
        String name = "tuned " + TunedLensFile.read(Path.of(lens)).hash().substring(0, 12);
        assertTrue(lines.get(1).endsWith("," + name + ",float32"), lines.get(1));
        assertEquals(1 + 15 * 2 * 8, lines.size());
        // The same cells by the other way: every token of the vocabulary, in the order of their probability.
        JsonNode rows = new ObjectMapper()
                .readTree(Cli.run("lens", "--prompt", PROMPT, "--tuned", lens, "--top", "100", "--json")
                        .out())
                .get("rows");
        for (int row = 0; row < 8; row++) {
            double expected = Double.NaN;
            for (JsonNode top : rows.get(14 * 8 + row).get("top")) {
                expected = top.get("id").asInt() == 20 ? top.get("probability").asDouble() : expected;
            }
            String[] cells = lines.get(1 + 14 * 16 + row).split(",");
            assertEquals("#20", cells[2]);
            assertEquals(expected, Double.parseDouble(cells[6]), 1e-6, "row " + row);
        }
        String table = Cli.run("lens", "--prompt", PROMPT, "--tuned", lens, "--groups", "#20")
                .out();
        assertTrue(
                table.startsWith(
                        "summed probability of each group, tuned lens (shared over steps, trained on text.txt, "),
                table);
    }

    @Test
    void aTunedLensIsRefusedOnARunOfAnotherPrecision() throws Exception {
        String lens = tuned("--precision", "int8-weights").toString();
        String expected =
                lens + " is a tuned lens trained in float32 with int8-rounded weights, expected one trained in"
                        + " float32, as this run was computed.";
        Cli.Result read = Cli.run("lens", "--prompt", PROMPT, "--tuned", lens);
        assertEquals(2, read.code());
        assertEquals(expected, read.problem());
        assertEquals(
                expected,
                Cli.run("lens", "--prompt", PROMPT, "--tuned", lens, "--groups", "Dan")
                        .problem());
        // A token that the model cannot run is refused by the run: the lens comes first.
        assertEquals(
                expected,
                Cli.run("lens", "--token-ids", "9999", "--tuned", lens).problem());
        assertEquals(
                expected,
                Cli.run("report", "--token-ids", "9999", "--tuned", lens, "--out", "never.html")
                        .problem());
        Cli.Result same = Cli.run("lens", "--prompt", PROMPT, "--tuned", lens, "--precision", "int8-weights");
        assertEquals(0, same.code(), same.err());
    }

    @Test
    void groupsAreSummedAtEveryTokenAndStep() {
        List<String> lines = Cli.run(
                        "lens", "--prompt", PROMPT, "--groups", "dan: Dan; rest: Sue Bob", "--format", "csv")
                .out()
                .lines()
                .toList();
        assertEquals("position,token,group,tokens,step,layer,probability,lens,compute_dtype", lines.get(0));
        assertEquals(1 + 15 * 2 * 4, lines.size());
        String[] last = lines.get(1 + 14 * 8 + 3).split(","); // last token, first group, step 4
        assertEquals("dan", last[2]);
        assertTrue(Double.parseDouble(last[6]) > 0.99, last[6]);
        assertEquals(
                "--groups: expected --format table or csv, found json.",
                Cli.run("lens", "--prompt", PROMPT, "--groups", "Dan", "--json").problem());
    }
}
