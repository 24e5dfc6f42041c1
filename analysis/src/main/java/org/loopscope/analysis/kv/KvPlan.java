package org.loopscope.analysis.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;

/**
 * What is compared with the full cache.
 *
 * @param steps T
 * @param generate tokens to generate greedily after each prompt, at most
 * @param prefill tokens of the prompt that are read in one call, with the full cache; the rest of the prompt is decoded
 *     like generated text. 0 for the whole prompt
 * @param policies policies other than full, each once
 * @param stopIds ids that end a text
 */
public record KvPlan(int steps, int generate, int prefill, List<KvPolicy> policies, Set<Integer> stopIds) {
    /** All policies that share entries, the one that the paper finds best first. */
    public static final List<KvPolicy> SHARING = List.of(KvPolicy.LAST_STEP, KvPolicy.AVERAGED, KvPolicy.FIRST_STEP);

    public KvPlan {
        policies = List.copyOf(policies);
        stopIds = Set.copyOf(stopIds);
        if (generate < 0 || prefill < 0 || policies.isEmpty() || policies.contains(KvPolicy.FULL)) {
            throw new IllegalArgumentException("plan: want no negative number and policies other than full, got "
                    + generate + ", " + prefill + ", " + policies);
        }
    }

    /**
     * Reads {@code --policies}.
     *
     * @param list {@code all} or names with commas between them
     * @throws LoopscopeException for a name that is no policy, {@code full}, or one that comes twice
     */
    public static List<KvPolicy> policies(String list) throws LoopscopeException {
        if (list.strip().equals("all")) {
            return SHARING;
        }
        List<KvPolicy> policies = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            KvPolicy policy = KvPolicy.parse(name.strip());
            if (policy == KvPolicy.FULL || policies.contains(policy)) {
                throw new LoopscopeException(
                        "--policies: expected policies to compare with full, each once, found \"" + list + "\".");
            }
            policies.add(policy);
        }
        return List.copyOf(policies);
    }

    /** Tokens of a prompt of {@code length} tokens that are read in one call. */
    public int prefillOf(int length) {
        return prefill == 0 ? length : Math.min(prefill, length);
    }

    RunOptions options(KvPolicy policy) {
        return RunOptions.steps(steps).withKvPolicy(policy);
    }
}
