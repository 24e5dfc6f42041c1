package org.loopscope.analysis.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.stat.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Values of several things, column by column: declared once, shown as a table for people, as objects for programs and as data of a
 * figure. A column with a key stands in the data, one with a heading in the table for people, most in both. Used by one thread.
 */
public final class Rows<T> {
    private static final String NONE = "–";

    private final List<T> items;
    private final List<Cell<T>> cells = new ArrayList<>();

    /** What a column holds. */
    private enum Kind {
        TEXT,
        WHOLE,
        NUMBER
    }

    /**
     * A column.
     *
     * @param key in data, or the empty text
     * @param heading for people, or the empty text
     * @param value a string, a long, a double, or null
     * @param shown the value for people
     */
    private record Cell<T>(
            String key, String heading, Kind kind, Function<T, @Nullable Object> value, Function<T, String> shown) {}

    private Rows(List<T> items) {
        this.items = List.copyOf(items);
    }

    public static <T> Rows<T> of(List<T> items) {
        return new Rows<>(items);
    }

    public Rows<T> text(String key, String heading, Function<T, String> value) {
        return add(key, heading, Kind.TEXT, value::apply, value);
    }

    /** Numbers that are written in a way of their own, for people only. */
    public Rows<T> shown(String heading, Function<T, String> value) {
        return add("", heading, Kind.NUMBER, item -> null, value);
    }

    public Rows<T> whole(String key, String heading, ToLongFunction<T> value) {
        return add(key, heading, Kind.WHOLE, value::applyAsLong, item -> Long.toString(value.applyAsLong(item)));
    }

    /** Whole numbers, of which some may be missing. */
    public Rows<T> wholeIfAny(String key, String heading, Function<T, OptionalInt> value) {
        return add(
                key,
                heading,
                Kind.WHOLE,
                item -> value.apply(item).isPresent()
                        ? (Object) (long) value.apply(item).getAsInt()
                        : null,
                item -> value.apply(item).isPresent()
                        ? Integer.toString(value.apply(item).getAsInt())
                        : "");
    }

    /** @param digits after the point, for people */
    public Rows<T> number(String key, String heading, int digits, ToDoubleFunction<T> value) {
        return add(key, heading, Kind.NUMBER, value::applyAsDouble, item -> shown(value.applyAsDouble(item), digits));
    }

    /** The ends of a 95 % interval: {@code key_low} and {@code key_high} in data if there is a key, one column for people. */
    public Rows<T> interval(String key, int digits, Function<T, Interval> value) {
        add("", "95 %", Kind.TEXT, item -> null, item -> shown(value.apply(item), digits));
        return key.isEmpty() ? this : ends(key, value);
    }

    /** The ends of a 95 % interval, {@code key_low} and {@code key_high}, in data alone. */
    public Rows<T> ends(String key, Function<T, Interval> value) {
        number(key + "_low", "", 0, item -> value.apply(item).low());
        return number(key + "_high", "", 0, item -> value.apply(item).high());
    }

    private Rows<T> add(
            String key, String heading, Kind kind, Function<T, @Nullable Object> value, Function<T, String> shown) {
        cells.add(new Cell<>(key, heading, kind, value, shown));
        return this;
    }

    /** A number for people; a dash for NaN. */
    public static String shown(double value, int digits) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** An interval for people; nothing where there is none. */
    public static String shown(Interval interval, int digits) {
        return Double.isNaN(interval.low())
                ? ""
                : shown(interval.low(), digits) + " to " + shown(interval.high(), digits);
    }

    /** Of each column for people, whether it holds numbers. */
    public List<Boolean> numeric() {
        return shownCells().stream().map(cell -> cell.kind() != Kind.TEXT).toList();
    }

    /** Headings for people. */
    public List<String> headings() {
        return shownCells().stream().map(Cell::heading).toList();
    }

    /** Cells for people, a list for each item. */
    public List<List<String>> lines() {
        return items.stream()
                .map(item -> shownCells().stream()
                        .map(cell -> cell.shown().apply(item))
                        .toList())
                .toList();
    }

    private List<Cell<T>> shownCells() {
        return cells.stream().filter(cell -> !cell.heading().isEmpty()).toList();
    }

    private List<Cell<T>> dataCells() {
        return cells.stream().filter(cell -> !cell.key().isEmpty()).toList();
    }

    /** Values by key, a map for each item; numbers in full, null for one that is not finite. */
    public List<Map<String, @Nullable Object>> objects() {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (T item : items) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            dataCells()
                    .forEach(cell -> object.put(cell.key(), finite(cell.value().apply(item))));
            objects.add(object);
        }
        return objects;
    }

    private static @Nullable Object finite(@Nullable Object value) {
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }

    /** The data as a table. */
    public Table toTable(String name) {
        return Table.create(name, dataCells().stream().map(this::column).toList());
    }

    private Column<?> column(Cell<T> cell) {
        List<@Nullable Object> values = items.stream().map(cell.value()).toList();
        return switch (cell.kind()) {
            case WHOLE ->
                LongColumn.create(
                        cell.key(),
                        values.stream().mapToLong(value -> (long) value).toArray());
            case NUMBER ->
                DoubleColumn.create(
                        cell.key(),
                        values.stream().mapToDouble(value -> (double) value).toArray());
            case TEXT ->
                StringColumn.create(
                        cell.key(), values.stream().map(String::valueOf).toList());
        };
    }
}
