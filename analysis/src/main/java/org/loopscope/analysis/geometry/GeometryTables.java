package org.loopscope.analysis.geometry;

import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables of a long run and of ranks; the columns are a public format. */
public final class GeometryTables {
    private GeometryTables() {}

    /**
     * One line per token: {@code position}, {@code token}, {@code motion}, {@code period} (missing but for cycles), {@code
     * tail}, {@code largest_step}, {@code best_return}, {@code straightness}; see {@link Motion}.
     */
    public static Table motions(LongRun run) {
        Capture capture = run.capture();
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        StringColumn kind = StringColumn.create("motion");
        IntColumn period = IntColumn.create("period");
        IntColumn tail = IntColumn.create("tail");
        DoubleColumn largest = DoubleColumn.create("largest_step");
        DoubleColumn best = DoubleColumn.create("best_return");
        DoubleColumn straight = DoubleColumn.create("straightness");
        for (int p = 0; p < capture.length(); p++) {
            Motion motion = run.motion(p);
            position.append(p);
            token.append(capture.tokenText(p));
            kind.append(motion.kind().label());
            Tables.append(period, motion.period());
            tail.append(motion.tail());
            largest.append(motion.largestStep());
            best.append(motion.bestReturn());
            straight.append(motion.straightness());
        }
        return Table.create("motions", position, token, kind, period, tail, largest, best, straight);
    }

    /**
     * One line per step, and per layer of it where {@code layers} [T][L] is not empty: {@code step}, {@code layer} (missing
     * for step outputs), {@code effective_rank}.
     */
    public static Table ranks(double[] steps, double[][] layers) {
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        DoubleColumn rank = DoubleColumn.create("effective_rank");
        for (int t = 0; t < steps.length; t++) {
            for (int l = 0; t < layers.length && l < layers[t].length; l++) {
                step.append(t + 1);
                layer.append(l);
                rank.append(layers[t][l]);
            }
            step.append(t + 1);
            layer.appendMissing();
            rank.append(steps[t]);
        }
        return Table.create("effective_rank", step, layer, rank);
    }

    /**
     * One line per token and step: {@code position}, {@code token}, {@code step}, {@code distance_to_end}, {@code
     * cosine_to_end}.
     */
    public static Table distances(LongRun run) {
        Capture capture = run.capture();
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        DoubleColumn distance = DoubleColumn.create("distance_to_end");
        DoubleColumn cosine = DoubleColumn.create("cosine_to_end");
        for (int p = 0; p < capture.length(); p++) {
            for (int t = 1; t <= run.steps(); t++) {
                position.append(p);
                token.append(capture.tokenText(p));
                step.append(t);
                distance.append(run.distance(t, p));
                cosine.append(run.cosine(t, p));
            }
        }
        return Table.create("distance_to_end", position, token, step, distance, cosine);
    }
}
