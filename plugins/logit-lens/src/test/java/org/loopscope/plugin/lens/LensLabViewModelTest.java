package org.loopscope.plugin.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.lens.GroupTrajectories;
import org.loopscope.analysis.lens.TokenGroup;
import org.loopscope.analysis.lens.tuned.LensTexts;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.lens.tuned.TunedLensTrainer;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.Setting;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;

class LensLabViewModelTest {
    private static LoopedModel embedded;
    private static Inspection run;

    @TempDir
    Path folder;

    private final TestContext context = TestContext.showing(run);
    private final LensViewModel lens = new LensViewModel(context, Runnable::run);
    private final LensLabViewModel model =
            new LensLabViewModel(context, lens.shownGridProperty(), lens.tunedProperty(), Runnable::run);

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

    @Test
    void groupsAreSummedAtTheSelectedTokenAndFollowTheSelection() {
        model.groupWordsProperty().set("dan: Dan; others: Sue Max Kim Bob");
        model.applyGroups();
        ChartFigure shown = Objects.requireNonNull(model.groupsProperty().get());
        assertEquals("Token groups at “is”, logit lens", shown.title());
        assertEquals(2 * 4, shown.table().rowCount());
        assertTrue(shown.table().doubleColumn("probability").get(3) > 0.99);
        FigureExport.image(shown, 1, FigureTheme.DARK);
        context.selectionProperty().set(new Selection(1, 1));
        assertEquals(
                "Token groups at “Ann”, logit lens",
                Objects.requireNonNull(model.groupsProperty().get()).title());
        lens.layersProperty().set(true); // the groups follow the rows of the lens
        assertEquals(
                2 * 8,
                Objects.requireNonNull(model.groupsProperty().get()).table().rowCount());
    }

    @Test
    void wordsThatAreNoTokensAreToldAndTheOldPictureStays() {
        model.groupWordsProperty().set("Dan");
        model.applyGroups();
        assertEquals("", model.groupProblemProperty().get());
        model.groupWordsProperty().set("Dan's");
        model.applyGroups();
        assertTrue(model.groupProblemProperty().get().startsWith("Groups: expected words that are one token"));
        assertNotNull(model.groupsProperty().get());
        model.groupWordsProperty().set(" ");
        model.applyGroups();
        assertNull(model.groupsProperty().get());
    }

    @Test
    void theDepthOfTheSelectedTokenIsThatOfTheLensShown() {
        ChartFigure steps = Objects.requireNonNull(model.depthProperty().get());
        assertTrue(
                steps.subtitle().startsWith("n = 15 tokens; selected: final top-1 from loop 3 on"), steps.subtitle());
        lens.layersProperty().set(true);
        ChartFigure layers = Objects.requireNonNull(model.depthProperty().get());
        assertTrue(layers.subtitle().contains("from 3·L01 on"), layers.subtitle());
        FigureExport.image(layers, 1, FigureTheme.LIGHT);
    }

    @Test
    void attentionIsComputedOnRequestAndFollowsHeadLayerAndStep() {
        assertNull(model.mapProperty().get());
        model.computeAttention();
        assertEquals(
                "Attention, layer 1, head 0, loop 4",
                Objects.requireNonNull(model.mapProperty().get()).title());
        set(AttentionLab.LAYER, 0);
        model.selectHead(2, 1);
        HeatmapFigure map = Objects.requireNonNull(model.mapProperty().get());
        assertEquals("Attention, layer 0, head 2, loop 2", map.title());
        assertEquals(15 * 16 / 2, map.table().rowCount());
        assertEquals(new Selection(14, 2), context.selectionProperty().get());
        FigureExport.image(map, 1, FigureTheme.LIGHT);
        for (AttentionFigures.Measure measure : AttentionFigures.Measure.values()) {
            model.measureProperty().set(measure);
            FigureExport.image(Objects.requireNonNull(model.changeProperty().get()), 1, FigureTheme.DARK);
        }
        model.selectQuery(3);
        assertEquals(new Selection(3, 2), context.selectionProperty().get());
        assertEquals(2, model.weightInfo(3, 1).size());
        assertTrue(model.weightInfo(1, 3).isEmpty()); // a token does not look ahead
    }

    private <T> void set(Setting<T> setting, T value) {
        model.attentionValuesProperty()
                .set(model.attentionValuesProperty().get().with(setting, value));
    }

    @Test
    void theStepThatIsSetIsTheOneThatAllPanelsShare() {
        model.computeAttention();
        set(AttentionLab.STEP, 3);
        assertEquals(new Selection(14, 3), context.selectionProperty().get());
        assertEquals(
                "Attention, layer 1, head 0, loop 3",
                Objects.requireNonNull(model.mapProperty().get()).title());
        model.selectHead(1, 3);
        assertEquals(4, model.attentionValuesProperty().get().get(AttentionLab.STEP));
        assertEquals(
                "Attention, layer 1, head 1, loop 4",
                Objects.requireNonNull(model.mapProperty().get()).title());
    }

    @Test
    void aPlaceThatIsNotInTheRunIsSaidAndNothingIsShown() {
        model.computeAttention();
        set(AttentionLab.LAYER, 9);
        assertEquals(
                "--layer: expected 0 to 1, found 9.",
                model.attentionNoteProperty().get());
        assertNull(model.mapProperty().get());
        set(AttentionLab.LAYER, 0);
        assertEquals("", model.attentionNoteProperty().get());
        assertEquals(
                "Attention, layer 0, head 0, loop 4",
                Objects.requireNonNull(model.mapProperty().get()).title());
    }

