package org.loopscope.plugin.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.answers.GeneratedData;
import org.loopscope.analysis.answers.GeneratedData.Point;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.DepthChart;
import org.loopscope.lab.Findings;
import org.loopscope.lab.SetWords;
import org.loopscope.model.base.LoopscopeException;

/** What generated answers say, for people and programs, and their picture. */
final class AnswersFindings {
    private AnswersFindings() {}

    /** A way of generating with its pass@k. */
    private record Passed(Point point, Estimate pass) {}

    private static List<Passed> passed(GeneratedData data, int k, Optional<String> group) throws LoopscopeException {
        List<Passed> passed = new ArrayList<>();
        for (Point point : data.points(group)) {
            if (k > point.samples()) {
                throw new LoopscopeException("--k: expected at most " + point.samples()
                        + ", the texts that every prompt has, found " + k + ".");
            }
            passed.add(new Passed(point, data.pass(point.way(), k, group)));
        }
        return passed;
    }

    static Findings of(GeneratedData data, int k, Optional<String> group) throws LoopscopeException {
        List<Passed> passed = passed(data, k, group);
        Rows<Passed> rows = Rows.of(passed)
                .text("way", "generated", p -> p.point().way())
                .whole("prompts", "n", p -> p.point().prompts())
                .whole("samples", "texts", p -> p.point().samples())
                .number("accuracy", "right", 3, p -> p.point().accuracy().value())
                .interval("accuracy", 3, p -> p.point().accuracy().interval())
                .number("pass_at_" + k, "pass@" + k, 3, p -> p.pass().value())
                .ends("pass_at_" + k, p -> p.pass().interval())
                .number("mean_loops", "mean loops", 2, p -> p.point().loops().value())
                .ends("mean_loops", p -> p.point().loops().interval())
                .number("tokens", "tokens", 1, p -> p.point().tokens().value())
                .number("ended", "ended", 3, p -> p.point().ended().value())
                .number("score", "score", 2, p -> p.point().score().value())
                .interval("score", 2, p -> p.point().score().interval());
        return new Findings()
                .line("Model      " + SetWords.model(data.model()) + ", " + data.computeDtype())
                .line("Prompts    " + data.prompts()
                        + group.map(name -> ", of them those of " + SetWords.model(name))
                                .orElse("")
                        + SetWords.skipped(data.problems()))
                .line("Steps      T = " + data.steps())
                .line("")
                .table("ways", rows)
                .line("")
                .line(
                        "right: of each prompt the share of its texts, mean over prompts with its 95 % interval; mean loops: of the"
                                + " steps that tokens were read from.")
                .put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("prompts", data.prompts())
                .put("prompts_not_measured", data.problems())
                .put("group", group.orElse(null))
                .put("k", k);
    }

    /** Right answers against mean loops, a mark for each rule, a line for each policy of the KV cache. */
    static Optional<ChartFigure> curve(GeneratedData data, int k, Optional<String> group) throws LoopscopeException {
        List<Passed> passed = passed(data, k, group);
        List<CurveFigure.Point> points = passed.stream()
                .filter(p -> p.pass().n() > 0)
                .map(p -> new CurveFigure.Point(p.point().way(), p.point().loops(), p.pass()))
                .toList();
        if (points.isEmpty()) {
            return Optional.empty();
        }
        Point first = passed.get(0).point();
        ChartFigure.Heading heading = new ChartFigure.Heading(
                AnswersLab.CURVE.id(),
                AnswersLab.CURVE.title(),
                "pass@" + k + " of " + first.samples() + (first.samples() == 1 ? " text" : " texts") + " a prompt"
                        + group.map(name -> " · " + name).orElse("") + " · n = " + first.prompts() + " prompts · T = "
                        + data.steps() + " · 95 % over prompts · " + data.computeDtype() + ", " + data.model(),
                () -> describe(passed));
        return Optional.of(new CurveFigure(data.steps(), () -> ChartStyle.unitAxis("prompts right (share)"), true)
                .of(points, heading, () -> of(passed)));
    }

    private static String describe(List<Passed> passed) {
        StringBuilder text = new StringBuilder("Share of prompts answered rightly.");
        for (Passed p : passed) {
            Estimate e = p.pass();
            text.append(String.format(
                            Locale.ROOT,
                            " %s, %.2f loops: ",
                            p.point().way(),
                            p.point().loops().value()))
                    .append(DepthChart.number(
                            e.value(), e.interval().low(), e.interval().high()))
                    .append(';');
        }
        return text.toString();
    }

    private static tech.tablesaw.api.Table of(List<Passed> passed) {
        return Rows.of(passed)
                .text("way", "", p -> p.point().way())
                .number("mean_loops", "", 2, p -> p.point().loops().value())
                .ends("mean_loops", p -> p.point().loops().interval())
                .number("pass", "", 3, p -> p.pass().value())
                .ends("pass", p -> p.pass().interval())
                .toTable("answers");
    }
}
