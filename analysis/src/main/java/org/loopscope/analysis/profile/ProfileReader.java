package org.loopscope.analysis.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.Motion;
import org.loopscope.analysis.geometry.MotionClassifier;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.PredictionDepth;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;

/** Reads the values of one kind from a run. */
public final class ProfileReader {
    /** A value by place (0-based) and position. */
    @FunctionalInterface
    private interface Reading {
        double at(int place, int position);
    }

    private final List<DepthPoint> places;
    private final List<Reading> readings; // in the order of the kind's values

    private ProfileReader(List<DepthPoint> places, List<Reading> readings) {
        this.places = places;
        this.readings = readings;
    }

    /** @throws java.util.concurrent.CancellationException if {@code control} is cancelled */
    public static ProfileReader of(ProfileKind kind, Capture capture, Unembedding unembedding, RunControl control) {
        return switch (kind) {
            case STEP_GEOMETRY -> steps(capture);
            case LAYER_GEOMETRY -> layers(capture, control);
            case STEP_LENS -> lens(LogitLens.steps(capture, unembedding, 1, control));
            case LAYER_LENS -> lens(LogitLens.layers(capture, unembedding, 1, control));
        };
    }

    private static ProfileReader steps(Capture capture) {
        StepGeometry geometry = StepGeometry.of(capture);
        LongRun toEnd = LongRun.of(capture);
        Motion.Kind[][] kinds = IntStream.range(0, capture.length())
                .mapToObj(p -> MotionClassifier.byStep(capture, p))
                .toArray(Motion.Kind[][]::new);
        List<DepthPoint> places = IntStream.rangeClosed(1, capture.steps())
                .mapToObj(DepthPoint::stepOutput)
                .toList();
        return new ProfileReader(
                places,
                List.of(
                        (t, p) -> geometry.norm(t + 1, p),
                        (t, p) -> geometry.stepSize(t + 1, p),
                        (t, p) -> geometry.relativeStep(t + 1, p),
                        (t, p) -> geometry.angularDistance(t + 1, p),
                        (t, p) -> geometry.updateCosine(t + 1, p),
                        (t, p) -> geometry.acceleration(t + 1, p),
                        (t, p) -> geometry.relativeAcceleration(t + 1, p),
                        (t, p) -> toEnd.distance(t + 1, p),
                        (t, p) -> is(Motion.Kind.SETTLES, kinds[p][t]),
                        (t, p) -> is(Motion.Kind.CYCLES, kinds[p][t]),
                        (t, p) -> is(Motion.Kind.DRIFTS, kinds[p][t])));
    }

    private static double is(Motion.Kind wanted, Motion.Kind found) {
        return found == Motion.Kind.TOO_SHORT ? Double.NaN : found == wanted ? 1 : 0;
    }

    private static ProfileReader layers(Capture capture, RunControl control) {
        LayerGeometry geometry = LayerGeometry.of(capture, control);
        List<DepthPoint> places = new ArrayList<>();
        for (int t = 1; t <= capture.steps(); t++) {
            for (int l = 0; l < geometry.layers(); l++) {
                places.add(DepthPoint.layer(t, l));
            }
        }
        int perStep = geometry.layers();
        return new ProfileReader(
                places,
                List.of(
                        (i, p) -> geometry.norm(1 + i / perStep, i % perStep, p),
                        (i, p) -> geometry.stepSize(1 + i / perStep, i % perStep, p),
                        (i, p) -> geometry.relativeStep(1 + i / perStep, i % perStep, p),
                        (i, p) -> geometry.angularDistance(1 + i / perStep, i % perStep, p)));
    }

    private static ProfileReader lens(LensGrid lens) {
        PredictionDepth depth = PredictionDepth.of(lens);
        return new ProfileReader(
                lens.rows(),
                List.of(
                        lens::entropy,
                        lens::klToLast,
                        (row, p) -> lens.topProbability(row, p, 0),
                        lens::probabilityOfNext,
                        (row, p) -> lens.topId(row, p, 0) == lens.finalId(p) ? 1 : 0,
                        (row, p) -> depth.row(p) <= row ? 1 : 0));
    }

    /** Steps, or layers of steps, from the first to the last. */
    public List<DepthPoint> places() {
        return places;
    }

    /**
     * Means over {@code count} tokens from {@code from}, in the order of the values; those for which a token has none leave
     * it out, and NaN if no token has one.
     */
    public double[] means(int place, int from, int count) {
        return readings.stream()
                .mapToDouble(reading -> {
                    OptionalDouble mean = IntStream.range(from, from + count)
                            .mapToDouble(p -> reading.at(place, p))
                            .filter(value -> !Double.isNaN(value))
                            .average();
                    return mean.orElse(Double.NaN);
                })
                .toArray();
    }
}
