package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is"; // 7 tokens

    @TempDir
    Path folder;

    private static Cli.Result exit(String... options) {
        List<String> args = new ArrayList<>(List.of("exit", "--prompt", PROMPT));
        args.addAll(List.of(options));
        return Cli.run(args.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "steps, 28, position,token,step,gate_logit",
        "summary, 12, quantity,value,low,high",
        "signals, 28, position,token,step,cdf",
        "gate, 24, position,step,gate_logit,lambda", // the last token has none that follows it
        "weighted, 7, position,token,full_top1,full_probability",
    })
    void everyTableHasItsLinesAndItsArithmetic(String what, int lines, String a, String b, String c, String d) {
        Cli.Result result = exit("--what", what, "--csv");
        assertEquals(0, result.code(), result.err());
        List<String> all = result.out().lines().toList();
        assertEquals(1 + lines, all.size());
        assertTrue(all.get(0).startsWith(String.join(",", a, b, c, d)), all.get(0));
        assertTrue(all.get(0).endsWith(",compute_dtype"), all.get(0));
        assertTrue(all.get(1).endsWith(",float32"), all.get(1));
    }

    @Test
    void aCaptureGivesTheSameAsItsPrompt() {
        String file = folder.resolve("c.safetensors").toString();
        assertEquals(0, Cli.run("run", "--prompt", PROMPT, "--out", file).code());
        for (String what : List.of("steps", "weighted")) {
            assertEquals(
                    exit("--what", what, "--csv").out(),
                    Cli.run("exit", file, "--what", what, "--csv").out());
        }
    }

    @Test
    void theTableOfStepsSaysWhatTheRuleSaves() {
        List<String> lines = exit("--rule", "fixed:2").out().lines().toList();
        assertTrue(
                lines.get(0)
                        .matches(
                                "fixed:2, replayed on the given text: mean exit step 2\\.00 of 4, 50 % fewer loop passes"
                                        + " \\(nominal\\); same top-1 token as full depth for \\d of 7 \\(too few for a 95 % interval\\),"
                                        + " float32"),
                lines.get(0));
        assertTrue(lines.get(2).contains("first_agreeing"), lines.get(2));
    }

    @Test
    void theRuleOfGenerationIsReplayedUnlessAnotherIsNamed() {
        assertTrue(exit("--generate", "2", "--exit-rule", "q:0.3")
                .out()
                .startsWith("q:0.3, the rule this text was generated with: "));
        assertTrue(exit("--generate", "2", "--exit-rule", "q:0.3", "--rule", "entropy:1")
                .out()
                .startsWith("entropy:1.0, replayed on text that was generated with q:0.3: "));
    }

    @Test
    void aLargerDeltaFlipsMoreTokens() {
        List<String> whole =
                exit("--what", "flips", "--delta", "1").out().lines().toList();
        assertEquals(
                "q:0.5, replayed on the given text: 7 of 7 tokens leave elsewhere at a threshold of 0.000 than of 1.000,"
                        + " float32",
                whole.get(0));
        assertEquals(2 + 1 + 7, whole.size());
        int few = exit("--what", "flips", "--csv").out().lines().toList().size() - 1;
        assertTrue(few < 7, "flips within 0.05: " + few);
    }

    @Test
    void theGateTellsItsCalibrationAndTheCeiling() {
        List<String> lines = exit("--what", "gate").out().lines().toList();
        assertTrue(
                lines.get(0)
                        .matches(
                                "λ is above 0\\.5622, the most that Stage II can ask for, at \\d+ of 18 gates before the last step\\..*"),
                lines.get(0));
        assertTrue(
                lines.get(1).startsWith("Calibration error of 1 - λ: 0.")
                        && lines.get(1).contains("against w(t) (n = 18), 0."),
                lines.get(1));
    }

    @ParameterizedTest
    @CsvSource({"steps, Exit step of every token", "summary, Tokens by exit step", "gate, Calibration of the gate"})
    void theFigureIsThatOfThePanel(String what, String title) throws Exception {
        Path svg = folder.resolve("f.svg");
        Cli.Result result = exit("--what", what, "--figure", svg.toString());
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().endsWith("Figure written to " + svg + "." + System.lineSeparator()));
        assertTrue(Files.readString(svg).contains(title));
    }

    @Test
    void csvOnStdoutStaysCsvBesideAFigure() {
        Path png = folder.resolve("f.png");
        Cli.Result result = exit("--what", "weighted", "--csv", "--figure", png.toString());
        assertTrue(Files.exists(png));
        assertFalse(result.out().contains("Figure written"), result.out());
    }

    @Test
    void tablesAreWrittenToAFile() throws Exception {
        Path out = folder.resolve("e.csv");
        assertEquals(
                0, exit("--what", "signals", "--csv", "--out", out.toString()).code());
        assertEquals(29, Files.readAllLines(out).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "fixed:2"})
    void flipsNeedAThreshold(String rule) {
        assertEquals(
                "--table flips: expected a rule with a threshold, found " + rule + ".",
                exit("--what", "flips", "--rule", rule).problem());
    }

    @Test
    void badOptionsAreOneSentence() {
        assertEquals(
                "--delta: expected a number above 0 and up to 1, found NaN.",
                exit("--what", "flips", "--delta", "NaN").problem());
        assertEquals(
                "--delta says how far a threshold moves: expected --table flips with it, found --table steps.",
                exit("--delta", "0.1").problem());
        assertEquals(
                "--figure: expected --table steps, summary, gate or weighted, which have a figure, found --table signals.",
                exit("--what", "signals", "--figure", "f.png").problem());
        assertTrue(exit("--rule", "oracle").problem().startsWith("Exit rule \"oracle\": an oracle knows"));
        assertEquals(2, exit("--rule", "q:2").code());
    }
}
