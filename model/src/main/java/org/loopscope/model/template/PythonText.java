package org.loopscope.model.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Texts as Python makes them: what a template's author saw when he tried it. */
final class PythonText {
    private static final int MAX_DEPTH = 50;
    private static final int LARGEST_PLAIN_EXPONENT = 16;
    private static final int SMALLEST_PLAIN_EXPONENT = -4;

    private PythonText() {}

    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    static boolean isBlank(String text) {
        return text.chars().allMatch(c -> isSpace((char) c));
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    /** Escapes of a text in quotes; an unknown one stays as it is. */
    static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '\\' || i == text.length()) {
                out.append(c);
                continue;
            }
            char kind = text.charAt(i++);
            switch (kind) {
                case '\n' -> {}
                case '\\', '\'', '"' -> out.append(kind);
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'a' -> out.append('\u0007');
                case 'v' -> out.append('\u000b');
                case 'x' -> i = codePoint(text, i, 2, out);
                case 'u' -> i = codePoint(text, i, 4, out);
                case 'U' -> i = codePoint(text, i, 8, out);
                case '0' -> out.append('\0');
                default -> out.append('\\').append(kind);
            }
        }
        return out.toString();
    }

    private static int codePoint(String text, int from, int digits, StringBuilder out) {
        int end = from + digits;
        try {
            out.appendCodePoint(Integer.parseInt(text.substring(from, end), 16));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new TemplateProblem("a text with an escape that is not complete");
        }
        return end;
    }

    /** As {@code str()} gives it. */
    static String str(Object value) {
        return value instanceof String s ? s : repr(value, 0);
    }

    private static String repr(Object value, int depth) {
        requireDepth(depth);
        if (value instanceof Undefined) {
            return "";
        }
        if (value instanceof Boolean b) {
            return b ? "True" : "False";
        }
        if (value == None.NONE) {
            return "None";
        }
        if (value instanceof Double d) {
            return number(d);
        }
        if (value instanceof Long) {
            return value.toString();
        }
        if (value instanceof String s) {
            return quoted(s);
        }
        if (value instanceof List<?> list) {
            boolean tuple = list instanceof Tuple;
            String close = !tuple ? "]" : list.size() == 1 ? ",)" : ")";
            StringJoiner items = new StringJoiner(", ", tuple ? "(" : "[", close);
            list.forEach(item -> items.add(repr(item, depth + 1)));
            return items.toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringJoiner items = new StringJoiner(", ", "{", "}");
            map.forEach((key, item) -> items.add(repr(key, depth + 1) + ": " + repr(item, depth + 1)));
            return items.toString();
        }
        throw new TemplateProblem("writes " + Values.kind(value) + " as text");
    }

    static void requireDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new TemplateProblem("builds a value that is nested more than " + MAX_DEPTH + " deep");
        }
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (c < ' ' || c == 0x7F) {
                        out.append(String.format(java.util.Locale.ROOT, "\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append(quote).toString();
    }

    /** The shortest decimal text, with an exponent from 1e16 on and below 1e-4. */
    static String number(double d) {
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            return Double.isNaN(d) ? "nan" : d > 0 ? "inf" : "-inf";
        }
        if (d == 0) {
            return 1 / d < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(d)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < LARGEST_PLAIN_EXPONENT) {
            String plain = exact.toPlainString();
            return plain.indexOf('.') >= 0 ? plain : plain + ".0";
        }
        String digits = exact.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String size = String.format(java.util.Locale.ROOT, "%02d", Math.abs(exponent));
        return (d < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
    }
}
