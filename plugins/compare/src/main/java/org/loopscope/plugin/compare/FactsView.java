package org.loopscope.plugin.compare;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.RunFacts;
import org.loopscope.model.base.ForeignText;

/** How the runs were made: a line for every fact that differs, and what is the same. */
final class FactsView {
    private final GridPane grid = new GridPane();
    private final Label same = new Label();
    private final VBox card;

    FactsView() {
        Label title = new Label("How the runs were made");
        title.getStyleClass().add("figure-card-title");
        same.setId("compare-same");
        same.setWrapText(true);
        same.setMinHeight(Region.USE_PREF_SIZE);
        same.getStyleClass().add("card-label");
        grid.setHgap(18);
        grid.setVgap(4);
        card = new VBox(title, grid, same);
        card.setId("compare-facts");
        card.getStyleClass().add("figure-card");
    }

    Node node() {
        return card;
    }

    void show(List<RunFacts.Fact> facts) {
        grid.getChildren().clear();
        grid.getColumnConstraints().clear();
        if (facts.isEmpty()) {
            same.setText("");
            return;
        }
        int runs = facts.get(0).values().size();
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(Region.USE_PREF_SIZE);
        grid.getColumnConstraints().add(names);
        for (int run = 0; run < runs; run++) {
            ColumnConstraints equal = new ColumnConstraints(60, 200, Double.MAX_VALUE);
            equal.setHgrow(Priority.ALWAYS);
            grid.getColumnConstraints().add(equal);
            grid.add(label(Comparison.letter(run), "card-strong"), 1 + run, 0);
        }
        int line = 1;
        for (RunFacts.Fact fact : facts) {
            if (!fact.same()) {
                grid.add(label(fact.name(), "card-label"), 0, line);
                for (int run = 0; run < runs; run++) {
                    grid.add(label(shown(fact.values().get(run)), "card-number"), 1 + run, line);
                }
                line++;
            }
        }
        StringBuilder text = new StringBuilder(line == 1 ? "Nothing differs. " : "");
        text.append("The same in all: ");
        String separator = "";
        for (RunFacts.Fact fact : facts) {
            if (fact.same()) {
                text.append(separator)
                        .append(fact.name())
                        .append(" ")
                        .append(shown(fact.values().get(0)));
                separator = " · ";
            }
        }
        same.setText(text.toString());
    }

    /** A value may be a prompt or a name that somebody else wrote. */
    private static String shown(String value) {
        return ForeignText.markedOff(ForeignText.escaped(value));
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add(style);
        return label;
    }
}
