package org.loopscope.figure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.embedded.UnpackedFiles;
import org.slf4j.LoggerFactory;

/**
 * The bundled fonts as files. From a stream AWT and JavaFX make a temporary file of each font, 2.4 MB in all, which stays
 * when the program is killed.
 */
final class FontFiles {
    private static final String PLACE = "/org/loopscope/figure/fonts/";

    private final Optional<Path> folder;

    FontFiles(List<String> names) {
        folder = unpacked(names.stream().map(name -> PLACE + name).toList());
    }

    private static Optional<Path> unpacked(List<String> files) {
        try {
            return Optional.of(UnpackedFiles.folder("fonts", FontFiles.class, files));
        } catch (LoopscopeException e) {
            LoggerFactory.getLogger(FontFiles.class).info("The fonts are read from the program itself", e);
            return Optional.empty();
        }
    }

    /** The file of one; empty where no folder can be written. */
    Optional<Path> file(String name) {
        return folder.map(f -> f.resolve(name));
    }
}
