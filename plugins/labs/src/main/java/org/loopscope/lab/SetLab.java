package org.loopscope.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.loopscope.analysis.table.Columns;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * A lab that goes through a set of prompts and keeps rows.
 *
 * @param <P> an item of a set
 * @param <R> a row of the file
 * @param <S> what all rows say together
 */
public interface SetLab<P, R extends Record, S> extends Lab {
    /** Which sets fit. */
    PromptKind<P> prompts();

    @Override
    default List<Setting<?>> asked() {
        return Stream.concat(Stream.of(PromptKind.LIMIT), Stream.concat(drawing().stream(), settings().stream()))
                .toList();
    }

    /** What is asked of the drawing of a sample, as far as {@link #settings} does not have it. */
    default List<Setting<?>> drawing() {
        List<String> own = settings().stream().map(Setting::name).toList();
        return Stream.<Setting<?>>of(PromptKind.SAMPLE, PromptKind.SEED)
                .filter(setting -> !own.contains(setting.name()))
                .toList();
    }

    /** What stands in a file of these values, with those that follow from the model. */
    Columns<R> columns(Values values);

    /**
     * Gets ready to measure items, and refuses the one that cannot be measured before hours have gone into others.
     *
     * @param values with those that follow from the model, see {@link Values#on}
     * @throws LoopscopeException with one sentence
     */
    Job<R> job(LoopedModel model, List<P> items, Values values) throws LoopscopeException;

    /**
     * Reads the rows of a file to the end.
     *
     * @throws LoopscopeException with one sentence, for what is no such file or says nothing together
     */
    S summarise(Path rows) throws LoopscopeException;

    /** The same with what only the model tells, after a set was measured; what the rows say is enough for most labs. */
    default S complete(S summary, Job<R> job, RunControl control) throws LoopscopeException {
        return summary;
    }

    /**
     * What is printed, written as JSON and reported.
     *
     * @throws LoopscopeException with one sentence, for values that do not fit these rows
     */
    Findings findings(S summary, Values values) throws LoopscopeException;

    /**
     * One of {@link #figures}; empty where these rows have nothing to draw.
     *
     * @throws LoopscopeException as {@link #findings}
     */
    Optional<? extends Figure> figure(FigureKind kind, S summary, Values values) throws LoopscopeException;

    /** What else it writes of its rows. */
    default List<FileKind> files() {
        return List.of();
    }

    /**
     * The text of one of {@link #files}.
     *
     * @throws LoopscopeException with one sentence, where these rows have nothing for it
     */
    default String file(FileKind kind, S summary, Values values, MeasuredOn from) throws LoopscopeException {
        throw new IllegalArgumentException("file: want one of " + files() + ", got " + kind);
    }

    /** Which values of a setting these rows have something to show for; all that it may be unless said otherwise. */
    default <T> List<T> offered(Setting<T> setting, S summary) {
        return setting.allowed().toList();
    }
}
