package org.loopscope.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;

/**
 * What the KV cache keeps of earlier tokens while decoding. Prefill is always {@link #FULL} and is folded when it ends.
 *
 * <p>Source: Zhu et al. 2025 (arXiv:2510.25741) §5.4.2. The paper leaves open how the current token sees itself under
 * the sharing policies; here, at every step, it attends to the folded entries of all earlier tokens and to its own K/V
 * of the current step, and its K/V are folded once its T steps are done.
 */
public enum KvPolicy {
    /** One entry per (step, layer, token). */
    FULL("full"),
    /** One entry per (layer, token): that of the last step. */
    LAST_STEP("last-step"),
    /** One entry per (layer, token): that of the first step. */
    FIRST_STEP("first-step"),
    /** One entry per (layer, token): the mean over steps of K after RoPE, and of V. */
    AVERAGED("averaged");

    private final String cliName;

    KvPolicy(String cliName) {
        this.cliName = cliName;
    }

    /** The name on the command line and in files, such as {@code last-step}. */
    public String cliName() {
        return cliName;
    }

    /** Entries, each a key and a value, that one earlier token has in one layer. */
    public int entriesPerToken(int steps) {
        return this == FULL ? steps : 1;
    }

    /**
     * Bytes that the cache holds of one earlier token: entries × layers × (key and value) × kvHeads × headDim × {@code
     * bytesPerNumber}.
     *
     * @param bytesPerNumber 4 for float32, in which this program keeps them, 2 for bfloat16
     */
    public long bytesPerToken(LoopConfig config, int steps, int bytesPerNumber) {
        return 2L * bytesPerNumber * entriesPerToken(steps) * config.layers() * config.kvHeads() * config.headDim();
    }

    public static KvPolicy parse(String text) throws LoopscopeException {
        for (KvPolicy policy : values()) {
            if (policy.cliName.equals(text)) {
                return policy;
            }
        }
        throw new LoopscopeException("KV policy: expected one of "
                + Arrays.stream(values()).map(KvPolicy::cliName).collect(Collectors.joining(", ")) + ", found "
                + ForeignText.quoted(text) + ".");
    }
}
