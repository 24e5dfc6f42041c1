package org.loopscope.app.workbench;

import java.nio.file.Path;
import java.util.Optional;

/** Whether the window may close: what is not saved is asked about first. */
public final class Closing {
    /** What a person says about unsaved runs. */
    public enum Answer {
        SAVE,
        DISCARD,
        CANCEL
    }

    /** The two questions; a window asks them with dialogs. */
    public interface Questions {
        /** @param sentence what would be lost */
        Answer unsaved(String sentence);

        /** Where to save; empty if the person thought better of it. */
        Optional<Path> folder();
    }

    private final UnsavedRuns unsaved;
    private final Questions questions;

    public Closing(UnsavedRuns unsaved, Questions questions) {
        this.unsaved = unsaved;
        this.questions = questions;
    }

    /** Calls {@code close} now, after saving, or not at all. A save that fails is told, and the window stays. */
    public void request(Runnable close) {
        if (unsaved.list().isEmpty()) {
            close.run();
            return;
        }
        switch (questions.unsaved(unsaved.question())) {
            case DISCARD -> close.run();
            case SAVE -> questions.folder().ifPresent(folder -> unsaved.saveAll(folder, close));
            case CANCEL -> {
                // the window stays as it is
            }
        }
    }
}
