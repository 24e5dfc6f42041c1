package org.loopscope.analysis.depth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;
import tech.tablesaw.api.Table;

class DepthCurveTest {
    private static final DepthCurve.About ABOUT =
            new DepthCurve.About("m", "float32", 2, 1, Optional.of(Scope.ANSWER), Optional.empty());

    /** A prompt at one step with {@code tokens} answer tokens of which {@code right} are right. */
    private static DepthRow row(int prompt, int step, int tokens, int right, double entropy) {
        return new DepthRow(
                prompt,
                "",
                Scope.ANSWER,
                step,
                tokens,
                right,
                tokens,
                right,
                entropy,
                0.5,
                0.25,
                Double.NaN,
                0.75,
                0.1,
                1,
                1,
                2,
                1,
                2);
    }

    @Test
    void meansWeighTokensAndAccuracyWeighsPrompts() {
        DepthCurve curve = DepthCurve.of(
                ABOUT, List.of(row(1, 1, 3, 1, 0.9), row(1, 2, 3, 3, 0.3), row(2, 1, 1, 1, 0.1), row(2, 2, 1, 0, 0.7)));
        assertEquals(0.5, curve.at(DepthValue.ACCURACY, 1).value()); // the second prompt
        assertEquals(0.5, curve.at(DepthValue.ACCURACY, 2).value()); // the first
        assertEquals(2 / 4.0, curve.at(DepthValue.NEXT_TOKEN, 1).value(), 1e-15);
        assertEquals((3 * 0.9 + 0.1) / 4, curve.at(DepthValue.ENTROPY, 1).value(), 1e-15);
        assertEquals(4, curve.tokens());
        assertFalse(curve.has(DepthValue.KL_TO_PREVIOUS));
        assertFalse(curve.outsideTraining(1));
        assertTrue(curve.outsideTraining(2));
        assertEquals(1, curve.peak(DepthValue.ACCURACY).orElseThrow(), "of equal ones the first");
        assertTrue(curve.peak(DepthValue.KL_TO_PREVIOUS).isEmpty());
    }

