package org.loopscope.plugin.card;

import javafx.scene.Node;
import javafx.scene.input.KeyEvent;

/** Arrow keys that move what is selected. */
public final class ArrowKeys {
    private ArrowKeys() {}

    /** Moves by a column or a row; right and up are 1. */
    @FunctionalInterface
    public interface Move {
        void by(int columns, int rows);
    }

    /** Gives the arrow keys that {@code node} gets to {@code move}. */
    public static void install(Node node, Move move) {
        node.addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            switch (e.getCode()) {
                case LEFT -> move.by(-1, 0);
                case RIGHT -> move.by(1, 0);
                case UP -> move.by(0, 1);
                case DOWN -> move.by(0, -1);
                default -> {
                    return;
                }
            }
            e.consume();
        });
    }
}
