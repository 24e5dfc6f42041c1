package org.loopscope.analysis.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.LoopShape;
import org.loopscope.model.states.States;
import org.loopscope.model.tokenizer.Tokenizer;
import tech.tablesaw.api.Table;

class LogitLensTest {
    private static final double EPS = 1e-6; // results are kept as float32
    private static final float LN2 = (float) Math.log(2);
    private static final float LN4 = (float) Math.log(4);

    /**
     * One token, V = d = 3, W_U the identity: step 1 gives logits (ln 2, 0, 0), so p = 1/2, 1/4, 1/4; step 2 gives (0,
     * ln 4, 0), so p = 1/6, 4/6, 1/6.
     */
    private static final Capture BY_HAND = TinyCaptures.oneToken(new float[] {LN2, 0, 0}, new float[] {0, LN4, 0});

    private static LensGrid steps(Capture capture, Matrix unembedding, int k) {
        return LogitLens.steps(capture, unembedding, k, RunControl.none());
    }

    @Test
    void twoStepsByHand() {
        LensGrid lens = steps(BY_HAND, Matrix.identity(3), 2);
        assertEquals(List.of(DepthPoint.stepOutput(1), DepthPoint.stepOutput(2)), lens.rows());
        assertEquals(0, lens.topId(0, 0, 0));
        assertEquals(1, lens.topId(0, 0, 1)); // 1 and 2 are equal: the lower id
        assertEquals(0.5, lens.topProbability(0, 0, 0), EPS);
        assertEquals(Math.log(0.25), lens.topLogProbability(0, 0, 1), EPS);
        assertEquals(1, lens.finalId(0));
        assertEquals(4 / 6.0, lens.topProbability(1, 0, 0), EPS);
        assertEquals(0, lens.topId(1, 0, 1));
        // H = -(1/2 ln 1/2 + 2 * 1/4 ln 1/4) = 1.5 ln 2
        assertEquals(1.5 * Math.log(2), lens.entropy(0, 0), EPS);
        // KL(p_2 || p_1) = 1/6 ln (1/6 / 1/2) + 4/6 ln (4/6 / 1/4) + 1/6 ln (1/6 / 1/4)
        double kl = Math.log(1 / 3.0) / 6 + Math.log(8 / 3.0) * 4 / 6 + Math.log(2 / 3.0) / 6;
        assertEquals(kl, lens.klToLast(0, 0), EPS);
        assertEquals(0, lens.klToLast(1, 0));
        assertEquals(2, lens.rankOfFinal(0, 0)); // tied with token 2, which has the larger id
        assertEquals(1, lens.rankOfFinal(1, 0));
        assertEquals(Math.log(0.25), lens.logProbabilityOfFinal(0, 0), EPS);
        assertTrue(Double.isNaN(lens.probabilityOfNext(0, 0)));
    }

    /** A step that is not normed says what its readout says; its size and moves are those of h_t. */
    @Test
    void theLensReadsTheReadoutsAndGeometryTheStates() {
        LoopConfig config = TinyCaptures.config(3, 3, 1);
        LoopShape unnormed = new LoopShape(1, 1, 1, 4, false, false);
        float[][] states = {{9, 0, 0}, {0, 0, 7}};
        Capture capture = new Capture.Builder(BY_HAND.model(), config.withShape(unnormed), RunOptions.steps(2))
                .tokens(new int[] {0}, List.of("a"), 1)
                .states(new float[0][], States.onHeap(states))
                .readouts(States.onHeap(new float[][] {{LN2, 0, 0}, {0, LN4, 0}}))
                .build();
        LensGrid lens = steps(capture, Matrix.identity(3), 2);
        LensGrid byHand = steps(BY_HAND, Matrix.identity(3), 2);
        for (int row = 0; row < 2; row++) {
            assertEquals(byHand.topId(row, 0, 0), lens.topId(row, 0, 0));
            assertEquals(byHand.entropy(row, 0), lens.entropy(row, 0));
        }
        assertArrayEquals(
                LogitLens.trajectory(BY_HAND, Matrix.identity(3), 0, 1),
                LogitLens.trajectory(capture, Matrix.identity(3), 0, 1));
        assertEquals(9, StepGeometry.of(capture).norm(1, 0), EPS);
        assertEquals(7, StepGeometry.of(capture).norm(2, 0), EPS);
    }

