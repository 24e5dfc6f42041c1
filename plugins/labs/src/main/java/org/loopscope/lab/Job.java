package org.loopscope.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** The measuring of a set, item by item; the same item gives the same rows at any time. */
public interface Job<R extends Record> extends AutoCloseable {
    /** How many items there are. */
    int size();

    /** What they are, for people: {@code prompts}, {@code pairs}, {@code probes}. */
    default String items() {
        return "prompts";
    }

    /**
     * The rows of one item.
     *
     * @param item 0-based
     * @param control cancelled as the whole is; its progress is not shown
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    List<R> rows(int item, RunControl control) throws LoopscopeException;

    /**
     * The rows of an item whose run met a number that is not finite.
     *
     * @param cause what the run threw; thrown again where nothing is kept of such an item
     */
    default List<R> problem(int item, Exception cause) throws LoopscopeException {
        throw cause instanceof LoopscopeException told
                ? told
                : new LoopscopeException(String.valueOf(cause.getMessage()), cause);
    }

    /** T of the runs. */
    int steps();

    /** What decides the rows besides the settings, by words. */
    default Map<String, String> identity() {
        return Map.of();
    }

    /**
     * What must be known of all items before the first rows; files of its own stand beside {@code out}.
     *
     * @param done items whose rows are kept already
     */
    default void prepare(Path out, int done, RunControl control) throws LoopscopeException {}

    /** What is kept beside {@code out} where the work was stopped before the first rows, in words. */
    default Optional<String> kept(Path out) {
        return Optional.empty();
    }

    /** Told when the rows are complete and in place. */
    default void finished() throws LoopscopeException {}

    /** Lets go of what {@link #prepare} has opened, also where the work was stopped. */
    @Override
    default void close() throws LoopscopeException {}
}
