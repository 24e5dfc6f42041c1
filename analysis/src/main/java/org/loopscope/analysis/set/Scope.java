package org.loopscope.analysis.set;

import java.util.Locale;

/** Which predictions are counted. */
public enum Scope {
    /** Of the prompt's own tokens, from the second on. */
    PROMPT,
    /** Of the tokens of the given answer, read with the answer before them given. */
    ANSWER,
    /** Of tokens that the model generated at full depth. */
    GENERATED,
    /** None: the run of this prompt stopped at a number that is not finite. */
    PROBLEM;

    /** The name on figures. */
    public String title() {
        return switch (this) {
            case PROMPT -> "tokens of the prompt";
            case ANSWER -> "tokens of the answer";
            case GENERATED -> "generated tokens";
            case PROBLEM -> "not measured";
        };
    }

    /** The name in files. */
    public String cliName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
