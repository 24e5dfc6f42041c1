package org.loopscope.app.shell;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests of the window on a Linux without Pango's FreeType part, which JavaFX needs to measure text even without a
 * display, and says what to install. With {@code LOOPSCOPE_WINDOW_TESTS=required} in the environment nothing is skipped: they
 * then fail, as they must where a skipped test would go unnoticed.
 */
final class NeedsTextDrawing implements ExecutionCondition {
    private static final String LIBRARY = "libpangoft2-1.0.so.0";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
        if (!linux || "required".equals(System.getenv("LOOPSCOPE_WINDOW_TESTS")) || found()) {
            return ConditionEvaluationResult.enabled("text can be drawn, or has to be");
        }
        return ConditionEvaluationResult.disabled("the tests of the window draw text with " + LIBRARY
                + ", which cannot be loaded; install it (Debian: libpangoft2-1.0-0)");
    }

    private static boolean found() {
        String path = System.getProperty("java.library.path", "") + File.pathSeparator + "/usr/lib64";
        return Stream.concat(
                        Arrays.stream(path.split(File.pathSeparator)),
                        Stream.of(
                                "/usr/lib/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu"))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, LIBRARY))
                .filter(Files::exists)
                .anyMatch(NeedsTextDrawing::loads);
    }

    private static boolean loads(Path library) {
        try {
            System.load(library.toAbsolutePath().toString());
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
