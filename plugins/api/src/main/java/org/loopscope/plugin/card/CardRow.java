package org.loopscope.plugin.card;

import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

/** Cards side by side, as wide as there is room. */
public final class CardRow extends HBox {
    private static final double WIDTH = 450;

    public CardRow(FigureCard... cards) {
        super(cards);
        getStyleClass().add("panel-row");
        for (FigureCard card : cards) {
            HBox.setHgrow(card, Priority.ALWAYS);
            card.setPrefWidth(WIDTH);
        }
    }

    /** The same with cards of at least this height, in pixels at the normal font. */
    public static CardRow atLeast(double height, FigureCard... cards) {
        for (FigureCard card : cards) {
            card.setMinHeight(height);
        }
        return new CardRow(cards);
    }
}
