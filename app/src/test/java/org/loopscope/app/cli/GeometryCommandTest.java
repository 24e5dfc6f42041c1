package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is"; // 7 tokens

    @TempDir
    Path folder;

    private String capture(String... options) {
        String file = folder.resolve("c.safetensors").toString();
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("run", "--prompt", PROMPT, "--out", file),
                        java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        assertEquals(0, Cli.run(args).code());
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "steps, 28, position,token,step,norm",
        "layers, 56, position,token,step,layer",
        "rank, 4, step,layer,effective_rank",
        "orbits, 28, position,token,step,layer",
        "motion, 7, position,token,motion,period",
        "distance, 112, position,token,step,distance_to_end",
    })
    void everyTableHasItsLines(String what, int lines, String a, String b, String c) {
        String[] args = what.equals("layers")
                ? new String[] {"geometry", capture("--layers"), "--what", what, "--csv"}
                : new String[] {"geometry", capture(), "--what", what, "--csv", "--long", "16"};
        Cli.Result result = Cli.run(args);
        assertEquals(0, result.code(), result.err());
        List<String> all = result.out().lines().toList();
        assertEquals(1 + lines, all.size());
        assertTrue(all.get(0).startsWith(String.join(",", a, b, c)), all.get(0));
    }

    @Test
    void theTableSaysWhichStatesItMeasured() {
        List<String> lines =
                Cli.run("geometry", "--prompt", PROMPT).out().lines().toList();
        assertEquals("step outputs h_t, after the final norm, float32", lines.get(0));
        assertTrue(lines.get(2).contains("angular_distance"));
        assertTrue(lines.get(3).matches("\\s*0 +people +1 +[0-9.]+ +- +- +- +- +- +- +-"), lines.get(3));
    }

    @Test
    void orbitsStateTheirExplainedVariance() {
        String first = Cli.run("geometry", "--prompt", PROMPT, "--layers", "--what", "orbits", "--tokens", "6,5")
                .out()
                .lines()
                .findFirst()
                .orElseThrow();
        assertTrue(
                first.startsWith("one PCA of 24 states; axes 1 to 3 explain "),
                first); // 2 tokens, 4 steps, 2 layers + out
    }

    @Test
    void motionCountsItsClasses() {
        String first = Cli.run("geometry", "--prompt", PROMPT, "--what", "motion")
                .out()
                .lines()
                .findFirst()
                .orElseThrow();
        assertTrue(first.matches("run of 64 steps(, [1-7] of 7 [a-z]+)+, float32"), first);
    }

    @Test
    void theTableIsWrittenToAFile() throws Exception {
        Path out = folder.resolve("g.csv");
        assertEquals(
                0,
                Cli.run("geometry", capture(), "--csv", "--out", out.toString()).code());
        assertEquals(29, Files.readAllLines(out).size());
    }

    @Test
    void badOptionsAreOneSentence() {
        assertEquals(
                "--long: expected 8 to 64, found 4.",
                Cli.run("geometry", "--prompt", PROMPT, "--long", "4").problem());
        assertEquals(
                "--tokens: expected positions 0 to 6, found 7.",
                Cli.run("geometry", "--prompt", PROMPT, "--what", "orbits", "--tokens", "7")
                        .problem());
        String file = capture();
        assertEquals(
                file + ": expected layer states, as loopscope run --layers keeps them, found none.",
                Cli.run("geometry", file, "--what", "layers").problem());
    }

    @Test
    void attentionOfALayerHasALineForEveryStepAndHead() {
        Cli.Result result = Cli.run("attention", capture("--layers"), "--layer", "1", "--csv");
        assertEquals(0, result.code(), result.err());
        List<String> lines = result.out().lines().toList();
        assertEquals("layer,step,head,sink_share,entropy,frobenius,kl,compute_dtype", lines.get(0));
        assertEquals(1 + 4 * 4, lines.size());
    }

    @Test
    void oneHeadsMapSumsToOneForEachQuery() {
        List<String> lines = Cli.run(
                        "attention", "--prompt", PROMPT, "--layer", "0", "--head", "2", "--step", "3", "--csv")
                .out()
                .lines()
                .skip(1)
                .toList();
        assertEquals(7 * 8 / 2, lines.size());
        double sum = lines.stream()
                .map(line -> line.split(","))
                .filter(cells -> cells[3].equals("6"))
                .mapToDouble(cells -> Double.parseDouble(cells[5]))
                .sum();
        assertEquals(1, sum, 1e-6);
    }

    @Test
    void attentionRefusesWhatIsNotThere() {
        assertEquals(
                "--head: expected 0 to 3, found 4.",
                Cli.run("attention", "--prompt", PROMPT, "--head", "4").problem());
        assertEquals(
                "--step says at which step a map is shown: expected --head H with it.",
                Cli.run("attention", "--prompt", PROMPT, "--step", "2").problem());
        String file = capture();
        assertEquals(
                file + ": expected layer states, as loopscope run --layers keeps them, found none.",
                Cli.run("attention", file).problem());
    }
}
