package org.loopscope.app.fuzz;

import java.util.List;
import java.util.Optional;

/** Sentences that come beside an accepted file: notes and warnings. */
final class Sentences {
    private Sentences() {}

    /** One of them is none of ours. */
    static final class BadNote extends Exception {
        private static final long serialVersionUID = 1;

        BadNote(String message) {
            super(message);
        }
    }

    static void requireOurs(List<String> sentences) throws BadNote {
        for (String sentence : sentences) {
            Optional<String> fault = Sentence.fault(sentence);
            if (fault.isPresent()) {
                throw new BadNote("the note " + fault.get() + ": " + sentence);
            }
        }
    }
}
