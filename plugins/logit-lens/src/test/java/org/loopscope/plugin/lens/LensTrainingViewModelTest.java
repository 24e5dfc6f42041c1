package org.loopscope.plugin.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.testkit.TestContext;

class LensTrainingViewModelTest {
    private static LoopedModel embedded;
    private static Inspection run;

    @TempDir
    Path folder;

    private final TestContext context = TestContext.showing(run);
    private final List<Path> opened = new ArrayList<>();
    private final LensTrainingViewModel model =
            new LensTrainingViewModel(context, opened::add, context.executor(), Runnable::run);
    private Path text = Path.of("text.txt");
    private Path out = Path.of("lens.safetensors");

    @BeforeAll
    static void runWithLayers() throws LoopscopeException {
        embedded = Models.open(Models.EMBEDDED, RunControl.none());
        int[] ids = embedded.tokenizer().orElseThrow().encode(SampleCatalog.WELCOME_PROMPT);
        run = Inspection.of(
                embedded.run(ids, RunOptions.steps(4).withLayers(true), RunControl.none()),
                embedded,
                5,
                RunControl.none());
    }

    @AfterAll
    static void close() {
        embedded.close();
    }

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("mine.txt"), "people Ann's boss is Dan\n".repeat(10));
        out = folder.resolve("lens.safetensors");
    }

    @Test
    void theLensIsTrainedWrittenAndOpened() throws LoopscopeException {
        context.modelProperty().set(embedded);
        LensViewModel lens = new LensViewModel(context, Runnable::run);
        LensTrainingViewModel training =
                new LensTrainingViewModel(context, lens::useTuned, Runnable::run, Runnable::run);
        training.train(text, out);
        TunedLens.Info info = TunedLensFile.read(out).info();
        assertEquals("mine.txt", info.trainedOn());
        assertFalse(info.perStep());
        assertEquals(Optional.of("float32"), info.computeDtype());
        assertEquals(info, Objects.requireNonNull(lens.tunedProperty().get()).info());
        assertTrue(
                Objects.requireNonNull(lens.heatmapProperty().get())
                        .subtitle()
                        .startsWith("tuned lens (shared over steps, trained on mine.txt, "),
                "the new lens is shown");
        String status = training.work().statusProperty().get();
        assertTrue(
                status.matches(
                        "Trained on \\d+ tokens, measured on \\d+ held out; .* Written to lens\\.safetensors\\."),
                status);
        assertEquals(List.of(), context.problems());
    }

    @Test
    void onePerLoopAndLayerIsTrainedWhereItIsChosen() throws LoopscopeException {
        context.modelProperty().set(embedded);
        model.perStepProperty().set(true);
        model.train(text, out);
        assertEquals(List.of(out), opened);
        assertEquals(8, TunedLensFile.read(out).info().slots());
    }

    @Test
    void aCancelledTrainingWritesAndOpensNothing() {
        context.modelProperty().set(embedded);
        context.hold();
        model.train(text, out);
        assertTrue(model.work().runningProperty().get());
        model.work().cancel();
        context.runWaiting();
        assertFalse(model.work().runningProperty().get());
        assertEquals("cancelled", model.work().statusProperty().get());
        assertEquals(List.of(), opened);
        assertFalse(Files.exists(out));
    }

    @Test
    void aClosedPanelStopsTheTraining() {
        context.modelProperty().set(embedded);
        context.hold();
        model.train(text, out);
        model.dispose();
        context.runWaiting();
        assertEquals(List.of(), opened);
        assertFalse(Files.exists(out));
    }

    @Test
    void withoutModelOrTextTheStatusSaysWhatIsMissing() {
        model.train(text, out);
        assertEquals(
                "Open a model first: the lens is trained on its runs.",
                model.work().statusProperty().get());
        context.modelProperty().set(embedded);
        Path missing = folder.resolve("none.txt");
        model.train(missing, out);
        assertEquals(
                missing + ": expected a text file, found no such file.",
                model.work().statusProperty().get());
        assertEquals(List.of(), opened);
    }
}
