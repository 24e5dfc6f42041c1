package org.loopscope.plugin.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.loopscope.analysis.loss.LossData;
import org.loopscope.analysis.loss.LossPoint;
import org.loopscope.analysis.loss.LossRow;
import org.loopscope.analysis.loss.TokenClass;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;
import org.loopscope.lab.FigureKind;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Pictures of the losses of a set. */
final class LossFigures {
    private final LossData data;
    private final LossView view;

    LossFigures(LossData data, LossView view) {
        this.data = data;
        this.view = view;
    }

    /** Loss at every step, with the expected one and the least of all steps as levels. */
    Optional<ChartFigure> byStep() {
        List<LossPoint> points = points(TokenClass.ALL);
        if (points.isEmpty()) {
            return Optional.empty();
        }
        DepthChart chart = chart(LossLab.BY_STEP, points, "", "loss (nats a token)");
        chart.line(new DepthChart.Line("at this loop", 0, false, line(points, LossPoint::loss), ""));
        find(points, LossRow.EXPECTED).ifPresent(p -> chart.line(level("expected Σ p(t) L(t)", 1, p)));
        find(points, LossRow.ORACLE).ifPresent(p -> chart.line(level("least of all loops", 2, p)));
        return Optional.of(chart.build(() -> table(points)));
    }

    /** Loss at every step, a line for each class of tokens. */
    Optional<ChartFigure> byClass() {
        List<String> classes = data.classes(view.scope());
        if (classes.size() < 2) {
            return Optional.empty();
        }
        List<LossPoint> all = points(TokenClass.ALL);
        DepthChart chart = chart(LossLab.BY_CLASS, all, "", "loss (nats a token)");
        for (int i = 0; i < classes.size(); i++) {
            List<LossPoint> points = points(classes.get(i));
            chart.line(new DepthChart.Line(
                    classes.get(i) + " ("
                            + (points.isEmpty() ? 0 : points.get(0).tokens()) + ")",
                    i,
                    false,
                    line(points, LossPoint::loss),
                    ""));
        }
        return Optional.of(chart.build(() -> classes.stream()
                .map(name -> table(points(name))
                        .addColumns(tokensOf(name, points(name).size())))
                .reduce(Table::append)
                .orElseThrow()));
    }

    private static StringColumn tokensOf(String name, int rows) {
        StringColumn column = StringColumn.create("tokens_of");
        for (int i = 0; i < rows; i++) {
            column.append(name);
        }
        return column;
    }

    /** Shares of tokens whose loss has risen, and that are worse than their least, by step. */
    Optional<ChartFigure> rises() {
        List<LossPoint> points = points(TokenClass.ALL);
        if (points.isEmpty() || data.steps() < 2) {
            return Optional.empty();
        }
        String margin = " · a rise is more than " + data.margin() + " nats";
        DepthChart chart = chart(LossLab.RISES, points, margin, "share of tokens");
        chart.line(new DepthChart.Line("has risen up to this loop", 0, false, line(points, LossPoint::risen), ""));
        chart.line(new DepthChart.Line("is above its least", 1, false, line(points, LossPoint::worse), ""));
        return Optional.of(chart.build(() -> table(points)));
    }

    /** Loss against mean loops, a line for each kind of exit rule. */
    Optional<ChartFigure> curve() {
        List<LossPoint> points = points(TokenClass.ALL);
        boolean rules = points.stream()
                .anyMatch(p -> !isStep(p)
                        && !p.reading().equals(LossRow.EXPECTED)
                        && !p.reading().equals(LossRow.ORACLE));
        List<CurveFigure.Point> curve = points.stream()
                .map(p -> new CurveFigure.Point(p.reading(), p.loops(), p.loss()))
                .toList();
        return rules
                ? Optional.of(new CurveFigure(data.steps(), LossFigures::axis, false)
                        .of(curve, heading(LossLab.CURVE, points, ""), () -> table(points)))
                : Optional.empty();
    }

    private static ValueAxis axis() {
        NumberAxis axis = new NumberAxis("loss (nats a token)");
        axis.setAutoRangeIncludesZero(true);
        axis.setAutoRangeStickyZero(false);
        axis.setAutoRangeMinimumSize(0.01);
        return axis;
    }

    private List<LossPoint> points(String tokens) {
        return data.points(view.scope(), tokens, view.group());
    }

    private DepthChart chart(FigureKind kind, List<LossPoint> points, String more, String axis) {
        return new DepthChart(heading(kind, points, more), data.steps(), 1)
                .vertical(axis, 0, 0.01)
                .legendBelow();
    }

    private ChartFigure.Heading heading(FigureKind kind, List<LossPoint> points, String more) {
        LossPoint first = points.get(0);
        return new ChartFigure.Heading(
                kind.id(),
                kind.title(),
                view.title() + " · n = " + first.texts() + " texts, " + first.tokens() + " tokens · T = " + data.steps()
                        + more + " · 95 % over texts · " + data.computeDtype() + ", " + data.model(),
                () -> readings(points).describe("Mean loss in nats a token.", LossPoint::loss));
    }

    private static boolean isStep(LossPoint point) {
        return point.reading().startsWith("fixed:");
    }

    private static Optional<LossPoint> find(List<LossPoint> points, String reading) {
        return points.stream().filter(p -> p.reading().equals(reading)).findFirst();
    }

    private List<DepthChart.Point> line(List<LossPoint> points, Function<LossPoint, Estimate> value) {
        List<DepthChart.Point> line = new ArrayList<>();
        for (int t = 1; t <= data.steps(); t++) {
            int step = t;
            find(points, LossRow.step(t))
                    .map(value)
                    .ifPresent(e -> line.add(new DepthChart.Point(
                            step, e.value(), e.interval().low(), e.interval().high())));
        }
        return line;
    }

    private DepthChart.Line level(String name, int color, LossPoint point) {
        List<DepthChart.Point> line = new ArrayList<>();
        double value = point.loss().value();
        for (int t = 1; t <= data.steps(); t++) {
            line.add(new DepthChart.Point(t, value, Double.NaN, Double.NaN));
        }
        return new DepthChart.Line(name, color, true, line, "");
    }

    private static Readings<LossPoint> readings(List<LossPoint> points) {
        return new Readings<>(points, LossPoint::reading, LossPoint::loops);
    }

    private static Table table(List<LossPoint> points) {
        Readings<LossPoint> readings = readings(points);
        Table table = readings.table("loss");
        readings.add(table, "loss", LossPoint::loss);
        readings.add(table, "risen", LossPoint::risen);
        readings.add(table, "worse", LossPoint::worse);
        return table;
    }
}
