package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.RandomCheckpoint;

/** The expected words and numbers are those the reference implementation gives for the embedded model. */
class RunCommandTest {
    private static final String WELCOME = "people Ann's friend's boss's teacher's neighbour's boss's friend is";

    @TempDir
    Path folder;

    private static JsonNode json(String... args) throws Exception {
        String[] all =
                Stream.concat(Stream.of("run", "--json"), Stream.of(args)).toArray(String[]::new);
        Cli.Result result = Cli.run(all);
        assertEquals("", result.err());
        assertEquals(0, result.code());
        return new ObjectMapper().readTree(result.out());
    }

    private static List<Integer> ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void theTableShowsTheAnswerOfEveryStepAndTheExit() {
        Cli.Result result = Cli.run("run", "--prompt", WELCOME);
        assertEquals(0, result.code());
        assertEquals("", result.err());
        List<String> lines = result.out().lines().toList();
        assertTrue(lines.contains("Steps      T = 4 (trained with 4)"), result.out());
        assertTrue(lines.contains(" 14  is            3  0.09  0.08  0.96  0.96  Dan       0.999"), result.out());
        int answer = lines.indexOf("Next token after is (position 14), by step");
        assertEquals("   1  Ivy    0.070  0.094  0.094", lines.get(answer + 2));
        assertEquals("   2  Amy    0.169  0.072  0.165", lines.get(answer + 3));
        assertEquals("   3  Dan    0.999  0.800  0.965  <- exit", lines.get(answer + 4));
    }

    @Test
    void whatALargeRunWillTakeIsToldBeforeItIsRun() throws LoopscopeException {
        Path model = RandomCheckpoint.TINY.in(folder, RunControl.none());
        String ids = IntStream.range(0, 700).mapToObj(i -> "7").collect(Collectors.joining(","));
        // 64 steps, 700 tokens, d = 128, 4 layers: 64 * 700 * (1 + 6 * 128) * 4 bytes.
        Cli.Result large =
                Cli.run("run", "--model", model.toString(), "--token-ids", ids, "--steps", "64", "--layers", "--json");
        assertEquals(0, large.code(), large.err());
        String first = large.err().lines().findFirst().orElse("");
        assertTrue(
                first.matches("This run keeps 137\\.8 MB \\(step and layer states\\), and takes \\d+\\.\\d MB more"
                        + " while it runs\\."),
                large.err());
    }

