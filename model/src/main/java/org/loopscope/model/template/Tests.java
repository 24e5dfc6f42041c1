package org.loopscope.model.template;

import java.util.List;
import java.util.Map;
import org.loopscope.model.base.ForeignText;

/** What stands behind {@code is}. */
final class Tests {
    private Tests() {}

    static boolean holds(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "string" -> value instanceof String;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "mapping" -> value instanceof Map;
            case "iterable" ->
                value instanceof String
                        || value instanceof List
                        || value instanceof Map
                        || value instanceof Values.Lazy
                        || value instanceof Undefined;
            case "sequence" ->
                value instanceof String || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "lower" -> isCased(value) && text(value).equals(TextMethods.lower(text(value)));
            case "upper" -> isCased(value) && text(value).equals(TextMethods.upper(text(value)));
            default -> compares(name, value, arguments);
        };
    }

    private static boolean compares(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "odd" -> Math.floorMod(Values.integer(value), 2) == 1;
            case "even" -> Math.floorMod(Values.integer(value), 2) == 0;
            case "divisibleby" -> {
                int by = Values.integer(arguments.required(0, "num"));
                if (by == 0) {
                    throw new TemplateProblem("divides by zero");
                }
                yield Values.integer(value) % by == 0;
            }
            case "in" -> Values.contains(arguments.required(0, "seq"), value);
            case "eq", "equalto" -> Values.equal(value, arguments.required(0, "other"));
            case "ne" -> !Values.equal(value, arguments.required(0, "other"));
            case "lt", "lessthan" -> Values.compare(value, arguments.required(0, "other")) < 0;
            case "gt", "greaterthan" -> Values.compare(value, arguments.required(0, "other")) > 0;
            case "le" -> Values.compare(value, arguments.required(0, "other")) <= 0;
            case "ge" -> Values.compare(value, arguments.required(0, "other")) >= 0;
            case "sameas" -> {
                Object other = arguments.required(0, "other");
                yield value == other || value.getClass() == other.getClass() && Values.equal(value, other);
            }
            default -> throw new TemplateProblem("uses the unknown test " + ForeignText.quoted(name));
        };
    }

    private static boolean isCased(Object value) {
        return PythonText.str(value).chars().anyMatch(Character::isLetter);
    }

    private static String text(Object value) {
        return PythonText.str(value);
    }
}
