package org.loopscope.plugin.faithfulness;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.patch.PatchGrid;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.patch.Patching;
import org.loopscope.analysis.probe.AnswerRun;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.card.Subscriptions;

/** Patching between the run that is shown and another prompt. Used on the FX thread. */
final class PatchViewModel {
    private final PanelContext context;
    private final LabWork work;
    private final Subscriptions subscriptions = new Subscriptions();
    private final StringProperty other = new SimpleStringProperty("");
    private final ObjectProperty<PatchSource> source = new SimpleObjectProperty<>(PatchSource.CLEAN);
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> figure = new ReadOnlyObjectWrapper<>();
    private @Nullable Result result;

    private record Result(Inspection inspection, PatchGrid grid, PatchPair pair) {}

    PatchViewModel(PanelContext context, Executor executor, Executor fxThread) {
        this.context = context;
        this.work = new LabWork(executor, fxThread);
        subscriptions.onChange(context.selectionProperty(), s -> refresh());
        subscriptions.onChange(context.inspectionProperty(), i -> clear());
    }

    LabWork work() {
        return work;
    }

    /** The other prompt; needs as many tokens as the one that is shown. */
    StringProperty otherProperty() {
        return other;
    }

    /** What takes the place of a state. */
    ObjectProperty<PatchSource> sourceProperty() {
        return source;
    }

    /** Step × position; null before the first result for the run that is shown. */
    ReadOnlyObjectProperty<@Nullable HeatmapFigure> figureProperty() {
        return figure.getReadOnlyProperty();
    }

    /** Patches every step and position in the background. */
    void run() {
        Inspection inspection = context.inspectionProperty().get();
        LoopedModel model = context.modelProperty().get();
        String text = other.get();
        PatchSource chosen = source.get();
        if (inspection == null || model == null) {
            work.say("There is no run yet.");
        } else if (text.isBlank()) {
            work.say("Type another prompt with as many tokens first.");
        } else if (!inspection
                .capture()
                .model()
                .weightHash()
                .equals(model.info().weightHash())) {
            work.say("This run was made with another model than the one that is open.");
        } else {
            work.start(control -> patch(inspection, model, text, chosen, control), this::show);
        }
    }

    private static Result patch(
            Inspection inspection, LoopedModel open, String text, PatchSource source, RunControl control)
            throws LoopscopeException {
        boolean added =
                inspection.capture().addedBefore() + inspection.capture().addedAfter() > 0;
        LoopedModel model = added ? open : open.withoutAddedTokens(); // as the run that is shown
        Tokenizer tokenizer = model.requireTokenizer();
        Capture capture = inspection.capture();
        int[] shown = Arrays.copyOf(capture.tokenIds(), capture.promptLength());
        int[] given = tokenizer.encodePrompt(text);
        if (given.length != shown.length) {
            throw new LoopscopeException("The other prompt has " + given.length + " tokens, expected " + shown.length
                    + " as the one shown.");
        }
        int steps = capture.steps();
        int answerShown = inspection.lens().topId(inspection.lens().rowOfStep(steps), shown.length - 1, 0);
        int[] answersGiven = AnswerRun.of(
                        model,
                        new ProbeItem(text, List.of(), Optional.empty(), Optional.empty()),
                        steps,
                        false,
                        control)
                .answers();
        int answerGiven = answersGiven[steps - 1];
        boolean into = source.intoCorrupted();
        PatchGrid grid = new Patching(model, new PatchSettings(steps, false, source, 1, 0))
                .grid(
                        into ? given : shown,
                        into ? shown : given,
                        new int[] {into ? answerGiven : answerShown},
                        OptionalInt.of(into ? answerShown : answerGiven),
                        control);
        String shownText = capture.prompt();
        PatchPair pair = new PatchPair(
                into ? text : shownText, into ? shownText : text, grid.answer(), Optional.empty(), Optional.empty());
        return new Result(inspection, grid, pair);
    }

    private void show(Result made) {
        if (context.inspectionProperty().get() == made.inspection()) {
            result = made;
            refresh();
        }
    }

    private void clear() {
        work.cancel();
        result = null;
        figure.set(null);
    }

    private void refresh() {
        Result now = result;
        if (now != null) {
            Selection s = context.selectionProperty().get();
            boolean inside = s.position() < now.grid().positions()
                    && s.step() <= now.grid().settings().steps();
            figure.set(PatchFigures.heatmap(
                    now.grid(), now.pair(), inside ? new HeatmapFigure.Cell(s.step() - 1, s.position()) : null));
        }
    }

    /** Selects a cell's token and step in all panels. */
    void select(int row, int position) {
        Result now = result;
        if (now != null) {
            context.selectionProperty()
                    .set(new Selection(position, now.grid().sites().get(row).step()));
        }
    }

    /** Lines about a cell, for the hover. */
    List<String> info(int row, int position) {
        Result now = result;
        if (now == null) {
            return List.of();
        }
        PatchGrid grid = now.grid();
        double recovery = grid.recovery(row, position);
        return List.of(
                "loop " + grid.sites().get(row).step() + ", token " + (position + 1),
                String.format(
                        Locale.ROOT,
                        "log p of “%s”: %.3f (left alone %.3f)",
                        grid.answer().strip(),
                        grid.score(row, position).logProbability(),
                        grid.base().logProbability()),
                Double.isNaN(recovery)
                        ? "recovery undefined: the two prompts hardly differ in this answer"
                        : String.format(Locale.ROOT, "recovery share %.3f", recovery),
                grid.score(row, position).top()
                        ? "it is the most probable token"
                        : "it is not the most probable token");
    }

    void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
