package org.loopscope.model.template;

import java.util.List;
import java.util.Optional;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.template.Token.Kind;

/** The tokens of a template, one after the other. */
final class TokenStream {
    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean at(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean atWord(String word) {
        return peek().is(Kind.NAME, word);
    }

    boolean nextIs(String operator) {
        return at + 1 < tokens.size() && tokens.get(at + 1).is(Kind.OPERATOR, operator);
    }

    boolean nextIsWord(String word) {
        return at + 1 < tokens.size() && tokens.get(at + 1).is(Kind.NAME, word);
    }

    boolean atEndOfTag() {
        return peek().kind() == Kind.BLOCK_END || peek().kind() == Kind.OUTPUT_END;
    }

    boolean take(String operator) {
        boolean there = at(operator);
        if (there) {
            at++;
        }
        return there;
    }

    boolean takeWord(String word) {
        boolean there = atWord(word);
        if (there) {
            at++;
        }
        return there;
    }

    Optional<String> takeOneOf(List<String> operators) {
        Token token = peek();
        if (token.kind() != Kind.OPERATOR || !operators.contains(token.text())) {
            return Optional.empty();
        }
        at++;
        return Optional.of(token.text());
    }

    void require(String operator) {
        Token token = next();
        if (!token.is(Kind.OPERATOR, operator)) {
            throw unexpected(token, "\"" + operator + "\"");
        }
    }

    void require(Kind kind) {
        Token token = next();
        if (token.kind() != kind) {
            throw unexpected(token, kind == Kind.BLOCK_END ? "the end of the block" : "the end of the output");
        }
    }

    String name() {
        Token token = next();
        if (token.kind() != Kind.NAME) {
            throw unexpected(token, "a name");
        }
        return token.text();
    }

    TemplateProblem unexpected(Token found, String expected) {
        return new TemplateProblem(
                "expected " + expected + ", found " + ForeignText.shown(found.shown()), found.line());
    }

    TemplateProblem problem(String what) {
        return new TemplateProblem(what, line());
    }
}
