package org.loopscope.plugin.card;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javafx.scene.text.Font;
import org.loopscope.figure.Fonts;

/** The program's fonts in the window. */
public final class WindowFonts {
    private WindowFonts() {}

    /** Registers the fonts with JavaFX, once for the program. */
    public static void register() {
        if (!Once.DONE) {
            throw new IllegalStateException("fonts: want them registered");
        }
    }

    private static final class Once {
        static final Boolean DONE = register();

        private static Boolean register() {
            for (String file : Fonts.files()) {
                if (loaded(file)) {
                    continue;
                }
                try (InputStream in = Fonts.open(file)) {
                    Font.loadFont(in, 12);
                } catch (IOException e) {
                    throw new UncheckedIOException("font " + file + " cannot be read", e);
                }
            }
            return Boolean.TRUE;
        }

        /** From the file itself; JavaFX takes an address of a file as it stands, blanks and all, without decoding it. */
        private static boolean loaded(String file) {
            return Fonts.unpacked(file)
                    .map(path -> Font.loadFont("file:" + path, 12) != null)
                    .orElse(false);
        }
    }
}
