package org.loopscope.analysis.kv;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One prompt of a comparison.
 *
 * @param ids its tokens, at least one
 * @param group what it is counted with, or the empty text
 */
public record KvPrompt(List<Integer> ids, String group) {
    public KvPrompt {
        ids = List.copyOf(ids);
    }

    public static KvPrompt of(int[] ids, String group) {
        return new KvPrompt(IntStream.of(ids).boxed().toList(), group);
    }

    /** The tokens, in a new array. */
    public int[] toArray() {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
