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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.embedded.EmbeddedModel;

class SweepCommandTest {
    @TempDir
    private Path folder;

    private Path set;
    private Path out;

    @BeforeEach
    void writeTheSet() throws IOException {
        set = Cli.threePrompts(folder);
        out = folder.resolve("sweep.csv");
    }

    private Cli.Result sweep(String... more) {
        return Cli.in(folder).execute(arguments(more));
    }

    private String[] arguments(String... more) {
        return Cli.words(
                List.of("sweep", "--set", set.toString(), "--out", out.toString(), "--rules", "q:0.1..0.9/3,oracle"),
                more);
    }

    @Test
    void theTableNamesTheBestThresholdOfEveryRule() throws IOException {
        Path figure = folder.resolve("curve.svg");
        Cli.Result result = sweep("--by-group", "--budget", "4", "--figure", figure.toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("Prompts    3\n"), result.out());
        assertTrue(
                result.out().matches("(?s).*\nfixed +fixed:[1-4] .*\nq +q:0\\.[159] .*\noracle +oracle .*"),
                result.out());
        assertTrue(result.out().contains("\nk=2\n"), result.out());
        assertEquals(1 + 3 * 2 * 8, Files.readAllLines(out).size()); // prompts, scopes, rules
        assertTrue(Files.readString(figure).contains(">Quality and compute of exit rules<"));
    }

    @Test
    void theJsonHoldsEveryCurve() throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(sweep("--json", "--cost", "0").out());
        assertEquals(4, json.get("max_steps").asInt());
        assertEquals((2 + 3) * 4, json.get("curves").size()); // two qualities, for answers three; all and 3 groups
        for (JsonNode curve : json.get("curves")) {
            assertEquals(8, curve.get("points").size());
            assertEquals("oracle", curve.get("best").get("oracle").asText());
        }
        JsonNode full = json.get("curves").get(0).get("points").get(3);
        assertEquals("fixed:4", full.get("spec").asText());
        assertEquals(4, full.get("mean_loops").asDouble());
        assertEquals(1, full.get("quality").asDouble());
    }

    @Test
    void cancelledItKeepsWhatIsDoneAndGoesOnToTheSameFile() throws IOException {
        assertEquals(0, sweep().code());
        byte[] whole = Files.readAllBytes(out);
        Files.delete(out);
        int perSweep = asks();
        AtomicInteger asked = new AtomicInteger();
        Cli.Result cancelled = Cli.in(folder)
                .cancelledBy(() -> asked.incrementAndGet() > perSweep - 5)
                .execute(arguments());
        assertEquals(130, cancelled.code());
        Path part = folder.resolve("sweep.csv.part");
        assertEquals(
                "Cancelled; the prompts that are done are kept in " + part + ", the same command goes on after them.",
                cancelled.problem());
        assertFalse(Files.exists(out));
        Cli.Result resumed = sweep();
        assertEquals("Resumed after 2 finished prompts.\n", resumed.err());
        assertArrayEquals(whole, Files.readAllBytes(out));
        assertFalse(Files.exists(part));
    }

    /** How often a whole sweep asks whether it is cancelled, opening the model included. */
    private int asks() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Cli.in(folder)
                .cancelledBy(() -> {
                    asked.incrementAndGet();
                    return false;
                })
                .execute(arguments());
        Files.delete(out);
        return asked.get();
    }

    @Test
    void anotherModelDoesNotGoOnWithTheRowsOfThisOne() throws Exception {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n".repeat(2));
        int perSweep = asks();
        AtomicInteger asked = new AtomicInteger();
        Cli.in(folder).cancelledBy(() -> asked.incrementAndGet() > perSweep - 5).execute(arguments());
        Path part = folder.resolve("sweep.csv.part");
        assertTrue(Files.exists(part));
        Path other = folder.resolve("other");
        copyWithAnotherWeight(EmbeddedModel.folder(), other);
        Cli.Result refused = sweep("--model", other.toString());
        assertEquals(2, refused.code());
        assertTrue(refused.problem().startsWith(part + " was begun with weights = "), refused.problem());
        assertTrue(refused.problem().contains(", this run has weights = "), refused.problem());
    }

    @Test
    void anotherArithmeticOrSettingDoesNotGoOnWithTheRowsOfThisOne() throws Exception {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n".repeat(2));
        int perSweep = asks();
        AtomicInteger asked = new AtomicInteger();
        Cli.in(folder).cancelledBy(() -> asked.incrementAndGet() > perSweep - 5).execute(arguments());
        Path part = folder.resolve("sweep.csv.part");
        assertTrue(Files.exists(part));
        Cli.Result precision = sweep("--precision", "int8-weights");
        assertEquals(2, precision.code());
        assertTrue(precision.problem().startsWith(part + " was begun with arithmetic = float32"), precision.problem());
        Cli.Result generated = sweep("--generate", "1");
        assertTrue(
                generated.problem().startsWith(part + " was begun with tokens generated = 0, this run has"),
                generated.problem());
        assertEquals(0, sweep().code(), "the same goes on");
    }

    private static void copyWithAnotherWeight(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        Path weights = to.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 4] ^= 1; // the last bit of the last number
        Files.write(weights, bytes);
    }

    @Test
    void everyRowNamesThePrecisionThatWasAskedFor() throws IOException {
        assertEquals(0, sweep("--precision", "int8-weights").code());
        List<String> lines = Files.readAllLines(out);
        assertTrue(lines.get(0).endsWith(",compute_dtype"));
        assertEquals(
                lines.size() - 1,
                lines.stream()
                        .filter(line -> line.endsWith(",float32 with int8-rounded weights"))
                        .count(),
                lines.get(1));
    }

    @Test
    void aFinishedSweepIsShownAgainWithoutAModel() {
        String table = sweep().out();
        Cli.Result again = Cli.in(folder).execute("sweep", "--read", out.toString());
        assertEquals(table.replace("Rows written to " + out + ".\n", ""), again.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sweep | sweep: expected --set FILE and --out FILE, or --read FILE.",
                "sweep --read a.csv --out b.csv | sweep: expected --read FILE alone, or --set and --out, found both.",
                "sweep --read a.csv --figure b.gif | --figure: expected a name that ends in .png, .svg or .csv, found b.gif.",
                "sweep --read a.csv --budget 0.5 | --budget: expected 1 loop or more, found 0.5.",
                "sweep --set a.jsonl --out b.csv --precision half | Precision: expected float32, bf16-weights, bfloat16, int8-weights, found \"half\".",
                "sweep --read a.csv --rules kl | --rules decides what is measured: expected --set with it, found --read.",
                "sweep --read a.csv --limit 2 | --limit decides what is measured: expected --set with it, found --read.",
                "sweep --set a.jsonl --out b.csv --limit 99999999999 | --limit: expected 1 or more, at most 2147483647, found 99999999999.",
                "eval text --read a.csv --margin 1 | --margin decides what is measured: expected --set with it, found --read.",
                "eval text --set a.jsonl --out b.csv --margin 1e400 | --margin: expected 0 nats or more, found 1e400.",
                "eval text --set a.jsonl --out b.csv --generate 3 | --generate is of one run: expected a capture or a prompt with it, found --set.",
                "sweep --read no-such.csv | no-such.csv: expected the CSV of loopscope sweep, found no such file."
            })
    void wrongUseIsOneSentence(String command, String sentence) {
        Cli.Result result = Cli.in(folder).execute(command.split(" "));
        assertEquals(2, result.code());
        assertEquals(sentence, result.problem());
    }
}
