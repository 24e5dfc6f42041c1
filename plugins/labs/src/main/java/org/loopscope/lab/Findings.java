package org.loopscope.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.table.Rows;
import org.loopscope.model.ModelInfo;

/**
 * What a lab found, for people (lines and tables, in order) and for programs (values by key, as JSON). A table may be both.
 * Used by one thread.
 */
public final class Findings {
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, @Nullable Object> data = new LinkedHashMap<>();

    /** A piece for people. */
    public sealed interface Part {}

    /** A line of text; the empty one is a space between others. */
    public record Line(String text) implements Part {}

    /** A table. */
    public record Listed(Rows<?> rows) implements Part {}

    /** What programs get of a model. */
    public static Findings of(ModelInfo model) {
        return new Findings()
                .put("id", model.id())
                .put("weight_hash", model.weightHash())
                .put("parameters", model.parameters())
                .put("checkpoint_dtype", model.checkpointDtype())
                .put("compute_dtype", model.computeDtype())
                .put("backend", model.backend());
    }

    /** For people. */
    public Findings line(String text) {
        parts.add(new Line(text));
        return this;
    }

    /** For people. */
    public Findings table(Rows<?> rows) {
        parts.add(new Listed(rows));
        return this;
    }

    /** For people, and for programs as a list of objects. */
    public Findings table(String key, Rows<?> rows) {
        return table(rows).put(key, rows.objects());
    }

    /**
     * For programs.
     *
     * @param value a text, a number, a flag, null, or a list or map of such; a number that is not finite becomes null
     */
    public Findings put(String key, @Nullable Object value) {
        data.put(key, value instanceof Double number ? finite(number) : value);
        return this;
    }

    /** A number as programs get it: null if it is not finite. */
    public static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

    /** For programs: {@code key_low} and {@code key_high}. */
    public Findings put(String key, Interval interval) {
        return put(key + "_low", interval.low()).put(key + "_high", interval.high());
    }

    /** For programs: what {@code part} holds, as an object of its own. */
    public Findings put(String key, Findings part) {
        return put(key, part.data);
    }

    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /** Values by key, in the order they were put. */
    public Map<String, @Nullable Object> data() {
        return data;
    }
}
