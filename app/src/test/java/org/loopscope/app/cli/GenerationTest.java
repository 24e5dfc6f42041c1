package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Skipped loops and drafts on the command line, with the embedded model. */
class GenerationTest {
    private static final String[] RUN = {
        "run", "--prompt", "people Ann's friend's boss's teacher is", "--generate", "12", "--no-stop"
    };

    @TempDir
    Path folder;

    private static Cli.Result run(String... more) {
        Cli.Result result =
                Cli.run(Stream.concat(Stream.of(RUN), Stream.of(more)).toArray(String[]::new));
        assertEquals("", result.err());
        assertEquals(0, result.code());
        return result;
    }

    private static JsonNode json(String... more) throws Exception {
        String[] all = Stream.concat(Stream.of(more), Stream.of("--json")).toArray(String[]::new);
        return new ObjectMapper().readTree(run(all).out());
    }

    private static int sum(JsonNode numbers) {
        int sum = 0;
        for (JsonNode number : numbers) {
            sum += number.asInt();
        }
        return sum;
    }

    @Test
    void skippedLoopsGiveTheTextOfTheRuleWithFewerPasses() throws Exception {
        JsonNode every = json("--exit-rule", "q:0.5");
        JsonNode skipped = json("--exit-rule", "q:0.5", "--skip-loops");
        assertEquals("skip-loops", skipped.get("decoding").asText());
        assertEquals(every.get("generated_ids"), skipped.get("generated_ids"));
        assertEquals(every.get("exit_steps"), skipped.get("exit_steps"));
        JsonNode generation = skipped.get("generation");
        assertEquals(12, generation.get("run_exit_steps").size());
        assertEquals(generation.get("run_exit_steps"), generation.get("replayed_exit_steps"));
        assertEquals(
                sum(generation.get("run_exit_steps")),
                generation.get("stack_passes").asInt());
        assertEquals(48, generation.get("full_depth_loops").asInt());
        assertTrue(generation.get("loops_run").asInt() <= 48);
        assertTrue(generation.get("stack_passes").asInt() < 48);
        assertEquals(false, generation.get("states_replayed").asBoolean());
        assertTrue(generation.get("departures").isInt());
        for (int i = 0; i < 12; i++) {
            assertEquals(
                    generation.get("run_exit_steps").get(i).asInt(),
                    generation.get("run_gate_logits").get(i).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"entropy:1.0", "max-prob:0.9", "kl:0.1", "same-top1:1", "state-diff:0.9", "accel:0.7"})
    void loopsAreSkippedByAnyRule(String rule) throws Exception {
        JsonNode every = json("--exit-rule", rule);
        JsonNode skipped = json("--exit-rule", rule, "--skip-loops");
        assertEquals(every.get("generated_ids"), skipped.get("generated_ids"));
        JsonNode generation = skipped.get("generation");
        assertEquals(generation.get("replayed_exit_steps"), generation.get("run_exit_steps"));
        assertTrue(generation.get("stack_passes").asInt() < 48, "nothing was skipped");
    }

    @Test
    void withASharingPolicyTheLoopsRunAreTheExitSteps() throws Exception {
        JsonNode generation = json("--exit-rule", "q:0.5", "--kv", "last-step", "--skip-loops")
                .get("generation");
        assertEquals(
                sum(generation.get("run_exit_steps")),
                generation.get("loops_run").asInt());
        assertEquals(true, generation.get("states_replayed").asBoolean());
    }

    @Test
    void draftsGiveTheTextOfFullDepth() throws Exception {
        JsonNode full = json();
        JsonNode drafted = json("--draft-step", "2", "--draft-tokens", "3");
        assertEquals("draft", drafted.get("decoding").asText());
        assertEquals(full.get("generated_ids"), drafted.get("generated_ids"));
        JsonNode generation = drafted.get("generation");
        assertEquals(2, generation.get("draft_step").asInt());
        assertEquals(3, generation.get("draft_tokens").asInt());
        int accepted = generation.get("accepted").asInt();
        assertEquals(12, generation.get("rounds").asInt() + accepted);
        assertEquals(
                (double) accepted / generation.get("drafted").asInt(),
                generation.get("acceptance_rate").asDouble(),
                1e-12);
        assertEquals(
                4,
                json("--draft-step", "1").get("generation").get("draft_tokens").asInt());
    }

    @Test
    void theTableTellsWhatWasSkippedAndWhatWasAccepted() {
        List<String> skipped = run("--exit-rule", "q:0.5", "--kv", "last-step", "--skip-loops")
                .out()
                .lines()
                .toList();
        assertTrue(skipped.stream().anyMatch(l -> l.matches("Loops      \\d+ run while generating, in \\d+ passes.*")));
        assertTrue(skipped.stream().anyMatch(l -> l.matches("Left at    (\\d ){12}while generating")));
        assertTrue(skipped.stream()
                .anyMatch(l -> l.matches(" +(\\d ){12}replayed on .* one full-depth pass over the text")));
        assertTrue(skipped.stream().anyMatch(l -> l.matches("Departs    \\d+ of 12 generated tokens .*")));
        List<String> drafted = run("--draft-step", "3").out().lines().toList();
        assertTrue(drafted.stream()
                .anyMatch(l -> l.matches(
                        "Drafts     \\d+ of \\d+ accepted \\(\\d+ %\\), drafted at step 3, up to 4 a round, .*")));
    }

    @Test
    void aCaptureFileTellsHowItsTextWasGenerated() throws Exception {
        Path file = folder.resolve("c.safetensors");
        JsonNode run = json("--exit-rule", "q:0.5", "--skip-loops", "--out", file.toString());
        assertEquals(
                run.get("generation").get("loops_run").asLong(),
                org.loopscope.model.capture.CaptureFile.read(file)
                        .generationReport()
                        .orElseThrow()
                        .cost()
                        .loopsRun());
        assertEquals(
                "--skip-loops says how to run a prompt",
                Cli.run("lens", file.toString(), "--skip-loops").problem().split(":")[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--generate 2 --skip-loops | --skip-loops skips the loops after a token has left: expected --exit-rule RULE with"
                        + " it.",
                "--exit-rule q:0.5 --skip-loops | --skip-loops says how tokens are generated: expected --generate N with it.",
                "--draft-step 2 | --draft-step says how tokens are generated: expected --generate N with it.",
                "--generate 2 --draft-tokens 2 | --draft-tokens says how many tokens are drafted: expected --draft-step STEP with"
                        + " it.",
                "--generate 2 --draft-step 0 | Draft step: expected 1 or more, found 0.",
                "--generate 2 --draft-step 1 --draft-tokens 0 | Draft tokens: expected 1 or more, found 0.",
                "--generate 2 --draft-step 4 | Draft step: expected a step before the last, T = 4, found 4.",
                "--generate 2 --draft-step 1 --skip-loops | --skip-loops and --draft-step are two ways to generate: expected one"
                        + " of them.",
                "--generate 2 --draft-step 1 --exit-rule q:0.5 | Draft and verify gives the greedy text of full depth: expected"
                        + " the exit rule full, found q:0.5.",
                "--generate 2 --draft-step 1 --temperature 1 | Draft and verify gives the greedy text of full depth: expected"
                        + " temperature 0, found 1.0.",
                "--generate 2 --draft-step 1 --kv averaged | Draft and verify gives the greedy text of full depth: expected the"
                        + " KV policy full, found averaged."
            })
    void whatDoesNotGoTogetherIsRefusedWithASentence(String line) {
        String[] parts = line.split(" \\| ");
        Cli.Result result =
                Cli.run(Stream.concat(Stream.of("run", "--prompt", "people"), Stream.of(parts[0].split(" ")))
                        .toArray(String[]::new));
        assertEquals(2, result.code());
        assertEquals(parts[1], result.problem());
    }
}
