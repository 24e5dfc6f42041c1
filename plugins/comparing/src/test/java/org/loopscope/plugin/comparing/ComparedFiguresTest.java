package org.loopscope.plugin.comparing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.comparing.ComparedFigures.Entry;
import org.loopscope.plugin.testkit.MadeUpRun;

class ComparedFiguresTest {
    private static final Inspection A =
            MadeUpRun.of(2, "x", "y", "z").predict(1, 2, "x", 0.6).layers(3).inspect();
    private static final Inspection B = MadeUpRun.of(2, "x", "x", "y", "z")
            .predict(1, 3, "x", 0.9)
            .layers(3)
            .inspect();
    private static final Inspection WITHOUT = MadeUpRun.of(2, "x", "y", "z").inspect();

    private static Comparison compare(Inspection... runs) {
        List<NamedInspection> named = new ArrayList<>();
        for (Inspection run : runs) {
            named.add(new NamedInspection("run", run));
        }
        return Comparison.of(named, TokenMatch.FROM_END, LoopMatch.SAME_NUMBER);
    }

    private static List<PanelState> states(Comparison comparison, int position) {
        return ComparedFigures.states(
                comparison,
                new Selection(position, 2),
                ExitRule.q(0.5),
                ComparedFigures.readings(comparison, RunControl.none()));
    }

    /** A panel whose figure ids are those given for a run of so many tokens. */
    private record Fake(String... ids) implements ComparedFigures.Source {
        @Override
        public String id() {
            return "fake";
        }

        @Override
        public String title() {
            return "Fake";
        }

        @Override
        public List<Figure> figures(PanelState state) {
            if (state.inspection() == WITHOUT) {
                throw new IllegalStateException("not this one");
            }
            List<Figure> figures = new ArrayList<>();
            for (String id : ids) {
                figures.add(HeatmapFigure.builder(id, "At " + state.selection().position())
                        .rows("", List.of("row"))
                        .columns("", List.of("column"))
                        .values(ValueScale.probability(""), (row, column) -> 1)
                        .build());
            }
            return figures;
        }
    }

    @Test
    void everyRunIsAskedAtThePlaceThatIsSelectedInA() {
        List<PanelState> states = states(compare(A, B), 1);
        assertEquals(new Selection(1, 2), states.get(0).selection());
        assertEquals(new Selection(2, 2), states.get(1).selection()); // y
    }

    @Test
    void figuresAreMatchedByIdAndASecondOfOneIdHasItsOwnName() {
        Comparison comparison = compare(A, B);
        ComparedFigures.Panel panel =
                ComparedFigures.of(new Fake("one", "two", "one"), states(comparison, 2), RunControl.none());
        assertEquals(
                List.of("fake/one", "fake/two", "fake/one-2"),
                panel.entries().stream().map(Entry::name).toList());
        assertEquals("one-2", panel.entries().get(2).id());
        assertEquals("At 2", panel.entries().get(0).title());
        assertEquals(
                "At 3", panel.entries().get(0).ofRuns().get(1).orElseThrow().title());
        assertEquals(List.of(), panel.problems());
        assertTrue(
                panel.entries().get(0).differences(comparison).get(0).figure().isPresent());
    }

    @Test
    void aPanelThatThrowsForOneRunIsToldAndTheOthersKeepTheirFigures() {
        Comparison comparison = compare(A, WITHOUT, A);
        ComparedFigures.Panel panel = ComparedFigures.of(new Fake("one"), states(comparison, 2), RunControl.none());
        assertEquals(List.of("The panel Fake failed for run B: not this one."), panel.problems());
        List<Optional<Figure>> ofRuns = panel.entries().get(0).ofRuns();
        assertEquals(
                List.of(true, false, true),
                ofRuns.stream().map(Optional::isPresent).toList());
        assertEquals(
                "B has no such figure, so there is no difference.",
                panel.entries().get(0).differences(comparison).get(0).sentence());
    }

    @Test
    void cancellingEndsIt() {
        List<PanelState> states = states(compare(A, B), 2);
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> ComparedFigures.of(new Fake("one"), states, cancelled));
    }

    // ---- by layer

    private static ComparedFigures.Panel layers(Inspection... runs) {
        Comparison comparison = compare(runs);
        return ComparedFigures.of(ComparedFigures.sources(List.of()).get(0), states(comparison, 2), RunControl.none());
    }

    @Test
    void layerValuesAreThoseOfTheLensAndTheGeometryAtTheSelectedToken() {
        ComparedFigures.Panel panel = layers(A, B);
        assertEquals(
                List.of(
                        "compare/layer-probability",
                        "compare/layer-entropy",
                        "compare/layer-kl-to-last",
                        "compare/layer-rank",
                        "compare/layer-relative-step",
                        "compare/layer-angular-distance",
                        "compare/layer-step-size",
                        "compare/layer-norm"),
                panel.entries().stream().map(Entry::name).toList());
        Entry probability = panel.entries().get(0);
        HeatmapFigure ofA = (HeatmapFigure) probability.ofRuns().get(0).orElseThrow();
        assertEquals(2, ofA.rows());
        assertEquals(3, ofA.columns());
        // the last layer of loop 1 is its output: 0.6 in A and 0.9 in B
        assertEquals(0.6, ofA.table().doubleColumn("probability").get(2), 1e-6);
        HeatmapFigure difference = (HeatmapFigure)
                probability.differences(compare(A, B)).get(0).figure().orElseThrow();
        assertEquals(0.3, difference.table().doubleColumn("difference").get(2), 1e-6);
        assertEquals("loop 1", difference.table().stringColumn("row").get(2));
        assertEquals("L02", difference.table().stringColumn("column").get(2));
        assertEquals(6, difference.table().rowCount());
        double norm = LayerGeometry.of(A.capture(), RunControl.none()).norm(2, 1, 2);
        Figure norms = panel.entries().get(7).ofRuns().get(0).orElseThrow();
        assertEquals(norm, norms.table().doubleColumn("norm").get(4));
    }

    @Test
    void withoutLayerStatesThereIsNothingByLayer() {
        assertEquals(List.of(), layers(WITHOUT, WITHOUT).entries());
        ComparedFigures.Panel one = layers(A, WITHOUT);
        assertEquals("compare/layer-probability", one.entries().get(0).name());
        assertTrue(one.entries().get(0).ofRuns().get(1).isEmpty());
    }
}
