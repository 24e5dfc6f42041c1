package org.loopscope.plugin.card;

import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Asks where a figure is saved. An interface, so that tests answer without a dialog. */
@FunctionalInterface
public interface SaveDialog {
    /** A file whose name ends in {@code .png}, {@code .svg} or {@code .csv}; empty if the user thought better of it. */
    Optional<Path> choose(@Nullable Window owner, String suggestedName);
}
