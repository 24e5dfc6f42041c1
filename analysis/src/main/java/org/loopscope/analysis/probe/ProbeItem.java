package org.loopscope.analysis.probe;

import java.util.List;
import java.util.Optional;

/**
 * One prompt of a probing set.
 *
 * @param prompt the text given to the model; its last token is where answers and states are read
 * @param choices the answers that count; empty if any token may be the answer
 * @param gold the right one of the choices, or a label
 * @param split {@code train} or {@code test}, if the set says
 */
public record ProbeItem(String prompt, List<String> choices, Optional<String> gold, Optional<String> split) {
    public ProbeItem {
        choices = List.copyOf(choices);
    }
}
