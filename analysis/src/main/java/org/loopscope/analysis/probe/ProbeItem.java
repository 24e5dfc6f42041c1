package org.loopscope.analysis.probe;

import java.util.List;
import java.util.Optional;

/**
 * One prompt of a probing set.
 *
 * @param prompt the text given to the model; its last token is where states are read
 * @param choices the answers that count; empty if any text may be the answer
 * @param answer the text that is right, one of the choices if there are any; it is split into tokens where it is judged
 * @param label a class that is no answer, such as {@code harmful}; never split into tokens
 * @param split {@code train} or {@code test}, if the set says
 * @param units what the prompt is about: prompts that share one are never on both sides of a fold
 */
public record ProbeItem(
        String prompt,
        List<String> choices,
        Optional<String> answer,
        Optional<String> label,
        Optional<String> split,
        List<String> units) {
    public ProbeItem {
        choices = List.copyOf(choices);
        units = List.copyOf(units);
    }

    /** A prompt by itself, with its answer if it is known. */
    public ProbeItem(String prompt, List<String> choices, Optional<String> answer, Optional<String> split) {
        this(prompt, choices, answer, Optional.empty(), split, List.of());
    }

    /** The class that a probe reads: the answer, else the label. */
    public Optional<String> gold() {
        return answer.or(() -> label);
    }
}
