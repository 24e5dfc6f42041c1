package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepthCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is";

    @TempDir
    private Path folder;

    private Path set;
    private Path out;

    @BeforeEach
    void writeTheSet() throws IOException {
        set = Cli.threePrompts(folder);
        out = folder.resolve("depth.csv");
    }

    private String[] arguments(String... more) {
        return Cli.words(List.of("depth", "--set", set.toString(), "--out", out.toString(), "--steps", "6"), more);
    }

    @ParameterizedTest
    @CsvSource({
        "steps, 8, scope",
        "tokens, 56, position",
        "draft, 7, tokens",
    })
    void oneRunGivesATableWithARowForEveryStep(String what, int rows, String first) {
        Cli.Result result = Cli.run("depth", "--prompt", PROMPT, "--steps", "8", "--what", what, "--csv");
        assertEquals(0, result.code(), result.err());
        List<String> lines = result.out().lines().toList();
        assertEquals(1 + rows, lines.size());
        assertTrue(lines.get(0).startsWith(first + ","), lines.get(0));
        assertTrue(lines.get(0).endsWith(",compute_dtype"), lines.get(0));
        assertEquals(
                "Outside training: the model was trained with T = 4, T = 8 was run; steps after 4 are extrapolation.",
                result.problem());
    }

    @Test
    void aSampleIsDrawnBySeed() throws IOException {
        List<String> drawn = new ArrayList<>();
        for (String seed : List.of("0", "1", "2", "3", "4")) {
            Cli.Result result = Cli.run(arguments("--sample", "1", "--seed", seed));
            assertEquals(0, result.code(), result.err());
            List<String> lines = Files.readAllLines(out);
            assertEquals(1 + 12, lines.size(), "six steps of one prompt, two kinds of tokens");
            drawn.add(lines.get(1));
            Files.delete(out);
        }
        assertTrue(drawn.stream().distinct().count() > 1, "not always the first one: " + drawn);
    }

    @Test
    void whatDrawsNothingIsRefused() {
        Cli.Result seed = Cli.run(arguments("--seed", "3"));
        assertEquals("--seed: expected --sample N with it, found none.", seed.problem());
        Cli.Result one = Cli.run("depth", "--prompt", PROMPT, "--sample", "3");
        assertEquals("--sample: expected --set with it, found one run.", one.problem());
    }

    @Test
    void theTableMarksWhatLiesOutsideTraining() {
        Cli.Result result = Cli.run("depth", "--prompt", PROMPT, "--steps", "5");
        assertTrue(result.out().contains("\n  4  "), result.out());
        assertTrue(result.out().contains("\n  5* "), result.out());
        assertTrue(result.out().contains("* outside training."), result.out());
    }

    @Test
    void draftsOfGeneratedTextAreReplayedInWordsBelowTheTable() throws IOException {
        Path figure = folder.resolve("draft.svg");
        Cli.Result result = Cli.run(
                "depth",
                "--prompt",
                PROMPT,
                "--generate",
                "9",
                "--no-stop",
                "--what",
                "draft",
                "--block",
                "2",
                "--figure",
                figure.toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(
                result.out()
                        .matches("(?s).*Drafting this text at step 1, blocks of 2: \\d+ rounds, \\d+ of \\d+ drafts"
                                + " accepted, \\d+ passes instead of 36\\..*"),
                result.out());
        assertTrue(Files.readString(figure).contains(">Early steps as drafts of step 4<"));
    }

    @Test
    void theJsonOfOneRunHoldsEveryStep() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(Cli.run("depth", "--prompt", PROMPT, "--steps", "6", "--json")
                        .out());
        assertEquals(6, json.get("max_steps").asInt());
        assertEquals(6, json.get("steps").size());
        assertTrue(json.get("steps").get(5).get("outside_training").asBoolean());
        assertEquals(1, json.get("steps").get(5).get("agreement_last").asDouble());
        assertTrue(json.get("steps").get(0).get("kl_to_previous").isNull());
    }

    @Test
    void aSetIsMeasuredShownAndDrawn() throws IOException {
        Path figure = folder.resolve("depth.svg");
        Cli.Result result =
                Cli.in(folder).execute(arguments("--by-group", "--figure", figure.toString(), "--picture", "gate"));
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("Prompts    3\n"), result.out());
        assertTrue(result.out().contains("\nk=2, n = 1\n"), result.out());
        assertTrue(result.out().contains("From step 4 to step 6: answers right "), result.out());
        assertEquals(1 + 3 * 2 * 6, Files.readAllLines(out).size()); // prompts, scopes, steps
        assertTrue(Files.readString(figure).contains(">gate outside training<"));
        String table = result.out();
        Cli.Result again = Cli.in(folder).execute("depth", "--read", out.toString(), "--by-group");
        assertTrue(table.startsWith(again.out()), again.out());
        JsonNode json = new ObjectMapper()
                .readTree(Cli.in(folder)
                        .execute("depth", "--read", out.toString(), "--json")
                        .out());
        assertEquals(2 * 4, json.get("curves").size()); // prompts and answers: all and three groups
        assertEquals(6, json.get("curves").get(0).get("steps").size());
    }

    @Test
    void sampledDraftsOfASetAreShownDrawnAndMissingInOlderRows() throws IOException {
        Path figure = folder.resolve("drafts.svg");
        Cli.Result result =
                Cli.in(folder).execute(arguments("--block", "2", "--figure", figure.toString(), "--picture", "draft"));
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("  sampled  tokens k=2  "), result.out());
        assertTrue(Files.readString(figure).contains(">sampled drafts accepted<"));
        List<String> rows = Files.readAllLines(out);
        int column = List.of(rows.get(0).split(",", -1)).indexOf("sampled_acceptance");
        Path older = folder.resolve("older.csv");
        Files.write(
                older,
                rows.stream()
                        .map(row -> {
                            List<String> cells = new ArrayList<>(List.of(row.split(",", -1)));
                            cells.remove(column);
                            return String.join(",", cells);
                        })
                        .toList());
        Cli.Result read = Cli.in(folder).execute("depth", "--read", older.toString());
        assertEquals(0, read.code(), read.err());
        assertTrue(read.out().contains("The rows have no column sampled_acceptance"), read.out());
        assertFalse(read.out().contains("tokens k="), read.out());
    }

    @Test
    void aSetThatComesWithTheProgramIsFoundByItsName() {
        Cli.Result result = Cli.in(folder)
                .execute("depth", "--set", "embedded/cups.jsonl", "--steps", "2", "--out", out.toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("Prompts    32\n"), result.out());
    }

    @Test
    void cancelledItKeepsWhatIsDoneAndGoesOnToTheSameFile() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Cli.Result first = Cli.in(folder)
                .cancelledBy(() -> {
                    asked.incrementAndGet();
                    return false;
                })
                .execute(arguments());
        assertEquals(0, first.code(), first.err());
        byte[] whole = Files.readAllBytes(out);
        Files.delete(out);
        int all = asked.get();
        asked.set(0);
        Cli.Result cancelled = Cli.in(folder)
                .cancelledBy(() -> asked.incrementAndGet() > all - 5)
                .execute(arguments());
        assertEquals(130, cancelled.code());
        Path part = folder.resolve("depth.csv.part");
        assertEquals(
                "Cancelled; the prompts that are done are kept in " + part + ", the same command goes on after them.",
                cancelled.problem());
        assertFalse(Files.exists(out));
        Cli.Result resumed = Cli.in(folder).execute(arguments());
        assertTrue(resumed.err().startsWith("Resumed after 2 finished prompts.\n"), resumed.err());
        assertArrayEquals(whole, Files.readAllBytes(out));
        assertFalse(Files.exists(part));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depth | depth: expected a capture, a prompt, --set FILE or --read FILE.",
                "depth --set a.jsonl | --set: expected --out FILE.csv for the rows, found none.",
                "depth --read a.csv --out b.csv | --read shows rows that are there: expected no --out, found b.csv.",
                "depth --set a.jsonl --read a.csv | depth: expected one of a capture or prompt, --set FILE and --read FILE; found more.",
                "depth --read a.csv --what draft | --what is of one run: expected a capture or a prompt, found --read.",
                "depth --set a.jsonl --out b.csv --kv averaged | --kv is of one run: expected a capture or a prompt with it, found --set.",
                "depth --prompt people --block 0 | --block: expected 1 to 64, found 0.",
                "depth --prompt people --picture gate | --picture says what is drawn: expected --figure FILE with it.",
                "depth --prompt people --figure b.gif | --figure: expected a name that ends in .png, .svg or .csv, found b.gif.",
                "depth --prompt people --steps 1 --what draft | Drafts: expected a run of 2 steps or more, found 1.",
                "depth --prompt people --steps 65 | Steps: expected a number from 1 to 64, found 65.",
                "depth --read no-such.csv | no-such.csv: expected the CSV of loopscope depth, found no such file."
            })
    void wrongUseIsOneSentence(String command, String sentence) {
        Cli.Result result = Cli.in(folder).execute(command.split(" "));
        assertEquals(2, result.code());
        assertEquals(sentence, result.problem());
    }

    @Test
    void nothingButTheTableStandsOnStandardOutputWhereItIsCsv() {
        Cli.Result result = Cli.in(folder)
                .execute(
                        "depth",
                        "--prompt",
                        PROMPT,
                        "--csv",
                        "--figure",
                        folder.resolve("a.svg").toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(Files.exists(folder.resolve("a.svg")));
        int columns = result.out().lines().findFirst().orElseThrow().split(",", -1).length;
        result.out().lines().forEach(line -> assertEquals(columns, line.split(",", -1).length, line));
    }
}
