package org.loopscope.app.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.loopscope.model.base.DisplayWidth;
import org.loopscope.model.base.ForeignText;

/** Pieces of HTML. Every text that comes from a model, a prompt or a panel goes through {@link #escape}. */
final class Html {
    private static final Pattern ISOLATED = Pattern.compile("\u2068([^\u2066-\u2069]*)\u2069|\u200e([^\u200e]*)\u200e");

    private Html() {}

    /**
     * Text for element content and for attribute values in double quotes; what cannot be seen or turns the line round
     * becomes {@code U+XXXX}.
     */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append((char) c);
                default -> {
                    if (ForeignText.isInvisible(c)) {
                        out.append(String.format(Locale.ROOT, "U+%04X", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }

    /** Somebody's text within a line: escaped, and it keeps to itself if it is written from right to left. */
    static String foreign(String text) {
        return ForeignText.isRightToLeft(text) ? "<bdi>" + escape(text) + "</bdi>" : escape(text);
    }

    /** A sentence of ours as element content: its isolates become elements. */
    static String sentence(String text) {
        StringBuilder out = new StringBuilder(text.length());
        Matcher isolated = ISOLATED.matcher(text);
        int from = 0;
        while (isolated.find()) {
            out.append(escape(text.substring(from, isolated.start())))
                    .append(foreign(ForeignText.withoutMarks(isolated.group())));
            from = isolated.end();
        }
        return out.append(escape(text.substring(from))).toString();
    }

    /** A sentence of ours where no element may stand, in an attribute or a title: without isolates. */
    static String plain(String sentence) {
        return escape(ForeignText.withoutMarks(sentence));
    }

    /** A token on one line: line ends and tabs as signs, the spaces at its ends as open boxes. It keeps to itself. */
    static String token(String text) {
        String visible = text.replace("\n", "⏎").replace("\t", "⇥").replace("\r", "␍");
        int start = 0;
        while (start < visible.length() && visible.charAt(start) == ' ') {
            start++;
        }
        String spaces = "␣".repeat(start);
        String rest = visible.substring(start);
        String stripped = rest.replaceFirst(" +$", "");
        return foreign(spaces + otherBlanks(stripped) + "␣".repeat(rest.length() - stripped.length()));
    }

    /** Other blanks than the usual one by their names, and a mark without its letter on a circle. */
    private static String otherBlanks(String token) {
        StringBuilder out = new StringBuilder(token.length());
        token.codePoints().forEach(c -> {
            if (c != ' ' && Character.isSpaceChar(c)) {
                out.append(String.format(Locale.ROOT, "U+%04X", c));
            } else {
                boolean alone = out.isEmpty() && !ForeignText.isInvisible(c) && DisplayWidth.of(c) == 0;
                out.append(alone ? "◌" : "").appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Paragraphs of plain text, separated by blank lines. */
    static String paragraphs(String text) {
        StringBuilder out = new StringBuilder();
        for (String paragraph : text.strip().split("\\n\\s*\\n")) {
            out.append("<p>").append(sentence(paragraph.strip())).append("</p>\n");
        }
        return out.toString();
    }

    static String number(double x, int digits) {
        return Double.isNaN(x) ? "–" : String.format(Locale.ROOT, "%." + digits + "f", x);
    }

    /** Three digits, or the power of ten where three digits would be zeros. */
    static String probability(double p) {
        return p > 0 && p < 5e-4 ? String.format(Locale.ROOT, "%.0e", p) : number(p, 3);
    }

    /** {@code #rrggbb}. */
    static String color(java.awt.Color color) {
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
    }

    static String element(String name, String cssClass, String content) {
        return "<" + name + (cssClass.isEmpty() ? "" : " class=\"" + cssClass + "\"") + ">" + content + "</" + name
                + ">";
    }
}
