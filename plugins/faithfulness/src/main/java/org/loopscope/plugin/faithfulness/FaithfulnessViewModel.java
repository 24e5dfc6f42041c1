package org.loopscope.plugin.faithfulness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.analysis.agreement.WorseWithDepth;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.Subscriptions;

/**
 * State and logic of the Faithfulness panel; knows no control. Used on the FX thread; the counts of a new run are made
 * on the context's executor, the latest run wins.
 */
final class FaithfulnessViewModel {
    private final PanelContext context;
    private final Executor fxThread;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> matrix = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable MarginalsFigure> marginals = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> timeline = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper caution = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper marginalsText = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper worse = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper tokenFacts = new ReadOnlyStringWrapper("");
    private @Nullable Counts counts;

    private record Counts(Inspection inspection, AgreementMatrix agreement, AnswerFlips flips) {}

    FaithfulnessViewModel(PanelContext context, Executor fxThread) {
        this.context = context;
        this.fxThread = fxThread;
        subscriptions.onChange(context.selectionProperty(), s -> refresh());
        subscriptions.onChange(context.exitRuleProperty(), r -> refreshFacts());
        subscriptions.follow(context.inspectionProperty(), this::count);
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> matrixProperty() {
        return matrix.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable MarginalsFigure> marginalsProperty() {
        return marginals.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> timelineProperty() {
        return timeline.getReadOnlyProperty();
    }

    /** Why the agreement says little; empty if nothing speaks against it. */
    ReadOnlyStringProperty cautionProperty() {
        return caution.getReadOnlyProperty();
    }

    /** How many tokens get worse with depth; empty without a run. */
    ReadOnlyStringProperty worseProperty() {
        return worse.getReadOnlyProperty();
    }

    /** The marginals in words, for the hover. */
    ReadOnlyStringProperty marginalsTextProperty() {
        return marginalsText.getReadOnlyProperty();
    }

    /** When the selected token's answer settles, against its exit. */
    ReadOnlyStringProperty tokenFactsProperty() {
        return tokenFacts.getReadOnlyProperty();
    }

    /** Selects a token and step of the timeline. */
    void select(int row, int position) {
        context.selectionProperty().set(new Selection(position, row + 1));
    }

    /** Selects a step of the matrix, keeping the token. */
    void selectStep(int row) {
        context.selectionProperty()
                .set(new Selection(context.selectionProperty().get().position(), row + 1));
    }

    /** Moves the selection; stays inside the run. */
    void move(int columns, int rows) {
        Counts now = counts;
        if (now != null) {
            Selection s = selection(now.inspection());
            int position = clamp(s.position() + columns, now.flips().positions());
            select(clamp(s.step() - 1 + rows, now.flips().steps()), position);
        }
    }

    /** Lines about two steps, for the hover. */
    List<String> matrixInfo(int row, int column) {
        Counts now = counts;
        return now == null ? List.of() : AgreementFigures.info(now.agreement(), row + 1, column + 1);
    }

    /** Lines about one token, for the hover. */
    List<String> tokenInfo(int position) {
        Counts now = counts;
        if (now == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("token " + (position + 1) + " “" + text(now, position) + "”");
        StringBuilder path = new StringBuilder();
        for (int t = 1; t <= Math.min(12, now.flips().steps()); t++) {
            path.append(t == 1 ? "" : " → ").append(label(now, t, position));
        }
        lines.add(path + (now.flips().steps() > 12 ? " → …" : ""));
        lines.add(facts(now, position));
        return lines;
    }

    void dispose() {
        subscriptions.drop();
        counts = null;
    }

    private void count(@Nullable Inspection inspection) {
        counts = null;
        refresh();
        if (inspection == null) {
            return;
        }
        context.executor().execute(() -> {
            Counts made =
                    new Counts(inspection, AgreementMatrix.of(inspection.lens()), AnswerFlips.of(inspection.lens()));
            fxThread.execute(() -> {
                if (context.inspectionProperty().get() == inspection) { // else a newer run is on its way
                    counts = made;
                    MarginalsFigure figure = new MarginalsFigure(
                            made.agreement(), inspection.capture().model().computeDtype());
                    marginals.set(figure);
                    marginalsText.set(figure.summary());
                    refresh();
                }
            });
        });
    }

    private void refresh() {
        Counts now = counts;
        if (now == null) {
            matrix.set(null);
            marginals.set(null);
            marginalsText.set("");
            timeline.set(null);
            caution.set("");
            worse.set("");
        } else {
            Selection s = selection(now.inspection());
            matrix.set(AgreementFigures.matrix(now.inspection(), now.agreement(), s.step()));
            timeline.set(FlipFigures.timeline(now.inspection(), now.flips(), s.position(), s.step()));
            caution.set(AgreementFigures.caution(now.agreement()).orElse(""));
            worse.set(FlipFigures.worse(WorseWithDepth.of(now.inspection().lens())));
        }
        refreshFacts();
    }

    private void refreshFacts() {
        Counts now = counts;
        tokenFacts.set(
                now == null
                        ? ""
                        : "“" + text(now, selection(now.inspection()).position()) + "”: "
                                + facts(now, selection(now.inspection()).position()));
    }

    private String facts(Counts now, int position) {
        int stable = now.flips().firstStableStep(position);
        int exit = now.inspection().exits().exitStep(context.exitRuleProperty().get(), position);
        int changes = now.flips().flips(position);
        String verdict = exit < stable
                ? "leaves before the answer settles"
                : exit == stable ? "leaves as it settles" : "leaves " + (exit - stable) + " after it settled";
        return "answer changes " + changes + (changes == 1 ? " time" : " times") + ", stable from loop " + stable
                + " on; exit at loop " + exit + ": " + verdict;
    }

    private Selection selection(Inspection inspection) {
        return context.selectionProperty()
                .get()
                .within(inspection.capture().length(), inspection.capture().steps());
    }

    private static String text(Counts now, int position) {
        return visible(now.inspection().capture().tokenText(position));
    }

    private static String label(Counts now, int step, int position) {
        return visible(now.inspection().lens().tokenText(now.flips().label(step, position)));
    }

    private static String visible(String text) {
        return TokenText.inSentence(text, FigureTheme.LIGHT.monoBold(12), 20);
    }

    private static int clamp(int index, int size) {
        return Math.max(0, Math.min(size - 1, index));
    }
}
