package org.loopscope.analysis.kv;

import java.util.List;
import java.util.Map;
import org.loopscope.model.KvPolicy;

/**
 * One text under all policies of a plan.
 *
 * @param prefill tokens before the text, read with the full cache
 * @param given tokens of the text that were given, the rest of a prompt, or all of them; the others full has written
 * @param steps T
 * @param tokens policy by policy in the order of the plan, each in the order of the text
 * @param right whether full and each policy, writing by itself, gave the right answer; empty where that is not known or
 *     the text was too short for it
 */
public record KvResult(int prefill, int given, int steps, List<KvToken> tokens, Map<KvPolicy, Boolean> right) {
    public KvResult {
        tokens = List.copyOf(tokens);
        right = Map.copyOf(right);
    }

    /** Tokens of one policy, in the order of the text. */
    public List<KvToken> tokens(KvPolicy policy) {
        return tokens.stream().filter(token -> token.policy() == policy).toList();
    }

    /** Policies in the order of the plan. */
    public List<KvPolicy> policies() {
        return tokens.stream().map(KvToken::policy).distinct().toList();
    }

    /** Tokens of the text. */
    public int length() {
        return policies().isEmpty() ? 0 : tokens.size() / policies().size();
    }
}
