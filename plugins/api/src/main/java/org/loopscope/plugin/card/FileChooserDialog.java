package org.loopscope.plugin.card;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Asks where a figure is saved; begins where the last one was. */
final class FileChooserDialog {
    private static final String[] EXTENSIONS = {"png", "svg", "csv"};
    private @Nullable File folder;

    /** A file whose name ends in {@code .png}, {@code .svg} or {@code .csv}; empty if the user thought better of it. */
    Optional<Path> choose(@Nullable Window owner, String suggestedName) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Save figure");
        chooser.getExtensionFilters()
                .addAll(
                        new FileChooser.ExtensionFilter("Picture, 2x (*.png)", "*.png"),
                        new FileChooser.ExtensionFilter("Vector picture (*.svg)", "*.svg"),
                        new FileChooser.ExtensionFilter("Data behind it (*.csv)", "*.csv"));
        chooser.setInitialFileName(suggestedName + ".png");
        if (folder != null && folder.isDirectory()) {
            chooser.setInitialDirectory(folder);
        }
        File file = chooser.showSaveDialog(owner);
        if (file == null) {
            return Optional.empty();
        }
        folder = file.getParentFile();
        int filter = chooser.getExtensionFilters().indexOf(chooser.getSelectedExtensionFilter());
        return Optional.of(withExtension(file, EXTENSIONS[Math.max(0, filter)]));
    }

    private static Path withExtension(File file, String extension) {
        String name = file.getName().toLowerCase(Locale.ROOT);
        for (String known : EXTENSIONS) {
            if (name.endsWith("." + known)) {
                return file.toPath();
            }
        }
        return file.toPath().resolveSibling(file.getName() + "." + extension);
    }
}
