package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Option;

/** The options of every command that can also draw its result. */
final class FigureFile {
    @Option(
            names = "--figure",
            paramLabel = "FILE",
            description = "Also draw a figure, to a file that ends in .png, .svg, or .csv for its data.")
    @Nullable
    private Path file;

    @Option(names = "--dark", description = "Draw the figure in dark colours.")
    private boolean dark;

    /** What makes the figure, once it is known that it is wanted. */
    @FunctionalInterface
    interface Drawing {
        Figure figure() throws LoopscopeException;
    }

    /** Refuses what cannot be used, before a model is opened. */
    void check() throws LoopscopeException {
        OutFile.check(file);
        Checks.require(
                file == null || file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|svg|csv)"),
                "--figure: expected a name that ends in .png, .svg or .csv, found " + file + ".");
    }

    /** Whether a figure is to be drawn. */
    boolean wanted() {
        return file != null;
    }

    /** Draws what {@code figure} gives, if a file was named. */
    void draw(Drawing figure) throws LoopscopeException {
        if (file == null) {
            return;
        }
        try {
            FigureExport.byExtension(figure.figure(), file, dark ? FigureTheme.DARK : FigureTheme.LIGHT);
        } catch (IOException e) {
            throw new LoopscopeException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Says where it is. */
    void told(CommandEnvironment environment) {
        if (file != null) {
            environment.out().println("Figure written to " + file + ".");
        }
    }
}
