package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.app.gateless.GatelessFamily;

/** Every command with the embedded model whose gate was left out: what needs no gate gives what the embedded model gives. */
class GatelessCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is";
    private static final String NONE = "expected a model with an exit gate, found gateless, which has none.";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static String model;

    @BeforeAll
    static void writeTheModel() throws Exception {
        model = GatelessFamily.write(shared.resolve("gateless")).toString();
    }

    private static Cli.Result with(String name, String... args) {
        return Cli.run(
                Stream.concat(Stream.of(args), Stream.of("--model", name)).toArray(String[]::new));
    }

    private static Cli.Result fine(String... args) {
        Cli.Result result = with(model, args);
        assertEquals(0, result.code(), result.err());
        return result;
    }

    private static String refused(String... args) {
        Cli.Result result = with(model, args);
        assertEquals(ExitCode.BAD_INPUT, result.code(), result.out());
        return result.problem();
    }

    private static JsonNode json(String name, String... args) throws Exception {
        Cli.Result result = with(name, args);
        assertEquals(0, result.code(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void aRunShowsNoColumnOfTheGate() {
        List<String> lines = fine("run", "--prompt", PROMPT).out().lines().toList();
        assertTrue(lines.contains("Exit gate  none"), lines.toString());
        assertTrue(lines.contains("Exit rule  full"), lines.toString());
        assertFalse(lines.toString().contains("λ"), lines.toString());
        assertFalse(lines.toString().contains("NaN"), lines.toString());
        assertTrue(lines.contains("step  token      p"), lines.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "full",
                "fixed:2",
                "entropy:1.0",
                "max-prob:0.9",
                "same-top1:1",
                "state-diff:0.3",
                "accel:0.5",
                "contraction:0.3",
                "state-cosine:0.1",
                "entropy-diff:0.1"
            })
    void everyOtherRuleLeavesWhereItDoesWithTheGate(String rule) throws Exception {
        String[] args = {"run", "--json", "--prompt", PROMPT, "--exit-rule", rule};
        JsonNode gateless = json(model, args);
        JsonNode gated = json("embedded", args);
        for (String key : List.of("exit_steps", "top1", "token_ids", "trained_steps")) {
            assertEquals(gated.get(key), gateless.get(key), key);
        }
        for (String key : List.of("gate_logits", "lambda", "pdf", "cdf", "expected_steps")) {
            assertTrue(gateless.get(key).isNull(), key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"every", "--skip-loops"})
    void generatingByARuleOnPredictionsGivesTheSameText(String decoding) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "run", "--json", "--prompt", PROMPT, "--generate", "4", "--no-stop", "--exit-rule", "entropy:1.0"));
        if (decoding.startsWith("--")) {
            args.add(decoding);
        }
        JsonNode gateless = json(model, args.toArray(String[]::new));
        JsonNode gated = json("embedded", args.toArray(String[]::new));
        for (String key : List.of("generated_ids", "generation_exit_steps", "exit_steps")) {
            assertEquals(gated.get(key), gateless.get(key), key);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --exit-rule q:0.5 --prompt people | Exit rule q:0.5",
                "run --exit-rule q:0.5 --generate 2 --skip-loops --prompt people | Exit rule q:0.5",
                "exit --rule q:0.3 --prompt people | Exit rule q:0.3",
                "exit --table gate --prompt people | --table gate",
                "exit --table weighted --prompt people | --table weighted",
                "gate --set embedded/people.jsonl --limit 1 | Gate over a set",
                "sweep --set embedded/people.jsonl --limit 1 --rules q,entropy | --rules, q:0.1",
                "sweep --set embedded/people.jsonl --limit 1 --rules mix-logits | --rules, mix-logits",
            })
    void whatReadsTheGateSaysThatThereIsNone(String command, String what) {
        String[] args = Stream.concat(
                        Stream.of(command.split(" ")),
                        command.startsWith("gate") || command.startsWith("sweep")
                                ? Stream.of("--out", folder.resolve("rows.csv").toString())
                                : Stream.empty())
                .toArray(String[]::new);
        assertEquals(what + ": " + NONE, refused(args));
    }

    @Test
    void aCaptureIsWrittenAndRead() {
        String file = folder.resolve("run.safetensors").toString();
        fine("run", "--layers", "--prompt", PROMPT, "--out", file);
        for (String command : List.of(
                "exit",
                "exit --table summary",
                "exit --table signals",
                "exit --table flips --rule entropy:1.0",
                "lens --layers",
                "geometry --layers --what layers",
                "attention --layer 1",
                "depth",
                "depth --what tokens")) {
            String[] words = command.split(" ");
            String[] args = Stream.concat(
                            Stream.of(words[0], file), Stream.of(words).skip(1))
                    .toArray(String[]::new);
            String out = fine(args).out();
            assertFalse(out.contains("NaN"), command + ": " + out);
        }
    }

    @Test
    void setsAreMeasuredWithoutTheGate() throws Exception {
        Path sweep = folder.resolve("sweep.csv");
        String out = fine("sweep", "--set", "embedded/people.jsonl", "--limit", "12", "--out", sweep.toString())
                .out();
        assertTrue(out.contains("entropy"), out);
        String rows = Files.readString(sweep);
        assertFalse(rows.contains(",q,") || rows.contains("mix-"), "a rule of the gate is among the rows");
        Path depth = folder.resolve("depth.csv");
        String shown = fine("depth", "--set", "embedded/people.jsonl", "--limit", "12", "--out", depth.toString())
                .out();
        assertFalse(shown.contains("lambda") || shown.contains("NaN"), shown);
        assertEquals(
                shown.lines().toList().subList(0, 4),
                Cli.run("depth", "--read", depth.toString())
                        .out()
                        .lines()
                        .toList()
                        .subList(0, 4));
        fine(
                "kv",
                "--set",
                "embedded/people.jsonl",
                "--limit",
                "2",
                "--out",
                folder.resolve("kv.csv").toString());
    }

    @Test
    void theReportHasNoPictureOfTheGateAndSaysSo() throws Exception {
        Path file = folder.resolve("report.html");
        fine("report", "--layers", "--prompt", PROMPT, "--out", file.toString());
        String html = Files.readString(file);
        assertTrue(html.contains("the model has no exit gate"), "the report does not say that there is no gate");
        assertTrue(html.contains("Exit step of every token"), "the report lacks the exit steps");
        assertFalse(html.contains("Calibration of the gate"), "the report shows a gate");
        assertFalse(html.contains("Weighted exit, mixed"), "the report shows weighted exit");
        assertFalse(html.replaceAll("base64,[^\"']*", "").contains("NaN"), "the report shows NaN");
    }

    @Test
    void comparedWithAGatedRunTheGateIsRefusedAndPredictionsAreNot() {
        String[] files = {
            folder.resolve("a.safetensors").toString(),
            folder.resolve("b.safetensors").toString()
        };
        assertEquals(0, Cli.run("run", "--prompt", PROMPT, "--out", files[0]).code());
        fine("run", "--prompt", PROMPT, "--out", files[1]);
        Cli.Result same =
                Cli.run("compare", files[0], files[1], "--model", "embedded", "--model", model, "--value", "same-top1");
        assertEquals(0, same.code(), same.err());
        Cli.Result lambda =
                Cli.run("compare", files[0], files[1], "--model", "embedded", "--model", model, "--value", "lambda");
        assertTrue((lambda.out() + lambda.err()).contains("B has no exit gate."), lambda.out() + lambda.err());
    }

    @Test
    void theModelIsListedAndChecked() throws Exception {
        Cli.Result checked = Cli.run("models", "check", model);
        assertEquals(0, checked.code(), checked.err());
        assertTrue(checked.out().contains("The model has no exit gate."), checked.out());
    }
}
