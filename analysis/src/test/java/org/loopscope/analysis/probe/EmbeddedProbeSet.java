package org.loopscope.analysis.probe;

import java.util.HashSet;
import java.util.Set;
import org.loopscope.model.embedded.EmbeddedTasks;
import org.loopscope.model.embedded.EmbeddedTasks.Item;
import org.loopscope.model.embedded.EmbeddedTasks.Task;

/** Writes the probing set of the embedded model's cups. The same seed gives the same set on every machine. */
public final class EmbeddedProbeSet {
    private static final int EASIEST = 3;
    private static final int KINDS = 6;

    private EmbeddedProbeSet() {}

    /**
     * A set as JSONL: {@code n} different prompts with k = 3 to 8 swaps in turn, of which every third block of six is for
     * testing. What {@code sample-prompts/embedded/probe-cups.jsonl} holds, with seed 11 and 900 prompts.
     */
    public static String jsonl(long seed, int n) {
        EmbeddedTasks tasks = new EmbeddedTasks(seed);
        Set<String> seen = new HashSet<>();
        StringBuilder text = new StringBuilder();
        while (seen.size() < n) {
            int k = EASIEST + seen.size() % KINDS;
            Item item = tasks.next(Task.CUPS, k);
            if (seen.add(item.prompt())) {
                String split = (seen.size() - 1) / KINDS % 3 == 2 ? "test" : "train";
                text.append("{\"prompt\": \"")
                        .append(item.prompt())
                        .append("\", \"answer\": \"")
                        .append(item.answer())
                        .append("\", \"choices\": [\"A\", \"B\", \"C\", \"D\"], \"split\": \"")
                        .append(split)
                        .append("\", \"group\": \"cups k=")
                        .append(k)
                        .append("\"}\n");
            }
        }
        return text.toString();
    }
}
