package org.loopscope.plugin.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.attention.AttentionChange;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.ValueScale;

/** Attention maps of a layer, and how they change from loop to loop. */
final class AttentionFigures {
    static final String MAP = "attention-map";
    static final String CHANGE = "attention-change";

    /** What is shown of every head and step. */
    enum Measure {
        FROBENIUS("change (Frobenius)", "|A_t − A_{t−1}|_F"),
        KL("change (KL)", "mean KL(A_t | A_{t−1}), nats"),
        SINK("sink share", "mean weight on the first token"),
        ENTROPY("entropy", "mean row entropy, nats");

        private final String label;
        private final String formula;

        Measure(String label, String formula) {
            this.label = label;
            this.formula = formula;
        }

        double at(AttentionChange change, int step, int head) {
            return switch (this) {
                case FROBENIUS -> change.frobenius(step, head);
                case KL -> change.divergence(step, head);
                case SINK -> change.sinkShare(step, head);
                case ENTROPY -> change.entropy(step, head);
            };
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private AttentionFigures() {}

    /** Query (rows, the first at the top) × key: one head at one step. */
    static HeatmapFigure map(Inspection inspection, AttentionChange change, int step, int head, int position) {
        List<String> tokens = LensFigures.columnLabels(inspection.capture());
        return HeatmapFigure.builder(MAP, "Attention, layer " + change.layer() + ", head " + head + ", loop " + step)
                .subtitle("row: where a token looks · recomputed from the captured stream, "
                        + inspection.capture().model().computeDtype())
                .description(describe(change, step, head, position, tokens))
                .rows(Axis.tokens("query", tokens, 0))
                .columns(Axis.tokens("key", tokens, 0))
                .topDown(true)
                .values(
                        ValueScale.probability("weight"),
                        (q, k) -> k > q ? Double.NaN : change.at(step).weight(head, q, k))
                .texts((q, k) -> List.of(
                        k > q
                                ? ""
                                : String.format(
                                        Locale.ROOT, "%.2f", change.at(step).weight(head, q, k))))
                .selected(new HeatmapFigure.Cell(position, position))
                .preferredCell(38, 22)
                .table(() -> change.mapTable(step, head))
                .build();
    }

    private static String describe(AttentionChange change, int step, int head, int position, List<String> tokens) {
        int most = 0;
        for (int k = 1; k <= position; k++) {
            if (change.at(step).weight(head, position, k) > change.at(step).weight(head, position, most)) {
                most = k;
            }
        }
        return String.format(
                Locale.ROOT,
                "Token %d, “%s”, looks most at token %d, “%s”, with weight %.3f.",
                position + 1,
                tokens.get(position),
                most + 1,
                tokens.get(most),
                change.at(step).weight(head, position, most));
    }

    /** Head × step; a click chooses both. */
    static HeatmapFigure change(Inspection inspection, AttentionChange change, Measure measure, int step, int head) {
        double[][] values = new double[change.heads()][change.steps()];
        double most = 1e-9;
        for (int h = 0; h < change.heads(); h++) {
            for (int t = 1; t <= change.steps(); t++) {
                values[h][t - 1] = measure.at(change, t, h);
                most = Double.isNaN(values[h][t - 1]) ? most : Math.max(most, values[h][t - 1]);
            }
        }
        List<String> heads = new ArrayList<>();
        for (int h = 0; h < change.heads(); h++) {
            heads.add("head " + h);
        }
        return HeatmapFigure.builder(CHANGE, "Heads of layer " + change.layer() + " by loop")
                .subtitle(measure.formula + " · n = " + change.positions() + " queries · "
                        + inspection.capture().model().computeDtype())
                .description("Each head of layer " + change.layer() + " at each loop step: " + measure.formula + ".")
                .rows("", heads)
                .columns(Axis.loops("loop step", change.steps()))
                .topDown(true)
                .values(ValueScale.linear(measure.label, 0, most), (h, t) -> values[h][t])
                .texts((h, t) ->
                        List.of(Double.isNaN(values[h][t]) ? "–" : String.format(Locale.ROOT, "%.3f", values[h][t])))
                .selected(new HeatmapFigure.Cell(head, step - 1))
                .preferredCell(70, 26)
                .table(change::toTable)
                .build();
    }
}
