package org.loopscope.plugin.depth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.depth.DepthFigures.Curves;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.TestContext;

class DepthPanelTest {
    private static final Inspection RUN = MadeUpRun.ofLength(4, 9).given(5).inspect();
    private static final String SET =
            "{\"prompt\": \"people Mia's friend is\", \"answer\": \"Eve\", \"group\": \"k=1\"}\n"
                    + "{\"prompt\": \"people Leo's boss's neighbour is\", \"answer\": \"Tom\", \"group\": \"k=2\"}\n";

    @TempDir
    private Path folder;

    private final List<Runnable> work = new ArrayList<>();
    private final TestContext context = TestContext.showing(RUN);
    private final DepthViewModel model = new DepthViewModel(context, work::add, Runnable::run);

    private static ChartFigure shown(@Nullable ChartFigure figure) {
        return Objects.requireNonNull(figure);
    }

    private ChartFigure curve(Curves which) {
        return shown(model.curveProperty(which).get());
    }

    @Test
    void theServiceLoaderFindsItForRunsOfTwoStepsOrMore() {
        List<PanelProvider> found = ServiceLoader.load(PanelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(List.of("depth"), found.stream().map(PanelProvider::id).toList());
        assertTrue(found.get(0).supports(RUN));
        assertFalse(found.get(0).supports(MadeUpRun.of(1, "a").inspect()));
    }

    @Test
    void itsFiguresNeedNoWindow() {
        List<Figure> figures = new DepthProvider().figures(new PanelState(RUN, new Selection(5, 3), ExitRule.q(0.5)));
        assertEquals(
                List.of(
                        "depth-quality",
                        "depth-probability",
                        "depth-entropy",
                        "depth-drafts",
                        "depth-gate",
                        "depth-cost",
                        "depth-draft",
                        "depth-token"),
                figures.stream().map(Figure::id).toList());
        for (Figure figure : figures) {
            FigureExport.image(figure, 1, FigureTheme.LIGHT);
            FigureExport.image(figure, 1, FigureTheme.DARK);
            assertTrue(figure.table().rowCount() > 0, figure.id());
            assertTrue(figure.subtitle().contains("float32"), figure.subtitle());
        }
    }

    @Test
    void theShownRunHasItsCurvesAtOnce() {
        assertEquals(List.of(DepthViewModel.View.RUN), model.viewsProperty().get());
        assertEquals(4, curve(Curves.QUALITY).table().rowCount());
        assertTrue(curve(Curves.QUALITY).subtitle().startsWith("all tokens · n = 9 tokens of one run · T = 1..4"));
        assertTrue(curve(Curves.QUALITY)
                .subtitle()
                .endsWith("read from it · no interval below 60 tokens · float32, made-up"));
        assertEquals(4, shown(model.tokenProperty().get()).table().rowCount());
        assertEquals("After “w8”, by depth", shown(model.tokenProperty().get()).title());
        context.selectionProperty().set(new Selection(2, 1));
        assertEquals("After “w2”, by depth", shown(model.tokenProperty().get()).title());
    }

    @Test
    void draftsAreCountedInBlocksOfTheSizeAskedFor() {
        // three draft steps, after all 9 tokens and after the 4 that chose a generated one
        ChartFigure draft = shown(model.draftProperty().get());
        assertEquals(6, draft.table().rowCount());
        assertTrue(draft.subtitle().startsWith("blocks of 4 · n = 9 tokens, 4 generated"), draft.subtitle());
        assertTrue(
                model.draftTextProperty()
                        .get()
                        .startsWith("Estimated speed-up in passes, T (a + 1) / ((k + 1) s + T − s),"
                                + " generated tokens: step 1 "),
                model.draftTextProperty().get());
        set(DepthLab.BLOCK, 5); // more than the 4 generated ones
        assertTrue(
                model.draftTextProperty().get().contains("generated tokens: the text is shorter than a block."),
                model.draftTextProperty().get());
        set(DepthLab.BLOCK, 2);
        assertTrue(shown(model.draftProperty().get()).subtitle().startsWith("blocks of 2"));
    }

    @Test
    void whatLiesBeyondTrainingIsShadedAndSaysSo() throws LoopscopeException, IOException {
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = embedded.tokenizer().orElseThrow().encode("people Ann's friend's boss is");
            for (int steps : new int[] {4, 6}) {
                context.inspectionProperty()
                        .set(Inspection.of(
                                embedded.run(ids, RunOptions.steps(steps), RunControl.none()),
                                embedded,
                                5,
                                RunControl.none()));
                String svg = FigureExport.svgText(curve(Curves.QUALITY), FigureTheme.LIGHT);
                assertEquals(steps > 4, svg.contains(">outside training<"), "T = " + steps);
                assertTrue(svg.contains(">agrees with the trained T = 4<"), "the lines are named below");
                assertEquals(
                        steps > 4,
                        svg.contains(">agrees with T = " + steps + "<"),
                        "the same line is not drawn and named twice, T = " + steps);
                String gate = FigureExport.svgText(curve(Curves.GATE), FigureTheme.LIGHT);
                assertTrue(gate.contains(">gate outside training<"), "λ of the trained T was never read");
                assertEquals(
                        steps > 4, curve(Curves.QUALITY).description().contains("(outside training)"), "in text too");
            }
        }
    }

