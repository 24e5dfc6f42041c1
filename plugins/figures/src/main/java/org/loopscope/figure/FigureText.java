package org.loopscope.figure;

import java.awt.Graphics2D;
import org.loopscope.model.base.ForeignText;

/**
 * Draws the texts of a figure. A part between marks is drawn as a text of its own: so it keeps to itself in every
 * picture, and no mark, which some programs show as a box, gets into a file.
 */
public final class FigureText {
    private FigureText() {}

    /** {@code text} in the font and colour that are set, from {@code x} on the line {@code base}. */
    public static void draw(Graphics2D g, String text, double x, double base) {
        String safe = ForeignText.line(text); // names that nobody made visible before
        double left = x;
        for (String part : ForeignText.parts(safe)) {
            g.drawString(part, (float) left, (float) base);
            left += TextMeasure.width(part, g.getFont());
        }
    }
}
