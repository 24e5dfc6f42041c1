package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.loopscope.model.base.ProgramVersion;

class UsageTest {
    private static final List<String> COMMANDS = List.of(
            "gui",
            "run",
            "lens",
            "exit",
            "sweep",
            "gate",
            "kv",
            "depth",
            "geometry",
            "compare",
            "attention",
            "train",
            "report",
            "models");

    @Test
    void helpNamesEveryCommandAndTheExitCodes() {
        Cli.Result result = Cli.run("--help");
        assertEquals(0, result.code());
        for (String command : COMMANDS) {
            assertTrue(result.out().contains("\n  " + command + " "), command);
        }
        assertTrue(result.out()
                .contains("Exit codes: 0 fine, 2 wrong usage or bad input, 1 internal error, 130 cancelled."));
        assertEquals("", result.err());
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void everyCommandHasHelp(String command) {
        Cli.Result result = Cli.run(command, "--help");
        assertEquals(0, result.code());
        assertTrue(result.out().startsWith("Usage: loopscope " + command), result.out());
    }

    @Test
    void helpFitsATerminalOfAHundredColumns() {
        for (String command : COMMANDS) {
            Cli.run(command, "--help")
                    .out()
                    .lines()
                    .forEach(line -> assertTrue(line.length() <= 100, command + ": " + line));
        }
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        Cli.Result result = Cli.run("--version");
        assertEquals(0, result.code());
        assertEquals("loopscope " + ProgramVersion.get(), result.out().strip());
        assertFalse(ProgramVersion.get().contains("$"), "the resource was not filtered: " + ProgramVersion.get());
    }

    @Test
    void anUnknownOptionIsOneSentenceWithAHint() {
        Cli.Result result = Cli.run("run", "--prompt", "people", "--stps", "3");
        assertEquals(2, result.code());
        assertEquals("Unknown options: '--stps', '3'. Try loopscope run --help.", result.problem());
        assertEquals("", result.out());
    }

    @Test
    void aWordWhereANumberBelongsIsOneSentenceWithAHint() {
        Cli.Result result = Cli.run("run", "--prompt", "people", "--steps", "many");
        assertEquals(2, result.code());
        assertEquals(
                "Invalid value for option '--steps': 'many' is not a whole number in its range. Try loopscope run --help.",
                result.problem());
    }

    @Test
    void twoPromptsAreOneTooMany() {
        Cli.Result result = Cli.run("run", "--prompt", "people", "--token-ids", "1");
        assertEquals(2, result.code());
        assertEquals(
                "--prompt=TEXT, --token-ids=IDS are mutually exclusive (specify only one). Try loopscope run --help.",
                result.problem());
    }

    @Test
    void aWordThatIsNoCommandIsTakenForAFileAndMissed() {
        Cli.Result result = Cli.run("sweeep");
        assertEquals(2, result.code());
        assertEquals(
                "sweeep: there is no such command and no such file; loopscope --help lists the commands.",
                result.problem());
    }

    @Test
    void aMissingOutOptionIsNamed() {
        Cli.Result result = Cli.run("report", "--prompt", "people");
        assertEquals(2, result.code());
        assertEquals("Missing required option: '--out=FILE'. Try loopscope report --help.", result.problem());
    }

    @Test
    void aPromptMayBeginWithAnAtSignOrLookLikeACommand() {
        // The embedded model knows neither word; that it is asked shows that they arrived as prompts.
        assertTrue(Cli.run("run", "--prompt", "@people").problem().startsWith("The word \"@\""));
        assertTrue(Cli.run("run", "--prompt", "gui").problem().startsWith("The word \"gui\""));
    }
}
