package org.loopscope.lab;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.Table;

/**
 * What a lab writes of one run.
 *
 * @param data for files; the arithmetic is put behind it
 * @param statement above the table for people: what was measured, of which states, in which arithmetic
 * @param people the table for people where it is another one than the data
 * @param after lines below the table for people
 * @param json what programs get instead of the data, row by row; made when it is asked for
 */
public record RunTable(
        Table data, String statement, Optional<Findings> people, List<String> after, Optional<Json> json) {
    /** Makes what programs get. */
    @FunctionalInterface
    public interface Json {
        /** @throws LoopscopeException with one sentence, where there is none */
        Map<String, @Nullable Object> values() throws LoopscopeException;
    }

    /** Data with a statement above. */
    public static RunTable of(Table data, String statement) {
        return new RunTable(data, statement, Optional.empty(), List.of(), Optional.empty());
    }

    /** The same with another table for people. */
    public RunTable forPeople(Findings other) {
        return new RunTable(data, statement, Optional.of(other), after, json);
    }

    /** The same with lines below. */
    public RunTable after(List<String> lines) {
        return new RunTable(data, statement, people, lines, json);
    }

    /** The same with other JSON. */
    public RunTable asJson(Json other) {
        return new RunTable(data, statement, people, after, Optional.of(other));
    }
}
