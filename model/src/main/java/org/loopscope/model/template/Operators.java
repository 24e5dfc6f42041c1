package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.List;

/** Arithmetic as Python does it, with whole numbers of 64 bits. */
final class Operators {
    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    Object apply(String operator, Object a, Object b) {
        requireDefined(a);
        requireDefined(b);
        try {
            return switch (operator) {
                case "+" -> add(a, b);
                case "*" -> multiply(a, b);
                case "%" -> remainder(a, b);
                default -> {
                    requireNumbers(operator, a, b);
                    yield number(operator, a, b);
                }
            };
        } catch (ArithmeticException e) {
            throw new TemplateProblem("computes a number that is too large, or divides by zero");
        }
    }

    private static void requireDefined(Object value) {
        if (value instanceof Undefined missing) {
            throw missing.problem();
        }
    }

    private static void requireNumbers(String operator, Object a, Object b) {
        if (!Values.isNumber(a) || !Values.isNumber(b)) {
            throw new TemplateProblem(
                    "computes " + Values.kind(a) + " " + operator + " " + Values.kind(b) + ", which is not supported");
        }
    }

    private Object add(Object a, Object b) {
        if (a instanceof String one && b instanceof String other) {
            budget.make((long) one.length() + other.length());
            return one.concat(other);
        }
        if (a instanceof List<?> one && b instanceof List<?> other) {
            budget.make((long) one.size() + other.size());
            budget.spend((long) one.size() + other.size());
            List<Object> all = new ArrayList<>(one);
            all.addAll(other);
            return all;
        }
        requireNumbers("+", a, b);
        return number("+", a, b);
    }

    private Object multiply(Object a, Object b) {
        if (Values.isWhole(a) && (b instanceof String || b instanceof List)) {
            return repeat(b, Values.whole(a));
        }
        if (Values.isWhole(b) && (a instanceof String || a instanceof List)) {
            return repeat(a, Values.whole(b));
        }
        requireNumbers("*", a, b);
        return number("*", a, b);
    }

    private Object repeat(Object what, long times) {
        int count = (int) Math.max(0, Math.min(times, Integer.MAX_VALUE));
        if (what instanceof String s) {
            budget.make(Math.multiplyExact((long) s.length(), (long) count));
            return s.repeat(count);
        }
        List<Object> once = Values.items(what);
        long size = Math.multiplyExact((long) once.size(), (long) count);
        budget.make(size);
        budget.spend(size);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < count && !once.isEmpty(); i++) {
            all.addAll(once);
        }
        return all;
    }

    private Object remainder(Object a, Object b) {
        if (a instanceof String) {
            throw new TemplateProblem("formats a text with %, which is not supported");
        }
        requireNumbers("%", a, b);
        return number("%", a, b);
    }

    private static Object number(String operator, Object a, Object b) {
        if (!Values.isWhole(a) || !Values.isWhole(b) || operator.equals("/")) {
            return real(operator, Values.real(a), Values.real(b));
        }
        long one = Values.whole(a);
        long other = Values.whole(b);
        return switch (operator) {
            case "+" -> Math.addExact(one, other);
            case "-" -> Math.subtractExact(one, other);
            case "*" -> Math.multiplyExact(one, other);
            case "//" -> Math.floorDiv(one, other);
            case "%" -> Math.floorMod(one, other);
            default -> power(one, other);
        };
    }

    private static Object power(long base, long exponent) {
        if (exponent < 0) {
            return Math.pow((double) base, (double) exponent);
        }
        if (Math.abs(base) <= 1) {
            return base == 0 ? (exponent == 0 ? 1L : 0L) : exponent % 2 == 0 ? 1L : base;
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) { // ends by overflow after 63 rounds at most
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static Object real(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new ArithmeticException(operator);
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            default -> Math.pow(a, b);
        };
    }
}
