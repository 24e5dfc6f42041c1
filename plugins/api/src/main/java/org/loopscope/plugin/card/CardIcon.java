package org.loopscope.plugin.card;

import javafx.scene.shape.SVGPath;

/** Line drawings on a 16 x 16 grid for the buttons of a card. */
enum CardIcon {
    COPY("M6 6 H14 V14 H6 Z M10 6 V2 H2 V10 H6"),
    SAVE("M8 2 V10 M4.5 7 L8 10.5 L11.5 7 M3 14 H13"),
    MAXIMISE("M9.5 2.5 H13.5 V6.5 M13.5 2.5 L9 7 M6.5 13.5 H2.5 V9.5 M2.5 13.5 L7 9"),
    HELP("M5.3 5.8 C5.3 2.4 10.7 2.4 10.7 5.8 C10.7 8 8 8 8 10.2 M8 13 V13.4");

    private final String path;

    CardIcon(String path) {
        this.path = path;
    }

    SVGPath node() {
        SVGPath shape = new SVGPath();
        shape.setContent(path);
        shape.getStyleClass().add("card-icon");
        return shape;
    }
}
