package org.loopscope.lab;

/**
 * A figure that a lab can draw.
 *
 * @param name what it is called on the command line, {@code calibration}
 * @param id of its card and its files, {@code gate-set-calibration}
 * @param title
 */
public record FigureKind(String name, String id, String title) {}
