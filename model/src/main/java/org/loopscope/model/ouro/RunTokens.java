package org.loopscope.model.ouro;

import java.util.Arrays;
import org.loopscope.model.RunOptions;

/** The tokens of one run, those given and those generated so far, and for how many of them all states are recorded. */
final class RunTokens {
    private final int[] ids; // [given + generate]
    private final int given;
    private final RunOptions options;
    private final int[] exitSteps; // [generate]
    private int length;
    private int complete;
    private boolean stopped;

    RunTokens(int[] given, RunOptions options) {
        this.given = given.length;
        this.length = given.length;
        this.options = options;
        this.ids = Arrays.copyOf(given, given.length + options.generate());
        this.exitSteps = new int[options.generate()];
    }

    /** All ids, [{@link #capacity}]; those from {@link #length} on may hold drafts. */
    int[] ids() {
        return ids;
    }

    int given() {
        return given;
    }

    int capacity() {
        return ids.length;
    }

    /** Tokens given and generated so far. */
    int length() {
        return length;
    }

    int generated() {
        return length - given;
    }

    /** Tokens that may still be generated; 0 after a stop id. */
    int left() {
        return stopped ? 0 : ids.length - length;
    }

    boolean stopsAt(int id) {
        return options.stopIds().contains(id);
    }

    /** Appends a token that was read at {@code exitStep} of the token before it. */
    void add(int id, int exitStep) {
        exitSteps[length - given] = exitStep;
        ids[length++] = id;
        stopped = stopsAt(id);
    }

    /** Tokens, from the first on, whose states of all steps are recorded. */
    int complete() {
        return complete;
    }

    void setComplete(int tokens) {
        complete = tokens;
    }

    /** Steps that the generated tokens among the first {@code tokens} were read at. */
    int[] exitSteps(int tokens) {
        return Arrays.copyOf(exitSteps, Math.max(0, tokens - given));
    }
}
