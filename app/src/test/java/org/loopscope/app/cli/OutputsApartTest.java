package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An output that is one of the inputs is refused before the command reads, runs or writes anything. */
class OutputsApartTest {
    @TempDir
    Path folder;

    private String input;

    @BeforeEach
    void makeAnInput() throws Exception {
        input = Files.writeString(folder.resolve("in.file"), "no command reads this")
                .toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lens IN --out IN",
                "exit IN --csv --out IN",
                "exit IN --figure IN",
                "depth IN --csv --out IN",
                "attention IN --out IN",
                "geometry IN --out IN",
                "compare IN embedded --csv --out IN",
                "report IN --out IN",
                "report --prompt x --tuned IN --out IN",
                "report --prompt x --rows sweep=IN --out IN",
                "run --prompt-file IN --out IN",
                "sweep --set IN --out IN",
                "kv --set IN --out IN",
                "gate --set IN --out IN",
                "gate --read IN --figure IN",
                "probe linear --set IN --out IN",
                "probe patch --set IN --out IN",
                "train tuned-lens --text IN --out IN",
            })
    void noCommandWritesOverWhatItReads(String line) throws Exception {
        String[] args = line.split(" ");
        for (int i = 0; i < args.length; i++) {
            args[i] = args[i].matches("(sweep=)?IN") ? args[i].replace("IN", input) : args[i];
        }
        Cli.Result result = Cli.run(args);
        assertEquals(2, result.code());
        assertTrue(result.problem().contains("expected a file of its own, found what"), result.err());
        assertEquals("no command reads this", Files.readString(Path.of(input)));
    }

    @Test
    void anotherNameOfTheSameFileIsTheSameFile() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(input));
        String problem = Cli.run("lens", input, "--out", link.toString()).problem();
        assertTrue(problem.startsWith("--out " + link + ": expected a file of its own, found what"), problem);
    }

    @Test
    void twoResultsDoNotGoIntoOneFile() {
        String one = folder.resolve("new.csv").toString();
        String problem = Cli.run("gate", "--set", "embedded/cups.jsonl", "--out", one, "--figure", one)
                .problem();
        assertTrue(problem.endsWith("expected a file of its own, found what --figure writes."), problem);
        assertFalse(Files.exists(Path.of(one)));
    }

    @Test
    void aFileOfTheModelIsNotWrittenOver() throws Exception {
        Path config = Files.writeString(folder.resolve("config.json"), "{}");
        String problem = Cli.run("run", "--model", folder.toString(), "--prompt", "x", "--out", config.toString())
                .problem();
        assertTrue(problem.endsWith("expected a file of its own, found what --model reads."), problem);
        assertEquals("{}", Files.readString(config));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old.txt", "new.txt", "Old.MD"})
    void whatAFolderOfTextsIsReadFromIsNotWritten(String name) throws Exception {
        Path old = Files.writeString(folder.resolve("old.txt"), "people Ann");
        String out = folder.resolve(name).toString();
        Cli.Result result = Cli.run("eval", "text", "--set", folder.toString(), "--out", out);
        assertEquals(2, result.code());
        assertEquals(
                "--out " + out + ": expected a file that --set does not read, found one of its folder.",
                result.problem());
        assertEquals("people Ann", Files.readString(old));
    }

    @Test
    void labelsBesideASetAreNotWrittenOver() throws Exception {
        Path set = Files.writeString(folder.resolve("pq.jsonl"), "{}\n");
        Path labels = Files.writeString(folder.resolve("pq-labels.lst"), "1\n");
        String problem = Cli.run("eval", "choice", "--set", set.toString(), "--out", labels.toString())
                .problem();
        assertEquals("--out " + labels + ": expected a file of its own, found what --set reads.", problem);
        assertEquals("1\n", Files.readString(labels));
    }

    @Test
    void aPromptThatIsAlsoANameOfAFileIsOnlyAPrompt() {
        Path out = folder.resolve("calc 7+8=");
        for (int i = 0; i < 2; i++) {
            Cli.Result result = Cli.in(folder)
                    .execute("exit", "--prompt", out.toString().replaceAll(".*/", ""), "--out", out.toString());
            assertEquals(0, result.code(), result.err());
        }
    }
}
