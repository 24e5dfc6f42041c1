package org.loopscope.plugin.compare;

import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The numbers of one cell, of all runs. */
final class NumbersView {
    private final Label title = new Label();
    private final GridPane grid = new GridPane();
    private final VBox card = new VBox(title, grid);

    NumbersView() {
        card.setId("compare-numbers");
        card.getStyleClass().add("figure-card");
        title.setId("compare-numbers-title");
        title.getStyleClass().add("card-strong");
        grid.setHgap(13);
        grid.setVgap(3);
    }

    Node node() {
        return card;
    }

    void show(Optional<CellNumbers> numbers) {
        title.setText(numbers.map(n -> "Numbers at " + n.title()).orElse(""));
        grid.getChildren().clear();
        List<List<String>> lines = numbers.map(CellNumbers::lines).orElse(List.of());
        for (int row = 0; row < lines.size(); row++) {
            for (int column = 0; column < lines.get(row).size(); column++) {
                Label label = new Label(lines.get(row).get(column));
                label.getStyleClass().add(row == 0 ? "card-label" : "card-number");
                label.setMinWidth(Region.USE_PREF_SIZE);
                grid.add(label, column, row);
            }
        }
    }
}
