package org.loopscope.model.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What gives a value. */
sealed interface Expression {
    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    /** @param tuple whether it was written with round brackets or none */
    record ListOf(List<Expression> items, boolean tuple) implements Expression {}

    record MapOf(List<Expression> keys, List<Expression> values) implements Expression {}

    record Not(Expression of) implements Expression {}

    record Sign(boolean minus, Expression of) implements Expression {}

    /** Arithmetic, {@code and} and {@code or}. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code a < b <= c}: operators, and the operands behind each. */
    record Compare(Expression first, List<String> operators, List<Expression> others) implements Expression {}

    record Concat(List<Expression> parts) implements Expression {}

    record Conditional(Expression test, Expression then, Optional<Expression> otherwise) implements Expression {}

    record Attribute(Expression of, String name) implements Expression {}

    record Item(Expression of, Expression key) implements Expression {}

    record Slice(Expression of, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    record Call(Expression of, Given given) implements Expression {}

    record Filter(Expression of, String name, Given given) implements Expression {}

    record Test(Expression of, String name, Given given) implements Expression {}

    /** Stands for the text of a block that is filtered. */
    record BlockText() implements Expression {}

    /** Arguments before they are evaluated. */
    record Given(List<Expression> positional, Map<String, Expression> named) {
        static final Given NOTHING = new Given(List.of(), Map.of());
    }
}
