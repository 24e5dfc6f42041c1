package org.loopscope.analysis.compare;

import java.util.stream.IntStream;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.stat.RunIntervals;

/**
 * The differences of one run to A in a few numbers.
 *
 * @param n cells (or tokens, for a value of tokens) that both have
 * @param mean mean difference; of a pair value, its mean. NaN for n = 0
 * @param meanSize mean of the sizes of the differences
 * @param largest the difference of the largest size, NaN for n = 0
 * @param row of the largest, from 0; −1 for none
 * @param column of the largest, from 0; −1 for none
 * @param interval 95 % of the mean where the value is a yes or no, over tokens with all their cells, {@link RunIntervals};
 *     otherwise both ends NaN
 */
public record CompareSummary(
        int n, double mean, double meanSize, double largest, int row, int column, Interval interval) {

    public static CompareSummary of(ComparedValue value, int run) {
        Alignment alignment = value.comparison().alignment();
        int n = 0;
        double sum = 0;
        double sizes = 0;
        double largest = Double.NaN;
        int atRow = -1;
        int atColumn = -1;
        for (int row = 0; row < alignment.rows(); row++) {
            for (int column = 0; column < alignment.columns(); column++) {
                double difference = value.difference(run, row, column);
                if (Double.isNaN(difference) || value.value().perToken() && row != lastRow(value, run)) {
                    continue;
                }
                n++;
                sum += difference;
                sizes += Math.abs(difference);
                if (!(Math.abs(difference) <= Math.abs(largest))) {
                    largest = difference;
                    atRow = row;
                    atColumn = column;
                }
            }
        }
        boolean share = value.value() == CompareValue.SAME_TOP1;
        Interval interval = share ? RunIntervals.share(byToken(value, run)) : Intervals.NONE;
        return new CompareSummary(n, sum / n, sizes / n, largest, atRow, atColumn, interval);
    }

    /** The mean of each token that has one. */
    private static double[] byToken(ComparedValue value, int run) {
        Alignment alignment = value.comparison().alignment();
        return IntStream.range(0, alignment.columns())
                .mapToDouble(column -> IntStream.range(0, alignment.rows())
                        .mapToDouble(row -> value.difference(run, row, column))
                        .filter(difference -> !Double.isNaN(difference))
                        .average()
                        .orElse(Double.NaN))
                .filter(mean -> !Double.isNaN(mean))
                .toArray();
    }

    /** A row in which A and the run both have a loop: that of the last loop that both have. */
    private static int lastRow(ComparedValue value, int run) {
        Alignment alignment = value.comparison().alignment();
        int row = alignment.rows() - 1;
        while (row > 0 && (alignment.step(0, row) < 1 || alignment.step(run, row) < 1)) {
            row--;
        }
        return row;
    }
}
