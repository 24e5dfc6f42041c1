package org.loopscope.app.bench;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One measured figure.
 *
 * @param name such as {@code prefill-64}
 * @param shape id of the shape it was measured on
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
        Sample sample,
        String unit,
        double limit,
        String limitSource,
        Map<String, Double> details,
        String note) {
    public BenchResult {
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** limit / median: 1 is the limit itself, below is slower than it. */
    public double ratio() {
        return limit / sample.median();
    }
}
