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
import org.loopscope.bench.WindowTimes;

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
    void withoutAWindowTheSliderIsTheAnalysisAloneAndThatIsSaid() throws Exception {
        Cli.Result result = Cli.in(folder)
                .withoutDisplay("the environment variable DISPLAY is not set")
                .execute(
                        "bench",
                        "--shape",
                        "embedded",
                        "--only",
                        "slider,heatmap-scroll,fx-longest",
                        "--repeat",
                        "1",
                        "--json");
        JsonNode results = json(result).get("results");
        assertEquals(1, results.size());
        assertEquals("slider", results.get(0).get("name").asText());
        assertTrue(results.get(0).get("note").asText().startsWith("the analysis alone"));
        assertEquals(
                "slider is the analysis alone, and heatmap-scroll and fx-longest were not measured, since no window can be"
                        + " opened here: the environment variable DISPLAY is not set.",
                result.problem());
    }

    @Test
    void withAWindowTheSliderIsThePictureThatTakesLongest() throws Exception {
        WindowTimes.Frame quick = new WindowTimes.Frame(0.001, 0.002, 0.003, 0.011, 0.004);
        WindowTimes.Frame slow = new WindowTimes.Frame(0.002, 0.008, 0.009, 0.021, 0.005);
        WindowTimes times = new WindowTimes(
                List.of(
                        new WindowTimes.Frames("exit", List.of(quick, quick, slow)),
                        new WindowTimes.Frames("lens", List.of(slow, quick, slow))),
                List.of(new WindowTimes.Frames("scrolled", List.of(quick))),
                List.of(
                        new WindowTimes.Away("run", List.of(0.02, 0.03, 0.05, 0.01, 0.02)),
                        new WindowTimes.Away("tab", List.of(0.04, 0.01, 0.01, 0.01, 0.01))),
                0.4);
        JsonNode results = json(Cli.in(folder)
                        .timedAs(times)
                        .execute(
                                "bench", "--shape", "embedded", "--only", "slider,heatmap-scroll,fx-longest", "--json"))
                .get("results");
        // medians of change + pulse: exit 3 ms, lens 10 ms
        assertEquals(10, results.get(0).get("median").asDouble(), 1e-9);
        assertEquals(3, results.get(0).get("min").asDouble(), 1e-9);
        JsonNode details = results.get(0).get("details");
        assertEquals(3, details.get("exit fx_ms").asDouble(), 1e-9);
        assertEquals(10, details.get("exit fx_ms_max").asDouble(), 1e-9);
        assertEquals(21, details.get("lens picture_ms").asDouble(), 1e-9);
        assertEquals(21, details.get("exit picture_ms_max").asDouble(), 1e-9);
        assertEquals(26, details.get("lens painted_ms").asDouble(), 1e-9);
        assertEquals(9, details.get("lens cpu_ms").asDouble(), 1e-9);
        assertTrue(details.get("analysis_ms").asDouble() > 0);
        assertEquals(3, results.get(1).get("median").asDouble(), 1e-9);
        // the longest of each round: 40, 30, 50, 10, 20
        assertEquals(30, results.get(2).get("median").asDouble(), 1e-9);
        assertEquals(50, results.get(2).get("max").asDouble(), 1e-9);
        assertEquals(20, results.get(2).get("details").get("run ms").asDouble(), 1e-9);
        assertEquals(400, results.get(2).get("details").get("first opening ms").asDouble(), 1e-9);
    }

    @Test
    void nothingButAWindowToMeasureAndNoneThereIsRefused() {
        Cli.Result result = Cli.in(folder)
                .withoutDisplay("the environment variable DISPLAY is not set")
                .execute("bench", "--shape", "embedded", "--only", "fx-longest");
        assertEquals(2, result.code());
        assertEquals(
                "fx-longest was not measured, since no window can be opened here: the environment variable DISPLAY is not"
                        + " set.",
                result.problem());
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
            --only | speed | --only: expected one or more of prefill-64, prefill-256, decode, lens, load, capture-overhead, early-exit, slider, heatmap-scroll, fx-longest, found "speed".
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
