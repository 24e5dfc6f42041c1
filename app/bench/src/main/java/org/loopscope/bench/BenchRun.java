package org.loopscope.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * What to measure.
 *
 * @param shapes on which models
 * @param precisions in which precisions
 * @param measurements which figures
 * @param repeat runs that count; empty for what suits the shape
 * @param base where random checkpoints are kept
 * @param window where drawing is measured
 */
public record BenchRun(
        List<BenchShape> shapes,
        List<Precision> precisions,
        List<Measurement> measurements,
        OptionalInt repeat,
        Path base,
        TimedWindow window) {
    public BenchRun {
        shapes = List.copyOf(shapes);
        precisions = List.copyOf(precisions);
        measurements = List.copyOf(measurements);
        if (repeat.isPresent() && repeat.getAsInt() < 1) {
            throw new IllegalArgumentException("repeat: want 1 or more, got " + repeat.getAsInt());
        }
    }

    /**
     * Measures, one figure after the other. Takes from seconds to, for the 1.4B shape, many minutes.
     *
     * @param told takes one sentence where something could not be measured because there is no window
     * @throws LoopscopeException if a random checkpoint cannot be made, a model does not fit, or nothing but a window was
     *     to be measured and there is none
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public List<BenchResult> measure(Consumer<String> told, RunControl control) throws LoopscopeException {
        List<BenchResult> results = new ArrayList<>();
        Drawing drawing = new Drawing(window, WindowWork.USUAL);
        for (BenchShape shape : shapes) {
            for (Precision precision : precisions) {
                try (Bench bench = new Bench(shape, precision, base, repeat.orElse(shape.runs()), drawing, control)) {
                    for (Measurement measurement : measurements) {
                        control.checkCancelled();
                        measurement
                                .run(bench)
                                .map(r -> r.withPrecision(precision))
                                .ifPresent(results::add);
                    }
                }
            }
        }
        if (!drawing.obstacle().isEmpty()) {
            tell(results, drawing.obstacle(), told);
        }
        return List.copyOf(results);
    }

    private void tell(List<BenchResult> results, String obstacle, Consumer<String> told) throws LoopscopeException {
        List<String> left = measurements.stream()
                .filter(Measurement::needsWindow)
                .map(Measurement::id)
                .toList();
        String cannot = "no window can be opened here: " + obstacle + ".";
        String missing = String.join(" and ", left) + (left.size() > 1 ? " were" : " was") + " not measured";
        if (results.isEmpty()) {
            throw new LoopscopeException(missing + ", since " + cannot);
        }
        String slider = measurements.contains(Measurement.SLIDER) ? "slider is the analysis alone" : "";
        told.accept(
                slider + (left.isEmpty() ? "" : (slider.isEmpty() ? "" : ", and ") + missing) + ", since " + cannot);
    }
}
