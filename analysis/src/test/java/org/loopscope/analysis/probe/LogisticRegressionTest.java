package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.analysis.stat.Interval;

/** Logistic regression and ROC area against closed cases and against numpy (make-golden.py). */
class LogisticRegressionTest {
    static Stream<JsonNode> golden(String part) throws IOException {
        try (InputStream in = LogisticRegressionTest.class.getResourceAsStream("/probe/golden.json")) {
            JsonNode all =
                    new ObjectMapper().readTree(Objects.requireNonNull(in)).get(part);
            return IntStream.range(0, all.size()).mapToObj(all::get);
        }
    }

    static Stream<JsonNode> fits() throws IOException {
        return golden("fits");
    }

    static Stream<JsonNode> areas() throws IOException {
        return golden("areas");
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }

    private static boolean[] labels(JsonNode array) {
        boolean[] labels = new boolean[array.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = array.get(i).asDouble() == 1;
        }
        return labels;
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("fits")
    void weightsAreThoseOfNewtonsMethodInNumpy(JsonNode golden) {
        JsonNode rows = golden.get("x");
        double[][] x = IntStream.range(0, rows.size())
                .mapToObj(i -> numbers(rows.get(i)))
                .toArray(double[][]::new);
        LogisticRegression fit = LogisticRegression.fit(
                x, labels(golden.get("y")), golden.get("penalty").asDouble(), 1e-10);
        double[] expected = numbers(golden.get("weights"));
        double[] found = fit.weights();
        for (int k = 0; k < expected.length; k++) {
            assertEquals(expected[k], found[k], 1e-6);
        }
        assertEquals(golden.get("intercept").asDouble(), fit.intercept(), 1e-6);
        double score = fit.intercept();
        for (int k = 0; k < found.length; k++) {
            score += found[k] * x[0][k];
        }
        assertEquals(score, fit.score(x[0]), 1e-12);
    }

    @Test
    void twoExamplesHaveTheClosedSolution() {
        // x = ±1 with labels ±: by symmetry b = 0, and 2 σ(−w) = penalty w. For w = 1: penalty = 2 / (1 + e).
        double[][] x = {{1}, {-1}};
        LogisticRegression fit = LogisticRegression.fit(x, new boolean[] {true, false}, 2 / (1 + Math.E), 1e-12);
        assertEquals(1, fit.weights()[0], 1e-9);
        assertEquals(0, fit.intercept(), 1e-9);
    }

    @Test
    void withoutInformationTheInterceptIsTheLogOddsOfTheLabels() {
        double[][] x = {{0}, {0}, {0}, {0}};
        LogisticRegression fit = LogisticRegression.fit(x, new boolean[] {true, true, true, false}, 1, 1e-12);
        assertEquals(Math.log(3), fit.intercept(), 1e-9);
        assertEquals(0, fit.weights()[0]);
    }

    @Test
    void oneKindOfLabelOnlyIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> LogisticRegression.fit(new double[][] {{1}, {2}}, new boolean[] {true, true}, 1));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("areas")
    void areaAndIntervalAreThoseOfNumpy(JsonNode golden) {
        RocAuc area = RocAuc.of(numbers(golden.get("score")), labels(golden.get("y")));
        assertEquals(golden.get("area").asDouble(), area.value(), 1e-12);
        assertEquals(golden.get("low").asDouble(), area.interval().low(), 2e-6);
        assertEquals(golden.get("high").asDouble(), area.interval().high(), 2e-6);
    }

    @Test
    void anAreaIsTheShareOfPairsInOrderWithHalfOfTheTies() {
        // Pairs: 3 over 1 and 2 (2), 2 over 1 and tied with 2 (1.5): 3.5 of 4.
        RocAuc area = RocAuc.of(new double[] {3, 2, 2, 1}, new boolean[] {true, true, false, false});
        assertEquals(3.5 / 4, area.value());
        assertEquals(
                0.5,
                RocAuc.of(new double[] {1, 1, 1}, new boolean[] {true, false, false})
                        .value());
    }

    @Test
    void aPerfectAreaStillHasAnInterval() {
        RocAuc area = RocAuc.of(new double[] {1, 2, 3, 4}, new boolean[] {false, false, true, true});
        assertEquals(1, area.value());
        Interval interval = area.interval();
        assertEquals(1, interval.high());
        assertTrue(interval.low() > 0.2 && interval.low() < 0.6, interval.toString());
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> RocAuc.of(new double[] {1, Double.NaN}, new boolean[] {true, false}));
    }

    @Test
    void examplesOfDifferentFoldsAreNotCompared() {
        // Within each fold perfect; the second fold's scores are all higher, which must not matter.
        RocAuc one = RocAuc.of(new double[] {0, 1}, new boolean[] {false, true});
        RocAuc two = RocAuc.of(new double[] {10, 11}, new boolean[] {false, true});
        RocAuc both = one.plus(two);
        assertEquals(1, both.value());
        assertEquals(2, both.pairs());
        assertTrue(Double.isNaN(RocAuc.NONE.value()));
    }
}
