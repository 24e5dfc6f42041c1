package org.loopscope.plugin.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.kv.KvComparison;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.kv.KvToken;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.RunModel;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.card.Subscriptions;

/** Compares the KV policies on the run that is shown, with the model of that run; knows no control. Used on the FX thread. */
final class KvViewModel {
    private final PanelContext context;
    private final LabWork work;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<Text> text = new SimpleObjectProperty<>(Text.GREEDY);
    private final ObservableValue<Values> values;
    private final ReadOnlyBooleanWrapper shownTextThere = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> agreement = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> divergence = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> places = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> memory = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> tokens = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper ownTexts = new ReadOnlyStringWrapper("");
    private @Nullable Compared compared;

    /** Which text is decoded under each policy. */
    enum Text {
        GREEDY("greedy text of full"),
        SHOWN("the text this run generated");

        private final String title;

        Text(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private record Compared(Inspection inspection, KvResult result, IntFunction<String> texts) {}

    /** @param values what the lab is set to */
    KvViewModel(PanelContext context, ObservableValue<Values> values, Executor executor, Executor fxThread) {
        this.context = context;
        this.values = values;
        this.work = new LabWork(executor, fxThread);
        subscriptions.follow(context.inspectionProperty(), i -> adopt(i));
    }

    LabWork work() {
        return work;
    }

    ObjectProperty<Text> textProperty() {
        return text;
    }

    /** Whether the run has generated text to compare on. */
    ReadOnlyBooleanProperty shownTextThereProperty() {
        return shownTextThere.getReadOnlyProperty();
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

    ReadOnlyObjectProperty<@Nullable ChartFigure> memoryProperty() {
        return memory.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> tokensProperty() {
        return tokens.getReadOnlyProperty();
    }

    /** What each policy wrote by itself, a line each. */
    ReadOnlyStringProperty ownTextsProperty() {
        return ownTexts.getReadOnlyProperty();
    }

    private void adopt(@Nullable Inspection inspection) {
        work.cancel();
        work.say("");
        compared = null;
        agreement.set(null);
        divergence.set(null);
        places.set(null);
        tokens.set(null);
        ownTexts.set("");
        boolean generated = inspection != null
                && inspection.capture().length() > inspection.capture().promptLength();
        shownTextThere.set(generated);
        text.set(generated ? Text.SHOWN : Text.GREEDY);
        memory.set(inspection == null ? null : memory(inspection, RunModel.of(context, inspection)));
    }

    /** The cache of the run that is shown. */
    static ChartFigure memory(Inspection inspection, Optional<LoopedModel> model) {
        Capture capture = inspection.capture();
        KvMemory memory = KvMemory.of(capture.config(), capture.steps(), capture.length(), model.orElse(null));
        return KvFigures.memory(memory, capture.model().id());
    }

    /** Runs the comparison. */
    void run() {
        Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            work.say("There is no run yet.");
            return;
        }
        LoopedModel model = RunModel.of(context, inspection).orElse(null);
        if (model == null) {
            work.say("The model of this run is not open.");
            return;
        }
        Capture capture = inspection.capture();
        boolean shown = text.get() == Text.SHOWN && shownTextThere.get();
        KvPlan plan;
        try {
            Values now = values.getValue();
            now = now.isSet(KvLab.STEPS) ? now : now.with(KvLab.STEPS, capture.steps());
            if (!shown) {
                new KvLab().check(now);
            }
            plan = KvLab.plan(
                    model,
                    shown ? now.with(KvLab.GENERATE, 0) : now,
                    capture.chat().isPresent());
        } catch (LoopscopeException e) {
            work.say(String.valueOf(e.getMessage()));
            return;
        }
        work.start(control -> compare(inspection, model, plan, shown, control), this::show);
    }

    private static Compared compare(
            Inspection inspection, LoopedModel model, KvPlan plan, boolean shown, RunControl control)
            throws LoopscopeException {
        Capture capture = inspection.capture();
        int[] all = capture.tokenIds();
        int[] prompt = Arrays.copyOf(all, capture.promptLength());
        KvComparison comparison = new KvComparison(model, plan);
        try {
            KvResult result = shown
                    ? comparison.compare(prompt, Arrays.copyOfRange(all, prompt.length, all.length), control)
                    : comparison.compare(prompt, control);
            return new Compared(inspection, result, KvFigures.texts(model));
        } catch (IllegalStateException e) { // closed meanwhile, or logits that are not finite
            throw new LoopscopeException("The comparison stopped: " + e.getMessage(), e);
        }
    }

    private void show(Compared made) {
        if (context.inspectionProperty().get() != made.inspection()) {
            return;
        }
        if (made.result().length() == 0) {
            work.say("Full wrote nothing after this prompt: there is nothing to compare.");
            return;
        }
        compared = made;
        Capture capture = made.inspection().capture();
        KvSummary summary = KvSummary.of(
                made.result(), capture.model().id(), capture.model().computeDtype());
        agreement.set(KvFigures.agreement(summary));
        divergence.set(KvFigures.divergence(summary));
        places.set(KvFigures.places(summary));
        tokens.set(KvFigures.tokens(
                made.result(),
                made.texts(),
                capture.model().id() + " · T = " + made.result().steps() + " · "
                        + capture.model().computeDtype()));
        ownTexts.set(ownTexts(made));
    }

    private static String ownTexts(Compared made) {
        List<KvPolicy> policies = new ArrayList<>(List.of(KvPolicy.FULL));
        policies.addAll(made.result().policies());
        StringBuilder lines = new StringBuilder("Own texts (greedy)");
        for (KvPolicy policy : policies) {
            String own = KvFigures.ownText(made.result(), policy, made.texts());
            lines.append(String.format(Locale.ROOT, "%n%-11s", policy.cliName()))
                    .append(own.isEmpty() ? "–" : own);
        }
        return lines.toString();
    }

    /** Lines about a cell of the token figure, for the hover. */
    List<String> info(int row, int column) {
        Compared now = compared;
        if (now == null) {
            return List.of();
        }
        KvPolicy policy = now.result().policies().get(Math.max(0, row - 1));
        KvToken token = now.result().tokens(policy).get(column);
        String text = "token " + token.index() + " of the text, “"
                + now.texts().apply(token.id()).strip() + "”";
        if (row == 0) {
            return List.of(
                    text,
                    "full finds “" + now.texts().apply(token.fullTop()).strip() + "” most probable",
                    String.format(Locale.ROOT, "ln p of the text's token %.3f", token.fullLogProbability()));
        }
        List<String> lines = new ArrayList<>(List.of(
                text,
                policy.cliName() + " finds “" + now.texts().apply(token.top()).strip() + "” most probable, full “"
                        + now.texts().apply(token.fullTop()).strip() + "”",
                String.format(Locale.ROOT, "KL(full ‖ %s) %.5f nats", policy.cliName(), token.kl()),
                String.format(
                        Locale.ROOT,
                        "ln p of the text's token %.3f, under full %.3f",
                        token.logProbability(),
                        token.fullLogProbability())));
        if (!token.counts()) {
            lines.add("from the prefill: the same under every policy, not counted");
        }
        return lines;
    }

    void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
