package org.loopscope.app.workbench;

import java.nio.file.Path;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;

/** Reads captures for the lens of one model: the lens of another would show numbers that mean nothing. */
final class CaptureOfModel {
    private CaptureOfModel() {}

    /** Reads {@code file}, which must come from the weights of {@code open}, computed alike. */
    static Capture read(Path file, ModelInfo open, RunControl control) throws LoopscopeException {
        Capture capture = CaptureFile.read(file, control);
        ModelInfo made = capture.model();
        if (!made.weightHash().equals(open.weightHash())) {
            throw new LoopscopeException(file.getFileName() + ": this capture was made with the model " + made.id()
                    + " (weights " + shortHash(made) + "), but " + open.id() + " (weights " + shortHash(open)
                    + ") is open; open that model first.");
        }
        Precision then = precision(made);
        Precision now = precision(open);
        if (then != now && !(then.exact() && now.exact())) {
            throw new LoopscopeException(file.getFileName() + ": this capture was computed in " + then.cliName()
                    + ", but the model is open in " + now.cliName()
                    + ", whose lens would read it differently; choose the precision " + then.cliName() + " first.");
        }
        return capture;
    }

    static Precision precision(ModelInfo info) {
        return Precision.ofComputeDtype(info.computeDtype()).orElse(Precision.FLOAT32);
    }

    private static String shortHash(ModelInfo info) {
        String hash = info.weightHash();
        return hash.substring(0, Math.min(8, hash.length()));
    }
}
