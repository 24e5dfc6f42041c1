package org.loopscope.analysis.kv;

import java.util.OptionalInt;
import org.loopscope.model.KvPolicy;

/**
 * One token of a text under one policy. The text was decoded token by token under the policy and under full, both with
 * the same tokens before this one ("teacher forcing"); besides, both wrote a text of their own ("free-running").
 *
 * <p>The first token after the prefill is predicted by the prefill, which is full under every policy, so nothing can
 * differ there; {@link #counts} leaves it out.
 *
 * @param policy compared with full
 * @param index of the token after the prefill, from 1
 * @param id the token of the text
 * @param fullTop most probable token here under full, equal ones: the lowest id
 * @param top most probable token here under the policy
 * @param kl KL(full ‖ policy) of the distributions at the last step, nats
 * @param fullLogProbability ln p(id) under full
 * @param logProbability ln p(id) under the policy
 * @param fullFreeId what full wrote here by itself, if it generated and had not stopped
 * @param freeId what the policy wrote here by itself, if it generated and had not stopped
 */
public record KvToken(
        KvPolicy policy,
        int index,
        int id,
        int fullTop,
        int top,
        double kl,
        double fullLogProbability,
        double logProbability,
        OptionalInt fullFreeId,
        OptionalInt freeId) {

    /** Whether the policy can make a difference here. */
    public boolean counts() {
        return index > 1;
    }

    /** Whether both find the same token most probable. */
    public boolean agrees() {
        return top == fullTop;
    }

    /** Whether full wrote a token here. */
    public boolean hasFree() {
        return fullFreeId.isPresent();
    }

    /** Whether the policy wrote the same token as full; a policy that stopped before did not. */
    public boolean freeSame() {
        return hasFree() && fullFreeId.equals(freeId);
    }
}
