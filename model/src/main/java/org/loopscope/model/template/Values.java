package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Values of a template: {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link None}, lists and maps of them,
 * {@link Undefined}, {@link Namespace}, {@link Loop}, {@link Lazy} and {@link Callable}. Nothing else reaches a template.
 */
final class Values {
    private Values() {}

    /** A variable with attributes that can be set from within a loop. */
    record Namespace(Map<String, Object> attributes) {}

    /** What Python gives as a generator: true even where nothing is in it, and without a length. */
    record Lazy(List<Object> items) {}

    static String kind(Object value) {
        return value instanceof Undefined
                ? "something that is not defined"
                : value instanceof String
                        ? "a text"
                        : value instanceof Boolean
                                ? "a truth value"
                                : value instanceof Long || value instanceof Double
                                        ? "a number"
                                        : value instanceof List || value instanceof Lazy
                                                ? "a list"
                                                : value instanceof Map
                                                        ? "a mapping"
                                                        : value == None.NONE ? "None" : "a function or variable";
    }

    static boolean truthy(Object value) {
        if (value instanceof Boolean b) {
            return b;
        }
        if (value == None.NONE || value instanceof Undefined) {
            return false;
        }
        if (value instanceof String s) {
            return !s.isEmpty();
        }
        if (value instanceof Long n) {
            return n != 0;
        }
        if (value instanceof Double d) {
            return d != 0;
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        return !(value instanceof Map<?, ?> map) || !map.isEmpty();
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** A whole number; truth values count as 0 and 1. */
    static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static long whole(Object value) {
        return value instanceof Boolean b ? (b ? 1 : 0) : (Long) value;
    }

    static double real(Object value) {
        return value instanceof Double d ? d : whole(value);
    }

    static int integer(Object value) {
        if (!isWhole(value) || whole(value) != (int) whole(value)) {
            throw new TemplateProblem("uses " + kind(value) + " where a whole number is needed");
        }
        return (int) whole(value);
    }

    static String text(Object value) {
        if (value instanceof Undefined missing) {
            throw missing.problem();
        }
        if (!(value instanceof String s)) {
            throw new TemplateProblem("uses " + kind(value) + " where a text is needed");
        }
        return s;
    }

    /** What a loop over {@code value} gives. */
    static List<Object> items(Object value) {
        if (value instanceof List<?> list) {
            return unchecked(list);
        }
        if (value instanceof Lazy lazy) {
            return lazy.items();
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String s) {
            return s.codePoints().<Object>mapToObj(Character::toString).toList();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateProblem("goes through " + kind(value) + ", which holds nothing");
    }

    @SuppressWarnings("unchecked") // every list of a template holds values
    private static List<Object> unchecked(List<?> list) {
        return (List<Object>) list;
    }

    static int length(Object value) {
        if (value instanceof String s) {
            return s.codePointCount(0, s.length());
        }
        if (value instanceof Lazy || value == None.NONE || isNumber(value)) {
            throw new TemplateProblem("asks " + kind(value) + " for a length");
        }
        return value instanceof Map<?, ?> map ? map.size() : items(value).size();
    }

    static boolean equal(Object a, Object b) {
        return equal(a, b, 0);
    }

    private static boolean equal(Object a, Object b, int depth) {
        PythonText.requireDepth(depth);
        if (isNumber(a) && isNumber(b)) {
            return isWhole(a) && isWhole(b) ? whole(a) == whole(b) : real(a) == real(b);
        }
        if (a instanceof List<?> one && b instanceof List<?> other) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = equal(one.get(i), other.get(i), depth + 1);
            }
            return same;
        }
        if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.keySet().stream()
                            .allMatch(key -> equal(
                                    Objects.requireNonNull(one.get(key)),
                                    Objects.requireNonNull(other.get(key)),
                                    depth + 1));
        }
        if (a instanceof Undefined && b instanceof Undefined) {
            return true;
        }
        return a == b || a instanceof String && a.equals(b);
    }

    static int compare(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return isWhole(a) && isWhole(b) ? Long.compare(whole(a), whole(b)) : Double.compare(real(a), real(b));
        }
        if (a instanceof String one && b instanceof String other) {
            return compareCodePoints(one, other);
        }
        if (a instanceof List<?> one && b instanceof List<?> other) {
            for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
                if (!equal(one.get(i), other.get(i))) {
                    return compare(one.get(i), other.get(i));
                }
            }
            return Integer.compare(one.size(), other.size());
        }
        throw new TemplateProblem("compares " + kind(a) + " with " + kind(b));
    }

    private static int compareCodePoints(String a, String b) {
        int[] one = a.codePoints().toArray();
        int[] other = b.codePoints().toArray();
        return java.util.Arrays.compare(one, other);
    }

    static boolean contains(Object container, Object item) {
        if (container instanceof String s) {
            return s.contains(text(item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        }
        return items(container).stream().anyMatch(other -> equal(other, item));
    }

    /** A mapping's key: a text, number or truth value, or None. */
    static Object key(Object value) {
        if (value instanceof String || value == None.NONE || isNumber(value)) {
            return value;
        }
        throw new TemplateProblem("uses " + kind(value) + " as a key");
    }
}
