package org.loopscope.plugin.faithfulness;

import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.stage.FileChooser;
import javafx.util.StringConverter;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.NumberSpinner;
import org.loopscope.plugin.card.TextLine;
import org.loopscope.plugin.card.WorkButton;
import org.loopscope.plugin.faithfulness.SetViewModel.SetChoice;
import org.loopscope.plugin.figure.AnswerFigures;
import org.loopscope.plugin.figure.PatchFigures;
import org.loopscope.plugin.figure.ProbeFigures;

/** The cards of the panel that run the model: patching, agreement over a set, linear probes. */
final class LabView {
    private static final List<PatchSource> SOURCES =
            List.of(PatchSource.CLEAN, PatchSource.SKIP, PatchSource.ZERO, PatchSource.NOISE, PatchSource.MEAN);
    private static final int MOST_PROMPTS = 100_000;

    private final PatchViewModel patching;
    private final SetViewModel sets;
    private final FigureCard patchCard;
    private final FigureCard agreementCard;
    private final FigureCard probeCard;
    private final HeatmapView heatmap;
    private final Runnable legend;
    private final List<Node> nodes;

    LabView(
            PanelContext context,
            PatchViewModel patching,
            SetViewModel sets,
            BiFunction<Integer, Integer, Optional<Node>> hover) {
        this.patching = patching;
        this.sets = sets;
        patchCard = card(PatchFigures.HEATMAP, "Which state carries the answer over", context);
        patchCard.setEmptyText(
                "Type another prompt with as many tokens as the one shown, differing in one thing, and press"
                        + " Patch: every state is replaced in turn, and the answer watched.");
        heatmap = new HeatmapView(patchCard, hover::apply);
        heatmap.figureProperty().bind(patching.figureProperty());
        heatmap.setOnSelect(patching::select);
        patchCard.setToolbar(patchControls());
        agreementCard = card(AnswerFigures.AGREEMENT, "Agreement of loop steps over a set", context);
        agreementCard.setEmptyText("Choose a set and press Agreement.");
        agreementCard.figureProperty().bind(sets.agreementProperty());
        probeCard = card(ProbeFigures.AUC, "What can be read from the last token's state", context);
        probeCard.setEmptyText("Choose a set and press Probes.");
        probeCard.figureProperty().bind(sets.probesProperty());
        legend = LegendSide.in(probeCard, context);
        agreementCard.setMinHeight(360);
        probeCard.setMinHeight(400);
        patchCard.setMinHeight(300);
        HBox bar = new HBox(setControls());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        nodes = List.of(
                patchCard,
                TextLine.small("patch-status", patching.work().statusProperty()),
                bar,
                TextLine.small("probe-status", sets.work().statusProperty()),
                agreementCard,
                probeCard);
    }

    private static FigureCard card(String id, String title, PanelContext context) {
        return new FigureCard(id, title, context, () -> FaithfulnessProvider.LAB_HELP);
    }

    /** From top to bottom. */
    List<Node> nodes() {
        return nodes;
    }

    private Node[] patchControls() {
        TextField other = new TextField();
        other.setId("patch-other");
        other.setPromptText("another prompt with as many tokens");
        other.setAccessibleText("Other prompt for patching");
        other.textProperty().bindBidirectional(patching.otherProperty());
        other.setOnAction(e -> patching.run());
        HBox.setHgrow(other, Priority.ALWAYS);
        ChoiceBox<PatchSource> source = new ChoiceBox<>();
        source.setId("patch-source");
        source.setAccessibleText("What takes the place of a state");
        source.getItems().setAll(SOURCES);
        source.setMaxWidth(220);
        source.setConverter(new SourceText());
        source.valueProperty().bindBidirectional(patching.sourceProperty());
        Button run = WorkButton.start("patch-run", "Patch", patching.work(), patching::run);
        Button stop = WorkButton.cancel("patch-cancel", patching.work(), "Stop patching");
        return new Node[] {other, source, run, stop};
    }

    private Node[] setControls() {
        ChoiceBox<SetChoice> set = new ChoiceBox<>();
        set.setId("probe-set");
        set.setAccessibleText("Set of prompts");
        set.getItems().setAll(SetViewModel.BUNDLED);
        set.valueProperty().bindBidirectional(sets.setProperty());
        Button file = new Button("File…");
        file.setId("probe-set-file");
        file.setOnAction(e -> choose(set));
        NumberSpinner limit =
                new NumberSpinner("probe-limit", "Prompts at most", 10, MOST_PROMPTS, 100, sets.limitProperty());
        limit.setPrefWidth(100);
        Button agreement = WorkButton.start("probe-agreement", "Agreement", sets.work(), sets::countAgreement);
        Button probes = WorkButton.start("probe-train", "Probes", sets.work(), sets::trainProbes);
        Button stop = WorkButton.cancel("probe-cancel", sets.work(), "Stop; nothing is kept");
        return new Node[] {
            new Label("Set"), set, file, new Label("first"), limit, new Label("prompts"), agreement, probes, stop
        };
    }

    private void choose(ChoiceBox<SetChoice> box) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Open a set of prompts");
        chooser.getExtensionFilters()
                .setAll(new FileChooser.ExtensionFilter("Prompt sets, question pairs", "*.jsonl", "*.tsv"));
        File file = chooser.showOpenDialog(
                patchCard.getScene() == null ? null : patchCard.getScene().getWindow());
        if (file != null) {
            SetChoice choice = SetChoice.of(file.toPath());
            box.getItems().add(choice);
            sets.setProperty().set(choice);
        }
    }

    void dispose() {
        legend.run();
        heatmap.dispose();
        for (FigureCard card : List.of(patchCard, agreementCard, probeCard)) {
            card.figureProperty().unbind();
            card.dispose();
        }
        patching.dispose();
        sets.dispose();
    }

    private static final class SourceText extends StringConverter<PatchSource> {
        @Override
        public String toString(PatchSource source) {
            return source == PatchSource.CLEAN ? "the other prompt's state" : source.text();
        }

        @Override
        public PatchSource fromString(String text) {
            throw new UnsupportedOperationException("the choices are fixed");
        }
    }
}
