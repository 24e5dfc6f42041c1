package org.loopscope.plugin.faithfulness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.application.Platform;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.model.RunOptions;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.NumberSpinner;
import org.loopscope.plugin.card.SetBar;
import org.loopscope.plugin.figure.AnswerFigures;
import org.loopscope.plugin.figure.PatchFigures;
import org.loopscope.plugin.figure.ProbeFigures;

/** The cards of the panel that go through a set: agreement, linear probes, patching by step. */
final class SetCards {
    private static final int MOST_PROMPTS = 1_000_000;
    private static final double HEIGHT = 420;

    private final SetOptions options;
    private final List<SetViewModel> models;
    private final List<FigureCard> cards;
    private final List<Runnable> legends = new ArrayList<>();
    private final VBox root;

    SetCards(PanelContext context) {
        options = new SetOptions(context);
        Executor thread = context.ownThread("faithfulness set");
        BooleanProperty layers = new SimpleBooleanProperty(true);
        ObjectProperty<Integer> shuffles = new SimpleObjectProperty<>(DepthProbes.Settings.USUAL_SHUFFLES);
        ObjectProperty<PatchSource> source = new SimpleObjectProperty<>(PatchSource.CLEAN);
        SetViewModel agreement = new SetViewModel(
                context, options, SetProbe.Agreement::new, SetProbe::answerSets, thread, Platform::runLater);
        SetViewModel probes = new SetViewModel(
                context,
                options,
                () -> new SetProbe.Linear(layers.get(), shuffles.get()),
                SetProbe::probeSets,
                thread,
                Platform::runLater);
        SetViewModel patching = new SetViewModel(
                context,
                options,
                () -> new SetProbe.Patch(source.get()),
                SetProbe::pairSets,
                thread,
                Platform::runLater);
        models = List.of(agreement, probes, patching);
        FigureCard agreementCard =
                card(AnswerFigures.AGREEMENT, "Agreement of loop steps over a set", "agreement", agreement, context);
        FigureCard probeCard =
                card(ProbeFigures.AUC, "What can be read from the last token's state", "linear", probes, context);
        FigureCard patchCard = card(PatchFigures.BY_STEP, "Effect of one state by step", "patch", patching, context);
        cards = List.of(agreementCard, probeCard, patchCard);
        legends.add(LegendSide.in(probeCard, context));
        legends.add(LegendSide.in(patchCard, context));
        tools(agreementCard, "agreement", agreement);
        tools(probeCard, "linear", probes, layers(layers), label("Shuffles"), shuffles(shuffles));
        tools(patchCard, "patch", patching, PatchSources.choice("probe-patch-source", PatchSources.OF_SETS, source));
        root = new VBox(12, heading(), agreementCard, probeCard, patchCard);
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

    private static Node layers(BooleanProperty layers) {
        CheckBox box = new CheckBox("Layers");
        box.setId("probe-linear-layers");
        box.setMinWidth(Region.USE_PREF_SIZE);
        box.setTooltip(new Tooltip("Probe after every layer of every step, rather than the outputs of steps"));
        box.selectedProperty().bindBidirectional(layers);
        return box;
    }

    private static Node shuffles(ObjectProperty<Integer> shuffles) {
        NumberSpinner spinner = new NumberSpinner(
                "probe-linear-shuffles", "How often labels are shuffled beside every probe", 20, 1000, 10, shuffles);
        spinner.setTooltip(
                new Tooltip("The band of chance goes from the lowest to the highest AUC of so many shuffles"));
        return spinner;
    }

    private Node heading() {
        Label heading = label("Over a set of prompts");
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
        models.forEach(SetViewModel::dispose);
        options.dispose();
    }
}