    @Test
    void whatDraftingWouldHaveDoneOnGeneratedTextIsSaid() throws LoopscopeException {
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = embedded.tokenizer().orElseThrow().encode("people Ann's friend's boss is");
            Inspection run = Inspection.of(
                    embedded.run(ids, RunOptions.steps(4).withGenerate(8), RunControl.none()),
                    embedded,
                    5,
                    RunControl.none());
            context.inspectionProperty().set(run);
            assertTrue(
                    model.draftTextProperty()
                            .get()
                            .matches(".* Replayed on this text, step [123] would have done best: \\d+ of \\d+ drafts"
                                    + " accepted in \\d+ rounds, \\d+ passes instead of 32\\."),
                    model.draftTextProperty().get());
        }
    }

    private <T> void set(Setting<T> setting, T value) {
        var values = model.sets().valuesProperty();
        values.set(values.get().with(setting, value));
    }

    private Path rows(LoopedModel embedded) throws IOException, LoopscopeException {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, SET);
        Path csv = folder.resolve("depth.csv");
        DepthLab lab = new DepthLab();
        Values values = Values.of(lab.settings()).with(DepthLab.STEPS, 6);
        new SetRun<>(lab, embedded, PromptSet.read(set).prompts(), values).into(csv, kept -> {}, RunControl.none());
        return csv;
    }

    @Test
    void savedRowsAreShownWithAnswersFirstAndTheRunStaysOnOffer() throws IOException, LoopscopeException {
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            model.sets().open(rows(embedded));
            work.remove(0).run();
        }
        assertTrue(
                model.sets()
                        .factsProperty()
                        .get()
                        .startsWith("depth.csv: Model embedded, float32 · Prompts 2 · Steps 1 to T = 6"),
                model.sets().factsProperty().get());
        assertEquals(
                "set: tokens of the answer", String.valueOf(model.viewProperty().get()));
        assertEquals(1 + 2 * 3, model.viewsProperty().get().size()); // run; answers and prompts: all and two groups
        assertTrue(curve(Curves.QUALITY).subtitle().startsWith("tokens of the answer · n = 2 prompts · T = 1..6"));
        assertEquals(6, curve(Curves.COST).table().rowCount());
        context.inspectionProperty().set(MadeUpRun.ofLength(3, 4).inspect());
        assertEquals(6, curve(Curves.QUALITY).table().rowCount(), "another run does not take the set away");
        model.viewProperty().set(DepthViewModel.View.RUN);
        assertEquals(3, curve(Curves.QUALITY).table().rowCount());
        context.inspectionProperty().set(null);
        assertEquals(6, curve(Curves.QUALITY).table().rowCount(), "without a run there is the set");
    }

    @Test
    void aFileThatIsNoneOfDepthIsTold() throws IOException {
        Path csv = folder.resolve("s.csv");
        Files.writeString(csv, "a,b\n");
        model.sets().open(csv);
        work.remove(0).run();
        assertTrue(
                model.sets().work().statusProperty().get().contains("expected the columns prompt, group"),
                model.sets().work().statusProperty().get());
        assertNotNull(model.curveProperty(Curves.QUALITY).get(), "the run is still there");
    }

    @Test
    void aSetRunsInTheBackgroundAndIsCancelledAndGoesOn() throws IOException, LoopscopeException {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, SET);
        Path out = folder.resolve("out.csv");
        assertTrue(model.sets().cannotRunBinding().get(), "no model is open");
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            context.modelProperty().set(embedded);
            set(DepthLab.STEPS, 5);
            model.sets().run(set.toString(), out);
            assertTrue(model.sets().work().runningProperty().get());
            model.sets().work().cancel();
            work.remove(0).run();
            assertFalse(model.sets().work().runningProperty().get());
            assertTrue(
                    model.sets().work().statusProperty().get().startsWith("Cancelled"),
                    model.sets().work().statusProperty().get());
            model.sets().run(set.toString(), out);
            work.remove(0).run();
            assertTrue(
                    model.sets()
                            .factsProperty()
                            .get()
                            .startsWith("out.csv: Model embedded, float32 · Prompts 2 · Steps 1 to T = 5"),
                    model.sets().factsProperty().get());
            assertEquals(5, curve(Curves.QUALITY).table().rowCount());
        }
        assertTrue(Files.exists(out));
        assertEquals(List.of(), context.problems());
    }

    @Test
    void aClosedPanelStopsItsSetAndNoLongerListens() throws IOException, LoopscopeException {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, SET);
        ChartFigure before = model.tokenProperty().get();
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            context.modelProperty().set(embedded);
            model.sets().run(set.toString(), folder.resolve("out.csv"));
            model.dispose();
            work.remove(0).run();
        }
        assertFalse(Files.exists(folder.resolve("out.csv")));
        context.selectionProperty().set(new Selection(0, 1));
        assertSame(before, model.tokenProperty().get());
    }

    @Test
    void anOlderCurveIsDroppedWhenANewRunComes() {
        context.hold();
        context.inspectionProperty().set(MadeUpRun.ofLength(2, 9).inspect());
        context.inspectionProperty().set(MadeUpRun.ofLength(3, 4).inspect());
        context.runWaiting();
        assertEquals(3, curve(Curves.QUALITY).table().rowCount());
    }

    @Test
    void withoutARunThereIsNothingToShow() {
        context.inspectionProperty().set(null);
        assertNull(model.curveProperty(Curves.QUALITY).get());
        assertNull(model.draftProperty().get());
        assertNull(model.tokenProperty().get());
        assertEquals(List.of(), model.viewsProperty().get());
        assertEquals("", model.draftTextProperty().get());
    }
}
