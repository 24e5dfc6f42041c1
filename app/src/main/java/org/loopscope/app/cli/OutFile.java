package org.loopscope.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.OutputPath;

/** Where a command writes its result. */
final class OutFile {
    private OutFile() {}

    /**
     * Refuses a file that cannot be written before the work whose result it should hold.
     *
     * @throws LoopscopeException with one sentence that names the file
     */
    static void check(@Nullable Path file) throws LoopscopeException {
        if (file != null) {
            OutputPath.of(file);
        }
    }

    /** Writes the text in UTF-8, whole or not at all. */
    static void write(Path file, String text) throws LoopscopeException {
        AtomicFile.write(file, text);
    }
}
