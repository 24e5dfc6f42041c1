package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;

/** Values of expressions. Attributes are looked up among those that are named here, never on an object of Java's. */
final class Evaluator {
    private final Budget budget;
    private final Operators operators;
    private final Filters filters;
    private final TextMethods texts;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.filters = new Filters(budget, this);
        this.texts = new TextMethods(budget);
    }

    Object value(Expression expression, Scope scope) {
        budget.enter();
        Object value = dispatch(expression, scope);
        budget.leave();
        return value;
    }

    private Object dispatch(Expression expression, Scope scope) {
        if (expression instanceof Expression.Literal e) {
            return e.value();
        }
        if (expression instanceof Expression.Name e) {
            return scope.get(e.name());
        }
        if (expression instanceof Expression.Attribute e) {
            return attribute(value(e.of(), scope), e.name());
        }
        if (expression instanceof Expression.Item e) {
            return item(value(e.of(), scope), value(e.key(), scope));
        }
        if (expression instanceof Expression.Binary e) {
            return binary(e, scope);
        }
        if (expression instanceof Expression.Compare e) {
            return compare(e, scope);
        }
        if (expression instanceof Expression.Not e) {
            return !Values.truthy(value(e.of(), scope));
        }
        if (expression instanceof Expression.Call e) {
            return call(value(e.of(), scope), arguments(e.given(), scope));
        }
        if (expression instanceof Expression.Filter e) {
            return filters.apply(e.name(), value(e.of(), scope), arguments(e.given(), scope));
        }
        if (expression instanceof Expression.Test e) {
            return Tests.holds(e.name(), value(e.of(), scope), arguments(e.given(), scope));
        }
        return rarer(expression, scope);
    }

    private Object rarer(Expression expression, Scope scope) {
        if (expression instanceof Expression.Concat e) {
            StringBuilder text = new StringBuilder();
            for (Expression part : e.parts()) {
                String next = PythonText.str(value(part, scope));
                budget.make(next.length());
                budget.limit((long) text.length() + next.length());
                text.append(next);
            }
            return text.toString();
        }
        if (expression instanceof Expression.Conditional e) {
            Optional<Expression> chosen = Values.truthy(value(e.test(), scope)) ? Optional.of(e.then()) : e.otherwise();
            return chosen.isPresent() ? value(chosen.get(), scope) : new Undefined("the else of an if");
        }
        if (expression instanceof Expression.ListOf e) {
            List<Object> items = values(e.items(), scope);
            return e.tuple() ? new Tuple(items) : items;
        }
        if (expression instanceof Expression.MapOf e) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < e.keys().size(); i++) {
                map.put(
                        Values.key(value(e.keys().get(i), scope)),
                        value(e.values().get(i), scope));
            }
            return map;
        }
        if (expression instanceof Expression.Slice e) {
            return slice(e, scope);
        }
        if (expression instanceof Expression.Sign e) {
            return operators.apply(e.minus() ? "-" : "+", 0L, value(e.of(), scope));
        }
        return scope.get(Renderer.BLOCK_TEXT);
    }

    private List<Object> values(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression e : expressions) {
            values.add(value(e, scope));
        }
        return values;
    }

    Arguments arguments(Expression.Given given, Scope scope) {
        if (given.positional().isEmpty() && given.named().isEmpty()) {
            return Arguments.EMPTY;
        }
        Map<String, Object> named = new LinkedHashMap<>();
        given.named().forEach((name, e) -> named.put(name, value(e, scope)));
        return new Arguments(values(given.positional(), scope), named);
    }

    private Object binary(Expression.Binary e, Scope scope) {
        Object left = value(e.left(), scope);
        return switch (e.operator()) {
            case "and" -> Values.truthy(left) ? value(e.right(), scope) : left;
            case "or" -> Values.truthy(left) ? left : value(e.right(), scope);
            default -> operators.apply(e.operator(), left, value(e.right(), scope));
        };
    }

    private Object compare(Expression.Compare e, Scope scope) {
        Object left = value(e.first(), scope);
        for (int i = 0; i < e.operators().size(); i++) {
            Object right = value(e.others().get(i), scope);
            if (!compare(e.operators().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean compare(String operator, Object left, Object right) {
        budget.spend(size(left) + size(right));
        return switch (operator) {
            case "==" -> Values.equal(left, right);
            case "!=" -> !Values.equal(left, right);
            case "in" -> Values.contains(right, left);
            case "not in" -> !Values.contains(right, left);
            case "<" -> Values.compare(left, right) < 0;
            case "<=" -> Values.compare(left, right) <= 0;
            case ">" -> Values.compare(left, right) > 0;
            default -> Values.compare(left, right) >= 0;
        };
    }

    private static long size(Object value) {
        return value instanceof String s ? s.length() / 32 : value instanceof List<?> list ? list.size() : 0;
    }

    /** Calls a function of ours or a macro. */
    Object call(Object function, Arguments arguments) {
        if (function instanceof Undefined missing) {
            throw missing.problem();
        }
        if (!(function instanceof Callable callable)) {
            throw new TemplateProblem("calls " + Values.kind(function) + ", which is no function");
        }
        return callable.call(arguments);
    }

    Object attribute(Object of, String name) {
        if (of instanceof Undefined missing) {
            throw missing.problem();
        }
        if (of instanceof Map<?, ?> map) {
            @Nullable Object method = method(map, name);
            @Nullable Object value = method == null ? map.get(name) : method;
            if (value != null) {
                return value;
            }
        }
        if (name.startsWith("_")) {
            throw new TemplateProblem("uses the attribute " + ForeignText.quoted(name) + ", which is not allowed");
        }
        if (of instanceof Values.Namespace namespace) {
            @Nullable Object value = namespace.attributes().get(name);
            return value == null ? new Undefined(name) : value;
        }
        if (of instanceof Loop loop) {
            return loop.attribute(name);
        }
        if (of instanceof String text) {
            return texts.method(text, name);
        }
        return of instanceof List<?> ? listMethod(Values.items(of), name) : new Undefined(name);
    }

    private static @Nullable Object method(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> (Callable) a -> pairs(map);
            case "keys" -> (Callable) a -> new ArrayList<Object>(map.keySet());
            case "values" -> (Callable) a -> new ArrayList<Object>(map.values());
            case "get" ->
                (Callable) a -> {
                    @Nullable Object value = map.get(a.required(0, "key"));
                    return value == null ? a.get(1, "default", None.NONE) : value;
                };
            default -> null;
        };
    }

    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    private Object listMethod(List<Object> list, String name) {
        return switch (name) {
            case "count" ->
                (Callable) a -> {
                    budget.spend(list.size());
                    return list.stream()
                            .filter(item -> Values.equal(item, a.required(0, "value")))
                            .count();
                };
            case "index" ->
                (Callable) a -> {
                    budget.spend(list.size());
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(list.get(i), a.required(0, "value"))) {
                            return (long) i;
                        }
                    }
                    throw new TemplateProblem("looks for an item in a list that does not hold it");
                };
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" ->
                throw new TemplateProblem("changes a list with \"" + name + "\", which is not allowed");
            default -> new Undefined(name);
        };
    }

    Object item(Object of, Object key) {
        if (of instanceof Undefined missing) {
            throw missing.problem();
        }
        if (of instanceof Map<?, ?> map) {
            @Nullable Object value = map.get(key);
            return value == null ? new Undefined(PythonText.str(key)) : value;
        }
        if (Values.isWhole(key) && (of instanceof List || of instanceof String)) {
            List<Object> items = of instanceof String s ? characters(s) : Values.items(of);
            long index = Values.whole(key) < 0 ? Values.whole(key) + items.size() : Values.whole(key);
            return index >= 0 && index < items.size()
                    ? items.get((int) index)
                    : new Undefined("item " + Values.whole(key));
        }
        return key instanceof String name ? attribute(of, name) : new Undefined(PythonText.str(key));
    }

    private List<Object> characters(String text) {
        budget.spend(text.length());
        return Values.items(text);
    }

    private Object slice(Expression.Slice e, Scope scope) {
        Object of = value(e.of(), scope);
        if (of instanceof Undefined) {
            return List.of(); // as Jinja: nothing to take from
        }
        if (!(of instanceof String) && !(of instanceof List)) {
            throw new TemplateProblem("takes a part of " + Values.kind(of));
        }
        List<Object> items = of instanceof String s ? characters(s) : Values.items(of);
        budget.spend(items.size());
        List<Object> taken = slice(items, bound(e.start(), scope), bound(e.stop(), scope), bound(e.step(), scope));
        if (of instanceof String) {
            StringBuilder text = new StringBuilder();
            taken.forEach(text::append);
            return text.toString();
        }
        return taken;
    }

    private @Nullable Long bound(Optional<Expression> e, Scope scope) {
        Object value = e.isPresent() ? value(e.get(), scope) : None.NONE;
        return value == None.NONE ? null : (long) Values.integer(value);
    }

    static List<Object> slice(List<Object> items, @Nullable Long start, @Nullable Long stop, @Nullable Long step) {
        long by = step == null ? 1 : step;
        if (by == 0) {
            throw new TemplateProblem("takes every 0th item");
        }
        int n = items.size();
        long first = clamp(start, by > 0 ? 0 : n - 1, n, by);
        long last = clamp(stop, by > 0 ? n : -1, n, by);
        List<Object> taken = new ArrayList<>();
        for (long i = first; by > 0 ? i < last : i > last; i += by) {
            taken.add(items.get((int) i));
        }
        return taken;
    }

    private static long clamp(@Nullable Long bound, long absent, int n, long by) {
        if (bound == null) {
            return absent;
        }
        long from = bound < 0 ? bound + n : bound;
        return Math.max(by > 0 ? 0 : -1, Math.min(by > 0 ? n : n - 1, from));
    }
}
