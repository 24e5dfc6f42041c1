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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed, never how fast: the machine of a test may be busy. */
class BenchCommandTest {
    private static final List<String> NAMES =
            List.of("prefill-64", "prefill-256", "decode", "lens", "load", "capture-overhead", "early-exit", "slider");

    @TempDir
    Path folder;

    private static JsonNode json(Cli.Result result) throws Exception {
        assertEquals(0, result.code(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void everyFigureOfTheEmbeddedModelIsMeasuredAgainstALimit() throws Exception {
        JsonNode root = json(Cli.run("bench", "--shape", "embedded", "--repeat", "1", "--json"));
        List<String> names = new ArrayList<>();
        for (JsonNode result : root.get("results")) {
            String name = result.get("name").asText();
            names.add(name);
            assertEquals("embedded", result.get("shape").asText());
            for (String key : List.of("median", "limit", "ratio", "min", "max")) {
                assertTrue(result.get(key).asDouble() > 0, name + ": " + key + " " + result.get(key));
            }
            assertFalse(result.get("unit").asText().isEmpty(), name);
            double ratio = result.get("limit").asDouble() / result.get("median").asDouble();
            assertEquals(ratio, result.get("ratio").asDouble(), 1e-9 * ratio);
            assertTrue(result.get("min").asDouble() <= result.get("median").asDouble(), name);
            assertTrue(result.get("max").asDouble() >= result.get("median").asDouble(), name);
            assertTrue(result.get("runs").asInt() >= 1, name);
        }
        assertEquals(NAMES, names);
        JsonNode machine = root.get("machine");
        assertTrue(machine.get("cores").asInt() >= 1);
        assertTrue(machine.get("memory_bytes").asLong() > 0);
        assertEquals("ND4J native (CPU)", machine.get("backend").asText());
        assertTrue(machine.get("environment").has("OPENBLAS_CORETYPE"));
        assertTrue(machine.get("environment").has("OMP_NUM_THREADS"));
    }

    @Test
    void earlyExitTellsTheTimeAndTheStepsOfEveryFixedStep() throws Exception {
        JsonNode root =
                json(Cli.run("bench", "--shape", "embedded", "--only", "early-exit", "--repeat", "1", "--json"));
        JsonNode details = root.get("results").get(0).get("details");
        for (int step = 1; step <= 4; step++) {
            assertEquals(
                    step, details.get("fixed:" + step + " last-step mean_steps").asDouble());
            assertTrue(details.get("fixed:" + step + " last-step ms_per_token").asDouble() > 0);
        }
    }

    @Test
    void theRandomCheckpointIsMadeInTheFolderGivenAndUsedAgain() throws Exception {
        String[] command = {
            "bench", "--shape", "tiny", "--only", "load", "--repeat", "1", "--model-dir", folder.toString(), "--json"
        };
        JsonNode load = json(Cli.run(command)).get("results").get(0);
        assertEquals("tiny", load.get("shape").asText());
        Path file;
        try (Stream<Path> files = Files.walk(folder)) {
            file = files.filter(f -> f.endsWith("model.safetensors"))
                    .findFirst()
                    .orElseThrow();
        }
        assertEquals(Files.size(file) / 1e9, load.get("details").get("file_gb").asDouble(), 1e-12);
        Object written = Files.getLastModifiedTime(file);
        json(Cli.run(command));
        assertEquals(written, Files.getLastModifiedTime(file));
    }

    @Test
    void theTextNamesTheMachineTheLimitsAndWhatIsNotIncluded() {
        Cli.Result result = Cli.in(folder)
                .variable("OPENBLAS_CORETYPE", "Haswell")
                .execute("bench", "--shape", "embedded", "--only", "slider,lens", "--repeat", "1");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().startsWith("Processor    "), result.out());
        assertTrue(result.out().contains("OPENBLAS_CORETYPE=Haswell, OPENBLAS_NUM_THREADS not set"), result.out());
        assertTrue(result.out().contains("drawing in the window is not included"), result.out());
        assertTrue(result.out().contains("sgemm_gflops"), result.out());
        assertFalse(result.out().contains("decode"), result.out());
    }

    @Test
    void aCancelEndsItAndLeavesNoWeights() throws Exception {
        Cli.Result result = Cli.in(folder)
                .cancelledBy(() -> true)
                .execute("bench", "--shape", "tiny", "--model-dir", folder.toString());
        assertEquals(130, result.code());
        assertEquals("Cancelled; nothing was written.", result.problem());
        try (Stream<Path> files = Files.walk(folder)) {
            assertTrue(files.noneMatch(f -> f.toString().contains("safetensors")));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --shape | large | --shape: expected one or more of embedded, tiny, ouro-1.4b, found "large".
            --only | speed | --only: expected one or more of prefill-64, prefill-256, decode, lens, load, capture-overhead, early-exit, slider, found "speed".
            --repeat | 0 | --repeat: expected 1 or more, found 0.
            """)
    void wrongOptionsAreRefusedInOneSentence(String option, String value, String sentence) {
        Cli.Result result = Cli.run("bench", option, value);
        assertEquals(2, result.code());
        assertEquals(sentence, result.problem());
    }

    @Test
    void aModelDirThatIsAFileIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Cli.Result result = Cli.run("bench", "--shape", "tiny", "--model-dir", file.toString());
        assertEquals(2, result.code());
        assertEquals("--model-dir: expected a folder, found the file " + file + ".", result.problem());
    }
}
