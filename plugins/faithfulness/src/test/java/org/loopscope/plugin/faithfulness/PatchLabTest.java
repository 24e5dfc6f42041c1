package org.loopscope.plugin.faithfulness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

/** Patching of the embedded model's pairs. */
class PatchLabTest {
    private static final String PAIRS = "embedded/patch-pairs.jsonl";
    private static final PatchLab LAB = new PatchLab();
    private static final LoopedModel model = TrainedModel.get();

    @TempDir
    private Path folder;

    private static Values values() {
        return Values.of(LAB.asked()).with(PatchLab.STEPS, 2);
    }

    private static SetRun<PatchPair, ?> run(Values values, int pairs) throws LoopscopeException {
        Values limited = values.with(PromptKind.LIMIT, pairs);
        return new SetRun<>(LAB, model, LAB.prompts().read(PAIRS, limited, told -> {}), limited);
    }

    /** Stops at the {@code limit}th question whether it should. */
    private static RunControl stopAfter(int limit) {
        AtomicInteger asked = new AtomicInteger();
        return RunControl.of(() -> asked.incrementAndGet() > limit, (stage, done, total) -> {});
    }

    @ParameterizedTest
    @CsvSource({"CLEAN, 60", "MEAN, 60"})
    void whatIsStoppedGoesOnAndEndsWithTheSameBytes(PatchSource source, int asked)
            throws LoopscopeException, IOException {
        Values values = values().with(PatchLab.SOURCE, source);
        Path whole = folder.resolve("whole.csv");
        run(values, 3).into(whole, kept -> {}, RunControl.none());
        Path parts = folder.resolve("parts.csv");
        int stops = 0;
        boolean done = false;
        while (!done) {
            try {
                run(values, 3).into(parts, kept -> {}, stopAfter(asked * (stops + 1)));
                done = true;
            } catch (CancellationException e) {
                stops++;
                assertFalse(Files.exists(parts), "nothing half finished under the final name");
                assertTrue(stops < 100, "comes to an end");
            }
        }
        assertTrue(stops > 1, "was stopped");
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(parts));
    }

    @Test
    void pairsOfOtherSettingsAreNotPutBehind() throws LoopscopeException {
        Path out = folder.resolve("p.csv");
        AtomicInteger kept = new AtomicInteger();
        RunControl after = RunControl.of(() -> kept.get() >= 1, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> run(values(), 3).into(out, kept::set, after));
        assertTrue(Files.exists(ResumableCsv.partOf(out)));
        for (Values other : List.of(
                values().with(PatchLab.SOURCE, PatchSource.ZERO),
                values().with(PatchLab.LAYERS, true),
                values().with(PatchLab.NOISE, 2.0),
                values().with(PatchLab.SEED, 3L))) {
            LoopscopeException e =
                    assertThrows(LoopscopeException.class, () -> run(other, 3).into(out, k -> {}, RunControl.none()));
            assertTrue(String.valueOf(e.getMessage()).contains("was begun with"), e.getMessage());
        }
    }

    @Test
    void anOnlyPairIsDrawnAsAHeatmapAlsoWhereItsRowsWereThere() throws LoopscopeException, IOException {
        Path out = folder.resolve("one.csv");
        for (int start = 0; start < 2; start++) {
            SetRun<PatchPair, ?> run = run(values(), 1);
            run.into(out, kept -> {}, RunControl.none());
            PatchLab.Found found = complete(run, out);
            HeatmapFigure heatmap =
                    (HeatmapFigure) LAB.figure(PatchLab.EFFECT, found, values()).orElseThrow();
            assertEquals(
                    1 + 2 * heatmap.columns() + 4,
                    Files.readAllLines(out).size(),
                    "two steps; each skipped and repeated");
        }
        Path two = folder.resolve("two.csv");
        SetRun<PatchPair, ?> run = run(values(), 2);
        run.into(two, kept -> {}, RunControl.none());
        assertEquals(Optional.empty(), complete(run, two).only());
        ChartFigure byStep = (ChartFigure)
                LAB.figure(PatchLab.EFFECT, complete(run, two), values()).orElseThrow();
        assertTrue(byStep.subtitle().startsWith("embedded, two.csv · float32 · "), byStep.subtitle());
    }

    @SuppressWarnings("unchecked") // the job of this lab
    private static PatchLab.Found complete(SetRun<PatchPair, ?> run, Path rows) throws LoopscopeException {
        var job = (org.loopscope.lab.Job<org.loopscope.analysis.patch.PatchTable.InFile>) run.job();
        return LAB.complete(LAB.summarise(rows), job, RunControl.none());
    }

    @Test
    void noPairIsPatchedBeforeAllOfThemCanBe() throws IOException {
        String good =
                "{\"prompt\":\"people Ann's friend is\",\"corrupted\":\"people Mia's friend is\",\"answer\":\"Eve\"}\n";
        Path set = Files.writeString(folder.resolve("pairs.jsonl"), good + good.replace("Mia's", "Mia's friend's"));
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> new SetRun<>(LAB, model, LAB.prompts().read(set.toString(), values(), told -> {}), values()));
        assertEquals(
                "Pair 2: Prompts to patch: expected the same number of tokens, found 5 (clean) and 7 (corrupted).",
                e.getMessage());
    }

    @Test
    void aSetIsRunAndOpenedInThePanel() {
        TestContext context = new TestContext();
        context.modelProperty().set(model);
        SetLabModel<?, ?, PatchLab.Found> sets = new SetLabModel<>(LAB, context, Runnable::run, Runnable::run);
        sets.valuesProperty().set(sets.valuesProperty().get().with(PromptKind.LIMIT, 3));
        Path rows = folder.resolve("rows.csv");
        sets.run(PAIRS, rows);
        assertNotNull(
                sets.figureProperty(PatchLab.EFFECT).get(),
                sets.work().statusProperty().get());
        assertTrue(
                sets.factsProperty().get().startsWith("rows.csv: Replaced by the clean prompt's state, float32"),
                sets.factsProperty().get());
        SetLabModel<?, ?, PatchLab.Found> later = new SetLabModel<>(LAB, context, Runnable::run, Runnable::run);
        later.open(rows);
        assertEquals(
                3,
                java.util.Objects.requireNonNull(later.summaryProperty().get())
                        .summary()
                        .pairs());
    }
}
