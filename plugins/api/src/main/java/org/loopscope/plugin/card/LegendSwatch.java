package org.loopscope.plugin.card;

import java.awt.Color;
import java.util.Locale;
import javafx.scene.layout.Region;
import org.loopscope.figure.LegendMark;

/** What stands for a line in a legend on screen, as {@link LegendMark} draws it in files. */
public final class LegendSwatch {
    private LegendSwatch() {}

    public static Region of(LegendMark mark, Color color) {
        Region swatch = new Region();
        swatch.getStyleClass().add("legend-swatch");
        swatch.setStyle(style(mark, color.getRGB() & 0xffffff)); // it belongs to the line, not to a style
        return swatch;
    }

    private static String style(LegendMark mark, int color) {
        if (mark == LegendMark.COLOR) {
            return String.format(Locale.ROOT, "-fx-background-color: #%06x;", color);
        }
        String size = mark == LegendMark.DASHES ? " -fx-max-height: 0.3em; -fx-min-height: 0.3em;" : "";
        String fill =
                mark.filled() ? "-fx-background-color: #%06x;" : "-fx-border-color: #%06x; -fx-border-width: 1.6;";
        return String.format(Locale.ROOT, fill, color) + " -fx-background-radius: 0; -fx-shape: \"" + mark.path()
                + "\";" + size;
    }
}
