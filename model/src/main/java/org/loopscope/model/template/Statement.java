package org.loopscope.model.template;

import java.util.List;
import java.util.Optional;

/** What writes text or changes variables. */
sealed interface Statement {
    record Text(String text) implements Statement {}

    record Output(Expression value, int line) implements Statement {}

    /** The first body whose test is true; the one of {@code else} has {@code true} as its test. */
    record If(List<Expression> tests, List<List<Statement>> bodies, int line) implements Statement {}

    record For(
            List<Target> targets,
            Expression over,
            Optional<Expression> only,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Assign(List<Target> targets, Expression value, int line) implements Statement {}

    /** The text of a body, through filters, in a variable. */
    record AssignText(Target target, Expression through, List<Statement> body, int line) implements Statement {}

    record Macro(String name, List<String> parameters, List<Expression> defaults, List<Statement> body)
            implements Statement {}

    /** A macro called with a body of its own. */
    record CallBlock(Macro caller, Expression.Call call, int line) implements Statement {}

    record FilterBlock(Expression through, List<Statement> body, int line) implements Statement {}

    /** A body with variables of its own. */
    record Scoped(List<Target> targets, List<Expression> values, List<Statement> body, int line) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** A variable, or an attribute of one. */
    record Target(String name, Optional<String> attribute) {}
}
