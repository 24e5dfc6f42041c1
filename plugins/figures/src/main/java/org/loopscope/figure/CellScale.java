package org.loopscope.figure;

import java.awt.Color;

/** How the value of a heatmap cell becomes a colour, and what the legend says about it. */
public sealed interface CellScale permits ValueScale, DivergingScale, CategoryScale {
    /** Colour of {@code value}; NaN gives the card's colour, which the heatmap hatches. */
    Color color(double value, FigureTheme theme);
}
