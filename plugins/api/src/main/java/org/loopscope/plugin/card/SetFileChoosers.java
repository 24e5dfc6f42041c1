package org.loopscope.plugin.card;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** The system's file dialogs; each begins in the folder of the last file. */
final class SetFileChoosers implements SetFiles {
    private @Nullable File folder;

    @Override
    public Optional<Path> rowsToOpen(@Nullable Window owner) {
        return taken(chooser("Open the rows of a set", "Rows (*.csv)", "*.csv").showOpenDialog(owner));
    }

    @Override
    public Optional<Path> set(@Nullable Window owner, List<String> endings) {
        String[] patterns = endings.stream().map(ending -> "*." + ending).toArray(String[]::new);
        return taken(chooser("Prompt set", "Prompt sets (" + String.join(", ", patterns) + ")", patterns)
                .showOpenDialog(owner));
    }

    @Override
    public Optional<Path> rowsToWrite(@Nullable Window owner, String name) {
        FileChooser chooser = chooser("Where its rows go", "Rows (*.csv)", "*.csv");
        chooser.setInitialFileName(name);
        return taken(chooser.showSaveDialog(owner));
    }

    private FileChooser chooser(String title, String kind, String... endings) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(kind, endings));
        if (folder != null && folder.isDirectory()) {
            chooser.setInitialDirectory(folder);
        }
        return chooser;
    }

    private Optional<Path> taken(@Nullable File file) {
        if (file == null) {
            return Optional.empty();
        }
        folder = file.getParentFile();
        return Optional.of(file.toPath());
    }
}
