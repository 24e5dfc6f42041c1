package org.loopscope.plugin.figure;

import java.awt.Font;

/** How a token is written into a small space: blanks made visible, unprintable characters as an escape. */
public final class TokenText {
    private static final String ELLIPSIS = "…";

    private TokenText() {}

    /**
     * {@code text} with blanks as {@code ·}, line breaks and tabs as {@code \n}, {@code \t}, {@code \r}, and control
     * characters and those that {@code font} cannot draw as {@code U+XXXX}. A font of the system that could draw them is
     * not asked: the same picture everywhere.
     */
    public static String visible(String text, Font font) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> append(shown, c, font));
        return shown.isEmpty() ? "∅" : shown.toString();
    }

    /** {@code text} cut to {@code maxCharacters} with an ellipsis. */
    public static String shorten(String text, int maxCharacters) {
        if (text.codePointCount(0, text.length()) <= maxCharacters) {
            return text;
        }
        int end = text.offsetByCodePoints(0, Math.max(0, maxCharacters - 1));
        return text.substring(0, end) + ELLIPSIS;
    }

    private static void append(StringBuilder shown, int c, Font font) {
        switch (c) {
            case ' ' -> shown.append('·');
            case '\n' -> shown.append("\\n");
            case '\t' -> shown.append("\\t");
            case '\r' -> shown.append("\\r");
            default -> {
                if (Character.isISOControl(c) || !font.canDisplay(c)) {
                    shown.append(String.format("U+%04X", c));
                } else {
                    shown.appendCodePoint(c);
                }
            }
        }
    }
}
