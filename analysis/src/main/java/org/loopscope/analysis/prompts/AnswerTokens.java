package org.loopscope.analysis.prompts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;

/** The tokens by which answers are told apart: the first one of each, as it follows the prompt. */
public final class AnswerTokens {
    private AnswerTokens() {}

    /**
     * The first token of {@code answer} behind {@code prompt}. Prompt, one space and answer are encoded together, as for
     * {@link WholeAnswer}.
     *
     * @throws LoopscopeException if the answer has no token
     */
    public static int first(Tokenizer tokenizer, String prompt, String answer) throws LoopscopeException {
        return WholeAnswer.tokens(tokenizer, prompt, answer)[0];
    }

    /**
     * The first token of each of the {@code choices}, [choices].
     *
     * @throws LoopscopeException if two of them begin with the same token, so that it does not tell them apart
     */
    public static int[] first(Tokenizer tokenizer, String prompt, List<String> choices) throws LoopscopeException {
        Map<Integer, String> seen = new LinkedHashMap<>();
        for (String choice : choices) {
            String same = seen.put(first(tokenizer, prompt, choice), choice);
            if (same != null) {
                throw new LoopscopeException("Choices \"" + same + "\" and \"" + choice
                        + "\": expected answers that begin with different tokens, found the same.");
            }
        }
        return seen.keySet().stream().mapToInt(Integer::intValue).toArray();
    }
}
