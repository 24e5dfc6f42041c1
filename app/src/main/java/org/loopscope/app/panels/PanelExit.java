package org.loopscope.app.panels;

/**
 * What {@code System.exit} and its like become in the code of panels: a panel may not end the program, in which other work is
 * unsaved. {@link PanelClassLoader} puts the calls here.
 */
public final class PanelExit {
    private PanelExit() {}

    /** A panel tried to end the program. */
    static final class Attempt extends Error {
        private static final long serialVersionUID = 1L;

        private Attempt(int status) {
            super("a panel tried to end the program with exit code " + status);
        }
    }

    /** In place of {@link javafx.application.Platform#exit}. */
    public static void exit() {
        throw new Attempt(0);
    }

    /** In place of {@link System#exit}. */
    public static void exit(int status) {
        throw new Attempt(status);
    }

    /** In place of {@link Runtime#exit} and {@link Runtime#halt}. */
    public static void exit(Runtime runtime, int status) {
        throw new Attempt(status);
    }
}
