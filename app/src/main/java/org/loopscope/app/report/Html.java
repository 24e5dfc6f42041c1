package org.loopscope.app.report;

import java.util.Locale;

/** Pieces of HTML. Every text that comes from a model, a prompt or a panel goes through {@link #escape}. */
final class Html {
    private Html() {}

    /** Text for element content and for attribute values in double quotes; control characters become U+FFFD. */
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
                default -> out.appendCodePoint(Character.isISOControl(c) ? 0xFFFD : c);
            }
        });
        return out.toString();
    }

    /** A token on one line: line ends and tabs as signs, the spaces at its ends as open boxes. */
    static String token(String text) {
        String visible = text.replace("\n", "⏎").replace("\t", "⇥").replace("\r", "␍");
        int start = 0;
        while (start < visible.length() && visible.charAt(start) == ' ') {
            start++;
        }
        String spaces = "␣".repeat(start);
        String rest = visible.substring(start);
        String stripped = rest.stripTrailing();
        return escape(spaces + stripped + "␣".repeat(rest.length() - stripped.length()));
    }

    /** Paragraphs of plain text, separated by blank lines. */
    static String paragraphs(String text) {
        StringBuilder out = new StringBuilder();
        for (String paragraph : text.strip().split("\\n\\s*\\n")) {
            out.append("<p>").append(escape(paragraph.strip())).append("</p>\n");
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
