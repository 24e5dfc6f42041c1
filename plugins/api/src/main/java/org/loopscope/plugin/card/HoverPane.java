package org.loopscope.plugin.card;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;

/** Parts of what a hover shows: a heading, tokens with bars, lines of text. */
public final class HoverPane {
    private static final double BAR_EM = 90;

    private HoverPane() {}

    /** An empty hover with a heading in row 0. */
    public static GridPane grid(String heading) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("hover-grid");
        grid.setHgap(8);
        grid.setVgap(3);
        Label title = new Label(heading);
        title.getStyleClass().add("card-strong");
        grid.add(title, 0, 0, 3, 1);
        return grid;
    }

    /** Lines of small text below a heading, the first of them; nothing for none. */
    public static Optional<Node> of(List<String> lines) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        GridPane grid = grid(lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            line(grid, i, lines.get(i));
        }
        return Optional.of(grid);
    }

    /** A token, its probability, and a bar as long as that. */
    public static void bar(GridPane grid, int row, String token, double probability) {
        Label name = new Label(token);
        name.getStyleClass().add("legend-token");
        Label number = new Label(String.format(Locale.ROOT, "%.4f", probability));
        number.getStyleClass().add("legend-value");
        Region bar = new Region();
        bar.getStyleClass().add("hover-bar");
        bar.setMinWidth(Math.max(1, BAR_EM * probability));
        bar.setMaxWidth(Math.max(1, BAR_EM * probability));
        Region room = new Region();
        room.setMinWidth(BAR_EM);
        grid.add(name, 0, row);
        grid.add(number, 1, row);
        grid.add(room, 2, row);
        grid.add(bar, 2, row);
    }

    /** A line of small text. */
    public static void line(GridPane grid, int row, String text) {
        Label label = new Label(text);
        label.getStyleClass().add("card-label");
        grid.add(label, 0, row, 3, 1);
    }
}
