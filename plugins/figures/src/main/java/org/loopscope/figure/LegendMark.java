package org.loopscope.figure;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.Locale;

/** What stands for a line in a legend: its colour alone, or the marker or dashes that tell it from lines of its colour. */
public enum LegendMark {
    /** A square of the line's colour. */
    COLOR(true, new double[] {-.5, -.5, .5, -.5, .5, .5, -.5, .5}),
    /** Two pieces of a line. */
    DASHES(true, new double[] {-.6, -.14, -.1, -.14, -.1, .14, -.6, .14}, new double[] {
        .1, -.14, .6, -.14, .6, .14, .1, .14
    }),
    /** A square that stands on a corner, open. */
    DIAMOND(false, new double[] {0, -.6, .6, 0, 0, .6, -.6, 0}),
    /** Open, its point up. */
    TRIANGLE(false, new double[] {0, -.55, .55, .45, -.55, .45}),
    /** A cross of two bars. */
    CROSS(true, new double[] {
        0, -.2, .35, -.55, .55, -.35, .2, 0, .55, .35, .35, .55, 0, .2, -.35, .55, -.55, .35, -.2, 0, -.55, -.35, -.35,
        -.55
    }),
    /** An open square. */
    OPEN_SQUARE(false, new double[] {-.5, -.5, .5, -.5, .5, .5, -.5, .5}),
    /** An open triangle, its point down. */
    TRIANGLE_DOWN(false, new double[] {0, .55, .55, -.45, -.55, -.45}),
    /** Two triangles above each other, tip to tip. */
    HOURGLASS(true, new double[] {-.5, -.55, .5, -.55, 0, 0}, new double[] {0, 0, .5, .55, -.5, .55}),
    /** An upright cross. */
    PLUS(true, new double[] {
        -.17, -.55, .17, -.55, .17, -.17, .55, -.17, .55, .17, .17, .17, .17, .55, -.17, .55, -.17, .17, -.55, .17,
        -.55, -.17, -.17, -.17
    }),
    /** Two triangles side by side, tip to tip. */
    BOW_TIE(true, new double[] {-.55, -.5, 0, 0, -.55, .5}, new double[] {.55, -.5, .55, .5, 0, 0}),
    /** A star of four points. */
    STAR(true, new double[] {0, -.6, .15, -.15, .6, 0, .15, .15, 0, .6, -.15, .15, -.6, 0, -.15, -.15});

    private final boolean filled;
    private final double[][] polygons; // x, y in turn, y downwards, about 1 wide, the middle at 0

    LegendMark(boolean filled, double[]... polygons) {
        this.filled = filled;
        this.polygons = polygons;
    }

    /** Whether it is filled with the line's colour, or only its outline drawn. */
    public boolean filled() {
        return filled;
    }

    /** Around the point 0, 0, about {@code size} wide. */
    public Shape shape(double size) {
        Path2D path = new Path2D.Double();
        for (double[] polygon : polygons) {
            for (int i = 0; i < polygon.length; i += 2) {
                if (i == 0) {
                    path.moveTo(size * polygon[0], size * polygon[1]);
                } else {
                    path.lineTo(size * polygon[i], size * polygon[i + 1]);
                }
            }
            path.closePath();
        }
        return path;
    }

    /** The shape as the path language of SVG, which style sheets use too. */
    public String path() {
        StringBuilder path = new StringBuilder();
        for (double[] polygon : polygons) {
            for (int i = 0; i < polygon.length; i += 2) {
                path.append(String.format(Locale.ROOT, "%s%.2f %.2f ", i == 0 ? "M" : "L", polygon[i], polygon[i + 1]));
            }
            path.append("Z ");
        }
        return path.toString().strip();
    }
}
