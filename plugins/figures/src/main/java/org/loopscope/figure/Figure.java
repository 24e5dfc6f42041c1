package org.loopscope.figure;

import java.awt.Graphics2D;
import tech.tablesaw.api.Table;

/**
 * A picture of some results: immutable, drawn with Java2D at any size, so that screen, PNG, SVG and report share one
 * paint path. Drawing the same figure twice gives the same picture. Safe to draw from any thread, one at a time.
 */
public interface Figure {
    /** Short and stable, lower-case words joined by {@code -}; part of file names and node ids. */
    String id();

    String title();

    /** What the title leaves open: which lens, normalisation, dtype, how many tokens. */
    String subtitle();

    /** Width in pixels at 100 % that shows everything readably. */
    double preferredWidth();

    /** Height in pixels at 100 % that shows everything readably. */
    double preferredHeight();

    /**
     * Draws the figure, without title and subtitle, into (0, 0)-({@code width}, {@code height}) in the theme's card
     * colour. Leaves the graphics' own state as it found it.
     */
    void draw(Graphics2D g, double width, double height, FigureTheme theme);

    /** The data behind the picture; the columns are a public format. */
    Table table();

    /** What the picture says in a few sentences, for those who cannot see it. */
    String description();
}
