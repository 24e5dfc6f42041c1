package org.loopscope.app.fuzz;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts of outcomes by reader, as a table in Markdown. Safe for several threads. */
final class Counts {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private static final class Row {
        final Map<Outcome.Kind, Long> kinds = new EnumMap<>(Outcome.Kind.class);
        long slowestNanos;

        long of(Outcome.Kind kind) {
            return kinds.getOrDefault(kind, 0L);
        }

        long cases() {
            return kinds.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Gives a reader its place in the table. */
    synchronized void begin(String reader) {
        rows.computeIfAbsent(reader, name -> new Row());
    }

    synchronized void add(String reader, Outcome.Kind kind, long nanos) {
        Row row = rows.computeIfAbsent(reader, name -> new Row());
        row.kinds.merge(kind, 1L, Long::sum);
        row.slowestNanos = Math.max(row.slowestNanos, nanos);
    }

    synchronized long cases() {
        return rows.values().stream().mapToLong(Row::cases).sum();
    }

    synchronized long refused(String reader) {
        return rows.get(reader).of(Outcome.Kind.REFUSED);
    }

    synchronized long failures() {
        return rows.values().stream()
                .mapToLong(row -> row.cases() - row.of(Outcome.Kind.ACCEPTED) - row.of(Outcome.Kind.REFUSED))
                .sum();
    }

    synchronized String markdown() {
        StringBuilder out = new StringBuilder(
                "| reader | cases | accepted | refused | bad sentences | internal errors |"
                        + " hangs over 5 s | slowest, ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        Row sum = new Row();
        rows.forEach((name, row) -> {
            line(out, name, row);
            row.kinds.forEach((kind, n) -> sum.kinds.merge(kind, n, Long::sum));
            sum.slowestNanos = Math.max(sum.slowestNanos, row.slowestNanos);
        });
        line(out, "**sum**", sum);
        return out.toString();
    }

    private static void line(StringBuilder out, String name, Row row) {
        out.append("| ").append(name).append(String.format(java.util.Locale.ROOT, " | %,d", row.cases()));
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            out.append(String.format(java.util.Locale.ROOT, " | %,d", row.of(kind)));
        }
        out.append(" | ").append(row.slowestNanos / 1_000_000).append(" |\n");
    }
}
