package org.loopscope.analysis.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Lines of one chart minus those of another: lines of the same name, at equal x. A point that only one has is left out and
 * counted, and so is a line in which a place x has several values: such points are a cloud, not a curve. Immutable.
 */
public final class CurveDifference {
    /** Places closer than this are the same: x are counts, or fractions of them that were computed in different ways. */
    private static final double GRAIN = 1e-9;

    /** A point; NaN or infinite y is none. */
    public record Point(double x, double y) {}

    /**
     * A line, or the heights of bars.
     *
     * @param name by which it is matched, each once in a chart
     */
    public record Curve(String name, List<Point> points) {
        public Curve {
            points = List.copyOf(points);
        }
    }

    /** A place that both have. */
    public record Pair(double x, double a, double b) {
        /** B − A. */
        public double difference() {
            return b - a;
        }
    }

    /** A line that both have, by x. */
    public record Line(String name, List<Pair> pairs) {
        public Line {
            pairs = List.copyOf(pairs);
        }
    }

    private final List<Line> lines;
    private final List<String> clouds;
    private final int onlyA;
    private final int onlyB;

    private CurveDifference(List<Line> lines, List<String> clouds, int onlyA, int onlyB) {
        this.lines = List.copyOf(lines);
        this.clouds = List.copyOf(clouds);
        this.onlyA = onlyA;
        this.onlyB = onlyB;
    }

    /**
     * B − A.
     *
     * @throws IllegalArgumentException if a chart has two lines of one name
     */
    public static CurveDifference of(List<Curve> a, List<Curve> b) {
        Map<String, Curve> inA = byName(a);
        Map<String, Curve> inB = byName(b);
        List<Line> lines = new ArrayList<>();
        List<String> clouds = new ArrayList<>();
        int onlyA = 0;
        int onlyB = 0;
        for (String name : MatchedKeys.of(List.copyOf(inA.keySet()), List.copyOf(inB.keySet()))
                .keys()) {
            Optional<Map<Long, Point>> ofA = places(inA.get(name) == null ? List.of() : inA.get(name).points);
            Optional<Map<Long, Point>> ofB = places(inB.get(name) == null ? List.of() : inB.get(name).points);
            if (ofA.isEmpty() || ofB.isEmpty()) {
                clouds.add(name);
                continue;
            }
            List<Pair> pairs = new ArrayList<>();
            ofA.get().forEach((place, point) -> {
                Point other = ofB.get().get(place);
                if (other != null) {
                    pairs.add(new Pair(point.x, point.y, other.y));
                }
            });
            onlyA += ofA.get().size() - pairs.size();
            onlyB += ofB.get().size() - pairs.size();
            if (!pairs.isEmpty()) {
                lines.add(new Line(name, pairs));
            }
        }
        return new CurveDifference(lines, clouds, onlyA, onlyB);
    }

    private static Map<String, Curve> byName(List<Curve> curves) {
        Map<String, Curve> named = new LinkedHashMap<>();
        for (Curve curve : curves) {
            if (named.put(curve.name, curve) != null) {
                throw new IllegalArgumentException("curves: want each name once, got \"" + curve.name + "\" twice");
            }
        }
        return named;
    }

    /** Points by place, in its order; empty if one place has several. */
    private static Optional<Map<Long, Point>> places(List<Point> points) {
        Map<Long, Point> places = new TreeMap<>();
        for (Point point : points) {
            if (Double.isFinite(point.y) && places.put(Math.round(point.x / GRAIN), point) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(places);
    }

    /** The lines with at least one place that both have. */
    public List<Line> lines() {
        return lines;
    }

    /** Names of lines that are clouds of points in one of the charts. */
    public List<String> clouds() {
        return clouds;
    }

    /** Places that both have, over all lines. */
    public int n() {
        return lines.stream().mapToInt(line -> line.pairs.size()).sum();
    }

    /** Points that only A has. */
    public int onlyA() {
        return onlyA;
    }

    public int onlyB() {
        return onlyB;
    }

    /** The difference of the largest size, with its sign; NaN where there is none. */
    public double largest() {
        return lines.stream()
                .flatMap(line -> line.pairs.stream())
                .mapToDouble(Pair::difference)
                .reduce(Double.NaN, (most, d) -> Math.abs(d) <= Math.abs(most) ? most : d);
    }
}