    @Test
    void theExitStepsClimbWithTheHops() throws Exception {
        JsonNode run = json("--prompt", WELCOME);
        assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), ints(run.get("exit_steps")));
        assertEquals("q:0.5", run.get("exit_rule").asText());
        assertEquals("full", run.get("generation_exit_rule").asText());
    }

    @Test
    void theJsonHoldsWhatTheDocumentationNames() throws Exception {
        JsonNode run = json("--prompt", WELCOME, "--generate", "1");
        for (String field : List.of(
                "format",
                "program_version",
                "model",
                "prompt",
                "prompt_length",
                "special_tokens",
                "token_ids",
                "token_texts",
                "generated_ids",
                "generated_text",
                "generation_exit_steps",
                "steps",
                "trained_steps",
                "outside_training",
                "exit_rule",
                "generation_exit_rule",
                "decoding",
                "generation",
                "kv_policy",
                "sampling",
                "exit_steps",
                "expected_steps",
                "gate_logits",
                "lambda",
                "pdf",
                "cdf",
                "top1",
                "started_at",
                "elapsed_millis",
                "problem",
                "capture_file")) {
            assertTrue(run.has(field), field);
        }
        assertTrue(run.get("generation").isNull());
        assertEquals("every-loop", run.get("decoding").asText());
        assertEquals(15, run.get("prompt_length").asInt());
        assertEquals(List.of("Dan"), texts(run.get("token_texts")).subList(15, 16));
        assertEquals(1, run.get("generated_ids").size());
        assertEquals("Dan", run.get("generated_text").asText().strip());
        for (String field : List.of("gate_logits", "lambda", "pdf", "cdf")) {
            assertEquals(4, run.get(field).size(), field);
            assertEquals(16, run.get(field).get(0).size(), field);
        }
        assertEquals("Ivy", run.get("top1").get("texts").get(0).get(14).asText());
        assertEquals("Dan", run.get("top1").get("texts").get(3).get(14).asText());
        assertEquals(0.999, run.get("top1").get("probabilities").get(2).get(14).asDouble(), 5e-4);
        assertEquals(1.0, run.get("cdf").get(3).get(14).asDouble());
        assertEquals(64, run.get("model").get("weight_hash").asText().length());
    }

    @Test
    void theRuleGivenIsTheRuleOfTextAndDisplay() throws Exception {
        JsonNode run = json("--prompt", WELCOME, "--generate", "1", "--exit-rule", "fixed:1");
        assertEquals("fixed:1", run.get("exit_rule").asText());
        assertEquals("fixed:1", run.get("generation_exit_rule").asText());
        assertEquals(List.of("Ivy"), texts(run.get("token_texts")).subList(15, 16));
        assertEquals(List.of(1), ints(run.get("generation_exit_steps")));
    }

    @Test
    void tokenIdsGiveTheSameRunAsTheirText() throws Exception {
        JsonNode text = json("--prompt", "people Ann's friend's boss is");
        JsonNode ids = json("--token-ids", "16, 37,17,18,17,19,22");
        assertEquals(ints(text.get("token_ids")), ints(ids.get("token_ids")));
        assertEquals(text.get("gate_logits"), ids.get("gate_logits"));
        assertEquals("", ids.get("prompt").asText());
    }

    @Test
    void aPromptFileHoldsOnePromptWithItsLineEndLeftOut() throws Exception {
        Path file = Files.writeString(folder.resolve("prompt.txt"), "people Ann's friend's\nboss is\n");
        assertEquals(
                "people Ann's friend's\nboss is",
                json("--prompt-file", file.toString()).get("prompt").asText());
    }

    @Test
    void afterTokenIdsExactlyAsManyTokensAreGeneratedAsAsked() throws Exception {
        assertEquals(
                12,
                json("--token-ids", "16,37,17,18,22", "--generate", "12")
                        .get("generated_ids")
                        .size());
        assertEquals(
                12,
                json("--prompt", "people Ann's friend is", "--generate", "12", "--no-stop")
                        .get("generated_ids")
                        .size());
    }

    @Test
    void theSameSeedGivesTheSameText() throws Exception {
        String[] sampled = {"--prompt", WELCOME, "--steps", "1", "--generate", "8", "--temperature", "2", "--no-stop"};
        JsonNode first = json(with(sampled, "--seed", "5"));
        assertEquals(
                first.get("generated_ids"), json(with(sampled, "--seed", "5")).get("generated_ids"));
        assertNotEquals(
                first.get("generated_ids"), json(with(sampled, "--seed", "6")).get("generated_ids"));
    }

    private static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void moreStepsThanTrainedAreToldApartFromTheResult() throws Exception {
        Cli.Result result = Cli.run("run", "--prompt", WELCOME, "--steps", "6", "--json");
        assertEquals(0, result.code());
        assertEquals("Outside training: the model was trained with T = 4, this run has 6 steps.", result.problem());
        JsonNode run = new ObjectMapper().readTree(result.out());
        assertTrue(run.get("outside_training").asBoolean());
        assertEquals(6, run.get("lambda").size());
    }

    @Test
    void progressGoesToATerminalOnly() {
        String[] args = {"run", "--prompt", WELCOME};
        assertEquals("", Cli.in(folder).execute(args).err());
        String shown = Cli.in(folder).onTerminal().execute(args).err();
        assertTrue(shown.contains("\r"), "no progress on a terminal");
        assertTrue(shown.endsWith("\r"), "the line is left behind: " + shown.strip());
        assertEquals(
                "",
                Cli.in(folder)
                        .onTerminal()
                        .execute("run", "--prompt", WELCOME, "--no-progress")
                        .err());
        assertFalse(Cli.in(folder)
                .execute("run", "--prompt", WELCOME, "--progress")
                .err()
                .isEmpty());
    }

    @Test
    void aCancelledRunLeavesNoFileAndReturns130() throws Exception {
        Path out = folder.resolve("c.safetensors");
        AtomicInteger asked = new AtomicInteger();
        Cli.Result result = Cli.in(folder)
                .cancelledBy(() -> asked.incrementAndGet() > 3)
                .execute("run", "--prompt", WELCOME, "--out", out.toString());
        assertEquals(130, result.code());
        assertEquals("Cancelled; nothing was written.", result.problem());
        assertEquals("", result.out());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
