package org.loopscope.lab;

import java.util.List;
import java.util.Optional;
import org.loopscope.figure.Figure;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

/** A lab that looks at one run. */
public interface RunLab extends Lab {
    /** What it writes, the first unless another table is asked for. */
    List<TableKind> tables();

    /** Whether the state after every layer is needed. */
    default boolean needsLayers(TableKind table, Values values) {
        return false;
    }

    /** What is written, at the beginning of a sentence. */
    default String written() {
        return "Table";
    }

    /** Refuses a model that the values do not fit, before a prompt is run through it. */
    default void fits(ModelInfo model, Values values) throws LoopscopeException {}

    /**
     * Refuses what does not go together, before a model is opened.
     *
     * @param drawn whether a figure is asked for
     * @param rule whose exit steps are shown
     */
    default void check(TableKind table, boolean drawn, Values values, ExitRule rule) throws LoopscopeException {}

    /**
     * One of {@link #tables}. May take seconds.
     *
     * @throws LoopscopeException with one sentence, for values that this run cannot meet
     */
    RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException;

    /**
     * One of {@link #figures} of a run; empty where it has nothing for it.
     *
     * @throws LoopscopeException as {@link #table}
     */
    default Optional<? extends Figure> figure(FigureKind kind, RunInput run, Values values) throws LoopscopeException {
        return Optional.empty();
    }
}
