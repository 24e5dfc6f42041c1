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
import org.junit.jupiter.params.provider.ValueSource;

class KvCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is";

    @TempDir
    private Path folder;

    private Path set;
    private Path out;

    @BeforeEach
    void writeTheSet() throws IOException {
        set = folder.resolve("set.jsonl");
        out = folder.resolve("kv.csv");
        Files.writeString(set, """
                {"prompt": "people Mia's friend is", "answer": "Eve", "group": "k=1"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Max", "group": "k=2"}
                {"prompt": "people Joe's boss's boss's neighbour is", "group": "k=3"}
                """);
    }

    private Cli.Result kv(String... more) {
        return Cli.in(folder).execute(arguments(more));
    }

    private String[] arguments(String... more) {
        return Cli.words(List.of("kv", "--set", set.toString(), "--out", out.toString(), "--generate", "4"), more);
    }

    @Test
    void onePromptIsShownAsTables() {
        Cli.Result result = Cli.in(folder).execute("kv", "--prompt", PROMPT, "--generate", "5");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().startsWith("Model      embedded, float32, T = 4\n"), result.out());
        assertTrue(result.out().contains("Counted    n = 4 tokens of one text, intervals over tokens\n"), result.out());
        // 2 layers of 96 numbers, key and value, 4 bytes: 1,536; 7 tokens of the prompt and 5
        assertTrue(
                result.out().matches("(?s).*\nfull +6,144 +1\\.00 +73\\.7 kB +73\\.7 kB\nlast-step +1,536 +0\\.25 .*"),
                result.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"agreement", "divergence", "places", "memory", "tokens"})
    void everyFigureIsDrawn(String what) throws IOException {
        Path figure = folder.resolve("figure.svg");
        Cli.Result result = Cli.in(folder)
                .execute("kv", "--prompt", PROMPT, "--generate", "3", "--figure", figure.toString(), "--what", what);
        assertEquals(0, result.code(), result.err());
        assertTrue(Files.readString(figure).contains(">averaged<"), what);
    }

    @Test
    void theJsonHoldsPoliciesPlacesAndMemory() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(kv("--json", "--policies", "first-step,averaged").out());
        assertEquals(3, json.get("prompts").asInt());
        assertEquals("texts", json.get("intervals_over").asText());
        assertEquals(2, json.get("policies").size());
        JsonNode first = json.get("policies").get(0);
        assertEquals("first-step", first.get("policy").asText());
        assertEquals(9, first.get("tokens").asInt()); // 3 texts of 4 tokens, of which the first is the prefill's
        assertEquals(4, first.get("places").size());
        assertEquals(0, first.get("places").get(0).get("kl").asDouble(), 1e-12);
        assertTrue(first.get("kl_high").isNull(), "three texts are no sample");
        assertEquals(4, json.get("memory").get("policies").size());
        assertEquals(1 + 3 * 2 * 4, Files.readAllLines(out).size());
    }

    @Test
    void rightAnswersAreCountedWhereTheyAreKnown() throws IOException {
        Path figure = folder.resolve("accuracy.csv");
        Cli.Result result = kv("--figure", figure.toString(), "--what", "accuracy");
        assertEquals(0, result.code(), result.err());
        // Eve is right and Max is wrong; the third prompt has no answer. The first token is the prefill's: the same for
        // all.
        assertTrue(
                result.out()
                        .contains("Right answers in the text that each writes by itself; its first token comes from"),
                result.out());
        for (String policy : new String[] {"full", "last-step", "averaged", "first-step"}) {
            assertTrue(
                    result.out().matches("(?s).*\n" + policy + " +1 of 2 +0\\.500 +0\\.095 to 0\\.905\n.*"),
                    result.out());
        }
        assertEquals(
                "policy,answers,right,accuracy,accuracy_low,accuracy_high",
                Files.readAllLines(figure).get(0));
        assertTrue(Files.readAllLines(figure).get(1).startsWith("full,2,1,0.5,0.0945"), "Wilson's of 1 in 2");
        JsonNode json = new ObjectMapper()
                .readTree(Cli.in(folder)
                        .execute("kv", "--read", out.toString(), "--json")
                        .out());
        assertEquals(4, json.get("answers").size());
        assertEquals("full", json.get("answers").get(0).get("policy").asText());
        assertEquals(0.5, json.get("answers").get(3).get("accuracy").asDouble());
        assertEquals(0.90547, json.get("answers").get(3).get("accuracy_high").asDouble(), 1e-5);
    }

    @Test
    void aSetWithoutAnswersHasNoFigureOfAccuracy() throws IOException {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n");
        Cli.Result result = kv("--figure", folder.resolve("a.svg").toString(), "--what", "accuracy");
        assertEquals(2, result.code());
        assertTrue(result.problem().startsWith("--what accuracy: expected prompts with an answer"), result.err());
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
        int half = asked.get() - asked.get() / 4;
        asked.set(0);
        Cli.Result stopped =
                Cli.in(folder).cancelledBy(() -> asked.incrementAndGet() > half).execute(arguments());
        assertEquals(130, stopped.code());
        assertTrue(stopped.problem().startsWith("Cancelled; the prompts that are done are kept in "), stopped.err());
        assertFalse(Files.exists(out));
        Cli.Result again = kv();
        assertEquals(0, again.code());
        assertTrue(again.err().startsWith("Resumed after "), again.err());
        assertArrayEquals(whole, Files.readAllBytes(out));
        String table = again.out().substring(0, again.out().indexOf("KV cache"));
        assertEquals(
                table, Cli.in(folder).execute("kv", "--read", out.toString()).out());
    }

    @Test
    void withAShortPrefillTheRestOfThePromptIsDecodedToo() throws IOException {
        Cli.Result result = Cli.in(folder)
                .execute(
                        "kv",
                        "--prompt",
                        PROMPT,
                        "--prefill",
                        "1",
                        "--generate",
                        "1",
                        "--json",
                        "--out",
                        out.toString());
        assertEquals(0, result.code(), result.err());
        JsonNode first =
                new ObjectMapper().readTree(result.out()).get("policies").get(0);
        assertEquals(6, first.get("tokens").asInt()); // six of the prompt and one, of which the first is the prefill's
        assertEquals(1, first.get("own_tokens").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kv | kv: expected one of --prompt, --token-ids, --prompt-file, --set and --read, found none.",
                "kv --prompt a --token-ids 1 | kv: expected one of --prompt, --token-ids, --prompt-file, --set and --read,"
                        + " found several.",
                "kv --set a.jsonl | --set: expected --out FILE with it, where the rows are kept.",
                "kv --read a.csv --out b.csv | --read: expected no --out with it, nothing is run.",
                "kv --read no-such.csv | no-such.csv: expected the CSV of loopscope kv, found no such file.",
                "kv --prompt a --policies full | --policies: expected policies to compare with full, each once, found"
                        + " \"full\".",
                "kv --prompt a --generate 1 | --generate: expected 2 or more, since the first token comes from the prefill"
                        + " under every policy, found 1; or --prefill with it.",
                "kv --prompt a --steps 65 | Steps: expected a number from 1 to 64, found 65.",
                "kv --prompt a --figure b.gif | --figure: expected a name that ends in .png, .svg or .csv, found b.gif."
            })
    void wrongUseIsOneSentence(String command, String sentence) {
        Cli.Result result = Cli.in(folder).execute(command.split(" "));
        assertEquals(2, result.code());
        assertEquals(sentence, result.problem());
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Files.writeString(out, "prompt,group\n1,a\n");
        Cli.Result result = Cli.in(folder).execute("kv", "--read", out.toString());
        assertEquals(2, result.code());
        assertTrue(result.problem().startsWith(out + ": expected the columns prompt, group, policy"), result.err());
    }
}
