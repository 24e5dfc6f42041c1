package org.loopscope.analysis.prompts;

import java.util.List;
import java.util.Optional;

/**
 * One prompt of a set, with what is known about it.
 *
 * @param prompt the text given to the model
 * @param answer the text that should follow
 * @param choices texts among which the answer is one, or none
 * @param label a class for probes, such as {@code True}
 * @param group what the prompt is counted with, such as {@code people k=3}
 */
public record Prompt(
        String prompt, Optional<String> answer, List<String> choices, Optional<String> label, Optional<String> group) {
    /** @throws IllegalArgumentException if the prompt is blank */
    public Prompt {
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("prompt: want text, got none");
        }
        choices = List.copyOf(choices);
    }

    /** A prompt of which only the text is known. */
    public static Prompt of(String text) {
        return new Prompt(text, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }
}
