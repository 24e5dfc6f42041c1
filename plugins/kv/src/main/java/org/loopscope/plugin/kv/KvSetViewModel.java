package org.loopscope.plugin.kv;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Executor;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.kv.KvPrompt;
import org.loopscope.analysis.kv.KvSet;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.figure.ChartFigure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.figure.KvFigures;

/** The KV policies over a set of prompts: rows that are there, or a set that is run here; knows no control. Used on the FX thread. */
final class KvSetViewModel implements SetBar.Lab {
    /** Tokens that full generates, unless another number is asked for; as the command line. */
    static final int GENERATE = 32;

    private final PanelContext context;
    private final LabWork work;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<Integer> generate = new SimpleObjectProperty<>(GENERATE);
    private final BooleanProperty wholePrompt = new SimpleBooleanProperty(true);
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> accuracy = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> agreement = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> divergence = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> places = new ReadOnlyObjectWrapper<>();

    private record Rows(KvSummary summary, String from) {}

    /** @param executor runs sets; they take long, so it should not be the one that panels share */
    KvSetViewModel(PanelContext context, Executor executor, Executor fxThread) {
        this.context = context;
        this.work = LabWork.ofSet(executor, fxThread);
        subscriptions.onChange(context.modelProperty(), m -> work.cancel());
    }

    @Override
    public LabWork work() {
        return work;
    }

    @Override
    public BooleanBinding cannotRunBinding() {
        return Bindings.or(work.runningProperty(), Bindings.isNull(context.modelProperty()));
    }

    /** Tokens that full generates after each prompt, at most. */
    ObjectProperty<Integer> generateProperty() {
        return generate;
    }

    /** Whether each prompt is read in one call; else its first token alone, and the rest is decoded. */
    BooleanProperty wholePromptProperty() {
        return wholePrompt;
    }

    /** Null also for a set whose answers are not known or were not judged. */
    ReadOnlyObjectProperty<@Nullable ChartFigure> accuracyProperty() {
        return accuracy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> agreementProperty() {
        return agreement.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> divergenceProperty() {
        return divergence.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> placesProperty() {
        return places.getReadOnlyProperty();
    }

    @Override
    public void open(Path rows) {
        work.start(control -> new Rows(KvTable.read(rows), "from " + rows.getFileName()), this::adopt);
    }

    /** Runs a set, goes on where an earlier run stopped, and shows it. */
    @Override
    public void run(String set, Path rows) {
        LoopedModel model = context.modelProperty().get();
        Integer tokens = generate.get();
        if (model == null || tokens == null) {
            return;
        }
        if (wholePrompt.get() && tokens < 2) {
            work.say(
                    "Generate two tokens at least, or do not read the whole prompt at once: the first token comes from the"
                            + " prompt and is the same under every policy.");
            return;
        }
        KvPlan plan = new KvPlan(
                model.config().trainedSteps(),
                tokens,
                wholePrompt.get() ? 0 : 1,
                KvPlan.SHARING,
                model.chat().endTokens(false).ids());
        work.start(
                control -> {
                    new KvSet(model, plan, prompts(model, set)).run(rows, control);
                    return new Rows(KvTable.read(rows), "written to " + rows.getFileName());
                },
                this::adopt);
    }

    private static KvSet.Prompts prompts(LoopedModel model, String set) throws LoopscopeException {
        Tokenizer tokenizer = model.requireTokenizer();
        return KvSet.Prompts.of(
                SetFile.prompts(set).prompts(),
                prompt -> KvPrompt.of(
                        tokenizer,
                        prompt.prompt(),
                        prompt.answer(),
                        prompt.group().orElse("")));
    }

    private void adopt(Rows rows) {
        KvSummary summary = rows.summary();
        accuracy.set(KvFigures.accuracy(summary).orElse(null));
        agreement.set(KvFigures.agreement(summary));
        divergence.set(KvFigures.divergence(summary));
        places.set(KvFigures.places(summary));
        work.say(String.format(
                        Locale.ROOT,
                        "%d prompt%s, T = %d, %s",
                        summary.prompts(),
                        summary.prompts() == 1 ? "" : "s",
                        summary.steps(),
                        rows.from())
                + (summary.problems() == 0
                        ? ""
                        : " (" + summary.problems() + " not measured: a number was not finite)"));
    }

    void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
