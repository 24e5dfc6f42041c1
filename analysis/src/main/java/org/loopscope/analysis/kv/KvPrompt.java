package org.loopscope.analysis.kv;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * One prompt of a comparison.
 *
 * @param ids its tokens, at least one
 * @param answer tokens of the right answer as they follow the prompt; none where it is not known
 * @param group what it is counted with, or the empty text
 */
public record KvPrompt(List<Integer> ids, List<Integer> answer, String group) {
    public KvPrompt {
        ids = List.copyOf(ids);
        answer = List.copyOf(answer);
    }

    /** A prompt whose right answer is not known. */
    public static KvPrompt of(int[] ids, String group) {
        return of(ids, new int[0], group);
    }

    static KvPrompt of(int[] ids, int[] answer, String group) {
        return new KvPrompt(list(ids), list(answer), group);
    }

    /**
     * A prompt with its answer, which is split into tokens as {@link WholeAnswer#tokens} does.
     *
     * @param text as the model gets it; where that is the chat form, the tokenizer is one that adds nothing
     * @throws LoopscopeException if the answer has no token
     */
    public static KvPrompt of(Tokenizer tokenizer, String text, Optional<String> answer, String group)
            throws LoopscopeException {
        int[] ids = tokenizer.encodePrompt(text);
        Optional<String> known = answer.filter(a -> !a.isBlank());
        return known.isEmpty() ? of(ids, group) : of(ids, WholeAnswer.tokens(tokenizer, text, known.get()), group);
    }

    private static List<Integer> list(int[] ids) {
        return IntStream.of(ids).boxed().toList();
    }

    /** The tokens, in a new array. */
    public int[] toArray() {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