    @Test
    void tokensOnceInTheTopAreFollowedThroughEveryStep() {
        LensGrid lens = steps(BY_HAND, Matrix.identity(3), 1);
        assertArrayEquals(new int[] {1, 0}, lens.tracked(0)); // most probable at the last step first
        assertEquals(Math.log(1 / 4.0), lens.trackedLogProbability(0, 0, 0), EPS);
        assertEquals(Math.log(4 / 6.0), lens.trackedLogProbability(1, 0, 0), EPS);
        assertEquals(Math.log(1 / 2.0), lens.trackedLogProbability(0, 0, 1), EPS);
        assertEquals(Math.log(1 / 6.0), lens.trackedLogProbability(1, 0, 1), EPS);
    }

    @Test
    void probabilityOfNextIsThatOfTheTokenThatFollows() {
        // Tokens 0 and 1; at position 0 the logits are (0, ln 4, 0): token 1 follows, with 4/6.
        Capture capture = TinyCaptures.capture(3, 3, new float[1][2], new float[][] {{0, LN4, 0, 1, 1, 1}});
        LensGrid lens = steps(capture, Matrix.identity(3), 1);
        assertEquals(4 / 6.0, lens.probabilityOfNext(0, 0), EPS);
        assertTrue(Double.isNaN(lens.probabilityOfNext(0, 1)));
    }

    @Test
    void stepOutputsAreNotNormedAgain() {
        Matrix unembedding = Matrix.identity(3);
        LensGrid lens = steps(BY_HAND, unembedding, 1);
        assertEquals(0, unembedding.norms);
        assertEquals(1, unembedding.products); // all steps in one product
        assertEquals("step outputs, final norm applied once, float32", lens.statement());
    }

    @Test
    void layersAreNormedOnceAndTheLastOneIsTheStepOutput() {
        Capture capture = TinyCaptures.random(7, 11, 5, 3, 4, 6);
        Matrix unembedding = Matrix.random(8, 11, 5);
        LensGrid layers = LogitLens.layers(capture, unembedding, 3, RunControl.none());
        assertEquals(1, unembedding.norms);
        LensGrid steps = steps(capture, unembedding, 3);
        assertEquals(12, layers.rows().size());
        assertEquals("2·L00", layers.rows().get(3).label());
        assertEquals("residual stream after each layer, final norm applied once, float32", layers.statement());
        for (int t = 1; t <= 4; t++) {
            assertEquals(3 * t - 1, layers.rowOfStep(t));
            for (int p = 0; p < 6; p++) {
                assertEquals(steps.topId(t - 1, p, 0), layers.topId(layers.rowOfStep(t), p, 0));
                assertEquals(steps.entropy(t - 1, p), layers.entropy(layers.rowOfStep(t), p), EPS);
                assertEquals(steps.klToLast(t - 1, p), layers.klToLast(layers.rowOfStep(t), p), 1e-5);
            }
        }
    }

