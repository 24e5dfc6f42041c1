package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.model.Capture;
import org.loopscope.model.chat.EndTokens;
import org.loopscope.model.exit.ExitRule;

/**
 * What {@code run} shows.
 *
 * @param lens step outputs, at least the top prediction of each
 * @param rule whose exit steps are shown
 * @param ends the tokens at which generating would have ended
 * @param generatedText the generated tokens as one text
 * @param file the capture file that was written
 */
record RunResult(
        Capture capture, LensGrid lens, ExitRule rule, EndTokens ends, String generatedText, Optional<Path> file) {
    ExitAnalysis exits() {
        return ExitAnalysis.of(capture, lens);
    }
}
