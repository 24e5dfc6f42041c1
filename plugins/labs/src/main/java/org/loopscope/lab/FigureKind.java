package org.loopscope.lab;

/**
 * A figure that a lab can draw.
 *
 * @param name what it is called on the command line, {@code calibration}
 * @param id of its card and its files, {@code gate-set-calibration}
 * @param title for people
 * @param needs what must be there for it, to follow the word "expected"
 * @param of what it is drawn of
 */
public record FigureKind(String name, String id, String title, String needs, Of of) {
    /** What a figure is drawn of, for a lab that looks at runs and at sets. */
    public enum Of {
        EITHER,
        RUNS,
        SETS
    }

    /** One of whatever the lab looks at. */
    public FigureKind(String name, String id, String title, String needs) {
        this(name, id, title, needs, Of.EITHER);
    }

    /** One that all rows, or all runs, have something for. */
    public FigureKind(String name, String id, String title) {
        this(name, id, title, "something to draw");
    }

    public boolean ofRuns() {
        return of != Of.SETS;
    }

    public boolean ofSets() {
        return of != Of.RUNS;
    }
}
