package org.loopscope.plugin.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jfree.chart.axis.LogAxis;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.TokenText;
import org.loopscope.model.Capture;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** Curves over the loop steps. */
final class CurveFigures {
    static final String TOKEN = "geometry-curves";
    static final String SUMMARY = "geometry-summary";
    static final String DISTANCE = "geometry-distance";

    private CurveFigures() {}

    /** Step size, angle and turns of one token. */
    static ChartFigure token(Inspection inspection, int position, int step) {
        Capture capture = inspection.capture();
        StepGeometry geometry = inspection.geometry();
        List<Lines.Line> lines = List.of(
                line("relative step", capture.steps(), t -> geometry.relativeStep(t, position)),
                line("angular distance", capture.steps(), t -> geometry.angularDistance(t, position)),
                line("direction of updates (cosine)", capture.steps(), t -> geometry.updateCosine(t, position)),
                line("relative acceleration", capture.steps(), t -> geometry.relativeAcceleration(t, position)));
        return new ChartFigure(
                new ChartFigure.Heading(
                        TOKEN,
                        "Motion of “" + text(capture, position) + "”",
                        "step outputs after the final norm · " + capture.model().computeDtype()
                                + MapFigure.beyond(capture),
                        describe(lines)),
                480,
                280,
                theme -> Lines.chart(lines, step, t -> Lines.axis("no unit", lines), theme),
                () -> table(lines));
    }

    /** Effective rank, typical norm and typical entropy of each step, relative to the first step. */
    static ChartFigure summary(Inspection inspection, double[] effectiveRank, int tokens, int step) {
        Capture capture = inspection.capture();
        List<Lines.Line> lines = List.of(
                new Lines.Line("effective rank", effectiveRank),
                line(
                        "median norm",
                        capture.steps(),
                        t -> median(capture, p -> inspection.geometry().norm(t, p))),
                line(
                        "median lens entropy (nats)",
                        capture.steps(),
                        t -> median(
                                capture,
                                p -> inspection.lens().entropy(inspection.lens().rowOfStep(t), p))));
        List<Lines.Line> shown = lines.stream().map(CurveFigures::relative).toList();
        return new ChartFigure(
                new ChartFigure.Heading(
                        SUMMARY,
                        "All tokens by step",
                        "n = " + capture.length() + " tokens, effective rank of " + tokens
                                + ", each scaled to RMS 1 · step outputs · "
                                + capture.model().computeDtype(),
                        describe(lines)),
                480,
                280,
                theme -> Lines.chart(shown, step, t -> Lines.axis("relative to loop 1", shown), theme),
                () -> table(lines));
    }

    /** Divided by the first value, which goes into the name: lines of different units in one picture. */
    private static Lines.Line relative(Lines.Line line) {
        double first = line.values()[0];
        return new Lines.Line(
                line.name() + ", " + MapFigure.number(first) + " at loop 1",
                Arrays.stream(line.values()).map(v -> v / first).toArray());
    }

    /** How far from the end of the long run, on a logarithmic axis. */
    static ChartFigure distance(LongRun run, int position, int step) {
        Capture capture = run.capture();
        int n = capture.length();
        List<Lines.Line> lines = List.of(
                line("“" + text(capture, position) + "”", run.steps(), t -> run.distance(t, position)),
                line("median of " + n + " tokens", run.steps(), t -> median(capture, p -> run.distance(t, p))));
        return new ChartFigure(
                new ChartFigure.Heading(
                        DISTANCE,
                        "Distance to loop " + run.steps(),
                        "|h_t − h_" + run.steps() + "| / |h_" + run.steps() + "|, log scale · "
                                + capture.model().computeDtype() + MapFigure.beyond(capture),
                        describe(lines)),
                480,
                280,
                theme -> Lines.chart(lines, step, t -> logAxis(), theme),
                () -> table(lines));
    }

    private static LogAxis logAxis() {
        LogAxis axis = new LogAxis("distance / norm");
        axis.setSmallestValue(1e-9);
        axis.setNumberFormatOverride(ChartStyle.decimals("0.#E0"));
        axis.setAutoRangeMinimumSize(1e-3);
        return axis;
    }

    private static Lines.Line line(String name, int steps, IntToDoubleFunction value) {
        return new Lines.Line(
                name, IntStream.rangeClosed(1, steps).mapToDouble(value).toArray());
    }

    private static double median(Capture capture, IntToDoubleFunction value) {
        double[] sorted =
                IntStream.range(0, capture.length()).mapToDouble(value).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    static String text(Capture capture, int position) {
        return TokenText.inSentence(capture.tokenText(position), FigureTheme.LIGHT.font(12), 20);
    }

    private static String describe(List<Lines.Line> lines) {
        StringBuilder text = new StringBuilder("By loop step.");
        for (Lines.Line line : lines) {
            text.append(" ").append(line.name()).append(":");
            Arrays.stream(line.values()).limit(16).forEach(v -> text.append(" ").append(MapFigure.number(v)));
            text.append(line.values().length > 16 ? " …." : ".");
        }
        return text.toString();
    }

    private static Table table(List<Lines.Line> lines) {
        IntColumn step = IntColumn.create("step");
        for (int t = 1; t <= lines.get(0).values().length; t++) {
            step.append(t);
        }
        Table table = Table.create("curves", step);
        lines.forEach(line -> table.addColumns(DoubleColumn.create(line.name(), line.values())));
        return table;
    }
}
