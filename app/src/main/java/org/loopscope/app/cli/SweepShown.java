package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPoint;

/** A sweep for a person and for a program: what each rule reaches, and its best threshold. */
final class SweepShown {
    /** Share of T; 2.5 of 4 loops, where Zhu et al. 2025 (arXiv:2510.25741) §5.4.1 compare exit rules. */
    private static final double BUDGET = 0.625;

    private final SweepData data;
    private final Optional<Double> wantedBudget;
    private final Optional<Double> cost;

    SweepShown(SweepData data, Optional<Double> budget, Optional<Double> cost) {
        this.data = data;
        this.wantedBudget = budget;
        this.cost = cost;
    }

    double budget() {
        return wantedBudget.orElse(Math.max(1, BUDGET * data.steps()));
    }

    /** The curve of answers right, or of agreement where there are no answers. */
    SweepCurve curve(Optional<String> group) {
        Scope scope = data.mainScope();
        return data.curve(scope, SweepData.mainQuality(scope), group);
    }

    private Optional<SweepPoint> best(SweepCurve curve, String rule) {
        return cost.isPresent() ? curve.bestAtCost(rule, cost.get()) : curve.bestWithin(rule, budget());
    }

    void print(PrintWriter out, boolean byGroup) {
        Scope scope = data.mainScope();
        out.println("Model      " + Shown.text(data.model()));
        out.println("Prompts    " + data.prompts()
                + (data.problems() == 0 ? "" : " (" + data.problems() + " not measured: a number was not finite)"));
        out.println("Steps      T = " + data.steps());
        out.println("Quality    " + SweepData.mainQuality(scope).title() + ", " + scope.title()
                + "; 95 % intervals over prompts");
        out.println();
        table(curve(Optional.empty())).print(out);
        if (byGroup) {
            for (String group : data.groups()) {
                out.println();
                out.println(Shown.text(group));
                table(curve(Optional.of(group))).print(out);
            }
        }
        out.println();
        out.println("Savings are nominal: loops left out if leaving cost nothing.");
    }

    private TextTable table(SweepCurve curve) {
        String best = cost.map(c -> String.format(Locale.ROOT, "best at cost %.3g", c))
                .orElse(String.format(Locale.ROOT, "best within %.2f loops", budget()));
        TextTable table = new TextTable()
                .left("rule")
                .left(best)
                .right("mean loops")
                .right("fewer")
                .right(curve.quality().title())
                .right("95 %");
        for (String rule : curve.rules()) {
            Optional<SweepPoint> point = cost.isPresent() ? best(curve, rule) : curve.shown(rule, budget());
            table.row(point.map(p -> row(curve, rule, p)).orElse(List.of(rule, "none", "", "", "", "")));
        }
        curve.point("fixed:" + curve.steps()).ifPresent(p -> table.row(row(curve, "full depth", p)));
        return table;
    }

    private static List<String> row(SweepCurve curve, String rule, SweepPoint p) {
        return List.of(
                rule,
                p.spec(),
                String.format(Locale.ROOT, "%.2f", p.meanLoops()),
                String.format(Locale.ROOT, "%.0f %%", 100 * (1 - p.meanLoops() / curve.steps())),
                String.format(Locale.ROOT, "%.3f", p.quality()),
                interval(p.interval()));
    }

    private static String interval(Interval of) {
        return Double.isNaN(of.low()) ? "–" : String.format(Locale.ROOT, "%.3f–%.3f", of.low(), of.high());
    }

    /** The object of docs/cli.md: every curve that the rows allow. */
    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("prompts", data.prompts())
                .put("prompts_not_measured", data.problems());
        if (cost.isPresent()) {
            json.put("cost", cost.get());
        } else {
            json.put("budget", budget());
        }
        ArrayNode curves = json.putArray("curves");
        for (Scope scope : data.scopes()) {
            for (Quality quality : Quality.values()) {
                if (quality != Quality.ACCURACY || scope == Scope.ANSWER) {
                    curves.add(json(data.curve(scope, quality, Optional.empty())));
                    data.groups().forEach(g -> curves.add(json(data.curve(scope, quality, Optional.of(g)))));
                }
            }
        }
        return json;
    }

    private ObjectNode json(SweepCurve curve) {
        ObjectNode json = Json.object()
                .put("scope", curve.scope().cliName())
                .put("quality", curve.quality().name().toLowerCase(Locale.ROOT))
                .put("group", curve.group().orElse(null));
        ObjectNode best = json.putObject("best");
        curve.rules()
                .forEach(rule ->
                        best.put(rule, best(curve, rule).map(SweepPoint::spec).orElse(null)));
        ArrayNode points = json.putArray("points");
        for (SweepPoint p : curve.points()) {
            ObjectNode point = points.addObject().put("rule", p.rule());
            Json.put(point, "threshold", p.threshold());
            point.put("spec", p.spec()).put("prompts", p.prompts()).put("tokens", p.tokens());
            Json.put(point, "mean_loops", p.meanLoops());
            point.set(
                    "mean_loops_interval",
                    Json.numbers(2, i -> i == 0 ? p.loops().low() : p.loops().high()));
            Json.put(point, "quality", p.quality());
            point.set(
                    "quality_interval",
                    Json.numbers(
                            2, i -> i == 0 ? p.interval().low() : p.interval().high()));
        }
        return json;
    }
}
