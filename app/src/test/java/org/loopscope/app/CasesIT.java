package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The inputs of {@code src/test/cases} on the packaged distribution, as a user would type them. Their scripts need bash and
 * python3.
 */
@Execution(ExecutionMode.CONCURRENT)
class CasesIT {
    private static final Path CASES = Path.of("src/test/cases");
    private static final Path PROGRAM = Path.of("target/loopscope/bin/loopscope");
    private static final long SECONDS = 300;

    @TestFactory
    Stream<DynamicTest> everyCase() throws IOException {
        for (String tool : List.of("bash", "python3")) {
            assumeTrue(runs(tool), "The cases are left out: " + tool + " is not installed.");
        }
        try (Stream<Path> folders = Files.list(CASES)) {
            List<Path> scripts = folders.map(folder -> folder.resolve("check.sh"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
            assertTrue(scripts.size() >= 31, "found " + scripts.size() + " cases");
            return scripts.stream().map(script -> DynamicTest.dynamicTest(name(script), () -> passes(script)));
        }
    }

    private static String name(Path script) {
        return String.valueOf(script.getParent().getFileName());
    }

    private static boolean runs(String tool) {
        try {
            return new ProcessBuilder(tool, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) { // not there
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void passes(Path script) throws IOException, InterruptedException {
        Path said = Files.createTempFile("case", ".txt");
        Process process = new ProcessBuilder(
                        "bash", script.toString(), PROGRAM.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String text = Files.readString(said);
        Files.delete(said);
        assertTrue(ended, "no end after " + SECONDS + " s: " + text);
        assertEquals(0, process.exitValue(), text);
    }
}
