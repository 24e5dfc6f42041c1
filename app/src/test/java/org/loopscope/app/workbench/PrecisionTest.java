package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.Settings;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.open.Models;

/** Opening the model again in another precision, and what runs and files then say of it. */
class PrecisionTest {
    @TempDir
    Path folder;

    private Settings settings;
    private Workbench workbench;

    @BeforeEach
    void openEmbedded() {
        settings = Settings.in(folder.resolve("settings.json"));
        workbench = window();
    }

    private Workbench window() {
        Workbench opened = new Workbench(Models::open, Runnable::run, Runnable::run, settings);
        opened.openModel("embedded", () -> {});
        return opened;
    }

    private void run(String prompt) {
        workbench.form().promptProperty().set(prompt);
        workbench.run();
    }

    @Test
    void anotherPrecisionOpensTheModelAgainAndRunsAndFiguresNameIt() {
        run("calc 7+8=");
        workbench.form().stepsProperty().set("3");
        workbench.choosePrecision(Precision.INT8_WEIGHTS);
        assertEquals(Precision.INT8_WEIGHTS, workbench.precision());
        assertEquals("3", workbench.form().stepsProperty().get(), "the same model: what was typed stays");
        run("calc 7+8=");
        RunEntry now = workbench.currentRunProperty().get();
        RunEntry before = workbench.runs().get(1);
        assertEquals("float32 with int8-rounded weights", now.capture().model().computeDtype());
        assertEquals("float32", before.capture().model().computeDtype());
        String lens = now.inspection().lens().statement();
        assertTrue(lens.endsWith("float32 with int8-rounded weights"), lens);
        workbench.show(before); // still read with the weights that made it
        assertEquals("5", workbench.currentRunProperty().get().answer());
    }

    @Test
    void thePrecisionIsRememberedForItsModel() {
        workbench.choosePrecision(Precision.INT8_WEIGHTS);
        settings = Settings.in(folder.resolve("settings.json"));
        assertEquals(Precision.INT8_WEIGHTS, window().precision());
        assertEquals(Precision.FLOAT32, settings.precision("another model"));
    }

    @Test
    void aPrecisionThatTheModelCannotHaveIsToldAndTheModelStays() {
        LoopedModel open = workbench.modelProperty().get();
        workbench.choosePrecision(Precision.BFLOAT16_WEIGHTS); // the embedded checkpoint is F32
        String told = workbench.noticeProperty().get();
        assertTrue(told.contains("bf16-weights"), told);
        assertSame(open, workbench.modelProperty().get());
        assertEquals(Precision.FLOAT32, workbench.precision());
        assertEquals(Precision.FLOAT32, settings.precision("embedded"), "what did not work is not remembered");
    }

    @Test
    void aCaptureIsNotReadWithTheRoundedWeightsOfAnotherPrecision() {
        run("calc 7+8=");
        Path file = folder.resolve("exact.safetensors");
        workbench.saveCapture(file);
        workbench.choosePrecision(Precision.INT8_WEIGHTS);
        workbench.openCapture(file);
        assertEquals(
                "exact.safetensors: this capture was computed in float32, but the model is open in int8-weights, whose"
                        + " lens would read it differently; choose the precision float32 first.",
                workbench.noticeProperty().get());
        assertEquals(1, workbench.runs().size());
    }
}
