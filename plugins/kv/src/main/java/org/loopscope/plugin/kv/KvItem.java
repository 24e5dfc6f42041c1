package org.loopscope.plugin.kv;

import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.prompts.Prompt;

/**
 * What the KV lab compares on: a prompt, or its tokens.
 *
 * @param ids tokens; empty where there is a prompt
 */
public record KvItem(Optional<Prompt> prompt, List<Integer> ids) {
    /** All that its rows depend on. */
    List<String> fields() {
        return prompt.map(p ->
                        List.of(p.prompt(), p.answer().orElse(""), p.group().orElse("")))
                .orElseGet(() -> List.of(ids.toString()));
    }
}
