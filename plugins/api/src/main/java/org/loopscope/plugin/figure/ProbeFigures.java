package org.loopscope.plugin.figure;

import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.probe.ProbeRow;

/** What can be read from the states, over realised depth. */
public final class ProbeFigures {
    public static final String AUC = "probe-auc";

    private ProbeFigures() {}

    /**
     * ROC AUC of every target over depth, its control dashed in the same colour.
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
        return chart.build(() -> ProbeRow.table(rows));
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
        return target.equals("gold") ? "gold label" : "answer " + target.substring("step ".length());
    }

    private static String last(List<ProbeRow> rows) {
        double auc = rows.get(rows.size() - 1).probe().auc();
        return Double.isNaN(auc) ? "–" : String.format(Locale.ROOT, "%.2f", auc);
    }

    private static String subtitle(List<ProbeRow> rows, String about) {
        ProbeRow any = rows.get(0);
        String classes = any.probe().classes() > 2 ? " · mean of one against the rest" : "";
        return about + " · " + any.evaluation() + ", n = " + any.probe().n() + classes
                + " · band: 95 %, dashed: shuffled labels";
    }

    private static String describe(List<ProbeRow> rows) {
        StringBuilder text = new StringBuilder("ROC AUC of a linear probe at the deepest state:");
        int depth = rows.stream().mapToInt(ProbeRow::depth).max().orElse(1);
        for (ProbeRow row : rows) {
            if (row.depth() == depth) {
                text.append(String.format(
                        Locale.ROOT,
                        " %s %.2f (shuffled labels %.2f);",
                        row.target(),
                        row.probe().auc(),
                        row.control().auc()));
            }
        }
        return text.toString();
    }
}
