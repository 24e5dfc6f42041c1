package org.loopscope.plugin.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.plugin.testkit.MadeUpRun;
import org.loopscope.plugin.testkit.WelcomeRun;
import tech.tablesaw.api.Table;

class TrajectoriesTest {
    private static final int LAST = 14;
    private static final Inspection WELCOME = WelcomeRun.run().inspect();
    private static final LensGrid LENS = WELCOME.lens();

    private static List<String> texts(List<Integer> ids) {
        return ids.stream().map(LENS::tokenText).toList();
    }

    @Test
    void theFullDepthAnswerComesFirstThenWhatOtherStepsAnswer() {
        List<Integer> chosen = Trajectories.choose(LENS, LAST, List.of());
        assertEquals(6, chosen.size());
        assertEquals("Dan", texts(chosen).get(0));
        assertTrue(texts(chosen).containsAll(List.of("Amy", LENS.topText(0, LAST, 0))));
        assertEquals(6, chosen.stream().distinct().count());
    }

    @Test
    void pinnedTokensAreAddedAndDoNotPushTheAnswerOut() {
        int pinned = LENS.finalId(5); // Sue
        List<Integer> chosen = Trajectories.choose(LENS, LAST, List.of(pinned));
        assertEquals(List.of("Dan", "Sue"), texts(chosen).subList(0, 2));
        assertEquals(7, chosen.size());
    }

    @Test
    void aLineIsTheProbabilityOfItsTokenAtEveryStep() {
        List<Trajectories.Line> lines = Trajectories.read(LENS, LAST, Trajectories.choose(LENS, LAST, List.of()));
        assertEquals(0.999, lines.get(0).probability(3), 1e-5);
        assertEquals(0.17, lines.get(1).probability(2), 1e-5);
        assertEquals("Amy", lines.get(1).text());
    }

    @Test
    void theTableHasALinePerTokenAndStep() {
        ChartFigure figure = figure(false);
        Table table = figure.table();
        assertEquals(
                List.of("position", "token", "id", "text", "step", "probability", "log_probability"),
                table.columnNames());
        assertEquals(6 * 4, table.rowCount());
        assertEquals("Dan", table.stringColumn("text").get(0));
    }

    private static ChartFigure figure(boolean logarithmic) {
        return Trajectories.figure(
                WELCOME,
                LAST,
                3,
                Trajectories.read(LENS, LAST, Trajectories.choose(LENS, LAST, List.of())),
                logarithmic);
    }

    @Test
    void theFileNamesTheLinesAndTheirValuesAtTheSelectedStep() throws IOException {
        String svg = FigureExport.svgText(figure(false), FigureTheme.LIGHT);
        for (String text : List.of("Dan", "0.999", "at loop 3", "loop step t", "probability")) {
            assertTrue(svg.contains(">" + text + "<"), text);
        }
    }

    @Test
    void theLogarithmicAxisShowsProbabilitiesAndTheFloor() throws IOException {
        String svg = FigureExport.svgText(figure(true), FigureTheme.LIGHT);
        for (String text : List.of("0.001", "0.1", "≤ 1e-6", "probability (log scale)")) {
            assertTrue(svg.contains(">" + text + "<"), text);
        }
    }

    @Test
    void aRunOfOneStepHasPointsOnly() {
        Inspection run = MadeUpRun.of(1, "a", "b").inspect();
        List<Trajectories.Line> lines = Trajectories.read(run.lens(), 1, Trajectories.choose(run.lens(), 1, List.of()));
        assertEquals(1, lines.get(0).logProbability().length);
    }

    @Test
    void smallProbabilitiesAreNotRoundedToNothing() {
        assertEquals("0.070", Trajectories.number(0.07));
        assertEquals("2e-06", Trajectories.number(2.1e-6));
        assertEquals("0.000", Trajectories.number(0));
    }
}
