package org.loopscope.figure;

import java.awt.Font;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.loopscope.model.base.DisplayWidth;
import org.loopscope.model.base.ForeignText;

/** How a token is written into a small space: blanks made visible, what cannot be seen as an escape. */
public final class TokenText {
    private static final String ELLIPSIS = "…";

    /** An escape is cut as a whole, a letter together with its marks. */
    private static final Pattern UNIT = Pattern.compile("U\\+[0-9A-F]{4,6}|\\X");

    private static final Pattern ESCAPES = Pattern.compile("·?(U\\+[0-9A-F]{4,6})+");

    private TokenText() {}

    /**
     * {@code text} as a label of its own: blanks as {@code ·}, from four on counted as {@code ·×4}; line breaks and tabs as
     * {@code \n}, {@code \t}, {@code \r}; a lone mark on {@code ◌}; and as {@code U+XXXX} what is invisible, another kind of
     * space, another spelling of the same letter, or beyond {@code font} and the fonts of the system.
     */
    public static String visible(String text, Font font) {
        return new VisibleText(text, c -> Glyphs.drawn(font, c)).shown();
    }

    /**
     * {@link #visible} for the middle of a sentence: text from right to left stands between marks, so that numbers and
     * words beside it keep their places. A label of JavaFX shows it as it is, {@link FigureText} draws it.
     */
    public static String inSentence(String text, Font font) {
        return ForeignText.markedOff(visible(text, font));
    }

    /** The same, cut to {@code maxColumns}. */
    public static String inSentence(String text, Font font, int maxColumns) {
        return ForeignText.markedOff(shorten(visible(text, font), maxColumns));
    }

    /** Whether a {@link #visible} text begins with an escape, as many others do: better cut there than at its end. */
    public static boolean beginsWithEscape(String visible) {
        return ESCAPES.matcher(visible).lookingAt();
    }

    /** {@code text} cut to {@code maxColumns} with an ellipsis; wide characters count twice. */
    public static String shorten(String text, int maxColumns) {
        String cut = cut(text, part -> DisplayWidth.of(part) <= maxColumns);
        return cut.isEmpty() ? ELLIPSIS : cut;
    }

    /**
     * {@code text}, or its beginning and an ellipsis, as much as {@code fits}; empty if nothing does. Of a text that is
     * escapes alone the end is kept, and of an escape at the end the digits: they tell it from others.
     */
    static String cut(String text, Predicate<String> fits) {
        if (fits.test(text)) {
            return text;
        }
        String inner = ForeignText.withoutMarks(text);
        String beginning = ESCAPES.matcher(inner).matches() ? "" : beginning(inner, fits);
        String cut = beginning.isEmpty() && inner.contains("U+") ? end(inner, fits) : beginning;
        return inner.equals(text) ? cut : ForeignText.markedOff(cut);
    }

    /** The digits of escapes, as many as fit, with what follows. */
    private static String end(String escapes, Predicate<String> fits) {
        String digits = escapes.replace("·", "").replace("U+", "");
        if (fits.test(digits)) {
            return digits;
        }
        for (int from = 1; from < digits.length(); from = digits.offsetByCodePoints(from, 1)) {
            String cut = ELLIPSIS + digits.substring(from);
            if (fits.test(cut)) {
                return cut;
            }
        }
        return "";
    }

    /** The beginning, and an escape at the end where there is room for it. */
    private static String beginning(String text, Predicate<String> fits) {
        List<MatchResult> units = UNIT.matcher(text).results().toList();
        String last = units.get(units.size() - 1).group();
        String withEnd = last.startsWith("U+") ? longest(text, units, ELLIPSIS + last.substring(2), fits) : "";
        return withEnd.isEmpty() ? longest(text, units, ELLIPSIS, fits) : withEnd;
    }

    private static String longest(String text, List<MatchResult> units, String end, Predicate<String> fits) {
        for (int i = units.size() - 2; i >= 0; i--) {
            String cut = text.substring(0, units.get(i).end()) + end;
            if (fits.test(cut)) {
                return cut;
            }
        }
        return "";
    }
}
