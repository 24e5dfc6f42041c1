package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.GuiOptions;

class GuiCommandTest {
    @TempDir
    Path folder;

    @Test
    void withoutACommandTheWindowOpens() {
        Cli cli = Cli.in(folder);
        assertEquals(0, cli.execute().code());
        assertEquals(List.of(new GuiOptions("embedded", Optional.empty())), cli.opened());
    }

    @Test
    void modelAndFileAreHandedToTheWindowWithAndWithoutTheCommand() throws Exception {
        Path file = Files.createFile(folder.resolve("c.safetensors"));
        for (String[] args :
                new String[][] {{"--model", "m", file.toString()}, {"gui", "--model", "m", file.toString()}}) {
            Cli cli = Cli.in(folder);
            assertEquals(0, cli.execute(args).code());
            assertEquals(List.of(new GuiOptions("m", Optional.of(file))), cli.opened());
        }
    }

    @Test
    void withoutDisplayItSaysSoAndWritesTheWelcomeReport() throws Exception {
        Cli.Result result = Cli.in(folder)
                .withoutDisplay("the environment variable DISPLAY is not set")
                .execute();
        assertEquals(0, result.code());
        assertEquals("No window can be opened here: the environment variable DISPLAY is not set.", result.problem());
        Path report = folder.resolve("loopscope-welcome.html");
        assertEquals(
                "The report of the welcome prompt is in " + report + ".",
                result.out().strip());
        String page = Files.readString(report);
        assertTrue(page.contains("the model says <b>Dan</b>, from loop 3 on"), "the answer is not in the page");
    }

    @Test
    void aMistakeOfTheProgramIsOneSentenceThatSaysWhereTheTraceIs() throws Exception {
        Cli.Result result = Cli.in(folder)
                .windowThatThrows(() -> new AssertionError("boom"))
                .execute();
        assertEquals(1, result.code());
        String start = "Internal error: java.lang.AssertionError: boom. The stack trace is in ";
        assertTrue(result.problem().startsWith(start), result.problem());
        Path trace = Path.of(
                result.problem().substring(start.length(), result.problem().length() - 1));
        assertTrue(Files.readString(trace).contains("\tat org.loopscope.app.cli.GuiCommand"));
        Files.delete(trace);
    }

    @Test
    void memoryThatRanOutIsToldWithWhatHelps() {
        Cli.Result result = Cli.in(folder)
                .windowThatThrows(() -> new OutOfMemoryError("heap"))
                .execute();
        assertEquals(1, result.code());
        assertTrue(
                result.problem().startsWith("The memory of the Java machine ran out; give it more"), result.problem());
    }
}
