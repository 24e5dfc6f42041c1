package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSet;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** Patching of the embedded model over bundled sets: rows, resume and what is refused. */
class ProbeSetsTest {
    private static final IntConsumer NOBODY = kept -> {};
    private static LoopedModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Any of the probes, as a set's file is written. */
    @FunctionalInterface
    private interface Probe {
        void run(Path out, RunControl control) throws LoopscopeException;
    }

    private static PatchSet patches(PatchSource source, int pairs) throws LoopscopeException {
        SetFile file = SetFile.open("embedded/patch-pairs.jsonl");
        return new PatchSet(
                model,
                file,
                PatchPairs.read(file.reader(), file.name()).subList(0, pairs),
                new PatchSettings(2, false, source, 1, 0));
    }

    private static Probe probe(String name) throws LoopscopeException {
        return (out, control) -> patches(PatchSource.valueOf(name), 3).run(out, NOBODY, control);
    }

    /** Stops at the {@code limit}th question whether it should. */
    private static RunControl stopAfter(int limit) {
        AtomicInteger asked = new AtomicInteger();
        return RunControl.of(() -> asked.incrementAndGet() > limit, (stage, done, total) -> {});
    }

    @ParameterizedTest
    @CsvSource({"CLEAN, 60", "MEAN, 60"})
    void whatIsStoppedGoesOnAndEndsWithTheSameBytes(String name, int asked) throws LoopscopeException, IOException {
        Path whole = folder.resolve("whole.csv");
        probe(name).run(whole, RunControl.none());
        Path parts = folder.resolve("parts.csv");
        int stops = 0;
        boolean done = false;
        while (!done) {
            try {
                probe(name).run(parts, stopAfter(asked * (stops + 1)));
                done = true;
            } catch (CancellationException e) {
                stops++;
                assertFalse(Files.exists(parts), "nothing half finished under the final name");
                assertTrue(stops < 100, "comes to an end");
            }
        }
        assertTrue(stops > 1, "was stopped");
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(parts));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count(), "no part and no states are left");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, CLEAN, 4, 'was begun with prompts = 3, this run has prompts = 4'",
        "1, ZERO, 3, 'was begun with source = clean, this run has source = zero'"
    })
    void pairsOfOtherSettingsAreNotPutBehind(int stopped, PatchSource source, int pairs, String sentence)
            throws LoopscopeException {
        Path out = folder.resolve("p.csv");
        AtomicInteger kept = new AtomicInteger();
        RunControl after = RunControl.of(() -> kept.get() >= stopped, (stage, done, total) -> {});
        assertThrows(
                CancellationException.class, () -> patches(PatchSource.CLEAN, 3).run(out, kept::set, after));
        LoopscopeException e = assertThrows(
                LoopscopeException.class, () -> patches(source, pairs).run(out, NOBODY, RunControl.none()));
        assertTrue(String.valueOf(e.getMessage()).contains(sentence), e.getMessage());
    }

    @Test
    void theCellsOfAnOnlyPairAreGivenAlsoWhereItsRowsWereThere() throws LoopscopeException, IOException {
        Path out = folder.resolve("one.csv");
        PatchSet one = patches(PatchSource.CLEAN, 1);
        IntConsumer stopsOnceKept = kept -> {
            if (kept == 1) {
                throw new CancellationException();
            }
        };
        assertThrows(CancellationException.class, () -> one.run(out, stopsOnceKept, RunControl.none()));
        int positions = one.run(out, NOBODY, RunControl.none()).orElseThrow().positions();
        int rows = Files.readAllLines(out).size();
        assertEquals(1 + 2 * positions + 4, rows); // two steps; each skipped and repeated
        assertTrue(patches(PatchSource.CLEAN, 2)
                .run(folder.resolve("two.csv"), NOBODY, RunControl.none())
                .isEmpty());
    }
}
