package org.loopscope.figure;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.loopscope.model.base.ForeignText;

/**
 * Writes one token so that nothing of it is unseen and, as far as letters allow, no other token looks the same: what has
 * no shape of its own, or the shape of something else, becomes {@code U+XXXX}.
 */
final class VisibleText {
    private static final int COUNTED_BLANKS = 4;
    private static final int DOTTED_CIRCLE = 0x25CC;

    private final int[] text;
    private final IntPredicate drawn;
    private final StringBuilder shown = new StringBuilder();

    /** @param drawn whether the fonts at hand have a shape for a code point */
    VisibleText(String text, IntPredicate drawn) {
        this.text = text.codePoints().toArray();
        this.drawn = drawn;
    }

    String shown() {
        if (text.length == 0) {
            return "∅";
        }
        if (text.length == 1 && text[0] == '∅') {
            return escape(text[0]);
        }
        int at = 0;
        while (at < text.length) {
            at += text[at] == ' ' ? blanks(at) : character(at);
        }
        return shown.toString();
    }

    /** Blanks as dots; from four on they are counted. */
    private int blanks(int from) {
        int to = from;
        while (to < text.length && text[to] == ' ') {
            to++;
        }
        int count = to - from;
        shown.append(count < COUNTED_BLANKS ? "·".repeat(count) : "·×" + count);
        return count;
    }

    private int character(int at) {
        int c = text[at];
        switch (c) {
            case '\n' -> shown.append("\\n");
            case '\t' -> shown.append("\\t");
            case '\r' -> shown.append("\\r");
            case '\\' -> shown.append(readsAsLineBreak(at) ? "\\\\" : "\\");
            default -> {
                if (c > ' ' && c < 0x7F) {
                    shown.append((char) c);
                } else if (hasNoShape(c) || looksLikeAnother(at)) {
                    shown.append(escape(c));
                } else {
                    base(at);
                    shown.appendCodePoint(c);
                }
            }
        }
        return 1;
    }

    /** Whether a backslash and a letter, two characters, would look like a line break or tab. */
    private boolean readsAsLineBreak(int at) {
        int letter = at + 1 < text.length ? text[at + 1] : 0;
        boolean word = at + 2 < text.length && Character.isLetter(text[at + 2]); // as in \times
        return !word && (letter == 'n' || letter == 't' || letter == 'r');
    }

    private boolean hasNoShape(int c) {
        return Character.isSpaceChar(c)
                || ForeignText.isInvisible(c)
                || Character.getType(c) == Character.PRIVATE_USE
                || !drawn.test(c);
    }

    /** Our own dot for a blank, and what Unicode holds for another spelling of the same letter. */
    private boolean looksLikeAnother(int at) {
        if (text[at] == '·') {
            return true;
        }
        int from = at > 0 && text[at - 1] > ' ' ? at - 1 : at;
        String letters = new String(text, from, at - from + 1);
        return !Normalizer.isNormalized(letters, Normalizer.Form.NFC)
                && Normalizer.isNormalized(new String(text, from, at - from), Normalizer.Form.NFC);
    }

    /** A mark with no letter before it is drawn over a dotted circle. */
    private void base(int at) {
        boolean mark = isMark(text[at]);
        boolean alone = at == 0 || !Character.isLetterOrDigit(text[at - 1]) && !isMark(text[at - 1]);
        if (mark && alone && drawn.test(DOTTED_CIRCLE)) {
            shown.appendCodePoint(DOTTED_CIRCLE);
        }
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static String escape(int c) {
        return String.format(Locale.ROOT, "U+%04X", c);
    }
}
