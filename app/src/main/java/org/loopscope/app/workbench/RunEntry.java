package org.loopscope.app.workbench;

import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitRule;

/**
 * One run in the history: immutable, and shown again without running it again.
 *
 * @param number counts from 1 in this window
 * @param modelName as the model chooser shows it
 * @param source {@code run}, or the file it was opened from
 */
public record RunEntry(int number, String modelName, String source, Inspection inspection, int firstStableStep) {

    static RunEntry of(int number, String modelName, String source, Inspection inspection) {
        int last = inspection.capture().promptLength() - 1;
        return new RunEntry(
                number, modelName, source, inspection, inspection.flips().firstStableStep(last));
    }

    public Capture capture() {
        return inspection.capture();
    }

    /** What was asked: the prompt, or the token ids. */
    public String title() {
        Capture capture = capture();
        if (!capture.prompt().isEmpty()) {
            return capture.prompt();
        }
        StringBuilder ids = new StringBuilder("ids");
        for (int i = 0; i < capture.promptLength(); i++) {
            ids.append(i == 0 ? " " : ", ").append(capture.tokenId(i));
        }
        return ids.toString();
    }

    /** Prediction after the last given token at full depth. */
    public String answer() {
        return inspection.answer(capture().promptLength() - 1, ExitRule.full());
    }
}
