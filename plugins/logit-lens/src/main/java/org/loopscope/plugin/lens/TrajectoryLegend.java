package org.loopscope.plugin.lens;

import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.figure.SeriesLook;
import org.loopscope.figure.TokenText;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LegendSwatch;
import org.loopscope.plugin.card.Subscriptions;

/** The legend beside the trajectory chart: colour, token, probability at the selected step; a click pins the token. */
final class TrajectoryLegend {
    private final LensViewModel model;
    private final PanelContext context;
    private final VBox rows = new VBox();
    private final Label heading = new Label();
    private final VBox root;

    TrajectoryLegend(LensViewModel model, PanelContext context) {
        this.model = model;
        this.context = context;
        heading.getStyleClass().add("card-label");
        ScrollPane scroll = new ScrollPane(rows);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("legend-scroll");
        root = new VBox(heading, scroll);
        root.getStyleClass().add("chart-legend");
        root.setId("lens-legend");
        Subscriptions ownedByModel = new Subscriptions(); // these live as long as the model itself
        ownedByModel.onChange(model.trajectoriesProperty(), f -> show());
        ownedByModel.onChange(context.themeProperty(), t -> show());
        model.onDispose(ownedByModel::drop);
        show();
    }

    Node node() {
        return root;
    }

    private void show() {
        List<Trajectories.Line> lines = model.linesProperty().get();
        int step = model.shownStep();
        heading.setText(lines.isEmpty() ? "" : "at loop " + step);
        Integer focused = rows.getChildren().stream()
                .filter(Node::isFocused)
                .map(n -> (Integer) n.getUserData())
                .findFirst()
                .orElse(null);
        rows.getChildren().clear();
        for (int i = 0; i < lines.size(); i++) {
            ToggleButton row = row(lines.get(i), i, step);
            rows.getChildren().add(row);
            if (Integer.valueOf(lines.get(i).tokenId()).equals(focused)) {
                row.requestFocus(); // a rebuilt legend keeps the keyboard where it was
            }
        }
    }

    private ToggleButton row(Trajectories.Line line, int index, int step) {
        Region swatch = LegendSwatch.of(
                SeriesLook.of(index).mark(), context.themeProperty().get().series(index));
        Label token = new Label(Trajectories.visible(line));
        token.getStyleClass().add("legend-token");
        if (TokenText.beginsWithEscape(token.getText())) {
            token.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS); // the last digits tell it from others
        }
        Label pin = new Label(line.pinned() ? "pinned" : "");
        pin.getStyleClass().add("legend-pin");
        pin.setMinWidth(Region.USE_PREF_SIZE);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        String number = Trajectories.number(line.probability(step));
        Label value = new Label(number);
        value.getStyleClass().add("legend-value");
        value.setMinWidth(Region.USE_PREF_SIZE);
        HBox content = new HBox(7, swatch, token, pin, space, value);
        content.setAlignment(Pos.CENTER_LEFT);
        content.prefWidthProperty().bind(rows.widthProperty().subtract(16));
        ToggleButton button = new ToggleButton();
        button.setGraphic(content);
        button.setUserData(line.tokenId());
        button.setSelected(line.pinned());
        button.setMaxWidth(Double.MAX_VALUE);
        button.getStyleClass().setAll("toggle-button", "legend-row");
        button.setId("lens-legend-" + index);
        button.setAccessibleText(Trajectories.visible(line) + ", " + number + (line.pinned() ? ", pinned" : ""));
        button.setTooltip(new Tooltip(
                line.pinned() ? "Click to let this token go" : "Click to keep this token's line at every position"));
        button.setOnAction(e -> model.togglePin(line.tokenId()));
        return button;
    }
}
