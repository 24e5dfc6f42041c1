package org.loopscope.analysis.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.compare.CurveDifference.Curve;
import org.loopscope.analysis.compare.CurveDifference.Pair;
import org.loopscope.analysis.compare.CurveDifference.Point;
import org.loopscope.analysis.compare.GridDifference.Grid;

/** Differences of grids and curves, by hand. */
class DifferenceTest {
    private static Grid grid(List<String> rows, List<String> columns, double[][] values) {
        return new Grid(rows, columns, (row, column) -> values[row][column]);
    }

    private static Curve curve(String name, double... xy) {
        return new Curve(
                name,
                IntStream.range(0, xy.length / 2)
                        .mapToObj(i -> new Point(xy[2 * i], xy[2 * i + 1]))
                        .toList());
    }

    @Test
    void whatOnlyBHasStandsAfterItsNeighbour() {
        MatchedKeys<String> matched = MatchedKeys.of(List.of("a", "b", "d"), List.of("x", "a", "c", "d", "e"));
        assertEquals(List.of("x", "a", "c", "b", "d", "e"), matched.keys());
        assertEquals(2, matched.shared());
        assertEquals(Alignment.MISSING, matched.ofA(0));
        assertEquals(0, matched.ofB(0));
        assertEquals(1, matched.ofA(3)); // b
        assertEquals(Alignment.MISSING, matched.ofB(3));
        assertEquals(3, matched.ofB(4)); // d
    }

    @Test
    void aNameThatStandsTwiceIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MatchedKeys.of(List.of("a", "a"), List.of("a")));
    }

    @Test
    void cellsOfOneNameAreSubtractedWhereverTheyStand() {
        // rows 1, 2 and columns x, y of A; B has its rows in another order and z for y
        GridDifference difference = GridDifference.of(
                grid(List.of("1", "2"), List.of("x", "y"), new double[][] {{0.5, 1}, {0.25, 2}}),
                grid(List.of("2", "1"), List.of("x", "z"), new double[][] {{0.75, 7}, {0.25, 8}}));
        assertEquals(List.of("1", "2"), difference.rows().keys());
        assertEquals(List.of("x", "z", "y"), difference.columns().keys());
        assertEquals(-0.25, difference.at(0, 0)); // 0.25 − 0.5
        assertEquals(0.5, difference.at(1, 0)); // 0.75 − 0.25
        assertTrue(Double.isNaN(difference.at(0, 1)), "z is only in B");
        assertTrue(Double.isNaN(difference.at(0, 2)), "y is only in A");
        assertEquals(8, difference.b(0, 1));
        assertEquals(1, difference.a(0, 2));
        assertEquals(2, difference.n());
        assertEquals(2, difference.onlyA());
        assertEquals(2, difference.onlyB());
        assertEquals(0.125, difference.mean()); // (−0.25 + 0.5) / 2
        assertEquals(0.375, difference.meanSize());
        assertEquals(0.5, difference.largest());
    }

    @Test
    void whatIsNoNumberInOneIsMissingAndNotZero() {
        GridDifference difference = GridDifference.of(
                grid(List.of("1"), List.of("x", "y", "z"), new double[][] {{Double.NaN, 1, Double.POSITIVE_INFINITY}}),
                grid(List.of("1"), List.of("x", "y", "z"), new double[][] {{1, 1, Double.POSITIVE_INFINITY}}));
        assertTrue(Double.isNaN(difference.at(0, 0)));
        assertEquals(0, difference.at(0, 1));
        assertTrue(Double.isNaN(difference.at(0, 2)));
        assertEquals(1, difference.n());
        assertEquals(1, difference.onlyB());
        assertEquals(0, difference.onlyA());
    }

    @Test
    void nothingInCommonHasNoMean() {
        GridDifference difference = GridDifference.of(
                grid(List.of("1"), List.of("x"), new double[][] {{1}}),
                grid(List.of("2"), List.of("x"), new double[][] {{1}}));
        assertEquals(0, difference.n());
        assertTrue(Double.isNaN(difference.mean()));
        assertTrue(Double.isNaN(difference.largest()));
    }

    @Test
    void linesOfOneNameAreSubtractedAtEqualX() {
        CurveDifference difference = CurveDifference.of(
                List.of(curve("p", 1, 0.5, 2, 0.25, 3, 1), curve("only A", 1, 1)),
                List.of(curve("only B", 1, 1, 2, 1), curve("p", 2, 0.75, 1, 0.5, 4, 9)));
        assertEquals(1, difference.lines().size());
        assertEquals("p", difference.lines().get(0).name());
        assertEquals(
                List.of(new Pair(1, 0.5, 0.5), new Pair(2, 0.25, 0.75)),
                difference.lines().get(0).pairs());
        assertEquals(0.5, difference.lines().get(0).pairs().get(1).difference());
        assertEquals(2, difference.n());
        assertEquals(2, difference.onlyA()); // x = 3, and the point of "only A"
        assertEquals(3, difference.onlyB()); // x = 4, and two of "only B"
        assertEquals(0.5, difference.largest());
    }

    @Test
    void fractionsThatWereComputedInTwoWaysAreThePlaceTheyMean() {
        CurveDifference difference = CurveDifference.of(
                List.of(curve("p", 0.1 + 0.2, 1)), List.of(curve("p", 0.3, 3))); // 0.30000000000000004 and 0.3
        assertEquals(1, difference.n());
        assertEquals(2, difference.largest());
    }

    @Test
    void aCloudIsNoCurve() {
        CurveDifference difference =
                CurveDifference.of(List.of(curve("dots", 1, 2, 1, 3)), List.of(curve("dots", 1, 2)));
        assertEquals(List.of("dots"), difference.clouds());
        assertEquals(0, difference.n());
        assertTrue(Double.isNaN(difference.largest()));
    }
}