    @Test
    void aChangeIsDrawnOnTheSamePrompts() {
        List<DepthRow> rows = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            rows.add(row(i, 1, 1, 0, i));
            rows.add(row(i, 2, 1, 0, i + 2));
        }
        DepthCurve curve = DepthCurve.of(ABOUT, rows);
        Estimate change = curve.change(DepthValue.ENTROPY, 1, 2);
        assertEquals(2, change.value(), 1e-12);
        // Every prompt changes by 2: paired there is nothing to be unsure of, though the means themselves vary widely.
        assertEquals(2, change.interval().low(), 1e-12);
        assertEquals(2, change.interval().high(), 1e-12);
        Interval mean = curve.at(DepthValue.ENTROPY, 1).interval();
        assertTrue(mean.high() - mean.low() > 3, mean.toString());
        // No answer is right in any draw: Wilson's interval over prompts, as for 0 of 20.
        assertEquals(Interval.wilson(0, 20), curve.at(DepthValue.ACCURACY, 1).interval());
    }

    /** Twelve tokens are no sample. */
    @Test
    void theIntervalsOfOneRunAreThoseOfDependentTokensOrNone() {
        LensGrid shortRun = LogitLens.steps(
                TinyCaptures.random(3, 7, 5, 1, 2, 12), TinyCaptures.Matrix.random(4, 7, 5), 1, RunControl.none());
        Estimate none = DepthCurve.ofRun(shortRun).at(DepthValue.ENTROPY, 1);
        assertEquals(12, none.n());
        assertTrue(Double.isNaN(none.interval().low())
                && Double.isNaN(none.interval().high()));
        LensGrid longRun = LogitLens.steps(
                TinyCaptures.random(3, 7, 5, 1, 2, 70), TinyCaptures.Matrix.random(4, 7, 5), 1, RunControl.none());
        double[] entropy = new double[70];
        for (int p = 0; p < 70; p++) {
            entropy[p] = longRun.entropy(0, p);
        }
        assertEquals(
                RunIntervals.mean(entropy),
                DepthCurve.ofRun(longRun).at(DepthValue.ENTROPY, 1).interval());
    }

    @Test
    void aRunCountsEveryTokenOnceAndTheTextEndsWithoutANextOne() {
        Capture capture = TinyCaptures.random(3, 7, 5, 2, 6, 9);
        LensGrid lens = LogitLens.steps(capture, TinyCaptures.Matrix.random(4, 7, 5), 1, RunControl.none());
        DepthCurve curve = DepthCurve.ofRun(lens);
        assertEquals(9, curve.n());
        assertEquals(8, curve.at(DepthValue.NEXT_TOKEN, 1).n());
        assertEquals(8, curve.at(DepthValue.TEXT_PROBABILITY, 6).n());
        for (int t = 1; t <= 6; t++) {
            double entropy = 0;
            int same = 0;
            double expected = 0;
            for (int p = 0; p < 9; p++) {
                entropy += lens.entropy(t - 1, p) / 9;
                same += lens.topId(t - 1, p, 0) == lens.topId(3, p, 0) ? 1 : 0; // trained T = 4
                expected += DepthReader.expectedSteps(capture.exitDistribution(p), t) / 9;
            }
            assertEquals(entropy, curve.at(DepthValue.ENTROPY, t).value(), 1e-12);
            assertEquals(same / 9.0, curve.at(DepthValue.AGREEMENT_TRAINED, t).value(), 1e-12);
            assertEquals(expected, curve.at(DepthValue.EXPECTED_STEPS, t).value(), 1e-12);
        }
        // 9 tokens attend to 1 to 9 tokens, 5 on average; in millions of operations
        double loops = DepthCost.flops(capture.config(), 3, 5) / 1e6;
        assertEquals(loops, curve.at(DepthValue.MEGAFLOPS, 3).value(), 1e-15);
        Table table = curve.toTable();
        assertEquals(6, table.rowCount());
        assertEquals("run", table.stringColumn("scope").get(0));
        assertEquals(
                List.of(false, false, false, false, true, true),
                table.booleanColumn("outside_training").asList());
        assertEquals(1.5, table.doubleColumn("loops_of_trained").get(5));
        Table tokens = TokenDepth.table(lens);
        assertEquals(9 * 6, tokens.rowCount());
        assertEquals(lens.entropy(4, 2), tokens.doubleColumn("entropy").get(2 * 6 + 4));
        assertTrue(tokens.column("text_probability").isMissing(8 * 6));
    }

    /** At the T of the run itself E[t] is that of its exit distribution, in which λ_T has no part. */
    @Test
    void expectedStepsAreThoseOfARunThatEndsThere() {
        Capture capture = TinyCaptures.random(8, 5, 4, 1, 5, 3);
        for (int p = 0; p < 3; p++) {
            assertEquals(
                    capture.exitDistribution(p).expectedSteps(),
                    DepthReader.expectedSteps(capture.exitDistribution(p), 5),
                    1e-12);
            assertEquals(1, DepthReader.expectedSteps(capture.exitDistribution(p), 1));
        }
    }

    @Test
    void arithmeticIsCountedFromTheShapes() {
        // d 6, MLP 10, 2 layers, 3 heads and 1 key head of size 4, V 50; 7 tokens attended to
        LoopConfig config = new LoopConfig(50, 6, 10, 2, 3, 1, 4, 4, 100, 1e-6, 1e4, false, Set.of());
        // q and o 2 · 12·6, k and v 2 · 4·6, MLP 3 · 6·10: 144 + 48 + 180 = 372 weights, two operations each
        // scores and mixing: 2 · 2 · 12 · 7 = 336; a loop: 2 layers · (744 + 336) = 2160; unembedding 2 · 50 · 6 = 600
        assertEquals(2160 + 600, DepthCost.flops(config, 1, 7));
        assertEquals(3 * 2160 + 600, DepthCost.flops(config, 3, 7));
    }
}
