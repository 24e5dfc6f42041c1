package org.loopscope.plugin.exit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.gate.GateCalibration;
import org.loopscope.analysis.gate.GateCalibration.Target;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateRow;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.GateDiagnosis.Label;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.set.Scope;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

class GateLabTest {
    private static final String SET = "{\"prompt\":\"people Mia's friend is\",\"answer\":\"Eve\",\"group\":\"k=1\"}\n"
            + "{\"prompt\":\"people Leo's boss's neighbour is\",\"answer\":\"Tom\"}\n"
            + "{\"prompt\":\"calc 2+2=\"}\n";

    @TempDir
    Path folder;

    private static int run(LoopedModel model, List<Prompt> prompts, int steps, int generate, Path out, RunControl how)
            throws LoopscopeException {
        GateLab lab = new GateLab();
        Values values = Values.of(lab.settings()).with(GateLab.STEPS, steps).with(GateLab.GENERATE, generate);
        return new SetRun<>(lab, model, prompts, values).into(out, kept -> {}, how);
    }

    @Test
    void aSetGivesTheNumbersOfItsRunsAndAnInterruptedOneTheBytesOfAWholeOne() throws Exception {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            List<Prompt> prompts =
                    PromptSet.read(new StringReader(SET), "set.jsonl").prompts();
            Path whole = folder.resolve("whole.csv");
            assertEquals(0, run(model, prompts, 4, 2, whole, RunControl.none()));
            Path file = folder.resolve("gate.csv");
            AtomicInteger begun = new AtomicInteger();
            RunControl stopped = RunControl.of(() -> begun.get() > 2, (stage, done, total) -> begun.incrementAndGet());
            assertThrows(CancellationException.class, () -> run(model, prompts, 4, 2, file, stopped));
            assertFalse(Files.exists(file));
            LoopscopeException refused =
                    assertThrows(LoopscopeException.class, () -> run(model, prompts, 3, 2, file, RunControl.none()));
            assertTrue(refused.getMessage().contains("begun with loops (T) = 4"), refused.getMessage());
            assertEquals(2, run(model, prompts, 4, 2, file, RunControl.none()));
            assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file));

            GateData data = GateData.read(file);
            assertEquals(List.of(Scope.PROMPT, Scope.ANSWER, Scope.GENERATED), data.scopes());
            assertEquals(3, data.calibration(Optional.empty()).prompts());
            // one answer token each for two prompts, three steps before T; two generated tokens
            assertEquals(6, data.calibration(Optional.of(Scope.ANSWER)).gates());
            assertEquals(6, data.calibration(Optional.of(Scope.GENERATED)).gates());
            assertThrows(IllegalArgumentException.class, () -> data.calibration(Optional.of(Scope.PROBLEM)));

            // against the diagnosis of one run of the same tokens
            int[] ids = model.tokenizer().orElseThrow().encode("people Mia's friend is Eve");
            Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
            GateDiagnosis one = GateDiagnosis.of(Inspection.of(capture, model, 1, RunControl.none()));
            Path single = folder.resolve("single.csv");
            run(model, prompts.subList(0, 1), 4, 0, single, RunControl.none());
            GateCalibration same = GateData.read(single).calibration(Optional.empty());
            assertEquals(one.gates(), same.gates());
            assertEquals(one.aboveIdeal(), same.aboveIdeal());
            assertEquals(one.calibrationError(Label.STAGE_TWO), same.calibrationError(Target.STAGE_TWO), 1e-12);
            assertEquals(one.calibrationError(Label.NEXT_STEP), same.calibrationError(Target.NEXT_STEP), 1e-12);
        }
    }

    /** Every cell of the gate's rows, against the lens of the run. */
    @Test
    void gainAndNextGainAreThoseOfTheStepAndOfTheOneAfterIt() throws Exception {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            List<Prompt> prompts =
                    PromptSet.read(new StringReader(SET), "set.jsonl").prompts().subList(0, 1);
            Path file = folder.resolve("one.csv");
            run(model, prompts, 4, 0, file, RunControl.none());
            int[] ids = model.tokenizer().orElseThrow().encode("people Mia's friend is Eve");
            Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
            LensGrid lens = Inspection.of(capture, model, 1, RunControl.none()).lens();
            List<GateRow> rows = new java.util.ArrayList<>();
            GateRow.TABLE.read(file, found -> rows.add(found.row()));
            assertEquals(5 * 4, rows.size());
            for (GateRow row : rows) {
                int p = row.position();
                int t = row.step();
                assertEquals(capture.gateLogit(t, p), row.gateLogit(), 1e-12);
                assertEquals(1 / (1 + Math.exp(-row.gateLogit())), row.lambda(), 1e-12);
                assertEquals(t == 1 ? Double.NaN : gain(lens, t, p), row.gain(), 1e-9, "gain at " + t);
                assertEquals(t == 4 ? Double.NaN : gain(lens, t + 1, p), row.nextGain(), 1e-9, "next gain at " + t);
                assertEquals(t == 1 ? Double.NaN : label(gain(lens, t, p)), row.label(), 1e-9);
                assertEquals(t == 4 ? Double.NaN : label(gain(lens, t + 1, p)), row.nextLabel(), 1e-9);
                assertEquals(p < 4 ? Scope.PROMPT : Scope.ANSWER, row.scope());
            }
        }
    }

    /** I(t) = max(0, L(t−1) − L(t)). */
    private static double gain(LensGrid lens, int step, int position) {
        double before = lens.probabilityOfNext(lens.rowOfStep(step - 1), position);
        double now = lens.probabilityOfNext(lens.rowOfStep(step), position);
        return Math.max(0, Math.log(now) - Math.log(before));
    }

    /** w(t) = σ(50 (I(t) − 0.005)). */
    private static double label(double gain) {
        return 1 / (1 + Math.exp(-50 * (gain - 0.005)));
    }
}
