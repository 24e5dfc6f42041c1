package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.CompareSummary;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.Comparison;

/** One compared value for a program: arrays are [rows][columns] of the alignment, null where a run has nothing. */
final class CompareJson {
    private CompareJson() {}

    static ObjectNode value(ComparedValue value) {
        ObjectNode node = Json.object();
        node.put("value", value.value().cliName());
        node.put("label", value.label());
        ArrayNode runs = node.putArray("runs");
        for (int run = value.value().pair() ? 1 : 0; run < value.comparison().size(); run++) {
            ObjectNode one = runs.addObject().put("run", Comparison.letter(run));
            one.set("cells", cells(value, run, false));
            if (run > 0) {
                if (!value.value().pair()) {
                    one.set("difference", cells(value, run, true));
                }
                one.set("summary", summary(CompareSummary.of(value, run)));
            }
        }
        return node;
    }

    private static ArrayNode cells(ComparedValue value, int run, boolean difference) {
        Alignment alignment = value.comparison().alignment();
        ArrayNode rows = Json.array();
        for (int row = 0; row < alignment.rows(); row++) {
            int r = row;
            rows.add(Json.numbers(
                    alignment.columns(),
                    column -> difference ? value.difference(run, r, column) : value.at(run, r, column)));
        }
        return rows;
    }

    private static ObjectNode summary(CompareSummary summary) {
        ObjectNode node = Json.object();
        node.put("n", summary.n());
        Json.put(node, "mean", summary.mean());
        Json.put(node, "mean_size", summary.meanSize());
        Json.put(node, "largest", summary.largest());
        put(node, "row", summary.row());
        put(node, "column", summary.column());
        Json.put(node, "low", summary.interval().low());
        Json.put(node, "high", summary.interval().high());
        return node;
    }

    private static void put(ObjectNode node, String key, int index) {
        if (index < 0) {
            node.putNull(key);
        } else {
            node.put(key, index);
        }
    }

    static void add(ArrayNode array, int index) {
        if (index == Alignment.MISSING) {
            array.addNull();
        } else {
            array.add(index);
        }
    }
}
