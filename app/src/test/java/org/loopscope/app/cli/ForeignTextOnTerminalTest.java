package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No text of a file or an argument drives the terminal, whichever way it takes to it. */
class ForeignTextOnTerminalTest {
    private static final String EVIL = "\u001b]0;owned\u0007\u009b2J\u202e";

    @TempDir
    Path folder;

    private static void assertHarmless(Cli.Result result) {
        String printed = result.out() + result.err();
        assertFalse(
                printed.codePoints()
                        .anyMatch(c ->
                                c != '\n' && c != '\r' && (Character.isISOControl(c) || c == 0x202E || c == 0x200F)),
                printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bogus%s", "--steps=%s", "--rule=q:%s", "--model=%s", "--token-ids=%s", "%s"})
    void whatAnArgumentIsEchoedWith(String argument) {
        Cli.Result result = argument.startsWith("--token")
                ? Cli.run("run", String.format(argument, EVIL))
                : Cli.run("run", "--prompt", "people Ann is", String.format(argument, EVIL));
        assertEquals(ExitCode.BAD_INPUT, result.code());
        assertHarmless(result);
        assertTrue(result.problem().contains("\\u001b"), result.err());
    }

    @Test
    void aWordThatIsNotInTheVocabulary() {
        assertHarmless(Cli.run("run", "--prompt", "people \u001b[2J is"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sweep", "depth"})
    void theGroupsOfASet(String command) throws Exception {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, """
                {"prompt": "people Ann's friend's boss is", "group": "\\u001b[31mred\\nline\\u009b1m"}
                {"prompt": "people Dan's friend is", "group": "\\u202eright\\u2066"}
                """);
        Cli.Result result = Cli.run(
                command,
                "--set",
                set.toString(),
                "--by-group",
                "--out",
                folder.resolve("rows.csv").toString());
        assertEquals(ExitCode.FINE, result.code(), result.err());
        assertHarmless(result);
        assertTrue(result.out().contains("\\u001b[31mred\\nline\\u009b1m"), result.out());
    }

    @Test
    void theNameOfAFile() {
        assertHarmless(Cli.run(
                "run",
                "--prompt",
                "people Ann is",
                "--out",
                folder.resolve("a" + EVIL + ".st").toString()));
    }

    @Test
    void jsonIsTheSameWithNothingThatCannotBeSeen() throws Exception {
        String text = "a\u009b2J\u202e\u200b中\ud83d\ude00\udb40\udc41";
        String json = Json.write(Json.object().put("prompt", text));
        assertTrue(json.contains("\\u009b") && json.contains("\\u202e") && json.contains("\\udb40\\udc41"), json);
        assertTrue(json.contains("中😀"), json);
        assertEquals(text, new ObjectMapper().readTree(json).get("prompt").asText());
    }

    @Test
    void theLastNetLeavesLinesAndProgressAsTheyAre() {
        StringWriter text = new StringWriter();
        PrintWriter net = new PeopleWriter(new PrintWriter(text));
        net.print("\rrun  5 %\u001b[K\n");
        net.print('\u001b');
        net.printf("%s", "\u2028");
        assertEquals("\rrun  5 %\\u001b[K\n\\u001b\\u2028", text.toString());
    }

    @Test
    void tablesAlignByWhatIsSeen() {
        TextTable table = new TextTable().left("token").right("p");
        table.row(List.of("cat", "1"));
        table.row(List.of("中文", "2"));
        table.row(List.of("\u2068שלום\u2069", "3"));
        table.row(List.of("e\u0301", "4"));
        table.row(List.of("\u001b\n", "5"));
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text));
        assertEquals(
                List.of(
                        "token     p",
                        "cat       1",
                        "中文      2",
                        "\u2068שלום\u2069      3",
                        "e\u0301         4",
                        "\\u001b\\n  5"),
                text.toString().lines().toList());
    }

    @Test
    void aTokenWithNothingToSeeIsSeen() {
        assertEquals("\\u00a0", Shown.token("\u00a0"));
        assertEquals("\"\\u3000x\"", Shown.token("\u3000x"));
        assertEquals("◌\u0301", Shown.token("\u0301"));
        assertEquals("\"    \"", Shown.token("    "));
    }

    @Test
    void aTokenFromRightToLeftKeepsToItself() {
        assertEquals("\u2068שלום\u2069", Shown.token("שלום"));
        assertEquals("\u2068\" שלום\"\u2069", Shown.token(" שלום"));
        assertEquals("\\u200b", Shown.token("\u200b"));
    }
}
