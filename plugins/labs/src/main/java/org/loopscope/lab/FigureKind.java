package org.loopscope.lab;

/**
 * A figure that a lab can draw.
 *
 * @param name what it is called on the command line, {@code calibration}
 * @param id of its card and its files, {@code gate-set-calibration}
 * @param title for people
 * @param needs what must be there for it, to follow the word "expected"
 */
public record FigureKind(String name, String id, String title, String needs) {
    /** One that all rows, or all runs, have something for. */
    public FigureKind(String name, String id, String title) {
        this(name, id, title, "something to draw");
    }
}