    @Test
    void withoutLayerStatesThereIsNoAttentionAndTheNoteSaysWhy() {
        context.inspectionProperty().set(MadeUpRun.ofLength(3, 4).inspect());
        assertFalse(model.attentionAvailableProperty().get());
        assertEquals(
                "needs a run with layer states (capture: layers)",
                model.attentionNoteProperty().get());
        model.computeAttention();
        assertNull(model.mapProperty().get());
    }

    private Path trained() throws LoopscopeException {
        Path file = folder.resolve("lens.safetensors");
        LensTexts texts = LensTexts.of(
                "t",
                java.util.Collections.nCopies(5, "people Ann's boss is"),
                embedded.tokenizer().orElseThrow(),
                64,
                99);
        TunedLensFile.write(
                TunedLensTrainer.train(
                                embedded,
                                texts,
                                new TunedLensTrainer.Settings(4, false, 1, 16, 0.01, 100, 1),
                                RunControl.none())
                        .lens(),
                file,
                RunControl.none());
        return file;
    }

    @Test
    void groupsAndDepthAreReadThroughTheTunedLensWhileItIsOpen() throws LoopscopeException {
        model.groupWordsProperty().set("dan: Dan");
        model.applyGroups();
        lens.layersProperty().set(true);
        ChartFigure plain = Objects.requireNonNull(model.groupsProperty().get());
        Path file = trained();
        lens.useTuned(file);
        ChartFigure tuned = Objects.requireNonNull(model.groupsProperty().get());
        assertEquals("Token groups at “is”, tuned lens", tuned.title());
        assertTrue(
                tuned.subtitle()
                        .startsWith(
                                "exact sum over each group's tokens · tuned lens (shared over steps, trained on t, "),
                tuned.subtitle());
        int dan = TokenGroup.parse("Dan", embedded.tokenizer(), 57).get(0).ids().get(0);
        GroupTrajectories expected = TunedLensFile.read(file)
                .groups(
                        run.capture(),
                        embedded.unembedding(),
                        List.of(14),
                        List.of(new TokenGroup("dan", List.of(dan))),
                        RunControl.none());
        for (int row = 0; row < 8; row++) {
            assertEquals(
                    expected.probability(0, 0, row),
                    tuned.table().doubleColumn("probability").get(row),
                    1e-12);
        }
        assertTrue(Math.abs(tuned.table().doubleColumn("probability").get(0)
                        - plain.table().doubleColumn("probability").get(0))
                > 1e-6);
        assertEquals(
                "Prediction depth, tuned lens",
                Objects.requireNonNull(model.depthProperty().get()).title());
        FigureExport.image(tuned, 1, FigureTheme.LIGHT);
        lens.dropTuned();
        assertEquals(
                "Token groups at “is”, logit lens",
                Objects.requireNonNull(model.groupsProperty().get()).title());
        assertEquals(List.of(), context.problems());
    }

    @Test
    void aRunInAnotherPrecisionDropsTheTunedLensAndSaysWhy() throws LoopscopeException {
        lens.useTuned(trained());
        assertNotNull(lens.tunedProperty().get());
        try (LoopedModel rounded = Models.open(Models.EMBEDDED, Precision.INT8_WEIGHTS, RunControl.none())) {
            int[] ids = rounded.tokenizer().orElseThrow().encode(SampleCatalog.WELCOME_PROMPT);
            context.inspectionProperty()
                    .set(Inspection.of(
                            rounded.run(ids, RunOptions.steps(4).withLayers(true), RunControl.none()),
                            rounded,
                            5,
                            RunControl.none()));
            assertNull(lens.tunedProperty().get());
            assertEquals(
                    "Logit lens by loop step and layer",
                    Objects.requireNonNull(lens.heatmapProperty().get()).title());
            assertEquals(
                    List.of("lens.safetensors is a tuned lens trained in float32, expected one trained in float32 with"
                            + " int8-rounded weights, as this run was computed."),
                    context.problems());
            lens.useTuned(folder.resolve("lens.safetensors"));
            assertNull(lens.tunedProperty().get());
            assertEquals(2, context.problems().size());
        }
    }

    @Test
    void aTunedLensReadsTheLayersUntilItIsDroppedOrAnotherModelComes() throws LoopscopeException {
        Path file = trained();
        lens.useTuned(file);
        HeatmapFigure tuned = Objects.requireNonNull(lens.heatmapProperty().get());
        assertEquals("Tuned lens by loop step and layer", tuned.title());
        assertTrue(tuned.subtitle().startsWith("tuned lens (shared over steps, trained on t, "), tuned.subtitle());
        lens.dropTuned();
        assertEquals(
                "Logit lens by loop step and layer",
                Objects.requireNonNull(lens.heatmapProperty().get()).title());
        lens.useTuned(file);
        context.inspectionProperty().set(MadeUpRun.ofLength(3, 4).layers(2).inspect());
        assertNull(lens.tunedProperty().get());
        assertEquals(1, context.problems().size());
        lens.useTuned(file);
        assertNull(lens.tunedProperty().get());
        assertEquals(2, context.problems().size());
        assertTrue(
                context.problems().get(1).startsWith("lens.safetensors is a tuned lens of the model embedded"),
                context.problems().get(1));
        assertEquals(context.problems().get(0), context.problems().get(1));
    }

    @Test
    void aClosedPanelNoLongerListens() {
        ChartFigure before = model.depthProperty().get();
        model.dispose();
        context.inspectionProperty().set(null);
        assertEquals(before, model.depthProperty().get());
        assertEquals(List.of(), context.problems());
    }
}
