package org.loopscope.analysis.table;

import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one column stand in a file.
 *
 * @param write gives the cell of a value
 * @param read gives the value of a cell, or null if the cell is none
 * @param absent the value where a file has no such column
 * @param expected what the cell should be, to follow the word "expected"
 * @param kind for tables in memory
 */
record CellType(
        Function<Object, String> write,
        Function<String, @Nullable Object> read,
        Object absent,
        String expected,
        Kind kind) {
    /** What a column is in a table in memory. */
    enum Kind {
        WHOLE,
        NUMBER,
        FLAG,
        TEXT
    }

    /** @throws IllegalArgumentException for a type that no cell can hold */
    static CellType of(Class<?> type, @Nullable Class<?> element, Column about) {
        if (type == int.class || type == long.class || type == OptionalInt.class) {
            return whole(type, about);
        }
        if (type == double.class || type == double[].class) {
            return number(about.min(), about.max());
        }
        if (type == boolean.class) {
            return flag(about);
        }
        if ((type == Optional.class || type == List.class) && element == Boolean.class) {
            return optionalFlag(about.words());
        }
        if (type.isEnum()) {
            return choice(type);
        }
        if (type == String.class || element == String.class) {
            return text();
        }
        throw new IllegalArgumentException("column: want a type that a cell can hold, got " + type);
    }

    private static CellType whole(Class<?> type, Column about) {
        long largest = type == long.class ? Long.MAX_VALUE : Integer.MAX_VALUE;
        long least = type == long.class ? Long.MIN_VALUE : Integer.MIN_VALUE;
        long min = (long) Math.max(about.min(), (double) least);
        long max = about.max() > largest ? largest : (long) about.max();
        boolean optional = about.optional() || type == OptionalInt.class;
        Function<Long, Object> box = n -> type == long.class
                ? (Object) n
                : type == OptionalInt.class ? OptionalInt.of(n.intValue()) : (Object) n.intValue();
        Object none =
                type == OptionalInt.class ? OptionalInt.empty() : type == long.class ? (Object) Long.valueOf(-1) : -1;
        String range = about.max() > largest
                ? about.min() < least ? "" : " of at least " + min
                : " from " + min + " to " + max;
        return new CellType(
                value -> value.equals(none) && optional ? "" : wholeText(value),
                cell -> cell.isEmpty() && optional ? none : wholeValue(cell, min, max, box),
                none,
                "a whole number" + range + (optional ? " or nothing" : ""),
                Kind.WHOLE);
    }

    private static String wholeText(Object value) {
        return value instanceof OptionalInt n ? Integer.toString(n.getAsInt()) : value.toString();
    }

    private static @Nullable Object wholeValue(String cell, long min, long max, Function<Long, Object> box) {
        int digits = cell.startsWith("-") ? 1 : 0;
        if (cell.length() == digits || cell.length() > 20) {
            return null;
        }
        for (int i = digits; i < cell.length(); i++) {
            if (cell.charAt(i) < '0' || cell.charAt(i) > '9') {
                return null;
            }
        }
        try {
            long n = Long.parseLong(cell);
            return n >= min && n <= max ? box.apply(n) : null;
        } catch (NumberFormatException e) {
            return null; // beyond what a long holds
        }
    }

    static CellType number(double min, double max) {
        String range = max == Double.POSITIVE_INFINITY
                ? min == Double.NEGATIVE_INFINITY ? "" : " of at least " + plain(min)
                : min == Double.NEGATIVE_INFINITY
                        ? " of at most " + plain(max)
                        : " from " + plain(min) + " to " + plain(max);
        return new CellType(
                value -> Double.isNaN((double) value) ? "" : Double.toString((double) value),
                cell -> cell.isEmpty() ? (Object) Double.NaN : numberValue(cell, min, max),
                Double.NaN,
                "a number" + range + " or nothing",
                Kind.NUMBER);
    }

    private static String plain(double bound) {
        return new BigDecimal(Double.toString(bound)).stripTrailingZeros().toPlainString();
    }

    /** As {@link Double#toString} and other programs write them; not the forms that only Java reads, such as {@code 1d}. */
    private static @Nullable Object numberValue(String cell, double min, double max) {
        if (cell.equals("NaN")) {
            return Double.NaN;
        }
        boolean infinite = cell.equals("Infinity") || cell.equals("-Infinity");
        if (!infinite && (cell.length() > 400 || !cell.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0))) {
            return null;
        }
        try {
            double value = Double.parseDouble(cell);
            return value >= min && value <= max && Double.isInfinite(value) == infinite ? (Object) value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static CellType flag(Column about) {
        return new CellType(
                value -> flagText((boolean) value, about.words()),
                CellType::flagValue,
                false,
                "true, false, 1 or 0",
                Kind.FLAG);
    }

    private static CellType optionalFlag(boolean words) {
        return new CellType(
                value -> ((Optional<?>) value)
                        .map(flag -> flagText((Boolean) flag, words))
                        .orElse(""),
                cell -> cell.isEmpty() ? Optional.empty() : optional(flagValue(cell)),
                Optional.empty(),
                "true, false, 1, 0 or nothing",
                Kind.FLAG);
    }

    private static @Nullable Object optional(@Nullable Object value) {
        return value == null ? null : Optional.of(value);
    }

    private static String flagText(boolean flag, boolean words) {
        return words ? Boolean.toString(flag) : flag ? "1" : "0";
    }

    /** Spreadsheets write truth values in capitals. */
    private static @Nullable Object flagValue(String cell) {
        return switch (cell) {
            case "1", "true", "TRUE" -> true;
            case "0", "false", "FALSE" -> false;
            default -> null;
        };
    }

    private static CellType choice(Class<?> type) {
        Map<String, Object> byName = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(value -> byName.put(nameOf(value), value));
        return new CellType(
                CellType::nameOf,
                byName::get,
                type.getEnumConstants()[0],
                "one of " + byName.keySet().stream().collect(Collectors.joining(", ")),
                Kind.TEXT);
    }

    /** What an enum calls its value on the command line, if it does; else the name in small letters. */
    private static String nameOf(Object value) {
        try {
            return (String) value.getClass().getMethod("cliName").invoke(value);
        } catch (NoSuchMethodException e) {
            return ((Enum<?>) value).name().toLowerCase(Locale.ROOT).replace('_', '-');
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("name of " + value, e);
        }
    }

    static CellType text() {
        return new CellType(value -> CsvText.guarded((String) value), CsvText::unguarded, "", "text", Kind.TEXT);
    }
}
