package org.loopscope.plugin.lens;

import java.util.Locale;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.figure.ValueScale;

/** What the cells of the lens heatmap are coloured by. Dark always is the decided end: probable, certain, settled. */
enum LensValue {
    PROBABILITY("Probability", "top-1 token and its probability") {
        @Override
        double at(LensGrid grid, int row, int position) {
            return grid.topProbability(row, position, 0);
        }

        @Override
        ValueScale scale(LensGrid grid, int vocabulary) {
            return ValueScale.probability("probability of the top-1 token");
        }

        @Override
        String text(double value) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
    },
    ENTROPY("Entropy", "top-1 token and the entropy of the prediction") {
        @Override
        double at(LensGrid grid, int row, int position) {
            return grid.entropy(row, position);
        }

        @Override
        ValueScale scale(LensGrid grid, int vocabulary) {
            return ValueScale.linear("entropy (nats)", Math.log(vocabulary), 0);
        }

        @Override
        String text(double value) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
    },
    KL("KL to full depth", "top-1 token and KL(full depth || this depth)") {
        @Override
        double at(LensGrid grid, int row, int position) {
            return grid.klToLast(row, position);
        }

        @Override
        ValueScale scale(LensGrid grid, int vocabulary) {
            double most = 0;
            for (int row = 0; row < grid.rows().size(); row++) {
                for (int position = 0; position < grid.positions(); position++) {
                    most = Math.max(most, grid.klToLast(row, position));
                }
            }
            return ValueScale.linear("KL to full depth (nats)", most > 0 ? most : 1, 0);
        }

        @Override
        String text(double value) {
            return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : "%.1f", value);
        }
    },
    RANK("Rank of final answer", "top-1 token and the rank of the full-depth answer") {
        @Override
        double at(LensGrid grid, int row, int position) {
            return grid.rankOfFinal(row, position);
        }

        @Override
        ValueScale scale(LensGrid grid, int vocabulary) {
            return ValueScale.logarithmic("rank of the full-depth answer (log scale)", vocabulary, 1);
        }

        @Override
        String text(double value) {
            return value < 10_000
                    ? String.format(Locale.ROOT, "%.0f", value)
                    : String.format(Locale.ROOT, "%.0fk", value / 1000);
        }
    };

    private final String title;
    private final String cellText;

    LensValue(String title, String cellText) {
        this.title = title;
        this.cellText = cellText;
    }

    /** Name in the toolbar. */
    String title() {
        return title;
    }

    /** What a cell says, for the subtitle. */
    String cellText() {
        return cellText;
    }

    abstract double at(LensGrid grid, int row, int position);

    abstract ValueScale scale(LensGrid grid, int vocabulary);

    abstract String text(double value);

    @Override
    public String toString() {
        return title;
    }
}
