package org.loopscope.plugin.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.sweep.SweepRow;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.LegendMark;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.testkit.TestContext;

class CurveViewModelTest {
    private static final String ROWS = String.join(",", SweepRow.COLUMNS) + "\n"
            + "1,easy,prompt,fixed,1,4,4,2,1,,4,m,float32\n"
            + "1,easy,answer,fixed,1,2,2,1,1,0,4,m,float32\n"
            + "1,easy,answer,fixed,4,2,8,2,2,1,4,m,float32\n"
            + "1,easy,answer,q,0.25,2,2,1,1,0,4,m,float32\n"
            + "1,easy,answer,q,0.75,2,4,2,2,1,4,m,float32\n"
            + "2,easy,answer,fixed,1,1,1,0,0,0,4,m,float32\n"
            + "2,easy,answer,fixed,4,1,4,1,1,1,4,m,float32\n"
            + "2,easy,answer,q,0.25,1,1,0,0,0,4,m,float32\n"
            + "2,easy,answer,q,0.75,1,2,1,1,1,4,m,float32\n";

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final List<Runnable> work = new ArrayList<>();
    private final CurveViewModel model = new CurveViewModel(context, work::add, Runnable::run);

    private void open() throws IOException {
        Path csv = folder.resolve("s.csv");
        Files.writeString(csv, ROWS);
        model.sets().open(csv);
        work.remove(0).run();
    }

    @Test
    void aSavedSweepIsShownWithAnswersFirst() throws IOException {
        open();
        assertEquals(
                "s.csv: Model m · Prompts 2 · Steps T = 4 · Quality answers right, tokens of the answer; 95 % intervals over prompts",
                model.sets().factsProperty().get());
        assertEquals(
                "answers right, tokens of the answer",
                String.valueOf(model.viewProperty().get()));
        assertEquals(10, model.viewsProperty().get().size()); // three qualities and two, all and one group
        var figure = Objects.requireNonNull(model.figureProperty().get());
        assertEquals(4, figure.table().rowCount());
        FigureExport.image(figure, 1, FigureTheme.DARK);
    }

    @Test
    void theRuleInUseIsMarkedAndItsBestThresholdNamed() throws IOException {
        open();
        String svg = svg();
        assertTrue(svg.contains(">≈ q = 0.50<"), "between two thresholds of the sweep");
        assertTrue(
                model.bestProperty()
                        .get()
                        .startsWith("Best of q within 2.50 mean loops: q:0.75, 2.00 loops, answers right 1.000"),
                model.bestProperty().get());
        context.exitRuleProperty().set(ExitRule.q(0.75));
        assertTrue(svg().contains(">q = 0.75<"));
        context.exitRuleProperty().set(ExitRule.sameTop1(1));
        assertEquals(
                "No threshold of same-top1 stays within 2.50 mean loops.",
                model.bestProperty().get());
    }

    @Test
    void whatRulesAreComparedWithIsToldFromThemByItsMark() throws IOException {
        Path csv = folder.resolve("s.csv");
        Files.writeString(
                csv,
                ROWS
                        + Stream.of("kl,0.1", "oracle,", "oracle-right,", "mix-logits,", "mix-probs,")
                                .map(rule -> "2,easy,answer," + rule + ",1,2,1,1,1,4,m,float32\n")
                                .collect(Collectors.joining()));
        model.sets().open(csv);
        work.remove(0).run();
        ChartFigure figure = Objects.requireNonNull(model.figureProperty().get());
        List<ChartLegend.Entry> entries = figure.legend().orElseThrow().entries();
        Set<String> looks = entries.stream()
                .map(entry -> entry.mark() == LegendMark.COLOR
                        ? FigureTheme.LIGHT.series(entry.series()).toString()
                        : entry.mark().toString())
                .collect(Collectors.toSet());
        assertEquals(7, entries.size());
        assertEquals(7, looks.size(), looks::toString);
        assertTrue(looks.containsAll(List.of("DASHES", "DIAMOND", "TRIANGLE", "CROSS", "OPEN_SQUARE")));
    }

    private String svg() {
        try {
            return FigureExport.svgText(
                    Objects.requireNonNull(model.figureProperty().get()), FigureTheme.LIGHT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theBestThresholdCanBeUsed() throws IOException {
        open();
        model.useBest();
        assertEquals(ExitRule.q(0.75), context.exitRuleProperty().get());
        model.budgetProperty().set(0.25); // one loop
        model.useBest();
        assertEquals(ExitRule.q(0.25), context.exitRuleProperty().get());
    }

    @Test
    void theBestThresholdAtACostIsNamedAndUsed() throws IOException {
        open();
        model.sets().valuesProperty().set(model.sets().valuesProperty().get().with(SweepLab.COST, 100.0));
        assertTrue(
                model.bestProperty().get().startsWith("Best of q at cost 100: q:0.25, "),
                model.bestProperty().get());
        model.useBest();
        assertEquals(ExitRule.q(0.25), context.exitRuleProperty().get());
        context.exitRuleProperty().set(ExitRule.sameTop1(1));
        assertEquals(
                "This sweep has no threshold of same-top1.",
                model.bestProperty().get());
    }

    @Test
    void aFileThatIsNoSweepIsTold() throws IOException {
        Path csv = folder.resolve("s.csv");
        Files.writeString(csv, "a,b\n");
        model.sets().open(csv);
        work.remove(0).run();
        assertTrue(
                model.sets().work().statusProperty().get().contains("of loopscope sweep, found none of them"),
                model.sets().work().statusProperty().get());
        assertNull(model.figureProperty().get());
    }

    @Test
    void aSetRunsInTheBackgroundAndIsCancelledAndGoesOn() throws IOException, LoopscopeException {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\", \"answer\": \"Eve\"}\n".repeat(2));
        Path out = folder.resolve("out.csv");
        assertTrue(model.sets().cannotRunBinding().get(), "no model is open");
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            context.modelProperty().set(embedded);
            assertFalse(model.sets().cannotRunBinding().get());
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
                    model.sets().factsProperty().get().startsWith("out.csv: Model embedded · Prompts 2 · Steps T = 4"),
                    model.sets().factsProperty().get());
            assertNotNull(model.figureProperty().get());
        }
        assertTrue(Files.exists(out));
        assertEquals(List.of(), context.problems());
    }

    @Test
    void aClosedPanelStopsItsSweep() throws IOException, LoopscopeException {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n");
        try (LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            context.modelProperty().set(embedded);
            model.sets().run(set.toString(), folder.resolve("out.csv"));
            model.dispose();
            work.remove(0).run();
        }
        assertFalse(Files.exists(folder.resolve("out.csv")));
    }
}
