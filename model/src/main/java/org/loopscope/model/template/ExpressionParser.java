package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.model.template.Expression.Given;
import org.loopscope.model.template.Token.Kind;

/** Reads expressions, with the order of operators of Jinja 3.1 ({@code jinja2/parser.py}). */
final class ExpressionParser {
    private static final int MAX_DEPTH = 100;
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream in;
    private int depth;

    ExpressionParser(TokenStream in) {
        this.in = in;
    }

    /** One expression, or several with commas between, which make a list. */
    Expression tuple() {
        Expression first = expression();
        if (!in.at(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.take(",")) {
            if (in.atEndOfTag() || in.at(")")) {
                break;
            }
            items.add(expression());
        }
        return new Expression.ListOf(items, true);
    }

    Expression expression() {
        return condition(true);
    }

    /** Without {@code a if b else c}, which a loop's own {@code if} would be taken for. */
    Expression withoutIf() {
        return condition(false);
    }

    private Expression condition(boolean withIf) {
        if (++depth > MAX_DEPTH) {
            throw in.problem("an expression that is nested more than " + MAX_DEPTH + " deep");
        }
        Expression value = or();
        while (withIf && in.takeWord("if")) {
            Expression test = or();
            Optional<Expression> otherwise = in.takeWord("else") ? Optional.of(condition(true)) : Optional.empty();
            value = new Expression.Conditional(test, value, otherwise);
        }
        depth--;
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (in.takeWord("or")) {
            left = new Expression.Binary("or", left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (in.takeWord("and")) {
            left = new Expression.Binary("and", left, not());
        }
        return left;
    }

    private Expression not() {
        int count = 0;
        while (in.takeWord("not")) {
            count++;
        }
        Expression value = compare();
        return count == 0
                ? value
                : count % 2 == 1 ? new Expression.Not(value) : new Expression.Not(new Expression.Not(value));
    }

    private Expression compare() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Optional<String> operator = in.takeOneOf(COMPARISONS);
            if (operator.isPresent()) {
                operators.add(operator.get());
            } else if (in.takeWord("in")) {
                operators.add("in");
            } else if (in.atWord("not") && in.nextIsWord("in")) {
                in.next();
                in.next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Compare(first, operators, others);
    }

    private Expression sum() {
        Expression left = concat();
        for (Optional<String> o = in.takeOneOf(List.of("+", "-")); o.isPresent(); o = in.takeOneOf(List.of("+", "-"))) {
            left = new Expression.Binary(o.get(), left, concat());
        }
        return left;
    }

    private Expression concat() {
        Expression first = product();
        if (!in.at("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (in.take("~")) {
            parts.add(product());
        }
        return new Expression.Concat(parts);
    }

    private Expression product() {
        List<String> operators = List.of("*", "/", "//", "%");
        Expression left = power();
        for (Optional<String> o = in.takeOneOf(operators); o.isPresent(); o = in.takeOneOf(operators)) {
            left = new Expression.Binary(o.get(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (in.take("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        if (++depth > MAX_DEPTH) {
            throw in.problem("an expression that is nested more than " + MAX_DEPTH + " deep");
        }
        Expression value;
        Optional<String> sign = in.takeOneOf(List.of("-", "+"));
        if (sign.isPresent()) {
            value = new Expression.Sign(sign.get().equals("-"), unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        depth--;
        return withFilters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = in.next();
        return switch (token.kind()) {
            case STRING -> new Expression.Literal(strings(token));
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text().replace("_", "")));
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(true);
                    case "false", "False" -> new Expression.Literal(false);
                    case "none", "None" -> new Expression.Literal(None.NONE);
                    default -> new Expression.Name(token.text());
                };
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parentheses();
                    case "[" -> list();
                    case "{" -> map();
                    default -> throw in.unexpected(token, "a value");
                };
            default -> throw in.unexpected(token, "a value");
        };
    }

    /** Texts in a row are one. */
    private String strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (in.peek().kind() == Kind.STRING) {
            text.append(in.next().text());
        }
        return text.toString();
    }

    private Long integer(Token token) {
        try {
            return Long.parseLong(token.text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw in.problem("a number that is too large");
        }
    }

    private Expression parentheses() {
        if (in.take(")")) {
            return new Expression.ListOf(List.of(), true);
        }
        Expression inside = tuple();
        in.require(")");
        return inside;
    }

    private Expression list() {
        List<Expression> items = new ArrayList<>();
        while (!in.take("]")) {
            items.add(expression());
            if (!in.at("]")) {
                in.require(",");
            }
        }
        return new Expression.ListOf(items, false);
    }

    private Expression map() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!in.take("}")) {
            keys.add(expression());
            in.require(":");
            values.add(expression());
            if (!in.at("}")) {
                in.require(",");
            }
        }
        return new Expression.MapOf(keys, values);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (in.take(".")) {
                Token name = in.next();
                value = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(value, name.text());
                    case INTEGER -> new Expression.Item(value, new Expression.Literal(integer(name)));
                    default -> throw in.unexpected(name, "a name");
                };
            } else if (in.take("[")) {
                value = itemOrSlice(value);
            } else if (in.take("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression itemOrSlice(Expression of) {
        Optional<Expression> start = in.at(":") ? Optional.empty() : Optional.of(tuple());
        if (in.take("]")) {
            return new Expression.Item(of, start.orElseThrow());
        }
        in.require(":");
        Optional<Expression> stop = in.at("]") || in.at(":") ? Optional.empty() : Optional.of(expression());
        boolean stepped = in.take(":") && !in.at("]");
        Optional<Expression> step = stepped ? Optional.of(expression()) : Optional.empty();
        in.require("]");
        return new Expression.Slice(of, start, stop, step);
    }

    /** Behind the opening parenthesis. */
    private Given arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!in.take(")")) {
            if (in.peek().kind() == Kind.NAME && in.nextIs("=")) {
                String name = in.next().text();
                in.require("=");
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!in.at(")")) {
                in.require(",");
            }
        }
        return new Given(positional, named);
    }

    /** Filters, tests and calls behind a value. */
    private Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (in.take("|")) {
                value = filter(value);
            } else if (in.takeWord("is")) {
                value = test(value);
            } else if (in.take("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    /** The filters of {@code {% filter a|b %}}, applied to the text of the block. */
    Expression blockFilters() {
        return filters(filter(new Expression.BlockText()));
    }

    /** Filters behind the name that a block sets, possibly none. */
    Expression optionalBlockFilters() {
        return filters(new Expression.BlockText());
    }

    private Expression filter(Expression of) {
        String name = in.name();
        return new Expression.Filter(of, name, in.take("(") ? arguments() : Given.NOTHING);
    }

    private Expression test(Expression of) {
        boolean negated = in.takeWord("not");
        String name = in.name();
        Given given = Given.NOTHING;
        if (in.take("(")) {
            given = arguments();
        } else if (startsArgument()) {
            given = new Given(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Test(of, name, given);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsArgument() {
        Token token = in.peek();
        return switch (token.kind()) {
            case NAME -> !List.of("else", "or", "and", "is", "if", "in", "not").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> in.at("[") || in.at("{");
        };
    }
}
