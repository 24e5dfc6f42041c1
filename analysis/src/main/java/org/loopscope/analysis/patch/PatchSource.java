package org.loopscope.analysis.patch;

import java.util.Locale;

/** What is put in the place of a state, and into which run. */
public enum PatchSource {
    /** The state of the clean prompt, into the run of the corrupted one: does it bring the clean answer back? */
    CLEAN("the clean prompt's state"),
    /** The state of the corrupted prompt, into the run of the clean one: does it take the clean answer away? */
    CORRUPTED("the corrupted prompt's state"),
    /** The mean state of the set's clean prompts at the same place of the stack, into the clean run. */
    MEAN("the mean state"),
    /** The state with Gaussian noise added, in the clean run. */
    NOISE("noise"),
    /** The zero vector, into the clean run. */
    ZERO("zero"),
    /** The token's state of the step before, into the clean run: the token skips the loop while the others go on. */
    SKIP("the state of the step before");

    private final String text;

    PatchSource(String text) {
        this.text = text;
    }

    /** As a capture's record says it. */
    public String text() {
        return text;
    }

    /** As it is written on the command line. */
    public String cliName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the states of the corrupted run are changed, rather than those of the clean one. */
    public boolean intoCorrupted() {
        return this == CLEAN;
    }
}
