package org.loopscope.plugin.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.choice.ChoiceData;
import org.loopscope.analysis.choice.ChoiceData.Point;
import org.loopscope.analysis.choice.ChoiceScore;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.DepthChart;
import org.loopscope.lab.FigureKind;
import tech.tablesaw.api.Table;

/** Pictures of the choices of a set. */
final class ChoiceFigures {
    private final ChoiceData data;
    private final ChoiceScore score;
    private final Optional<String> group;

    ChoiceFigures(ChoiceData data, ChoiceScore score, Optional<String> group) {
        this.data = data;
        this.score = score;
        this.group = group;
    }

    /** Share of questions whose right choice scores highest, by step: the chosen score and, beside it, per character or the sum. */
    Optional<ChartFigure> bySteps() {
        List<Point> points = data.points(group);
        if (points.isEmpty()) {
            return Optional.empty();
        }
        ChoiceScore other = score == ChoiceScore.SUM ? ChoiceScore.PER_CHARACTER : ChoiceScore.SUM;
        DepthChart chart = new DepthChart(heading(ChoiceLab.BY_STEP, points), data.steps(), 1)
                .vertical("questions right (share)", 0, 1)
                .reference(data.chance(group))
                .legendBelow();
        chart.line(new DepthChart.Line(score.column() + ", " + score.title(), 0, false, line(points, score), ""));
        chart.line(new DepthChart.Line(other.column() + ", " + other.title(), 1, true, line(points, other), ""));
        return Optional.of(chart.build(() -> table(points)));
    }

    private List<DepthChart.Point> line(List<Point> points, ChoiceScore of) {
        List<DepthChart.Point> line = new ArrayList<>();
        for (int t = 1; t <= data.steps(); t++) {
            int step = t;
            points.stream()
                    .filter(point -> point.reading().equals("fixed:" + step))
                    .map(point -> point.accuracy(of))
                    .forEach(e -> line.add(new DepthChart.Point(
                            step, e.value(), e.interval().low(), e.interval().high())));
        }
        return line;
    }

    /** The share against mean loops, a line for each kind of exit rule. */
    Optional<ChartFigure> curve() {
        List<Point> points = data.points(group);
        List<CurveFigure.Point> curve = points.stream()
                .map(p -> new CurveFigure.Point(p.reading(), p.loops(), p.accuracy(score)))
                .toList();
        boolean rules = curve.stream().anyMatch(point -> !point.kind().equals("fixed"));
        return rules
                ? Optional.of(new CurveFigure(data.steps(), () -> ChartStyle.unitAxis("questions right (share)"), true)
                        .of(curve, heading(ChoiceLab.CURVE, points), () -> table(points)))
                : Optional.empty();
    }

    private ChartFigure.Heading heading(FigureKind kind, List<Point> points) {
        return new ChartFigure.Heading(
                kind.id(),
                kind.title(),
                score.column() + ": " + score.title()
                        + group.map(name -> " · " + name).orElse("") + " · n = "
                        + points.get(0).questions() + " questions · T = " + data.steps() + " · line: chance "
                        + String.format(Locale.ROOT, "%.2f", data.chance(group)) + " · 95 % over questions · "
                        + data.computeDtype() + ", " + data.model(),
                () -> readings(points)
                        .describe(
                                "Share of questions right by " + score.title() + ".", point -> point.accuracy(score)));
    }

    private static Readings<Point> readings(List<Point> points) {
        return new Readings<>(points, Point::reading, Point::loops);
    }

    private static Table table(List<Point> points) {
        Readings<Point> readings = readings(points);
        Table table = readings.table("choices");
        for (ChoiceScore score : ChoiceScore.values()) {
            readings.add(table, score.column(), point -> point.accuracy(score));
        }
        return table;
    }
}