    @Test
    void layersThatWereNotCapturedAreAnError() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> LogitLens.layers(BY_HAND, Matrix.identity(3), 1, RunControl.none()));
        assertEquals("layer states were not captured; run again with layer states on", e.getMessage());
    }

    @Test
    void hugeLogitsOverflowNothing() {
        LensGrid lens = steps(TinyCaptures.oneToken(new float[] {1e4f, 0, -1e4f}), Matrix.identity(3), 3);
        assertEquals(1, lens.topProbability(0, 0, 0), EPS);
        assertEquals(-1e4, lens.topLogProbability(0, 0, 1), EPS);
        assertEquals(-2e4, lens.topLogProbability(0, 0, 2), EPS);
        assertEquals(0, lens.entropy(0, 0), EPS);
    }

    @Test
    void logitsThatAreNotFiniteAreRefusedByPlace() {
        Capture capture = TinyCaptures.oneToken(new float[] {1, 2, 3}, new float[] {1, Float.NaN, 3});
        NonFiniteLogitsException e =
                assertThrows(NonFiniteLogitsException.class, () -> steps(capture, Matrix.identity(3), 1));
        assertEquals(
                "The lens stopped at loop 2, position 0: the logits hold NaN or infinity where finite numbers were expected;"
                        + " the unembedding of this model is damaged, or its states are too large for float32.",
                e.getMessage());
        Capture several =
                TinyCaptures.capture(1, 1, new float[1][3], new float[][] {{0, Float.NaN, Float.NEGATIVE_INFINITY}});
        e = assertThrows(NonFiniteLogitsException.class, () -> steps(several, Matrix.identity(1), 1));
        assertTrue(e.getMessage().startsWith("The lens stopped at loop 1, position 1: "), e.getMessage());
        Capture infinite = TinyCaptures.capture(1, 1, new float[1][1], new float[][] {{Float.POSITIVE_INFINITY}});
        assertThrows(NonFiniteLogitsException.class, () -> steps(infinite, Matrix.identity(1), 1));
    }

    @Test
    void topKIsAtMostTheVocabulary() {
        assertEquals(3, steps(BY_HAND, Matrix.identity(3), 50).topK());
        assertThrows(IllegalArgumentException.class, () -> steps(BY_HAND, Matrix.identity(3), 0));
    }

    @Test
    void aPartialCaptureIsReadForTheStepsItHas() {
        Capture partial = TinyCaptures.builder(3, 3, 1, new int[] {0}, 4)
                .states(new float[1][1], new float[][] {{0, 1, 0}})
                .problem("The run stopped at step 2.")
                .build();
        LensGrid lens = steps(partial, Matrix.identity(3), 1);
        assertEquals(1, lens.steps());
        assertEquals(1, lens.finalId(0));
    }

    @Test
    void trajectoryIsTheLogProbabilityOfAnyTokenByStep() {
        double[] trajectory = LogitLens.trajectory(BY_HAND, Matrix.identity(3), 0, 2);
        assertArrayEquals(new double[] {Math.log(1 / 4.0), Math.log(1 / 6.0)}, trajectory, EPS);
        assertThrows(IllegalArgumentException.class, () -> LogitLens.trajectory(BY_HAND, Matrix.identity(3), 0, 3));
    }

    @Test
    void cancelledLensesLeaveNothing() {
        AtomicInteger asked = new AtomicInteger();
        RunControl cancelledLater = RunControl.of(() -> asked.incrementAndGet() > 1, (stage, done, total) -> {});
        assertThrows(
                CancellationException.class, () -> LogitLens.steps(BY_HAND, Matrix.identity(3), 1, cancelledLater));
    }

    @Test
    void tokenTextsComeFromTheTokenizerOrElseFromTheCapture() {
        Tokenizer shouting = new Tokenizer() {
            @Override
            public int[] encode(String text) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String decode(int... ids) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String tokenText(int id) {
                return "T" + id;
            }
        };
        LensGrid with = LogitLens.steps(BY_HAND, Matrix.identity(3), Optional.of(shouting), 1, RunControl.none());
        assertEquals("T1", with.topText(1, 0, 0));
        LensGrid without = steps(BY_HAND, Matrix.identity(3), 1);
        assertEquals("a", without.topText(0, 0, 0)); // the capture's own token
        assertEquals("#1", without.topText(1, 0, 0));
    }

    @Test
    void theTableHasALinePerDepthPositionAndRank() {
        Table table = steps(BY_HAND, Matrix.identity(3), 2).toTable();
        assertEquals(
                List.of(
                        "step",
                        "layer",
                        "position",
                        "token",
                        "rank",
                        "id",
                        "text",
                        "probability",
                        "log_probability",
                        "entropy",
                        "kl_to_last",
                        "rank_of_final",
                        "log_probability_of_final",
                        "probability_of_next",
                        "lens"),
                table.columnNames());
        assertEquals(4, table.rowCount());
        assertEquals(2, table.intColumn("rank").getInt(1));
        assertEquals(4 / 6.0, table.doubleColumn("probability").getDouble(2), EPS);
        assertEquals(4, table.intColumn("layer").countMissing());
        assertEquals(4, table.doubleColumn("probability_of_next").countMissing());
    }
}
