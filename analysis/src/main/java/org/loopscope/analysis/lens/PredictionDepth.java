package org.loopscope.analysis.lens;

import org.loopscope.analysis.table.Tables;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * For every token the first depth from which on the top-1 prediction of a lens is that of the last depth. Immutable.
 *
 * <p>Source of the notion: Baldock et al. 2021 (arXiv:2106.09647), there with nearest neighbours; with a lens, Belrose et
 * al. 2023 (arXiv:2303.08112) §5.
 */
public final class PredictionDepth {
    private final LensGrid lens;
    private final int[] rows; // [S]

    private PredictionDepth(LensGrid lens) {
        this.lens = lens;
        this.rows = new int[lens.positions()];
        int last = lens.rows().size() - 1;
        for (int p = 0; p < rows.length; p++) {
            int row = last;
            while (row > 0 && lens.topId(row - 1, p, 0) == lens.finalId(p)) {
                row--;
            }
            rows[p] = row;
        }
    }

    public static PredictionDepth of(LensGrid lens) {
        return new PredictionDepth(lens);
    }

    /** Row of the lens, 0-based. */
    public int row(int position) {
        return rows[position];
    }

    /** Tokens by row, [rows of the lens]. */
    public int[] histogram() {
        int[] counts = new int[lens.rows().size()];
        for (int row : rows) {
            counts[row]++;
        }
        return counts;
    }

    /** One line per token: {@code position}, {@code token}, {@code step}, {@code layer} (missing for step outputs), {@code text}, {@code lens}. */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        StringColumn text = StringColumn.create("text");
        for (int p = 0; p < rows.length; p++) {
            DepthPoint depth = lens.rows().get(rows[p]);
            position.append(p);
            token.append(lens.capture().tokenText(p));
            step.append(depth.step());
            Tables.append(layer, depth.layer());
            text.append(lens.tokenText(lens.finalId(p)));
        }
        return Tables.withText(
                Table.create("prediction_depth", position, token, step, layer, text), "lens", lens.lens());
    }
}
