package org.loopscope.model.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.template.Token.Kind;

/**
 * Cuts a template into tokens as Jinja does with {@code trim_blocks} and {@code lstrip_blocks}, which is how chat templates
 * are rendered: one line break behind a block or comment goes, and so do the blanks before it on its line. Source: the lexer
 * of Jinja 3.1 ({@code jinja2/lexer.py}).
 */
final class Lexer {
    private static final List<String> DOUBLE = List.of("==", "!=", "<=", ">=", "**", "//");
    private static final String SINGLE = "+-/*%~[](){}<>=.:|,";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarting = true; // nothing but cut text since the last line break

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
        while (lexer.at < lexer.source.length()) {
            lexer.textAndTag();
        }
        lexer.add(Kind.END, "");
        return lexer.tokens;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void addText(String text) {
        if (!text.isEmpty()) {
            add(Kind.TEXT, text);
        }
    }

    private void textAndTag() {
        int begin = nextTag();
        if (begin < 0) {
            addText(source.substring(at));
            moveTo(source.length());
            return;
        }
        char kind = source.charAt(begin + 1);
        char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
        addText(cutEnd(source.substring(at, begin), sign, kind != '{'));
        moveTo(begin + (sign == '-' || sign == '+' ? 3 : 2));
        lineStarting = false;
        switch (kind) {
            case '#' -> comment();
            case '{' -> inside(Kind.OUTPUT_BEGIN, Kind.OUTPUT_END, "}}");
            default -> blockOrRaw();
        }
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** Text before a tag: all blanks go before {@code -}, those of the tag's own line before a block or comment. */
    private String cutEnd(String text, char sign, boolean blockLike) {
        if (sign == '-') {
            return PythonText.stripEnd(text);
        }
        int start = text.lastIndexOf('\n') + 1;
        boolean ownLine = start > 0 || lineStarting;
        return sign != '+' && blockLike && ownLine && PythonText.isBlank(text.substring(start))
                ? text.substring(0, start)
                : text;
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new TemplateProblem("a comment that does not end", line);
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        moveTo(end + 2);
        cutStart(sign, true);
    }

    private void blockOrRaw() {
        int word = skipBlanks(at);
        if (!source.startsWith("raw", word)) {
            inside(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
            return;
        }
        int end = skipBlanks(word + 3);
        boolean cut = source.startsWith("-%}", end);
        if (!cut && !source.startsWith("%}", end)) {
            inside(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}"); // a name that begins with raw
            return;
        }
        moveTo(cut ? skipBlanks(end + 3) : end + 2);
        raw();
    }

    private void raw() {
        for (int begin = source.indexOf("{%", at); begin >= 0; begin = source.indexOf("{%", begin + 2)) {
            char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
            int word = skipBlanks(begin + (sign == '-' || sign == '+' ? 3 : 2));
            int end = source.startsWith("endraw", word) ? skipBlanks(word + 6) : source.length();
            char endSign = end < source.length() ? source.charAt(end) : ' ';
            int close = endSign == '-' || endSign == '+' ? end + 1 : end;
            if (source.startsWith("%}", close)) {
                addText(cutEnd(source.substring(at, begin), sign, true));
                moveTo(close + 2);
                cutStart(endSign, true);
                return;
            }
        }
        throw new TemplateProblem("a raw block that does not end", line);
    }

    /** What goes behind the end of a tag. */
    private void cutStart(char sign, boolean blockLike) {
        if (sign == '-') {
            moveTo(skipBlanks(at));
        } else if (sign != '+' && blockLike && at < source.length() && source.charAt(at) == '\n') {
            moveTo(at + 1);
        }
        lineStarting = source.charAt(at - 1) == '\n';
    }

    private void inside(Kind begin, Kind end, String close) {
        int first = line;
        add(begin, close);
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            moveTo(skipBlanks(at));
            if (at >= source.length()) {
                throw new TemplateProblem("a block or output that does not end", first);
            }
            char c = source.charAt(at);
            boolean signed = c == '-' || c == '+' && close.equals("%}");
            if (open.isEmpty() && source.startsWith(close, signed ? at + 1 : at)) {
                add(end, close);
                moveTo(at + (signed ? 3 : 2));
                cutStart(signed ? c : ' ', close.equals("%}"));
                return;
            }
            token(c, open);
        }
    }

    private void token(char c, Deque<Character> open) {
        if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int end = at;
            while (end < source.length() && isNamePart(source.charAt(end))) {
                end++;
            }
            take(Kind.NAME, end);
        } else if (c >= '0' && c <= '9') {
            number();
        } else if (c == '"' || c == '\'') {
            string(c);
        } else {
            operator(c, open);
        }
    }

    private static boolean isNamePart(char c) {
        return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
    }

    private void take(Kind kind, int end) {
        add(kind, source.substring(at, end));
        moveTo(end);
    }

    private void number() {
        int end = digits(at);
        boolean afterDot = at > 0 && source.charAt(at - 1) == '.'; // as in pairs.0.1
        boolean fraction = !afterDot && peek(end) == '.' && isDigit(peek(end + 1));
        if (fraction) {
            end = digits(end + 1);
        }
        int sign = peek(end + 1) == '+' || peek(end + 1) == '-' ? 1 : 0;
        boolean exponent = (peek(end) == 'e' || peek(end) == 'E') && isDigit(peek(end + 1 + sign));
        take(fraction || exponent ? Kind.FLOAT : Kind.INTEGER, exponent ? digits(end + 1 + sign) : end);
    }

    private int digits(int from) {
        int end = from;
        while (isDigit(peek(end)) || peek(end) == '_' && isDigit(peek(end + 1))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private char peek(int index) {
        return index < source.length() ? source.charAt(index) : ' ';
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new TemplateProblem("a text in quotes that does not end", line);
        }
        add(Kind.STRING, PythonText.unescaped(source.substring(at + 1, end)));
        moveTo(end + 1);
    }

    private void operator(char c, Deque<Character> open) {
        for (String operator : DOUBLE) {
            if (source.startsWith(operator, at)) {
                take(Kind.OPERATOR, at + 2);
                return;
            }
        }
        if (SINGLE.indexOf(c) < 0) {
            throw new TemplateProblem("the character " + ForeignText.quoted(String.valueOf(c)), line);
        }
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw new TemplateProblem("a \"" + c + "\" that nothing opened", line);
                }
            }
            default -> {}
        }
        take(Kind.OPERATOR, at + 1);
    }

    private int skipBlanks(int from) {
        int end = from;
        while (end < source.length() && PythonText.isSpace(source.charAt(end))) {
            end++;
        }
        return end;
    }

    private void moveTo(int index) {
        for (int i = at; i < index; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        at = index;
    }
}
