package org.loopscope.model.base;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Text that somebody else wrote (names of tensors and files, words of a prompt, cells of a table) as it may stand in a
 * sentence of ours: on one line, with nothing that drives a terminal or turns the line round, and not too long.
 */
public final class ForeignText {
    /** The longest sentence of an exception, in characters. */
    public static final int MAX_SENTENCE = 300;

    private static final int MAX_SHOWN = 60;
    private static final int KEPT_END = 100;
    private static final String ELLIPSIS = "…";
    private static final int ISOLATE = 0x2068; // first strong isolate
    private static final int POP_ISOLATE = 0x2069;
    private static final int MARK = 0x200E; // left-to-right mark
    private static final Pattern MARKS = Pattern.compile("[\u2066-\u2069\u200e]");

    private ForeignText() {}

    /** Escaped, cut to 60 characters and, where it is written from right to left, isolated from what stands beside it. */
    public static String shown(String text) {
        return shown(text, MAX_SHOWN);
    }

    /** The same with a limit of its own, in code points before they are escaped. */
    public static String shown(String text, int maxCharacters) {
        return isolated(escaped(cut(text, maxCharacters)));
    }

    /** {@link #shown(String)} in double quotes. */
    public static String quoted(String text) {
        return "\"" + shown(text) + "\"";
    }

    /**
     * {@code text} with everything that cannot be seen as an escape: {@code \n}, {@code \t}, {@code \r}, else {@code
     * \}{@code u001b}. Neither cut nor isolated.
     */
    public static String escaped(String text) {
        return escapedUnless(text, c -> false);
    }

    /**
     * Whether a code point draws nothing of its own, or moves or turns what stands beside it: controls, format characters
     * (those of bidirectional text too), line and paragraph separators, lone halves of a pair, code points that mean nothing,
     * and the letters, fillers and variation selectors that Unicode lists as ignorable. Blanks are visible.
     */
    public static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> isIgnorable(c);
        };
    }

    /** Those of Unicode's Default_Ignorable_Code_Point that are no format characters. */
    private static boolean isIgnorable(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c >= 0x180B && c <= 0x180F
                || c == 0x2800 // no ignorable, but an empty cell of Braille
                || c == 0x3164
                || c >= 0xFE00 && c <= 0xFE0F
                || c == 0xFFA0
                || c >= 0xE0100 && c <= 0xE01EF;
    }

    /** Whether {@code text} holds a letter of a script that is written from right to left. */
    public static boolean isRightToLeft(String text) {
        return text.codePoints().anyMatch(c -> switch (Character.getDirectionality(c)) {
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
                    Character.DIRECTIONALITY_ARABIC_NUMBER -> true;
            default -> false;
        });
    }

    /** {@code text} between isolates where it is written from right to left, else as it is. */
    public static String isolated(String text) {
        return isRightToLeft(text)
                ? new StringBuilder()
                        .appendCodePoint(ISOLATE)
                        .append(text)
                        .appendCodePoint(POP_ISOLATE)
                        .toString()
                : text;
    }

    /**
     * {@code text} between left-to-right marks where it is written from right to left: for windows, whose fonts draw an
     * isolate as a box and a mark as nothing. Numbers behind it keep their places.
     */
    public static String markedOff(String text) {
        String mark = Character.toString(MARK);
        return isRightToLeft(text) ? mark + text + mark : text;
    }

    /** A sentence that holds isolates, as a window shows it. */
    public static String inWindow(String sentence) {
        return sentence.replace(Character.toString(ISOLATE), Character.toString(MARK))
                .replace(Character.toString(POP_ISOLATE), Character.toString(MARK));
    }

    /**
     * A whole sentence as an exception carries it: what slipped through unescaped is escaped, and one of more than
     * {@value #MAX_SENTENCE} characters loses its middle, since what was found stands at the end.
     */
    public static String sentence(String text) {
        String escaped = line(text);
        if (escaped.length() <= MAX_SENTENCE) {
            return escaped;
        }
        int head = MAX_SENTENCE - KEPT_END - ELLIPSIS.length();
        return whole(escaped, 0, head) + ELLIPSIS + whole(escaped, escaped.length() - KEPT_END, escaped.length());
    }

    /** A token: in quotes where its ends could not be seen, control characters as escapes, from right to left isolated. */
    public static String token(String text) {
        String visible = blanks(escaped(text));
        boolean quoted = text.isEmpty()
                || Character.isWhitespace(text.charAt(0))
                || Character.isWhitespace(text.charAt(text.length() - 1));
        return isolated(quoted ? "\"" + visible + "\"" : visible);
    }

    /** Other blanks than the usual one as escapes, and a mark without its letter on a circle: not over its neighbour. */
    private static String blanks(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c != ' ' && Character.isSpaceChar(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                boolean alone = out.isEmpty() && DisplayWidth.of(c) == 0;
                out.append(alone ? "◌" : "").appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** One line of ours with texts of others in it, isolated already or not: escaped, but for isolates. */
    public static String line(String text) {
        if (isPlain(text) && text.indexOf('\n') < 0) {
            return text;
        }
        return escapedUnless(text, ForeignText::isHarmless);
    }

    /**
     * Lines of ours with texts of others in them, as they may reach a terminal: line ends, tabs and isolates stay, what else
     * drives a terminal or turns a line round is escaped. The last net, for texts that nobody escaped before.
     */
    public static String lines(String text) {
        return isPlain(text) ? text : escapedUnless(text, c -> c == '\n' || c == '\r' || c == '\t' || isHarmless(c));
    }

    /** {@code sentence} without the marks that {@link #isolated} or {@link #markedOff} put around its parts. */
    public static String withoutMarks(String sentence) {
        return MARKS.matcher(sentence).replaceAll("");
    }

    /** {@code sentence} in parts, cut at those marks; one part if there are none. */
    public static List<String> parts(String sentence) {
        return MARKS.splitAsStream(sentence).filter(part -> !part.isEmpty()).toList();
    }

    private static boolean isHarmless(int c) {
        return c == ISOLATE || c == POP_ISOLATE || c == MARK || isIgnorable(c);
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7F || c == '\n');
    }

    private static String escapedUnless(String text, IntPredicate kept) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isInvisible(c) && !kept.test(c)) {
                appendEscape(out, c);
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** The part of {@code text} between two indices, without the half of a pair at either end. */
    private static String whole(String text, int from, int to) {
        int start = from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
        int end = to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
        return text.substring(start, end);
    }

    private static String cut(String text, int maxCharacters) {
        int most = Math.max(1, maxCharacters);
        if (text.length() <= most || text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, most - 1)) + ELLIPSIS;
    }

    private static void appendEscape(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            case '\r' -> out.append("\\r");
            default -> out.append(String.format(Locale.ROOT, "\\u%04x", c));
        }
    }
}
