package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process alone can show: its standard output, its language, its home and its temporary files. */
class ProgramProcessTest {
    private static final String[] RUN = {"run", "--prompt", "people Ann's friend is", "--json"};

    @TempDir
    Path folder;

    private Path temporary;

    @BeforeEach
    void makeAPlaceForTemporaryFiles() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp"));
    }

    private ProgramProcess program() {
        return new ProgramProcess(folder).option("-Djava.io.tmpdir=" + temporary);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(strings = {"--version", "--help", "run"})
    void aFullDiskBehindStandardOutputIsToldAndIsNotFine(String command) throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        String[] args = command.equals("run") ? RUN : new String[] {command};
        ProgramProcess.Result result = program().outTo(full).run(args);
        assertEquals(2, result.code());
        assertEquals(
                "The results are not complete: standard output cannot be written (No space left on device).",
                result.err().strip());
    }

    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Test
    void aReaderThatEndsFirstIsNoErrorToSpeakOf() throws Exception {
        Process process = program().builder("--help").start();
        process.getInputStream().close(); // long before Java is up
        assertEquals(141, process.waitFor());
        assertEquals("", Files.readString(folder.resolve("stderr")));
    }

    @Test
    void aFigureIsTheSameInEveryCountry() throws Exception {
        byte[] english = figure("-Duser.language=en -Duser.country=US");
        assertArrayEquals(english, figure("-Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab"));
        assertArrayEquals(english, figure("-Duser.language=tr -Duser.country=TR"));
    }

    private byte[] figure(String locale) throws Exception {
        Path svg = folder.resolve("gain.svg");
        ProgramProcess.Result result = program()
                .option(locale.split(" "))
                .run(
                        "gate",
                        "--set",
                        "embedded/cups.jsonl",
                        "--limit",
                        "2",
                        "--what",
                        "gain",
                        "--figure",
                        svg.toString(),
                        "--out",
                        folder.resolve("gain.csv").toString());
        assertEquals(0, result.code(), result.err());
        return Files.readAllBytes(svg);
    }

    @Test
    void aUserWithoutAHomeGetsNoFolderNamedQuestionMark() throws Exception {
        ProgramProcess.Result result =
                program().option("-Duser.home=?").variable("HOME", "").run(RUN);
        assertEquals(0, result.code(), result.err());
        assertEquals(List.of("stderr", "stdout", "tmp"), names(folder));
        assertEquals(1, names(temporary).size(), names(temporary).toString());
        assertTrue(names(temporary).get(0).startsWith("loopscope-"));
    }

    @Test
    void aStartThatIsOverLeavesNoTemporaryFile() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        ProgramProcess.Result result = program()
                .option("-Duser.home=" + home)
                .run("report", "--prompt", "people Ann's friend is", "--out", "report.html");
        assertEquals(0, result.code(), result.err());
        assertEquals(List.of(), names(temporary));
    }
}
