package org.loopscope.bench;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.loopscope.model.Precision;

/**
 * One measured figure.
 *
 * @param name such as {@code prefill-64}
 * @param shape id of the shape it was measured on
 * @param precision in which it was run
 * @param sample the runs, in {@code unit}
 * @param unit {@code ms}, {@code ms/token} or {@code %}
 * @param limit what the machine allows or what is aimed at, in {@code unit}
 * @param limitSource how the limit was found, in words
 * @param details further numbers by name, the unit in the name; in name order
 * @param note what a reader of the figure must know
 */
public record BenchResult(
        String name,
        String shape,
        Precision precision,
        Sample sample,
        String unit,
        double limit,
        String limitSource,
        Map<String, Double> details,
        String note) {
    public BenchResult {
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** A figure of {@link Precision#FLOAT32}. */
    public BenchResult(
            String name,
            String shape,
            Sample sample,
            String unit,
            double limit,
            String limitSource,
            Map<String, Double> details,
            String note) {
        this(name, shape, Precision.FLOAT32, sample, unit, limit, limitSource, details, note);
    }

    /** The same figure of another precision. */
    BenchResult withPrecision(Precision other) {
        return new BenchResult(name, shape, other, sample, unit, limit, limitSource, details, note);
    }

    /** limit / median: 1 is the limit itself, below is slower than it. */
    public double ratio() {
        return limit / sample.median();
    }
}
