package org.loopscope.app.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Mutated files of every kind: accepted, or refused in one sentence of ours. See docs/reliability.md. */
class FuzzTest {
    private static final int SHORT = 6_000;
    private static final int THREADS = 2;
    /** A machine that has other work must not fail the short form: what never ends is still found. */
    private static final Duration SHORT_LONGEST = Duration.ofSeconds(30);

    private static final Path NOW = Path.of("target", "fuzz");

    @TempDir
    Path folder;

    private final String home = System.getProperty("user.home");

    /** What the program remembers of tokenizers that it has tried shall neither help here nor grow by this. */
    @BeforeEach
    void inAHomeOfItsOwn() {
        System.setProperty("user.home", folder.resolve("home").toString());
    }

    @AfterEach
    void backHome() {
        System.setProperty("user.home", home);
    }

    @Test
    void everyReaderAcceptsOrRefusesInOneSentence() throws Exception {
        Fuzz fuzz = new Fuzz(folder, NOW, SHORT_LONGEST);
        fuzz.run(SHORT, 0, THREADS);
        Files.writeString(NOW.resolve("short.md"), fuzz.counts().markdown());
        assertEquals(List.of(), fuzz.failures(), fuzz.counts().markdown());
        assertTrue(fuzz.counts().cases() >= SHORT - 100, fuzz.counts().markdown());
    }

    @Test
    void aCaseIsTheSameAtEveryTime() throws Exception {
        Seed seed = Seed.of(Seed.Format.JSON, "{\"a\": [1, 2, {\"b\": null}], \"c\": \"d\"}");
        FuzzReader reader = new FuzzReader("any", 1, List.of(seed), folder, (file, number) -> {});
        for (long number = 0; number < 200; number++) {
            assertArrayEquals(Mutations.of(reader, number), Mutations.of(reader, number));
        }
    }

    @Test
    void sentencesOfLibrariesAreFound() {
        for (String bad : List.of(
                "x: Unexpected character ('B' (code 66))",
                "x: java.io.IOException",
                "x.csv: NumberFormatException.",
                "x [Source: REDACTED]",
                "x\u001b[31m",
                "x\ny",
                "",
                "x".repeat(301))) {
            assertTrue(Sentence.fault(bad).isPresent(), bad);
        }
        assertEquals(
                Optional.empty(),
                Sentence.fault("model.safetensors, line 3: expected a number, found \"model.layers.0.x\"."));
    }

    /** The long form: -Dfuzz.cases gives another number, -Dfuzz.first another beginning. */
    @Tag("endurance")
    @Test
    void aMillionCases() throws Exception {
        Fuzz fuzz = new Fuzz(folder, NOW, Fuzz.LONGEST);
        fuzz.run(Long.getLong("fuzz.cases", 1_000_000), Long.getLong("fuzz.first", 0), THREADS);
        String table = fuzz.counts().markdown();
        Files.writeString(NOW.resolve("long.md"), table);
        System.out.println(table);
        assertEquals(List.of(), fuzz.failures(), table);
        assertEquals(0, fuzz.counts().failures(), table);
    }

    /** One case alone, with what it told: -Dfuzz.reader=… -Dfuzz.case=…; the file stays in target/fuzz. */
    @EnabledIfSystemProperty(named = "fuzz.case", matches = "\\d+")
    @Test
    void oneCase() throws Exception {
        Seeds seeds = new Seeds(Files.createDirectories(folder.resolve("seeds")));
        try (Readers readers = new Readers(Files.createDirectories(folder.resolve("one")), seeds)) {
            FuzzReader reader = readers.named(System.getProperty("fuzz.reader", ""));
            long number = Long.getLong("fuzz.case");
            Path kept = Cases.keptIn(Files.createDirectories(NOW), reader, number);
            Files.write(kept, Mutations.of(reader, number));
            Outcome outcome = Cases.run(reader, number);
            System.out.println(kept + ": " + outcome.kind() + ": " + outcome.told());
            assertTrue(!outcome.isFailure(), outcome.told());
        }
    }
}
