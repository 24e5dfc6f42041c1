package org.loopscope.plugin.faithfulness;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.ShuffledLabels;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;

/** What can be read from the states, over realised depth. */
public final class ProbeFigures {
    public static final String AUC = "probe-auc";
    private static final String STEP = "step ";

    private ProbeFigures() {}

    /**
     * ROC AUC of every target over depth, against a grey band of what probes find in shuffled labels.
     *
     * @param layers L where states were taken after every layer, 1 for step outputs
     * @param about what was probed: model, set, arithmetic
     */
    public static ChartFigure auc(List<ProbeRow> rows, int layers, String about) {
        List<String> targets = rows.stream().map(ProbeRow::target).distinct().toList();
        int depth = rows.stream().mapToInt(ProbeRow::depth).max().orElse(1);
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                AUC,
                                "What can be read from the last token's state",
                                subtitle(rows, about),
                                describe(rows)),
                        depth,
                        layers)
                .vertical("ROC AUC on held-out prompts", 0.4, 1)
                .reference(0.5)
                .legend("target: AUC at the end");
        for (int i = 0; i < targets.size(); i++) {
            String target = targets.get(i);
            List<ProbeRow> own =
                    rows.stream().filter(row -> row.target().equals(target)).toList();
            chart.line(new DepthChart.Line(name(target), i, false, points(own), last(own)));
        }
        if (rows.stream().allMatch(row -> row.shuffled().shuffles() > 0)) {
            int shuffles = rows.get(0).shuffled().shuffles();
            chart.against(new DepthChart.Line(
                    "shuffled labels", -2, true, chance(rows, depth), "n = " + shuffles + " × " + targets.size()));
        } else {
            oneShuffle(chart, rows, targets);
        }
        return chart.build(() -> ProbeRow.table(rows));
    }

    /** At every depth the mean over the targets, and the lowest and the highest AUC of all shuffles of any target. */
    private static List<DepthChart.Point> chance(List<ProbeRow> rows, int depth) {
        return IntStream.rangeClosed(1, depth)
                .mapToObj(d -> {
                    List<ShuffledLabels> here = rows.stream()
                            .filter(row -> row.depth() == d)
                            .map(ProbeRow::shuffled)
                            .toList();
                    return new DepthChart.Point(
                            d,
                            defined(here, ShuffledLabels::mean).average().orElse(Double.NaN),
                            defined(here, ShuffledLabels::low).min().orElse(Double.NaN),
                            defined(here, ShuffledLabels::high).max().orElse(Double.NaN));
                })
                .toList();
    }

    private static DoubleStream defined(List<ShuffledLabels> all, ToDoubleFunction<ShuffledLabels> value) {
        return all.stream().mapToDouble(value).filter(x -> !Double.isNaN(x));
    }

    /** Of rows written before there were several: each target's own, dashed in its colour. */
    private static void oneShuffle(DepthChart chart, List<ProbeRow> rows, List<String> targets) {
        for (int i = 0; i < targets.size(); i++) {
            String target = targets.get(i);
            List<DepthChart.Point> control = rows.stream()
                    .filter(row -> row.target().equals(target))
                    .map(row -> new DepthChart.Point(
                            row.depth(),
                            row.control().auc(),
                            row.control().auc(),
                            row.control().auc()))
                    .toList();
            chart.line(new DepthChart.Line("", i, true, control, ""));
        }
    }

    private static List<DepthChart.Point> points(List<ProbeRow> rows) {
        return rows.stream()
                .map(row -> new DepthChart.Point(
                        row.depth(),
                        row.probe().auc(),
                        row.probe().aucInterval().low(),
                        row.probe().aucInterval().high()))
                .toList();
    }

    private static String name(String target) {
        if (target.equals("gold")) {
            return "gold label";
        }
        return target.startsWith(STEP) ? "answer " + target.substring(STEP.length()) : target; // a table of others
    }

    private static String last(List<ProbeRow> rows) {
        double auc = rows.get(rows.size() - 1).probe().auc();
        return Double.isNaN(auc) ? "–" : String.format(Locale.ROOT, "%.2f", auc);
    }

    private static String subtitle(List<ProbeRow> rows, String about) {
        ProbeRow any = rows.get(0);
        String classes = any.probe().classes() > 2 ? ", one against the rest" : "";
        int shuffles = any.shuffled().shuffles();
        return about + " · " + any.evaluation() + ", n = " + any.probe().n() + classes
                + (shuffles == 0
                        ? " · dashed: labels shuffled once"
                        : " · grey: range of " + shuffles + (shuffles == 1 ? " shuffle" : " shuffles"))
                + " · 95 % a point · " + rows.size() + " probes, uncorrected";
    }

    private static String describe(List<ProbeRow> rows) {
        StringBuilder text = new StringBuilder("ROC AUC of a linear probe at the deepest state:");
        int depth = rows.stream().mapToInt(ProbeRow::depth).max().orElse(1);
        for (ProbeRow row : rows) {
            if (row.depth() == depth) {
                text.append(String.format(
                        Locale.ROOT,
                        " %s %.2f (shuffled labels %s);",
                        row.target(),
                        row.probe().auc(),
                        DepthChart.number(
                                row.shuffled().mean(),
                                row.shuffled().low(),
                                row.shuffled().high())));
            }
        }
        int shuffles = rows.get(0).shuffled().shuffles();
        return text.append(
                        shuffles == 0
                                ? ""
                                : " Grey: the lowest to the highest AUC of " + shuffles + " shuffles of the labels"
                                        + " of any line.")
                .append(" Intervals are 95 % for each point by itself; nothing is corrected for there being ")
                .append(rows.size())
                .append(" probes.")
                .toString();
    }
}
