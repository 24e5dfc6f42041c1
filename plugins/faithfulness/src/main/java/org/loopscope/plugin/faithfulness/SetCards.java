package org.loopscope.plugin.faithfulness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.lab.SetLab;
import org.loopscope.model.RunOptions;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.NumberSpinner;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.figure.PatchFigures;

/** The cards of the panel that go through a set: agreement, linear probes, patching by step. */
final class SetCards {
    private static final int MOST_PROMPTS = 1_000_000;
    private static final double HEIGHT = 420;

    private final SetLabView agreement;
    private final SetLabView linear;
    private final SetOptions options;
    private final List<SetViewModel> models;
    private final List<FigureCard> cards;
    private final List<Runnable> legends = new ArrayList<>();
    private final VBox root;

    SetCards(PanelContext context) {
        options = new SetOptions(context);
        Executor thread = context.ownThread("faithfulness set");
        ObjectProperty<PatchSource> source = new SimpleObjectProperty<>(PatchSource.CLEAN);
        agreement = set(new AgreementLab(), context, thread);
        linear = set(new LinearLab(), context, thread);
        SetViewModel patching = new SetViewModel(
                context,
                options,
                () -> new SetProbe.Patch(source.get()),
                SetProbe::pairSets,
                thread,
                Platform::runLater);
        models = List.of(patching);
        FigureCard patchCard = card(PatchFigures.BY_STEP, "Effect of one state by step", "patch", patching, context);
        cards = List.of(patchCard);
        legends.add(LegendSide.in(patchCard, context));
        tools(patchCard, "patch", patching, PatchSources.choice("probe-patch-source", PatchSources.OF_SETS, source));
        root = new VBox(12, agreement.view(), linear.view(), heading(), patchCard);
    }

    private static <R extends Record, S> SetLabView set(
            SetLab<ProbeItem, R, S> lab, PanelContext context, Executor thread) {
        return new SetLabView(
                "probe-" + lab.id(),
                lab.title(),
                "No set yet. Open the CSV of loopscope " + lab.command() + ", or run a set through the open model.",
                context,
                new SetLabModel<>(lab, context, thread, Platform::runLater));
    }

    private static FigureCard card(String id, String title, String command, SetViewModel model, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> FaithfulnessProvider.LAB_HELP);
        card.setEmptyText(
                "No set yet. Open the CSV of loopscope probe " + command + ", or run a set through the open model.");
        card.figureProperty().bind(model.figureProperty());
        card.setMinHeight(HEIGHT);
        return card;
    }

    /** The set's bar, what else the probe is told, and below how far it is. */
    private static void tools(FigureCard card, String command, SetViewModel model, Node... settings) {
        SetBar sets = new SetBar("probe-" + command, "probe " + command, model);
        HBox bar = new HBox(8, sets);
        bar.getChildren().addAll(settings);
        bar.setAlignment(Pos.CENTER_LEFT);
        VBox lines = new VBox(6, bar, sets.status());
        lines.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(lines, Priority.ALWAYS);
        card.setToolbar(lines);
    }

    private Node heading() {
        Label heading = label("Patching over a set of pairs");
        heading.getStyleClass().add("figure-card-title");
        NumberSpinner steps = new NumberSpinner(
                "probe-steps", "Loops of the set's runs", 1, RunOptions.MAX_STEPS, 1, options.stepsProperty());
        options.stepsProperty()
                .addListener((o, before, now) -> steps.getValueFactory().setValue(now));
        NumberSpinner limit = new NumberSpinner(
                "probe-limit", "Prompts or pairs at most", 1, MOST_PROMPTS, 100, options.limitProperty());
        limit.setPrefWidth(110);
        limit.setTooltip(new Tooltip("Only the first so many prompts or pairs of a set"));
        HBox bar = new HBox(8, heading, label("T"), steps, label("first"), limit, label("prompts or pairs"));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        return bar;
    }

    private static Label label(String text) {
        Label label = new Label(text);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    Node view() {
        return root;
    }

    void dispose() {
        legends.forEach(Runnable::run);
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        agreement.dispose();
        linear.dispose();
        models.forEach(SetViewModel::dispose);
        options.dispose();
    }
}
