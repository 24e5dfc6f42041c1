package org.loopscope.analysis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.analysis.run.GateDiagnosis.Bin;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.run.GateDiagnosis.Label;
import org.loopscope.analysis.run.GateDiagnosis.Point;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.base.RunControl;

class GateDiagnosisTest {
    private static final float LN3 = (float) Math.log(3);

    /**
     * Tokens 0 and 1, three steps, two of the vocabulary; only token 0 has one that follows it, token 1. The odds of 1 at
     * its three steps are 1, 3 and 3: losses ln 2, ln 4/3, ln 4/3, gains ln 1.5 and 0. Gates 0, ln 3 and 20.
     */
    private final GateDiagnosis diagnosis = GateDiagnosis.of(Inspection.of(
            TinyCaptures.capture(2, 2, new float[][] {{0, 0}, {LN3, 0}, {20, 0}}, new float[][] {
                {0, 0, 1, 0}, {0, LN3, 1, 0}, {0, LN3, 1, 0}
            }),
            Matrix.identity(2),
            2,
            RunControl.none()));

    @ParameterizedTest
    @CsvSource({"0, 0.4378", "0.005, 0.5", "0.01, 0.5622", "0.02, 0.6792", "0.05, 0.9047", "0.1, 0.9914"})
    void labelsAreThoseOfTheTableOfStageTwo(double gain, double label) {
        assertEquals(label, GateDiagnosis.label(1 + gain, 1), 5e-5);
        assertEquals(0.4378, GateDiagnosis.label(1, 1.5), 5e-5, "a loss that rises counts as no gain");
    }

    @Test
    void everyStepIsSetAgainstTheGainItBroughtAndTheNextOne() {
        double certain = 1 / (1 + Math.exp(-50 * (Math.log(1.5) - 0.005))); // 1 - 2e-9
        double none = 1 / (1 + Math.exp(0.25));
        List<Point> points = diagnosis.points();
        assertEquals(3, points.size());
        assertEquals(Double.NaN, points.get(0).label());
        assertEquals(certain, points.get(0).nextLabel(), 1e-6);
        assertEquals(certain, points.get(1).label(), 1e-6);
        assertEquals(none, points.get(1).nextLabel(), 1e-6);
        assertEquals(none, points.get(2).label(), 1e-6);
        assertEquals(Double.NaN, points.get(2).nextLabel());
        assertEquals(0.75, points.get(1).lambda(), 1e-7);
        assertEquals(Math.log(2), points.get(0).entropy(), 1e-6);
    }

    @Test
    void theReliabilityDiagramCountsEachGateInTheBinOfItsContinuation() {
        List<Bin> bins = diagnosis.reliability(Label.STAGE_TWO); // 1 - λ: 0.25 at step 2, 2e-9 at step 3
        assertEquals(2, bins.size());
        assertEquals(new Bin(0, 0.1, 1, bins.get(0).predicted(), bins.get(0).observed(), Double.NaN), bins.get(0));
        assertEquals(0.2, bins.get(1).low(), 1e-15);
        assertEquals(0.25, bins.get(1).predicted(), 1e-7);
        assertEquals(1, bins.get(1).observed(), 1e-6);
        // |0 - 0.4378| and |0.25 - 1|, one each
        assertEquals((0.43782 + 0.75) / 2, diagnosis.calibrationError(Label.STAGE_TWO), 1e-4);
        List<Bin> next = diagnosis.reliability(Label.NEXT_STEP); // 0.5 at step 1, 0.25 at step 2
        assertEquals(List.of(1, 1), next.stream().map(Bin::n).toList());
        assertEquals(0.43782, next.get(0).observed(), 1e-5);
    }

    @Test
    void gatesAboveWhatStageTwoCanAskForAndSaturatedOnesAreCountedBeforeTheLastStep() {
        assertEquals(0.5622, GateDiagnosis.LARGEST_IDEAL_LAMBDA, 5e-5);
        assertEquals(2, diagnosis.gates());
        assertEquals(1, diagnosis.aboveIdeal()); // 0.75; the last gate, which p does not read, is not counted
        assertEquals(0, diagnosis.saturated(Format.FLOAT32));
        GateDiagnosis open = GateDiagnosis.of(Inspection.of(
                TinyCaptures.capture(2, 2, new float[][] {{7, 0}, {18, 0}, {0, 0}}, new float[3][4]),
                Matrix.identity(2),
                2,
                RunControl.none()));
        assertEquals(2, open.saturated(Format.BFLOAT16));
        assertEquals(1, open.saturated(Format.FLOAT16));
        assertEquals(1, open.saturated(Format.FLOAT32));
    }

    /** 70 tokens with two gates each before T = 3, above the limit at every fifth token, twice or never: tokens count, not gates. */
    @Test
    void gatesOfATokenAreOneThingInTheInterval() {
        float[] gates = new float[71];
        double[] share = new double[70];
        for (int p = 0; p < 71; p++) {
            gates[p] = p % 5 == 0 ? 2 : -2;
        }
        for (int p = 0; p < 70; p++) {
            share[p] = p % 5 == 0 ? 1 : 0;
        }
        GateDiagnosis many = GateDiagnosis.of(Inspection.of(
                TinyCaptures.capture(2, 2, new float[][] {gates, gates, gates}, new float[3][142]),
                Matrix.identity(2),
                2,
                RunControl.none()));
        assertEquals(140, many.gates());
        assertEquals(28, many.aboveIdeal());
        assertEquals(RunIntervals.share(share), many.aboveIdealInterval());
        assertTrue(Double.isNaN(diagnosis.aboveIdealInterval().low()), "one token is no sample");
    }

    @Test
    void theErrorOfABinIsThatOfItsMean() {
        // Token 0 is followed by 1, token 1 by 0 and so on; even ones gain ln 1.5 on it, odd ones lose ln 2. Labels 1
        // and
        // 0.4378, five each in one bin: sd √(10/9) 0.2811, over √10, times t(9) = 2.2622: 0.2120.
        float[] last = new float[22];
        for (int p = 0; p < 11; p++) {
            last[2 * p + 1] = LN3;
        }
        GateDiagnosis two = GateDiagnosis.of(Inspection.of(
                TinyCaptures.capture(
                        2, 2, new float[][] {new float[11], new float[11]}, new float[][] {new float[22], last}),
                Matrix.identity(2),
                2,
                RunControl.none()));
        Bin bin = two.reliability(Label.STAGE_TWO).get(0);
        assertEquals(10, bin.n());
        assertEquals(0.2120, bin.error(), 1e-3);
        assertEquals(10, two.toTable().doubleColumn("ideal_continue").countMissing());
    }
}
