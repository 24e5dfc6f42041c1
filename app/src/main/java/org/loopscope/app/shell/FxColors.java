package org.loopscope.app.shell;

import javafx.scene.paint.Color;

/** Colours of figures for the scene graph. */
final class FxColors {
    private FxColors() {}

    static Color of(java.awt.Color color) {
        return Color.rgb(color.getRed(), color.getGreen(), color.getBlue(), color.getAlpha() / 255.0);
    }
}
