package org.loopscope.analysis.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;

/** Against numpy: make_golden.py beside geometry.json. */
class GeometryGoldenTest {
    private static JsonNode golden;
    private static Capture capture;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = GeometryGoldenTest.class.getResourceAsStream("geometry.json")) {
            golden = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
        int t = golden.get("T").asInt();
        int s = golden.get("S").asInt();
        int d = golden.get("d").asInt();
        int l = golden.get("L").asInt();
        float[][] hidden = new float[t][s * d];
        float[][][] layers = new float[t][l + 1][s * d];
        for (int i = 0; i < t; i++) {
            for (int j = 0; j < s * d; j++) {
                hidden[i][j] = (float) golden.get("hidden").get(i * s * d + j).asDouble();
                for (int k = 0; k <= l; k++) {
                    layers[i][k][j] = (float) golden.get("layers")
                            .get((i * (l + 1) + k) * s * d + j)
                            .asDouble();
                }
            }
        }
        capture = TinyCaptures.builder(4, d, l, new int[s], t)
                .states(new float[t][s], hidden)
                .layerStates(layers)
                .build();
    }

    private static double at(String name, int... index) {
        JsonNode node = golden.get(name);
        for (int i : index) {
            node = node.get(i);
        }
        return node.asDouble();
    }

    @Test
    void stepsAreThoseOfNumpy() {
        StepGeometry geometry = StepGeometry.of(capture);
        for (int p = 0; p < capture.length(); p++) {
            for (int t = 1; t <= capture.steps(); t++) {
                assertEquals(at("norm", t - 1, p), geometry.norm(t, p), 1e-12);
                if (t > 1) {
                    assertEquals(at("step_size", t - 2, p), geometry.stepSize(t, p), 1e-12);
                    assertEquals(at("relative_step", t - 2, p), geometry.relativeStep(t, p), 1e-12);
                    assertEquals(at("angular_distance", t - 2, p), geometry.angularDistance(t, p), 1e-12);
                }
                if (t > 2) {
                    assertEquals(at("update_cosine", t - 3, p), geometry.updateCosine(t, p), 1e-12);
                    assertEquals(at("acceleration", t - 3, p), geometry.acceleration(t, p), 1e-12);
                }
            }
        }
    }

    @Test
    void layersAreThoseOfNumpy() {
        LayerGeometry geometry = LayerGeometry.of(capture, RunControl.none());
        for (int p = 0; p < capture.length(); p++) {
            for (int t = 1; t <= capture.steps(); t++) {
                for (int l = 0; l < geometry.layers(); l++) {
                    assertEquals(at("layer_relative_step", t - 1, l, p), geometry.relativeStep(t, l, p), 1e-12);
                    assertEquals(at("layer_angular_distance", t - 1, l, p), geometry.angularDistance(t, l, p), 1e-12);
                }
            }
        }
        assertEquals(capture.length() * capture.steps() * 2, geometry.toTable().rowCount());
    }

    @Test
    void effectiveRanksAreThoseOfNumpy() {
        double[] steps = EffectiveRank.ofSteps(capture, RunControl.none());
        double[][] layers = EffectiveRank.ofLayers(capture, RunControl.none());
        for (int t = 0; t < steps.length; t++) {
            assertEquals(at("effective_rank", t), steps[t], 1e-7);
            for (int l = 0; l < layers[t].length; l++) {
                assertEquals(at("effective_rank_layers", t, l), layers[t][l], 1e-7);
            }
        }
    }

    @Test
    void jointPcaIsThatOfNumpy() {
        Orbits orbits = Orbits.of(capture, List.of(1, 3), true, RunControl.none());
        assertEquals(2 * 6 * 3, orbits.fitted());
        for (int axis = 0; axis < 3; axis++) {
            assertEquals(at("pca_explained", axis), orbits.explained(axis), 1e-9);
            for (int i = 0; i < orbits.fitted(); i++) {
                assertEquals(at("pca_points", i, axis), orbits.points().get(i).at(axis), 1e-6, "point " + i);
            }
        }
        assertEquals(DepthPoint.layer(1, 0), orbits.points().get(0).depth());
        assertEquals(DepthPoint.stepOutput(1), orbits.points().get(2).depth());
        assertEquals(3, orbits.points(3).get(0).position());
    }

    @Test
    void pcaOfManyPointsFindsTheAxesThatWereDrawn() {
        Random random = new Random(4);
        double[] spread = {9, 5, 2}; // standard deviations along the first three coordinates; 0.1 along the others
        double[][] points = new double[400][60];
        for (double[] point : points) {
            for (int j = 0; j < point.length; j++) {
                point[j] = 7 + random.nextGaussian() * (j < 3 ? spread[j] : 0.1);
            }
        }
        Pca pca = Pca.fit(points, 3, RunControl.none());
        double sum = 0;
        for (int axis = 0; axis < 3; axis++) {
            assertEquals(spread[axis] * spread[axis], pca.variance(axis), 0.2 * spread[axis] * spread[axis]);
            sum += pca.explained(axis);
        }
        assertTrue(sum > 0.99 && sum < 1, "explained " + sum);
        double[] onTheMean = new double[60];
        java.util.Arrays.fill(onTheMean, 7);
        assertEquals(0, pca.project(onTheMean)[2], 0.3);
    }

    @Test
    void pointsOnALineAreExplainedByOneAxis() {
        Pca pca = Pca.fit(new double[][] {{0, 0, 1}, {1, 2, 1}, {2, 4, 1}}, 3, RunControl.none());
        assertEquals(1, pca.explained(0), 1e-12);
        assertEquals(0, pca.explained(1), 1e-12);
        assertEquals(Math.sqrt(5), pca.project(new double[] {2, 4, 1})[0], 1e-9);
    }

    @Test
    void onePointHasNoAxes() {
        assertThrows(IllegalArgumentException.class, () -> Pca.fit(new double[][] {{1, 2}}, 2, RunControl.none()));
    }

    @Test
    void identicalDirectionsHaveRankOneAndOrthogonalOnesTheirNumber() {
        assertEquals(1, EffectiveRank.of(new float[] {1, 2, 10, 20, 3, 6}, 3, 2), 1e-6);
        assertEquals(3, EffectiveRank.of(new float[] {5, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0.1f, 0}, 3, 4), 1e-9);
    }

    @Test
    void fittingStopsWhenCancelled() {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(CancellationException.class, () -> Orbits.of(capture, List.of(0), false, cancelled));
        assertThrows(CancellationException.class, () -> EffectiveRank.ofSteps(capture, cancelled));
    }
}
