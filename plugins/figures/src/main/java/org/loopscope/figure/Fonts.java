package org.loopscope.figure;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.swing.text.StyleContext;

/**
 * The bundled fonts (Inter and JetBrains Mono, SIL Open Font License), so that every machine draws the same picture,
 * servers without fonts included. Neither holds Hebrew, Arabic, Devanagari, CJK or emoji: behind them stand the fonts of
 * the system, and what these lack too is shown as an escape, see {@link TokenText}.
 */
public final class Fonts {
    /** Family for text, registered with AWT and JavaFX. */
    public static final String SANS = "Inter";
    /** Family for tokens and numbers in columns. */
    public static final String MONO = "JetBrains Mono";

    private static final List<String> FILES = List.of(
            "Inter-Regular.otf",
            "Inter-SemiBold.otf",
            "Inter-Bold.otf",
            "JetBrainsMono-Regular.ttf",
            "JetBrainsMono-Bold.ttf");

    private Fonts() {}

    static Font sans(double size) {
        return Awt.REGULAR.deriveFont((float) size);
    }

    static Font sansBold(double size) {
        return Awt.BOLD.deriveFont((float) size);
    }

    static Font mono(double size) {
        return Awt.MONO_REGULAR.deriveFont((float) size);
    }

    static Font monoBold(double size) {
        return Awt.MONO_BOLD.deriveFont((float) size);
    }

    /** The font that {@code family} is drawn with here, at 12. */
    static Font named(String family, boolean bold) {
        return Awt.backed(family, bold ? Font.BOLD : Font.PLAIN);
    }

    /** The font files of the program, for a toolkit that registers fonts of its own. */
    public static List<String> files() {
        return FILES;
    }

    /** Where {@code file} of {@link #files} is unpacked on disk; empty where it cannot be. */
    public static Optional<Path> unpacked(String file) {
        return Unpacked.FONTS.file(file);
    }

    /** The bytes of {@code file} of {@link #files}. */
    public static InputStream open(String file) {
        InputStream in = Fonts.class.getResourceAsStream("/org/loopscope/figure/fonts/" + file);
        if (in == null) {
            throw new IllegalStateException("font " + file + " is missing from the program");
        }
        return in;
    }

    /** Registered with AWT at first use of a font. Derived by family and style, the way JavaFX looks them up too. */
    private static final class Awt {
        static {
            FILES.forEach(Awt::register);
        }

        static final Font REGULAR = backed(SANS, Font.PLAIN);
        static final Font BOLD = backed(SANS, Font.BOLD);
        static final Font MONO_REGULAR = backed(MONO, Font.PLAIN);
        static final Font MONO_BOLD = backed(MONO, Font.BOLD);

        /**
         * The bundled font for all that it holds, with Java's own "Dialog", which stands for every font of the system, behind
         * it. {@code StyleContext} is the one public way to such a font.
         */
        static Font backed(String family, int style) {
            try {
                return StyleContext.getDefaultStyleContext().getFont(family, style, 12);
            } catch (RuntimeException | InternalError e) { // a system without any font, or without fontconfig
                return new Font(family, style, 12);
            }
        }

        private static void register(String file) {
            try {
                GraphicsEnvironment.getLocalGraphicsEnvironment().registerFont(read(file));
            } catch (FontFormatException e) {
                throw new IllegalStateException("font " + file + " cannot be read", e);
            } catch (IOException e) {
                throw new UncheckedIOException("font " + file + " cannot be read", e);
            }
        }

        private static Font read(String file) throws FontFormatException, IOException {
            Optional<Path> unpacked = unpacked(file);
            if (unpacked.isPresent()) {
                return Font.createFont(Font.TRUETYPE_FONT, unpacked.get().toFile());
            }
            try (InputStream in = open(file)) {
                return Font.createFont(Font.TRUETYPE_FONT, in);
            }
        }
    }

    /** Once for both, and not before a font is needed. */
    private static final class Unpacked {
        static final FontFiles FONTS = new FontFiles(FILES);
    }
}
