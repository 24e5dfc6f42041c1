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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateCommandTest {
    @TempDir
    private Path folder;

    private Path set;
    private Path out;

    @BeforeEach
    void writeTheSet() throws IOException {
        set = folder.resolve("set.jsonl");
        out = folder.resolve("gate.csv");
        Files.writeString(set, """
                {"prompt": "people Mia's friend is", "answer": "Eve", "group": "k=1"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Tom", "group": "k=2"}
                {"prompt": "people Joe's boss's boss's neighbour is"}
                """);
    }

    private Cli.Result gate(String... more) {
        return Cli.in(folder).execute(arguments(more));
    }

    private String[] arguments(String... more) {
        return Cli.words(List.of("gate", "--set", set.toString(), "--out", out.toString()), more);
    }

    @Test
    void theTablesSayHowManyPromptsAndGatesTheyCount() throws IOException {
        Path figure = folder.resolve("gate.svg");
        Cli.Result result = gate("--figure", figure.toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(
                result.out().contains("\nCounted    all tokens of 3 prompts; 95 % intervals over prompts\n"),
                result.out());
        // 5, 7 and 8 tokens that another follows
        assertTrue(result.out().contains("\nλ is above 0.5622, the most that Stage II can ask for, at "), result.out());
        assertTrue(result.out().contains(" of 60 gates before the last step"), result.out());
        assertEquals(1 + 20 * 4, Files.readAllLines(out).size());
        assertTrue(Files.readString(figure).contains(">Calibration of the gate over a set<"));
        Cli.Result again = Cli.in(folder).execute("gate", "--read", out.toString());
        assertEquals(result.out().substring(0, result.out().indexOf("Rows written")), again.out());
    }

    @Test
    void theJsonHoldsEveryBin() throws IOException {
        gate("--generate", "2");
        Path figure = folder.resolve("gain.png");
        Cli.Result result = Cli.in(folder)
                .execute(
                        "gate",
                        "--read",
                        out.toString(),
                        "--scope",
                        "answer",
                        "--json",
                        "--what",
                        "gain",
                        "--figure",
                        figure.toString());
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertEquals("answer", json.get("scope").asText());
        assertEquals(6, json.get("gates").asInt());
        assertEquals(3, json.get("steps").size());
        int n = 0;
        for (JsonNode bin : json.get("calibration").get("next_gain").get("bins")) {
            n += bin.get("n").asInt();
        }
        assertEquals(6, n);
        assertEquals(3, json.get("saturated").size());
        assertTrue(Files.size(figure) > 1000);
    }

    @Test
    void whatIsCancelledGoesOnToTheBytesOfAWholeRun() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Cli.in(folder)
                .cancelledBy(() -> {
                    asked.incrementAndGet();
                    return false;
                })
                .execute(arguments());
        byte[] whole = Files.readAllBytes(out);
        Files.delete(out);
        int most = asked.get() - 5;
        asked.set(0);
        Cli.Result stopped =
                Cli.in(folder).cancelledBy(() -> asked.incrementAndGet() > most).execute(arguments());
        assertEquals(130, stopped.code());
        assertTrue(stopped.problem().startsWith("Cancelled; the prompts that are done are kept in "), stopped.err());
        assertFalse(Files.exists(out));
        Cli.Result again = gate();
        assertTrue(again.err().startsWith("Resumed after "), again.err());
        assertArrayEquals(whole, Files.readAllBytes(out));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gate | gate: expected --set FILE and --out FILE, or --read FILE.",
                "gate --read a.csv --out b.csv | gate: expected --read FILE alone, or --set and --out, found both.",
                "gate --read a.csv --scope all | --scope: expected prompt, answer or generated, found \"all\".",
                "gate --set a --out b.csv --steps 1 | Steps: expected a number from 2 to 64, found 1.",
                "gate --read no-such.csv | no-such.csv: expected the CSV of loopscope gate, found no such file."
            })
    void wrongUseIsOneSentence(String command, String sentence) {
        Cli.Result result = Cli.in(folder).execute(command.split(" "));
        assertEquals(2, result.code());
        assertEquals(sentence, result.problem());
    }

    @Test
    void aScopeThatTheFileHasNotIsRefused() {
        gate("--limit", "2");
        Cli.Result result = Cli.in(folder).execute("gate", "--read", out.toString(), "--scope", "generated");
        assertEquals(2, result.code());
        assertEquals("--scope: expected one of prompt, answer, found \"generated\".", result.problem());
    }
}
