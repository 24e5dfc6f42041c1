package org.loopscope.plugin.faithfulness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSet;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.testkit.TestContext;

/** Patching over a set, without a window. */
class SetViewModelTest {
    private static final String PAIRS = "embedded/patch-pairs.jsonl";
    private static LoopedModel open;

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private SetOptions options;
    private Path rows;

    @BeforeAll
    static void openTheModel() throws LoopscopeException {
        open = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        open.close();
    }

    @BeforeEach
    void withTheModel() {
        context.modelProperty().set(open);
        options = new SetOptions(context);
        rows = folder.resolve("rows.csv");
    }

    private SetViewModel model() {
        return model(context.executor(), Runnable::run);
    }

    private SetViewModel model(Executor executor, Executor fxThread) {
        return new SetViewModel(
                context, options, () -> new SetProbe.Patch(PatchSource.CLEAN), SetProbe::pairSets, executor, fxThread);
    }

    private static Figure shown(SetViewModel model) {
        return Objects.requireNonNull(
                model.figureProperty().get(), model.work().statusProperty().get());
    }

    @Test
    void aSetIsRunAndItsRowsAreKeptAndCanBeOpened() {
        String facts = "3 pairs, written to rows.csv";
        options.limitProperty().set(3);
        SetViewModel model = model();
        model.run(PAIRS, rows);
        Figure made = shown(model);
        assertEquals(facts, model.work().statusProperty().get());
        assertEquals(20, made.table().rowCount()); // 4 × 3 roles, 2 × 4 loops
        assertTrue(made.subtitle().contains(SetFile.shortName(PAIRS) + " · float32"), made.subtitle());
        assertTrue(Files.exists(rows));
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(made, 1, theme).getWidth() > 300);
        }
        context.modelProperty().set(null);
        SetViewModel later = model();
        assertTrue(later.cannotRunBinding().get());
        later.open(rows);
        assertTrue(
                shown(later).subtitle().startsWith("rows.csv · float32 · "),
                shown(later).subtitle());
        assertEquals(made.table().print(), shown(later).table().print());
        assertEquals(
                facts.replace("written to", "from"),
                later.work().statusProperty().get());
    }

    /** Writes what the command writes, and stops after {@code items}. */
    private static void stopAsTheCommand(int limit, int items, Path out) throws LoopscopeException {
        AtomicInteger kept = new AtomicInteger();
        RunControl control = RunControl.of(() -> kept.get() >= items, (stage, done, total) -> {});
        SetFile pairs = SetFile.open(PAIRS);
        new PatchSet(
                        open,
                        pairs,
                        PatchPairs.read(pairs.reader(), pairs.name()).subList(0, limit),
                        PatchSettings.steps(4))
                .run(out, kept::set, control);
    }

    @Test
    void whatTheCommandHasBegunGoesOnInThePanel() throws IOException {
        int limit = 4;
        options.limitProperty().set(limit);
        Path whole = folder.resolve("whole.csv");
        model().run(PAIRS, whole);
        assertThrows(CancellationException.class, () -> stopAsTheCommand(limit, 2, rows));
        assertTrue(Files.exists(ResumableCsv.partOf(rows)));
        options.limitProperty().set(limit - 1);
        SetViewModel model = model();
        model.run(PAIRS, rows);
        assertTrue(
                model.work()
                        .statusProperty()
                        .get()
                        .contains("was begun with prompts = " + limit + ", this run has prompts = " + (limit - 1)),
                model.work().statusProperty().get());
        options.limitProperty().set(limit);
        model.run(PAIRS, rows);
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(rows));
        assertTrue(shown(model).table().rowCount() > 0);
    }

    @Test
    void cancelKeepsWhatIsDone() throws IOException {
        options.limitProperty().set(180);
        AtomicReference<SetViewModel> running = new AtomicReference<>();
        Path part = ResumableCsv.partOf(rows);
        SetViewModel model = model(context.executor(), report -> {
            report.run();
            if (part.toFile().length() > 2000) { // some pairs; asked with every report of the progress
                Objects.requireNonNull(running.get()).work().cancel();
            }
        });
        running.set(model);
        model.run(PAIRS, rows);
        assertTrue(
                model.work().statusProperty().get().startsWith("Cancelled; what is done is kept"),
                model.work().statusProperty().get());
        assertNull(model.figureProperty().get());
        assertTrue(Files.size(part) > 2000);
        assertFalse(Files.exists(rows));
    }

    @Test
    void aFileThatIsNoSetOrHoldsOtherRowsIsToldWithItsName() throws IOException {
        Path file = Files.writeString(
                folder.resolve("my.jsonl"), "{\"prompt\": \"a\", \"corrupted\": \"b\", \"answer\": \"c\"}\nnothing\n");
        SetViewModel model = model();
        model.run(file.toString(), rows);
        assertTrue(
                model.work().statusProperty().get().startsWith(file + ", line 2: expected one JSON object"),
                model.work().statusProperty().get());
        SetViewModel opened = model();
        opened.open(Files.writeString(rows, "a,b\n1,2\n"));
        assertTrue(
                opened.work().statusProperty().get().startsWith(rows + ": expected the columns "),
                opened.work().statusProperty().get());
        assertNull(opened.figureProperty().get());
    }

    @Test
    void theSetsThatAreOfferedFitTheProbe() throws LoopscopeException {
        for (SampleSet set : SetProbe.pairSets()) {
            SetFile file = SetFile.open(set.file());
            assertEquals(180, PatchPairs.read(file.reader(), file.name()).size());
        }
    }
}
