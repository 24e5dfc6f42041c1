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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exit recipe from a sweep to a run. */
class ExitRecipeCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is";

    @TempDir
    Path folder;

    private Path recipe(String... more) throws Exception {
        Path file = folder.resolve("recipe.json");
        String rows = folder.resolve("rows.csv").toString();
        List<String> args = new ArrayList<>(List.of(
                "sweep",
                "--set",
                "embedded/people.jsonl",
                "--limit",
                "24",
                "--out",
                rows,
                "--save-recipe",
                file.toString()));
        args.addAll(List.of(more));
        if (!args.contains("--rules")) {
            args.addAll(List.of("--rules", "q:0.1..0.9/5,kl:0.1"));
        }
        Cli.Result result = Cli.run(args.toArray(String[]::new));
        assertEquals(0, result.code(), result.problem());
        return file;
    }

    @Test
    void theBestRuleWithinTheBudgetIsSavedAndUsedByARun() throws Exception {
        Path file = recipe("--budget", "2.6");
        JsonNode saved = new ObjectMapper().readTree(Files.readString(file));
        assertEquals("embedded/people.jsonl", saved.at("/measured/set").asText());
        assertEquals(2.6, saved.at("/measured/budget").asDouble());
        assertTrue(saved.at("/measured/mean_loops").asDouble() <= 2.6);
        assertTrue(saved.at("/measured/value_low").asDouble()
                <= saved.at("/measured/value").asDouble());
        assertEquals(64, saved.at("/model/weights").asText().length());
        Cli.Result run = Cli.run("run", "--prompt", PROMPT, "--exit-recipe", file.toString(), "--json");
        assertEquals(0, run.code(), run.problem());
        String rule = saved.get("rule").asText();
        assertEquals(
                rule, new ObjectMapper().readTree(run.out()).get("exit_rule").asText());
        assertTrue(run.problem().contains("Exit rule " + rule + " of a recipe: answers right"), run.problem());
        assertFalse(run.problem().contains("may differ"), run.problem());
        Cli.Result other =
                Cli.run("run", "--prompt", PROMPT, "--exit-recipe", file.toString(), "--precision", "bfloat16");
        assertTrue(other.err().contains("measured in float32, this is bfloat16"), other.err());
    }

    @Test
    void theRuleCanBeNamed() throws Exception {
        JsonNode saved = new ObjectMapper().readTree(Files.readString(recipe("--recipe-rule", "kl:0.1")));
        assertEquals("kl:0.1", saved.get("rule").asText());
        assertTrue(saved.at("/measured/value").isNumber());
        Cli.Result read = Cli.run(
                "sweep",
                "--read",
                folder.resolve("rows.csv").toString(),
                "--recipe-rule",
                "entropy:1",
                "--save-recipe",
                folder.resolve("other.json").toString());
        assertEquals(0, read.code(), read.problem());
        JsonNode other = new ObjectMapper().readTree(Files.readString(folder.resolve("other.json")));
        assertEquals("entropy:1.0", other.get("rule").asText());
        assertTrue(other.at("/measured/value").isMissingNode(), "the sweep has no such rule");
        assertEquals("", other.at("/model/weights").asText(), "rows do not say which weights");
    }

    @Test
    void aCombinationThatWasMeasuredIsSavedWithWhatItReaches() throws Exception {
        String rule = "all(q:0.8,kl:0.01)";
        JsonNode saved = new ObjectMapper()
                .readTree(Files.readString(recipe("--rules", "q:0.5," + rule, "--budget", "1", "--recipe-rule", rule)));
        assertEquals(rule, saved.get("rule").asText());
        assertTrue(saved.at("/measured/value").isNumber());
    }

    @Test
    void aKindThatTheRowsDoNotHaveIsRefusedWithThoseTheyHave() throws Exception {
        recipe();
        Cli.Result result = Cli.run(
                "sweep",
                "--read",
                folder.resolve("rows.csv").toString(),
                "--recipe-rule",
                "entropy",
                "--save-recipe",
                folder.resolve("other.json").toString());
        assertEquals(2, result.code());
        assertTrue(
                result.problem()
                        .startsWith(
                                "--recipe-rule: expected a rule with its number, or a kind of these rows, fixed or q or kl"),
                result.problem());
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.json"), "{}");
        Cli.Result bad = Cli.run("run", "--prompt", PROMPT, "--exit-recipe", file.toString());
        assertEquals(2, bad.code());
        assertTrue(bad.problem().contains("expected an exit recipe"), bad.problem());
        Cli.Result both = Cli.run("run", "--prompt", PROMPT, "--exit-recipe", file.toString(), "--exit-rule", "q:0.5");
        assertEquals(2, both.code());
        assertTrue(both.problem().contains("expected no --exit-rule with it"), both.problem());
        Cli.Result same =
                Cli.run("sweep", "--set", "embedded/people.jsonl", "--out", "x.csv", "--save-recipe", "x.csv");
        assertEquals(2, same.code());
        assertTrue(same.problem().contains("expected a file of its own"), same.problem());
    }
}
