package org.loopscope.app.shell;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.FigureTheme;

/** The token strip in its card: what its colours stand for, and the choice of them. */
final class TokensCard {
    private final VBox root;

    TokensCard(Workbench workbench, ReadOnlyObjectProperty<FigureTheme> theme) {
        TokenStripView strip = new TokenStripView(workbench, theme);
        Label title = new Label("Tokens");
        title.getStyleClass().add("ls-title");
        title.setMinWidth(Region.USE_PREF_SIZE);
        Label subtitle = new Label();
        subtitle.getStyleClass().add("ls-muted");
        subtitle.textProperty()
                .bind(Bindings.createStringBinding(
                        strip::subtitle,
                        strip.coloringProperty(),
                        workbench.exitRuleProperty(),
                        workbench.inspectionProperty()));
        subtitle.setId("strip-subtitle");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        StepLegend legend = new StepLegend(workbench, theme, strip.coloringProperty());
        HBox header = new HBox(10, title, subtitle, gap, legend.node(), coloring(strip));
        header.setAlignment(Pos.CENTER_LEFT);
        root = new VBox(8, header, strip);
        root.getStyleClass().add("ls-card");
        root.setMinHeight(Region.USE_PREF_SIZE);
    }

    private static ComboBox<TokenColoring> coloring(TokenStripView strip) {
        ComboBox<TokenColoring> coloring = new ComboBox<>();
        coloring.setId("token-coloring");
        coloring.getItems().setAll(TokenColoring.values());
        coloring.valueProperty().bindBidirectional(strip.coloringProperty());
        coloring.setMinWidth(Region.USE_PREF_SIZE);
        coloring.setAccessibleText("Colour of tokens");
        coloring.setTooltip(new Tooltip("What the colour and the number of a token stand for"));
        return coloring;
    }

    Node node() {
        return root;
    }
}
