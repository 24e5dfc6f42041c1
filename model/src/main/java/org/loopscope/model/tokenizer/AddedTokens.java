package org.loopscope.model.tokenizer;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The special tokens that a tokenizer puts around every prompt.
 *
 * @param before in front of it, such as the id of {@code <s>}; usually none or one
 * @param after behind it
 */
public record AddedTokens(List<Integer> before, List<Integer> after) {
    /** Nothing is added. */
    public static final AddedTokens NONE = new AddedTokens(List.of(), List.of());

    public AddedTokens {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    public boolean isNone() {
        return before.isEmpty() && after.isEmpty();
    }

    /** The tokens with these around them, in a new array. */
    public int[] around(int... ids) {
        return Stream.of(
                        before.stream().mapToInt(Integer::intValue),
                        IntStream.of(ids),
                        after.stream().mapToInt(Integer::intValue))
                .flatMapToInt(part -> part)
                .toArray();
    }

    /** As it identifies a set of runs: {@code 1 … } or {@code none}. */
    public String text() {
        return isNone() ? "none" : before + " … " + after;
    }
}
