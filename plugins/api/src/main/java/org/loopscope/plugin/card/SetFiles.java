package org.loopscope.plugin.card;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Asks for the files of a prompt set. An interface, so that tests answer without a dialog. */
public interface SetFiles {
    /** A file with the rows of a set that is finished; empty if the user thought better of it. */
    Optional<Path> rowsToOpen(@Nullable Window owner);

    /**
     * A set of prompts.
     *
     * @param endings what its name may end in, without the dot
     */
    Optional<Path> set(@Nullable Window owner, List<String> endings);

    /**
     * Where the rows of a set go.
     *
     * @param name a name for the file
     */
    Optional<Path> rowsToWrite(@Nullable Window owner, String name);
}
