package org.loopscope.plugin.faithfulness;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.util.StringConverter;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.TextLine;
import org.loopscope.plugin.card.WorkButton;

/** The cards of the panel that run the model: patching the run that is shown, and probes over sets. */
final class LabView {
    private static final List<PatchSource> OF_RUN =
            List.of(PatchSource.CLEAN, PatchSource.SKIP, PatchSource.ZERO, PatchSource.NOISE, PatchSource.MEAN);

    private final PatchViewModel patching;
    private final SetCards sets;
    private final FigureCard patchCard;
    private final HeatmapView heatmap;
    private final List<Node> nodes;

    LabView(PanelContext context, PatchViewModel patching, BiFunction<Integer, Integer, Optional<Node>> hover) {
        this.patching = patching;
        patchCard = new FigureCard(
                PatchFigures.HEATMAP,
                "Which state carries the answer over",
                context,
                () -> FaithfulnessProvider.LAB_HELP);
        patchCard.setEmptyText(
                "Type another prompt with as many tokens as the one shown, differing in one thing, and press"
                        + " Patch: every state is replaced in turn, and the answer watched.");
        heatmap = new HeatmapView(patchCard, hover::apply);
        heatmap.figureProperty().bind(patching.figureProperty());
        heatmap.setOnSelect(patching::select);
        patchCard.setToolbar(patchControls());
        patchCard.setMinHeight(300);
        sets = new SetCards(context);
        nodes = List.of(
                patchCard, TextLine.small("patch-status", patching.work().statusProperty()), sets.view());
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
        source.getItems().setAll(OF_RUN);
        source.setMaxWidth(240);
        source.setConverter(new SourceText());
        source.valueProperty().bindBidirectional(patching.sourceProperty());
        Button run = WorkButton.start("patch-run", "Patch", patching.work(), patching::run);
        Button stop = WorkButton.cancel("patch-cancel", patching.work(), "Stop patching");
        return new Node[] {other, source, run, stop};
    }

    void dispose() {
        heatmap.dispose();
        patchCard.figureProperty().unbind();
        patchCard.dispose();
        patching.dispose();
        sets.dispose();
    }
}
