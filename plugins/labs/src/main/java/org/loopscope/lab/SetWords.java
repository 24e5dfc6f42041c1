package org.loopscope.lab;

import org.loopscope.model.base.ForeignText;

/** What is said of every set, in the same words. */
public final class SetWords {
    private SetWords() {}

    /** A model's id on a line. */
    public static String model(String id) {
        return ForeignText.escaped(id);
    }

    /** In brackets, how many prompts could not be measured; nothing for none. */
    public static String skipped(int prompts) {
        return prompts == 0
                ? ""
                : " (" + prompts + (prompts == 1 ? " prompt" : " prompts")
                        + " skipped: NaN or infinity in their states)";
    }
}
