package org.loopscope.analysis.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.gate.GateCalibration.Target;
import org.loopscope.analysis.run.GateDiagnosis.Format;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.model.base.LoopscopeException;

class GateCalibrationTest {
    @TempDir
    Path folder;

    private static GateRow gate(int prompt, int step, double lambda, double label, double nextLabel, double nextGain) {
        double logit = Math.log(lambda / (1 - lambda));
        return new GateRow(prompt, "", Scope.PROMPT, 0, step, logit, lambda, 0, nextGain, label, nextLabel, 3);
    }

    private static GateCalibration three() {
        GateCalibration.Collector collector = new GateCalibration.Collector();
        // T = 3, so steps 1 and 2 are read by p; 1 - λ: 0.25, 0.85, 0.25 and, after the last step, 0.25
        collector.add(gate(1, 1, 0.75, Double.NaN, 0.5, 0.1));
        collector.add(gate(1, 2, 0.15, 0.8, 0.6, 0.4));
        collector.add(gate(2, 2, 0.75, 0.4, 0.9, 0.5));
        collector.add(gate(2, 3, 0.75, 0.6, Double.NaN, Double.NaN));
        return collector.calibration();
    }

    @Test
    void binsAreOfOneMinusLambdaWithMeansOfEachTarget() {
        List<GateCalibration.Bin> trained = three().bins(Target.STAGE_TWO);
        assertEquals(2, trained.size());
        GateCalibration.Bin first = trained.get(0);
        assertEquals(0.2, first.low(), 1e-15);
        assertEquals(2, first.n()); // step 1 has no label, the last step has
        assertEquals(1, first.prompts());
        assertEquals(0.25, first.predicted(), 1e-15);
        assertEquals(0.5, first.observed(), 1e-15); // (0.4 + 0.6) / 2
        assertTrue(Double.isNaN(first.interval().low()), "one prompt");
        assertEquals(0.85, trained.get(1).predicted(), 1e-15);
        GateCalibration.Bin next = three().bins(Target.NEXT_STEP).get(0);
        assertEquals(2, next.n());
        assertEquals(0.7, next.observed(), 1e-15); // (0.5 + 0.9) / 2
        assertEquals(2, next.prompts());
        assertTrue(Double.isNaN(next.interval().low()), "two prompts");
        assertEquals(0.3, three().bins(Target.NEXT_GAIN).get(0).observed(), 1e-15);
        // (2 |0.25 - 0.5| + |0.85 - 0.8|) / 3
        assertEquals(0.55 / 3, three().calibrationError(Target.STAGE_TWO), 1e-12);
    }

    @Test
    void gatesBeforeTheLastStepAreCountedAgainstTheCeiling() {
        GateCalibration calibration = three();
        assertEquals(3, calibration.gates());
        assertEquals(2, calibration.aboveIdeal()); // 0.75 twice, above 0.5622
        assertTrue(Double.isNaN(calibration.aboveInterval().low()), "two prompts that count several times");
        assertEquals(0.75, calibration.largestLambda());
        assertEquals(2, calibration.prompts());
        assertEquals(0, calibration.saturated(Format.BFLOAT16));
        assertEquals(2, calibration.steps().size());
        GateCalibration.Step second = calibration.steps().get(1);
        assertEquals(0.45, second.lambda(), 1e-15); // (0.15 + 0.75) / 2
        assertEquals(0.5, second.above(), 1e-15);
        assertEquals(0.45, second.nextGain(), 1e-15); // (0.4 + 0.5) / 2
        GateCalibration.Collector sure = new GateCalibration.Collector();
        sure.add(gate(1, 1, 0.999, Double.NaN, 0.5, 0)); // logit 6.9
        sure.add(gate(2, 1, 0.9, Double.NaN, 0.5, 0));
        assertEquals(1, sure.calibration().saturated(Format.BFLOAT16));
        assertEquals(0, sure.calibration().saturated(Format.FLOAT16));
        assertEquals(Interval.wilson(2, 2), sure.calibration().aboveInterval(), "every prompt alike");
    }

    /** Ten prompts of one or two gates: an interval is over prompts, with all gates of a prompt together. */
    @Test
    void intervalsAreOverPrompts() {
        GateCalibration.Collector collector = new GateCalibration.Collector();
        double[] gains = new double[10];
        double[] above = new double[10];
        double[] gates = new double[10];
        for (int i = 0; i < 10; i++) {
            for (int position = 0; position <= i % 2; position++) {
                collector.add(gate(i + 1, 1, i < 4 ? 0.75 : 0.72, Double.NaN, 0.99, 0.1 * i * position));
                gains[i] += 0.1 * i * position;
                above[i]++;
                gates[i]++;
            }
            collector.add(gate(i + 1, 2, 0.15, 0.5, 0.5, 0));
        }
        GateCalibration calibration = collector.calibration();
        GateCalibration.Step first = calibration.steps().get(0);
        assertEquals(Intervals.ratio(gains, gates), first.gainInterval());
        assertEquals(Interval.wilson(10, 10), first.aboveInterval(), "every prompt alike");
        double[] all = new double[10];
        java.util.Arrays.setAll(all, i -> gates[i] + 1);
        assertEquals(Intervals.share(above, all), calibration.aboveInterval());
        assertEquals(
                Intervals.ratio(gains, gates),
                calibration.bins(Target.NEXT_GAIN).get(0).interval());
    }

    @Test
    void aGateThatIsFullyOpenOrClosedHasABin() {
        GateCalibration.Collector ends = new GateCalibration.Collector();
        ends.add(new GateRow(1, "", Scope.PROMPT, 0, 1, -40, 0, Double.NaN, 0, Double.NaN, 0.4, 3));
        ends.add(new GateRow(1, "", Scope.PROMPT, 0, 2, 40, 1, 0, 0, 0.4, 0.4, 3));
        List<GateCalibration.Bin> bins = ends.calibration().bins(Target.NEXT_STEP);
        assertEquals(0.0, bins.get(0).low());
        assertEquals(1.0, bins.get(1).high());
    }

    @Test
    void whatIsNoSuchFileIsRefusedInOneSentence() throws Exception {
        Path file = folder.resolve("gate.csv");
        assertTrue(assertThrows(LoopscopeException.class, () -> GateData.read(file))
                .getMessage()
                .endsWith("found no such file."));
        Files.writeString(file, String.join(",", GateRow.COLUMNS) + "\n");
        assertTrue(assertThrows(LoopscopeException.class, () -> GateData.read(file))
                .getMessage()
                .contains("expected rows of loopscope gate, found only the header"));
        Files.writeString(file, String.join(",", GateRow.COLUMNS) + "\n1,,problem,,,,,,,,,4,m,float32\n");
        assertTrue(assertThrows(LoopscopeException.class, () -> GateData.read(file))
                .getMessage()
                .contains("expected gates of steps before the last, found none"));
        Files.writeString(file, String.join(",", GateRow.COLUMNS) + "\n1,,somewhere,0,1,,,,,,,4,m,float32\n");
        assertTrue(
                assertThrows(LoopscopeException.class, () -> GateData.read(file))
                        .getMessage()
                        .endsWith(
                                "line 2, column scope: expected one of prompt, answer, generated, problem, found \"somewhere\"."));
    }
}
