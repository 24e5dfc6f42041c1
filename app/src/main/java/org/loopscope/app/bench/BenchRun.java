package org.loopscope.app.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Precision;
import org.loopscope.model.RunControl;

/**
 * What to measure.
 *
 * @param shapes on which models
 * @param precisions in which precisions
 * @param measurements which figures
 * @param repeat runs that count; empty for what suits the shape
 * @param base where random checkpoints are kept
 */
public record BenchRun(
        List<BenchShape> shapes,
        List<Precision> precisions,
        List<Measurement> measurements,
        OptionalInt repeat,
        Path base) {
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
     * @throws LoopscopeException if a random checkpoint cannot be made or a model does not fit
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public List<BenchResult> measure(RunControl control) throws LoopscopeException {
        List<BenchResult> results = new ArrayList<>();
        for (BenchShape shape : shapes) {
            for (Precision precision : precisions) {
                try (Bench bench = new Bench(shape, precision, base, repeat.orElse(shape.runs()), control)) {
                    for (Measurement measurement : measurements) {
                        control.checkCancelled();
                        results.add(measurement.run(bench).withPrecision(precision));
                    }
                }
            }
        }
        return List.copyOf(results);
    }
}
