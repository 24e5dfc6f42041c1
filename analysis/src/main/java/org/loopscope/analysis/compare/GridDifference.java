package org.loopscope.analysis.compare;

import java.util.List;

/**
 * The numbers of one grid minus those of another: rows with rows and columns with columns of the same name. A cell that only
 * one has, or that is no finite number in one, is missing (NaN), never 0. Immutable.
 */
public final class GridDifference {
    /** The number of a cell, NaN for none. */
    @FunctionalInterface
    public interface Values {
        double at(int row, int column);
    }

    /**
     * A grid.
     *
     * @param rows names of the rows, each once
     * @param columns names of the columns, each once
     */
    public record Grid(List<?> rows, List<?> columns, Values values) {
        public Grid {
            rows = List.copyOf(rows);
            columns = List.copyOf(columns);
        }
    }

    private final MatchedKeys<?> rows;
    private final MatchedKeys<?> columns;
    private final double[][] a; // [rows][columns], NaN for none
    private final double[][] b;
    private final int n;
    private final int onlyA;
    private final int onlyB;
    private final double mean;
    private final double meanSize;
    private final double largest;

    private GridDifference(Grid gridA, Grid gridB) {
        this.rows = matched(gridA.rows, gridB.rows);
        this.columns = matched(gridA.columns, gridB.columns);
        this.a = new double[rows.size()][columns.size()];
        this.b = new double[rows.size()][columns.size()];
        int both = 0;
        int inA = 0;
        int inB = 0;
        double sum = 0;
        double sizes = 0;
        double most = Double.NaN;
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                a[row][column] = number(gridA, rows.ofA(row), columns.ofA(column));
                b[row][column] = number(gridB, rows.ofB(row), columns.ofB(column));
                double difference = b[row][column] - a[row][column];
                inA += Double.isNaN(a[row][column]) ? 0 : 1;
                inB += Double.isNaN(b[row][column]) ? 0 : 1;
                if (!Double.isNaN(difference)) {
                    both++;
                    sum += difference;
                    sizes += Math.abs(difference);
                    most = Math.abs(difference) <= Math.abs(most) ? most : difference;
                }
            }
        }
        this.n = both;
        this.onlyA = inA - both;
        this.onlyB = inB - both;
        this.mean = sum / both;
        this.meanSize = sizes / both;
        this.largest = most;
    }

    private static MatchedKeys<Object> matched(List<?> a, List<?> b) {
        return MatchedKeys.of(List.<Object>copyOf(a), List.<Object>copyOf(b));
    }

    /** B − A. */
    public static GridDifference of(Grid a, Grid b) {
        return new GridDifference(a, b);
    }

    private static double number(Grid grid, int row, int column) {
        double number = row < 0 || column < 0 ? Double.NaN : grid.values.at(row, column);
        return Double.isFinite(number) ? number : Double.NaN;
    }

    public MatchedKeys<?> rows() {
        return rows;
    }

    public MatchedKeys<?> columns() {
        return columns;
    }

    /** The number of A, NaN for none. */
    public double a(int row, int column) {
        return a[row][column];
    }

    /** The number of B, NaN for none. */
    public double b(int row, int column) {
        return b[row][column];
    }

    /** B − A; NaN where one of the two has no number. */
    public double at(int row, int column) {
        return b[row][column] - a[row][column];
    }

    /** Cells in which both have a number. */
    public int n() {
        return n;
    }

    /** Cells in which only A has one. */
    public int onlyA() {
        return onlyA;
    }

    public int onlyB() {
        return onlyB;
    }

    /** Mean of B − A over n cells; NaN for n = 0. */
    public double mean() {
        return mean;
    }

    /** Mean of |B − A|. */
    public double meanSize() {
        return meanSize;
    }

    /** The difference of the largest size, with its sign; NaN for n = 0. */
    public double largest() {
        return largest;
    }
}
