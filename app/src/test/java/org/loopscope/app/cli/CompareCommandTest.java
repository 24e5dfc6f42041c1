package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    @TempDir
    Path folder;

    private String capture(String name, String prompt, String... options) {
        String file = folder.resolve(name + ".safetensors").toString();
        String[] args = Stream.concat(Stream.of("run", "--prompt", prompt, "--out", file), Stream.of(options))
                .toArray(String[]::new);
        Cli.Result result = Cli.run(args);
        assertEquals(0, result.code(), result.err());
        return file;
    }

    private String ann() {
        return capture("ann", "people Ann's friend's boss is"); // 7 tokens
    }

    private String tom() {
        return capture("tom", "people Tom's friend's boss is");
    }

    @Test
    void theSummarySaysWhatDiffersAndHowTokensBelongTogether() {
        Cli.Result result = Cli.run("compare", ann(), tom());
        assertEquals(0, result.code(), result.err());
        List<String> lines = result.out().lines().toList();
        assertEquals("A  ann.safetensors", lines.get(0));
        assertTrue(
                lines.get(4).matches("prompt +people Ann's friend's boss is +people Tom's friend's boss is *"),
                lines.get(4));
        assertTrue(result.out().contains("The same in all: model, weights, arithmetic, "), result.out());
        assertTrue(
                result.out()
                        .contains("Tokens: first token the same, then by index from the start; 7 of 7 places have a"
                                + " token in every run. Exit rule q:0.5, replayed."),
                result.out());
        assertTrue(lines.get(lines.size() - 1).matches("lambda +B +28 .*"), result.out());
    }

    @Test
    void aRunAndItselfAgreeEverywhere() {
        String file = ann();
        Cli.Result result = Cli.run("compare", file, file, "--value", "kl,distance,same-top1", "--json");
        assertEquals(0, result.code(), result.err());
        JsonNode values = json(result).get("values");
        assertEquals(
                0,
                values.get(0).get("runs").get(0).get("summary").get("largest").asDouble());
        assertEquals(
                0,
                values.get(1).get("runs").get(0).get("summary").get("largest").asDouble());
        assertEquals(
                1, values.get(2).get("runs").get(0).get("summary").get("mean").asDouble());
        assertTrue(json(result).get("facts").get(0).get("same").asBoolean());
    }

    private static JsonNode json(Cli.Result result) {
        try {
            return new ObjectMapper().readTree(result.out());
        } catch (IOException e) {
            throw new AssertionError(result.out(), e);
        }
    }

    @Test
    void fourLoopsAndEightAreTheSameUpToTheFourth() {
        String four = ann();
        String eight = capture("eight", "people Ann's friend's boss is", "--steps", "8");
        JsonNode object = json(Cli.run("compare", four, eight, "--value", "distance,pdf", "--json"));
        JsonNode distance = object.get("values").get(0).get("runs").get(0).get("cells");
        for (int row = 0; row < 4; row++) {
            assertEquals(0, distance.get(row).get(6).asDouble(), 1e-5, "loop " + (row + 1));
        }
        assertTrue(distance.get(4).get(6).isNull(), "loop 5 has no partner");
        assertTrue(object.get("runs").get(0).get("row_steps").get(4).isNull());
        JsonNode last = json(Cli.run("compare", four, eight, "--value", "distance", "--loops", "last", "--json"));
        assertTrue(last.get("values")
                .get(0)
                .get("runs")
                .get(0)
                .get("cells")
                .get(0)
                .get(6)
                .isNull());
        assertTrue(last.get("values")
                        .get(0)
                        .get("runs")
                        .get(0)
                        .get("cells")
                        .get(7)
                        .get(6)
                        .asDouble()
                > 0);
    }

    @Test
    void everyNumberIsWrittenAsCsvAndTheDifferenceDrawn() throws IOException {
        String a = ann();
        String b = capture("short", "people Tom's boss is"); // 5 tokens
        Path csv = folder.resolve("all.csv");
        Path svg = folder.resolve("all.svg");
        Cli.Result result = Cli.run(
                "compare",
                a,
                b,
                a,
                b,
                "--value",
                "all",
                "--align",
                "end",
                "--out",
                csv.toString(),
                "--figure",
                svg.toString());
        assertEquals(0, result.code(), result.err());
        List<String> lines = Files.readAllLines(csv);
        assertEquals(1 + 4 * 7 * 4, lines.size(), "four runs, seven places, four loops");
        assertTrue(
                lines.get(0)
                        .startsWith(
                                "run,column,row,position,token,step,top1,position_a,step_a,probability,probability_difference,answer,"),
                lines.get(0));
        assertTrue(lines.get(0).endsWith(",same_top1,kl,distance,cosine,compute_dtype"), lines.get(0));
        assertTrue(Files.readString(svg).contains("Difference of top-1 probability"));
        assertEquals(
                result.out().lines().count(),
                Cli.run("compare", a, b, a, b, "--value", "all", "--align", "end")
                                .out()
                                .lines()
                                .count()
                        + 2);
    }

    @Test
    void aChosenTokenIsFollowed() {
        Cli.Result result = Cli.run("compare", ann(), tom(), "--value", "token", "--token", "Max", "--csv");
        assertEquals(0, result.code(), result.err());
        assertTrue(
                result.out().lines().findFirst().orElseThrow().contains("chosen_token,chosen_token_difference"),
                result.out());
        assertFalse(result.out().contains("NaN"));
    }

    @Test
    void badInputIsOneSentence() throws IOException {
        String a = ann();
        assertEquals(
                "compare: expected two to four capture files of loopscope run --out, found 1.",
                Cli.run("compare", a).problem());
        assertEquals(2, Cli.run("compare", a).code());
        assertEquals(
                "--align: expected start or end, found \"middle\".",
                Cli.run("compare", a, a, "--align", "middle").problem());
        assertEquals(
                "--loops: expected number or last, found \"first\".",
                Cli.run("compare", a, a, "--loops", "first").problem());
        assertTrue(Cli.run("compare", a, a, "--value", "size").problem().startsWith("--value: expected probability, "));
        assertEquals(
                "--value token and --token TEXT go together: expected both, found one.",
                Cli.run("compare", a, a, "--value", "token").problem());
        assertEquals(
                "--figure: expected a name that ends in .png, .svg or .csv, found x.gif.",
                Cli.run("compare", a, a, "--figure", "x.gif").problem());
        Path broken = Files.writeString(folder.resolve("broken.safetensors"), "no");
        assertEquals(2, Cli.run("compare", a, broken.toString()).code());
        assertEquals(1, Cli.run("compare", a, broken.toString()).err().lines().count());
    }

    @Test
    void aRunOfAnotherPrecisionIsReadWithItsOwnWeights() {
        String exact = ann();
        String rounded = capture("int8", "people Ann's friend's boss is", "--precision", "int8-weights");
        Cli.Result result = Cli.run("compare", exact, rounded, "--value", "kl");
        assertEquals(0, result.code(), result.err());
        assertTrue(
                result.out().matches("(?s).*arithmetic +float32 +float32 with int8-rounded weights.*"), result.out());
        double kl = json(Cli.run("compare", exact, rounded, "--value", "kl", "--json"))
                .get("values")
                .get(0)
                .get("runs")
                .get(0)
                .get("summary")
                .get("mean")
                .asDouble();
        assertTrue(kl > 0 && kl < 1, "mean KL " + kl);
    }

    // ---- figures of any panel

    @Test
    void theDifferenceOfAPanelsFigureIsDrawnAndItsNumbersAreTheRunsOwn() throws IOException {
        Path svg = folder.resolve("exit.svg");
        Path csv = folder.resolve("exit.csv");
        String a = ann();
        String b = tom();
        Cli.Result result = Cli.run(
                "compare", a, b, "--figure-of", "exit/exit-token", "--figure", svg.toString(), "--out", csv.toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().startsWith("B  tom.safetensors"), result.out());
        assertTrue(result.out().contains("n = 12 points in both"), result.out()); // p, λ and CDF of 4 loops
        assertTrue(Files.readString(svg).contains("B − A"), "the picture does not say what it is");
        List<String> lines = Files.readAllLines(csv);
        assertEquals("run,series,x,a,b,difference", lines.get(0));
        assertEquals(13, lines.size());
        JsonNode cdf = json(Cli.run("compare", a, b, "--value", "cdf", "--json"))
                .get("values")
                .get(0);
        double wanted = cdf.get("runs").get(1).get("difference").get(1).get(6).asDouble(); // loop 2, last token
        String[] found = lines.stream()
                .filter(line -> line.startsWith("B,CDF,2"))
                .findFirst()
                .orElseThrow()
                .split(",");
        assertEquals(wanted, Double.parseDouble(found[5]), 1e-9);
    }

    @Test
    void everyPanelsFiguresAreListedAndAWrongNameSaysWhichThereAre() {
        String a = capture("layers", "people Ann's friend's boss is", "--layers");
        Cli.Result list = Cli.run("compare", a, a, "--figure-of", "list");
        assertEquals(0, list.code(), list.err());
        for (String name : List.of(
                "compare/layer-entropy ",
                "logit-lens/logit-lens ",
                "logit-lens/logit-lens-2 ",
                "exit/exit-steps ",
                "faithfulness/agreement ",
                "geometry/geometry-map ",
                "depth/depth-token ",
                "kv/kv-memory ")) {
            assertTrue(list.out().lines().anyMatch(line -> line.startsWith(name)), name + " in " + list.out());
        }
        Cli.Result wrong = Cli.run("compare", a, a, "--figure-of", "exit/nothing");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().startsWith("--figure-of: expected compare/layer-probability, "), wrong.err());
        assertTrue(wrong.err().strip().endsWith("found \"exit/nothing\"."), wrong.err());
    }

    @Test
    void aRunAndItselfHaveNoDifferenceInAnyFigure() {
        String a = capture("layers", "people Ann's friend's boss is", "--layers");
        Cli.Result list = Cli.run("compare", a, a, "--figure-of", "list");
        int compared = 0;
        for (String line : list.out().lines().toList()) {
            String name = line.substring(0, line.indexOf(' '));
            Cli.Result result = Cli.run("compare", a, a, "--figure-of", name, "--csv");
            if (result.code() == 2) {
                assertTrue(result.err().contains("so there is no difference"), name + ": " + result.err());
                continue;
            }
            assertEquals(0, result.code(), result.err());
            List<String> cells = result.out().lines().toList();
            boolean kinds = cells.get(0).endsWith(",same");
            for (String cell : cells.subList(1, cells.size())) {
                String last = cell.substring(cell.lastIndexOf(',') + 1);
                assertTrue(kinds ? last.equals("yes") : Double.parseDouble(last) == 0, name + ": " + cell);
            }
            compared++;
        }
        assertTrue(compared >= 25, "figures: " + compared);
    }

    @Test
    void figureOfGoesAlone() {
        String a = ann();
        for (List<String> more : List.of(List.of("--value", "kl"), List.of("--json"))) {
            Cli.Result result =
                    Cli.run(Stream.concat(Stream.of("compare", a, a, "--figure-of", "exit/exit-token"), more.stream())
                            .toArray(String[]::new));
            assertEquals(2, result.code());
            assertEquals(
                    "--figure-of shows a figure instead of values: expected no --value, --token or --json beside it.",
                    result.err().strip());
        }
        Cli.Result position = Cli.run("compare", a, a, "--figure-of", "exit/exit-token", "--position", "7");
        assertEquals(2, position.code());
        assertEquals(
                "--position: expected 0 to 6, a token of A, found 7.",
                position.err().strip());
    }

    // ---- two models

    /** 11 words of its own; {@link RandomCheckpoint} has L = 2, d = 8, V = 11 and T = 3, the embedded model d = 96, V = 57. */
    private String anotherModel() throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("other-model"));
        List<String> words =
                List.of("<eos>", "<unk>", "people", "Ann", "'s", "friend", "is", "one", "two", "three", "four");
        StringBuilder vocabulary = new StringBuilder();
        for (int id = 0; id < words.size(); id++) {
            vocabulary
                    .append(id == 0 ? "" : ",")
                    .append('"')
                    .append(words.get(id))
                    .append("\":")
                    .append(id);
        }
        Files.writeString(
                model.resolve("tokenizer.json"),
                "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [], \"normalizer\": null,"
                        + " \"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"'s|[A-Za-z]+\"},"
                        + " \"behavior\": \"Removed\", \"invert\": true}, \"post_processor\": null, \"decoder\": null,"
                        + " \"model\": {\"type\": \"WordLevel\", \"vocab\": {" + vocabulary
                        + "}, \"unk_token\": \"<unk>\"}}");
        return model.toString();
    }

    @Test
    void twoModelsAreComparedByTheTextsOfTheirTokensAndWhatCannotBeIsRefusedWithItsReason() throws Exception {
        String model = anotherModel();
        String prompt = "people Ann's friend is"; // 5 tokens in both
        String a = capture("embedded", prompt, "--layers");
        String b = capture("other", prompt, "--layers", "--model", model);
        Cli.Result result = Cli.run("compare", a, b, "--model", model, "--value", "all", "--json");
        assertEquals(0, result.code(), result.err());
        JsonNode object = json(result);
        assertEquals("same tokens, by index", object.get("alignment").asText());
        String words = "A and B have different vocabularies, so ";
        String states = "A has states of 96 numbers and B of 8, so they cannot be compared.";
        assertEquals(
                List.of(
                        "probability: " + words + "what they predict cannot be compared.",
                        "answer: " + words + "what they predict cannot be compared.",
                        "kl-to-last: " + words + "what they predict cannot be compared.",
                        "rank: " + words + "what they predict cannot be compared.",
                        "same-top1: " + words + "their predictions cannot be compared.",
                        "kl: " + words + "their predictions cannot be compared.",
                        "distance: " + states,
                        "cosine: " + states),
                result.err().lines().toList());
        for (JsonNode value : object.get("values")) {
            String name = value.get("value").asText();
            JsonNode runs = value.get("runs");
            int n = runs.get(runs.size() - 1).get("summary").get("n").asInt();
            int comparable =
                    List.of("entropy", "lambda", "pdf", "cdf").contains(name) ? 15 : name.equals("exit-step") ? 5 : 0;
            assertEquals(comparable, n, name); // 5 tokens × the 3 loops that both have
        }
    }

    @Test
    void figuresOfTwoModelsAreSubtractedWhereNoWordDecidesAndTheReaderIsWarned() throws Exception {
        String model = anotherModel();
        String a = capture("embedded", "people Ann's friend is", "--layers");
        String b = capture("other", "people Ann's friend is", "--layers", "--model", model);
        Cli.Result exit = Cli.run("compare", a, b, "--model", model, "--figure-of", "exit/exit-token");
        assertEquals(0, exit.code(), exit.err());
        assertTrue(exit.err().startsWith("These runs have different vocabularies: "), exit.err());
        assertTrue(exit.out().contains("n = 9 points in both, 3 only in A"), exit.out()); // p, λ, CDF of loop 4
        Cli.Result layers = Cli.run("compare", a, b, "--model", model, "--figure-of", "compare/layer-norm", "--csv");
        assertEquals(0, layers.code(), layers.err());
        List<String> lines = layers.out().lines().toList();
        assertEquals(9, lines.size()); // 2 layers × 4 loops of A
        assertEquals(
                6, lines.stream().skip(1).filter(line -> !line.endsWith(",")).count(), "2 layers × 3 loops of both");
        Cli.Result list = Cli.run("compare", a, b, "--model", model, "--figure-of", "list");
        assertEquals(0, list.code(), list.err());
        assertFalse(list.err().contains("failed"), list.err());
        for (String line : list.out().lines().toList()) {
            String name = line.substring(0, line.indexOf(' '));
            Cli.Result one = Cli.run("compare", a, b, "--model", model, "--figure-of", name);
            assertTrue(one.code() == 0 || one.err().contains("so there is no difference"), name + ": " + one.err());
        }
    }
}
