package org.loopscope.app.shell;

import java.util.Locale;
import javafx.scene.paint.Color;

/** Colours of figures for the scene graph. */
final class FxColors {
    private FxColors() {}

    static Color of(java.awt.Color color) {
        return Color.rgb(color.getRed(), color.getGreen(), color.getBlue(), color.getAlpha() / 255.0);
    }

    static String css(java.awt.Color color) {
        return String.format(Locale.ROOT, "#%02x%02x%02x", color.getRed(), color.getGreen(), color.getBlue());
    }
}
