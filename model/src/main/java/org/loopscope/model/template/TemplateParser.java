package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.template.Statement.Target;
import org.loopscope.model.template.Token.Kind;

/** Reads the statements of a template. What would reach for another file is refused by name. */
final class TemplateParser {
    private static final int MAX_DEPTH = 100;

    private final TokenStream in;
    private final ExpressionParser expressions;
    private int depth;

    private TemplateParser(TokenStream in) {
        this.in = in;
        this.expressions = new ExpressionParser(in);
    }

    static List<Statement> parse(String template) {
        TemplateParser parser = new TemplateParser(new TokenStream(Lexer.tokens(template)));
        List<Statement> statements = parser.body(List.of());
        if (parser.in.peek().kind() != Kind.END) {
            throw parser.in.problem("the end of a block that was not begun");
        }
        return statements;
    }

    /** Statements up to a block that begins with one of {@code ends}, which stays at its name. */
    private List<Statement> body(List<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw in.problem("blocks that are nested more than " + MAX_DEPTH + " deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = in.peek();
            if (token.kind() == Kind.END) {
                if (!ends.isEmpty()) {
                    throw in.problem("expected " + ends.get(0) + ", found the end of the template");
                }
                break;
            }
            in.next();
            if (token.kind() == Kind.BLOCK_BEGIN) {
                if (in.peek().kind() == Kind.NAME && ends.contains(in.peek().text())) {
                    break;
                }
                statements.add(block());
            } else if (token.kind() == Kind.TEXT) {
                statements.add(new Statement.Text(token.text()));
            } else {
                statements.add(new Statement.Output(expressions.tuple(), token.line()));
                in.require(Kind.OUTPUT_END);
            }
        }
        depth--;
        return statements;
    }

    private Statement block() {
        int line = in.line();
        String name = in.name();
        return switch (name) {
            case "if" -> ifBlock(line);
            case "for" -> forBlock(line);
            case "set" -> set(line);
            case "macro" -> macro();
            case "call" -> call(line);
            case "filter" -> {
                Expression through = expressions.blockFilters();
                yield new Statement.FilterBlock(through, bodyTo("endfilter"), line);
            }
            case "with" -> with(line);
            case "generation" -> // marks what is trained on; it writes its body
                new Statement.Scoped(List.of(), List.of(), bodyTo("endgeneration"), line);
            case "break", "continue" -> {
                in.require(Kind.BLOCK_END);
                yield name.equals("break") ? new Statement.Break() : new Statement.Continue();
            }
            case "include", "import", "from", "extends" ->
                throw new TemplateProblem("uses \"" + name + "\", and a chat template may not read other files", line);
            default -> throw new TemplateProblem("the unknown block " + ForeignText.quoted(name), line);
        };
    }

    /** The rest of a block's tag, its body and the end of it. */
    private List<Statement> bodyTo(String end) {
        in.require(Kind.BLOCK_END);
        List<Statement> body = body(List.of(end));
        in.next();
        in.require(Kind.BLOCK_END);
        return body;
    }

    private Statement ifBlock(int line) {
        List<Expression> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        tests.add(expressions.tuple());
        while (true) {
            in.require(Kind.BLOCK_END);
            bodies.add(body(List.of("endif", "elif", "else")));
            String next = in.name();
            if (next.equals("endif")) {
                in.require(Kind.BLOCK_END);
                return new Statement.If(tests, bodies, line);
            }
            tests.add(next.equals("elif") ? expressions.tuple() : new Expression.Literal(true));
        }
    }

    private Statement forBlock(int line) {
        List<Target> targets = targets();
        if (!in.takeWord("in")) {
            throw in.unexpected(in.peek(), "\"in\"");
        }
        Expression over = expressions.withoutIf();
        if (in.at(",")) {
            throw in.problem("a loop over values with commas between, which stand in brackets here");
        }
        Optional<Expression> only = in.takeWord("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (in.atWord("recursive")) {
            throw in.problem("uses a recursive loop, which is not supported");
        }
        in.require(Kind.BLOCK_END);
        List<Statement> body = body(List.of("endfor", "else"));
        List<Statement> otherwise = List.of();
        if (in.name().equals("else")) {
            otherwise = bodyTo("endfor");
        } else {
            in.require(Kind.BLOCK_END);
        }
        return new Statement.For(targets, over, only, body, otherwise, line);
    }

    private List<Target> targets() {
        boolean parentheses = in.take("(");
        List<Target> targets = new ArrayList<>();
        do {
            String name = in.name();
            targets.add(new Target(name, in.take(".") ? Optional.of(in.name()) : Optional.empty()));
        } while (in.take(","));
        if (parentheses) {
            in.require(")");
        }
        return targets;
    }

    private Statement set(int line) {
        List<Target> targets = targets();
        if (in.take("=")) {
            Expression value = expressions.tuple();
            in.require(Kind.BLOCK_END);
            return new Statement.Assign(targets, value, line);
        }
        Expression through = expressions.optionalBlockFilters();
        return new Statement.AssignText(targets.get(0), through, bodyTo("endset"), line);
    }

    private Statement.Macro macro() {
        String name = in.name();
        in.require("(");
        return macroRest(name, "endmacro");
    }

    /** Parameters behind the opening parenthesis, and the body. */
    private Statement.Macro macroRest(String name, String end) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        parameters(parameters, defaults);
        return new Statement.Macro(name, parameters, defaults, bodyTo(end));
    }

    private void parameters(List<String> parameters, List<Expression> defaults) {
        while (!in.take(")")) {
            parameters.add(in.name());
            if (in.take("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw in.problem("a parameter without a default behind one that has one");
            }
            if (!in.at(")")) {
                in.require(",");
            }
        }
    }

    private Statement call(int line) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (in.take("(")) {
            parameters(parameters, defaults);
        }
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw in.problem("expected a call of a macro behind \"call\", found something else");
        }
        var caller = new Statement.Macro("caller", parameters, defaults, bodyTo("endcall"));
        return new Statement.CallBlock(caller, call, line);
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!in.atEndOfTag()) {
            targets.add(new Target(in.name(), Optional.empty()));
            in.require("=");
            values.add(expressions.expression());
            if (!in.atEndOfTag()) {
                in.require(",");
            }
        }
        return new Statement.Scoped(targets, values, bodyTo("endwith"), line);
    }
}
