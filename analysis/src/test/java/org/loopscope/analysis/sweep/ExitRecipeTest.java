package org.loopscope.analysis.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

class ExitRecipeTest {
    private static final ModelInfo MODEL = model("m", "aa11", "float32");
    private static final SweepPoint POINT =
            new SweepPoint("q", 0.5, "q:0.5", 40, 80, 2.25, new Interval(2, 2.5), 0.95, new Interval(0.9, 0.98));
    private static final SweepCurve CURVE = new SweepCurve(
            "m", "float32", 4, Scope.ANSWER, SweepCurve.Quality.ACCURACY, Optional.empty(), List.of(POINT));

    @TempDir
    Path folder;

    private static ModelInfo model(String id, String hash, String dtype) {
        return new ModelInfo(id, hash, 1, "F32", dtype, "here");
    }

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("recipe.json"), text);
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        ExitRecipe recipe = ExitRecipe.of(CURVE, ExitRule.q(0.5), Optional.of(MODEL), "set.jsonl", 2.5, "0.2.0");
        assertEquals(recipe, ExitRecipe.read(file(recipe.json())));
        assertEquals(0.95, recipe.measured().orElseThrow().value());
        assertEquals(
                List.of(
                        "Exit rule q:0.5 of a recipe: answers right 0.950 (95 % 0.900 to 0.980) at 2.25 mean loops of 4 on"
                                + " set.jsonl, n = 40."),
                recipe.on(MODEL));
    }

    @Test
    void aRuleThatTheSweepDoesNotHaveIsSaidNotToBeMeasured() throws Exception {
        ExitRule rule = ExitRule.parse("all(q:0.8,kl:0.01)+patience=2");
        ExitRecipe recipe = ExitRecipe.of(CURVE, rule, Optional.empty(), "rows.csv", Double.NaN, "0.2.0");
        ExitRecipe read = ExitRecipe.read(file(recipe.json()));
        assertEquals(rule, read.rule());
        assertEquals(Optional.empty(), read.measured());
        assertTrue(Double.isNaN(read.budget()));
        assertEquals(
                "Exit rule all(q:0.8,kl:0.01)+patience=2 of a recipe, which was not measured.",
                read.on(MODEL).get(0));
    }

    @Test
    void otherWeightsAndAnotherPrecisionAreTold() {
        ExitRecipe recipe = ExitRecipe.of(CURVE, ExitRule.q(0.5), Optional.of(MODEL), "set.jsonl", 2.5, "0.2.0");
        List<String> told = recipe.on(model("other", "bb22", "bfloat16"));
        assertEquals(
                "It was measured with other weights, those of m (aa11), these are of other (bb22); what it reaches may differ.",
                told.get(1));
        assertEquals("It was measured in float32, this is bfloat16; what it reaches may differ.", told.get(2));
        assertEquals(
                "It was measured with m, of which weights is not known, this is m; what it reaches may differ.",
                ExitRecipe.of(CURVE, ExitRule.q(0.5), Optional.empty(), "rows.csv", 2.5, "0.2.0")
                        .on(MODEL)
                        .get(1));
        ExitRecipe ofRows = ExitRecipe.of(CURVE, ExitRule.q(0.5), Optional.empty(), "rows.csv", 2.5, "0.2.0");
        assertEquals(
                "It was measured with m, of which weights is not known, this is other; what it reaches may differ.",
                ofRows.on(model("other", "bb22", "float32")).get(1));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"version\" : 1', '\"version\" : 99', 'expected version 1 of an exit recipe, found 99.'",
        "'\"value\" : 0.95', '\"value\" : -7', 'expected in \"value\" a number from 0 to 1, found -7.0.'",
        "'\"mean_loops\" : 2.25', '\"mean_loops\" : 1e99', 'in \"mean_loops\" a number from 1 to 4, found 1.0E99.'"
    })
    void aNumberThatNoSweepWritesIsRefused(String written, String instead, String part) throws Exception {
        String json = ExitRecipe.of(CURVE, ExitRule.q(0.5), Optional.of(MODEL), "set.jsonl", 2.5, "0.2.0")
                .json();
        assertTrue(json.contains(written), json);
        Path file = file(json.replace(written, instead));
        String told = String.valueOf(assertThrows(LoopscopeException.class, () -> ExitRecipe.read(file))
                .getMessage());
        assertTrue(told.startsWith(file.toString()) && told.contains(part), told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | found text that is no JSON",
                "{} | found other JSON",
                "[1] | found other JSON",
                "{\"format\":\"loopscope-exit-recipe\",\"rule\":3} | found other JSON",
                "{\"format\":\"loopscope-exit-recipe\",\"version\":1,\"rule\":\"q:7\"} | want [0, 1], got 7.0"
            })
    void whatIsNoRecipeIsToldInOneSentence(String text, String part) throws Exception {
        Path file = file(text);
        String told = String.valueOf(assertThrows(LoopscopeException.class, () -> ExitRecipe.read(file))
                .getMessage());
        assertTrue(told.startsWith(file.toString()) && told.contains(part), told);
    }
}
