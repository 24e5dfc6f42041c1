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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.agreement.AnswerSet;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSet;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.analysis.probe.ProbeInput;
import org.loopscope.analysis.probe.ProbeRun;
import org.loopscope.analysis.probe.ProbeSet;
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

/** Probes over a set, without a window. */
class SetViewModelTest {
    private static final String CUPS = "embedded/probe-cups.jsonl";
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

    private SetViewModel model(String probe) {
        return model(probe(probe), context.executor());
    }

    private SetViewModel model(SetProbe probe, Executor executor) {
        return new SetViewModel(context, options, () -> probe, SetProbe::answerSets, executor, Runnable::run);
    }

    private static SetProbe probe(String name) {
        return switch (name) {
            case "agreement" -> new SetProbe.Agreement();
            case "linear" -> new SetProbe.Linear(false, 3);
            default -> new SetProbe.Patch(PatchSource.CLEAN);
        };
    }

    private static String set(String probe) {
        return probe.equals("patch") ? "embedded/patch-pairs.jsonl" : CUPS;
    }

    private static Figure shown(SetViewModel model) {
        return Objects.requireNonNull(
                model.figureProperty().get(), model.work().statusProperty().get());
    }

    @ParameterizedTest
    @CsvSource({
        "agreement, 12, '12 prompts, T = 4, written to rows.csv', 16",
        "linear, 36, '20 probes, each beside 3 shuffles of its labels, tested on 12 prompts (split), written to rows.csv', 20",
        "patch, 3, '3 pairs, written to rows.csv', 20"
    })
    void aSetIsRunAndItsRowsAreKeptAndCanBeOpened(String probe, int limit, String facts, int lines) {
        options.limitProperty().set(limit);
        SetViewModel model = model(probe);
        model.run(set(probe), rows);
        Figure made = shown(model);
        assertEquals(facts, model.work().statusProperty().get());
        assertEquals(lines, made.table().rowCount()); // 4 × 4; 4 outputs × (4 answers, gold); 4 × 3 roles, 2 × 4 loops
        assertTrue(made.subtitle().contains(SetFile.shortName(set(probe)) + " · float32"), made.subtitle());
        assertTrue(Files.exists(rows));
        assertFalse(Files.exists(ProbeRun.statesOf(rows)));
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(made, 1, theme).getWidth() > 300);
        }
        context.modelProperty().set(null);
        SetViewModel later = model(probe);
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

    /** Writes what the commands write, and stops after {@code items}. */
    private static void stopAsTheCommand(String probe, int limit, int items, Path out) throws LoopscopeException {
        AtomicInteger kept = new AtomicInteger();
        RunControl control =
                RunControl.of(() -> kept.get() >= items, (stage, done, total) -> stageDone(probe, stage, done, kept));
        ProbeInput cups = ProbeInput.open(CUPS, ProbeSet.TEMPLATE, limit);
        SetFile pairs = SetFile.open("embedded/patch-pairs.jsonl");
        switch (probe) {
            case "agreement" -> new AnswerSet(open, cups, 4).run(out, kept::set, control);
            case "linear" ->
                new ProbeRun(open, cups, new DepthProbes.Settings(4, 0, 5, 0.1, 0, 3))
                        .run(out, (prompts, probes) -> {}, control);
            default ->
                new PatchSet(
                                open,
                                pairs,
                                PatchPairs.read(pairs.reader(), pairs.name()).subList(0, limit),
                                PatchSettings.steps(4))
                        .run(out, kept::set, control);
        }
    }

    private static void stageDone(String probe, String stage, long done, AtomicInteger kept) {
        if (probe.equals("linear") && stage.equals("probes")) {
            kept.set((int) done);
        }
    }

    @ParameterizedTest
    @CsvSource({"agreement, 6", "linear, 36", "patch, 4"})
    void whatTheCommandHasBegunGoesOnInThePanel(String probe, int limit) throws IOException {
        options.limitProperty().set(limit);
        Path whole = folder.resolve("whole.csv");
        model(probe).run(set(probe), whole);
        assertThrows(CancellationException.class, () -> stopAsTheCommand(probe, limit, 2, rows));
        assertTrue(Files.exists(ResumableCsv.partOf(rows)));
        options.limitProperty().set(limit - 1);
        SetViewModel model = model(probe);
        model.run(set(probe), rows);
        assertTrue(
                model.work()
                        .statusProperty()
                        .get()
                        .contains("was begun with prompts = " + limit + ", this run has prompts = " + (limit - 1)),
                model.work().statusProperty().get());
        options.limitProperty().set(limit);
        model.run(set(probe), rows);
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(rows));
        assertTrue(shown(model).table().rowCount() > 0);
    }

    @Test
    void cancelKeepsWhatIsDone() throws IOException {
        options.limitProperty().set(900);
        AtomicReference<SetViewModel> running = new AtomicReference<>();
        Path part = ResumableCsv.partOf(rows);
        SetViewModel model = new SetViewModel(
                context, options, SetProbe.Agreement::new, SetProbe::answerSets, context.executor(), report -> {
                    report.run();
                    if (part.toFile().length() > 2000) { // some prompts; asked with every report of the progress
                        Objects.requireNonNull(running.get()).work().cancel();
                    }
                });
        running.set(model);
        model.run(CUPS, rows);
        assertTrue(
                model.work().statusProperty().get().startsWith("Cancelled; what is done is kept"),
                model.work().statusProperty().get());
        assertNull(model.figureProperty().get());
        assertTrue(Files.size(part) > 2000);
        assertFalse(Files.exists(rows));
    }

    @Test
    void aFileThatIsNoSetOrHoldsOtherRowsIsToldWithItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("my.jsonl"), "{\"prompt\": \"calc 1+1=\"}\nnothing\n");
        SetViewModel model = model("agreement");
        model.run(file.toString(), rows);
        assertTrue(
                model.work().statusProperty().get().startsWith(file + ", line 2: expected one JSON object"),
                model.work().statusProperty().get());
        for (String probe : List.of("agreement", "linear", "patch")) {
            SetViewModel opened = model(probe);
            opened.open(Files.writeString(rows, "a,b\n1,2\n"));
            assertTrue(
                    opened.work().statusProperty().get().startsWith(rows + ": expected the columns "),
                    opened.work().statusProperty().get());
            assertNull(opened.figureProperty().get());
        }
    }

    @Test
    void theSetsThatAreOfferedFitTheProbe() throws LoopscopeException {
        for (SampleSet set : SetProbe.answerSets()) {
            assertFalse(
                    ProbeInput.open(set.file(), ProbeSet.TEMPLATE, 5)
                            .set()
                            .items()
                            .isEmpty(),
                    set.file());
        }
        for (SampleSet set : SetProbe.probeSets()) {
            ProbeInput read = ProbeInput.open(set.file(), ProbeSet.TEMPLATE, Integer.MAX_VALUE);
            assertTrue(
                    read.set().items().stream()
                            .allMatch(item ->
                                    item.split().isPresent() && !item.choices().isEmpty()),
                    set.file());
        }
        for (SampleSet set : SetProbe.pairSets()) {
            SetFile file = SetFile.open(set.file());
            assertEquals(180, PatchPairs.read(file.reader(), file.name()).size());
        }
    }
}
