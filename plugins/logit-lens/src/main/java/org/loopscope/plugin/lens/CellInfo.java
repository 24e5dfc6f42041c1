package org.loopscope.plugin.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.TokenText;

/**
 * What the hover says about one cell.
 *
 * @param heading where it is
 * @param predictions the most probable tokens, best first
 * @param facts entropy, KL, rank
 */
record CellInfo(String heading, List<Prediction> predictions, List<String> facts) {
    private static final int SHOWN = 20; // as many as fit beside a window

    /** One token and its probability. */
    record Prediction(String token, double probability) {}

    static CellInfo of(LensGrid grid, int row, int position) {
        List<Prediction> predictions = new ArrayList<>();
        for (int rank = 0; rank < Math.min(SHOWN, grid.topK()); rank++) {
            predictions.add(new Prediction(
                    visible(grid.topText(row, position, rank)), grid.topProbability(row, position, rank)));
        }
        String heading = grid.rows().get(row).label() + " · token " + (position + 1) + " “"
                + visible(grid.capture().tokenText(position)) + "”";
        return new CellInfo(
                heading,
                List.copyOf(predictions),
                List.of(
                        String.format(Locale.ROOT, "entropy %.3f nats", grid.entropy(row, position)),
                        String.format(Locale.ROOT, "KL to full depth %.3f nats", grid.klToLast(row, position)),
                        String.format(
                                Locale.ROOT,
                                "final answer %s has rank %,d",
                                visible(grid.tokenText(grid.finalId(position))),
                                grid.rankOfFinal(row, position))));
    }

    static String visible(String text) {
        return TokenText.inSentence(text, FigureTheme.LIGHT.monoBold(12), 24);
    }
}
