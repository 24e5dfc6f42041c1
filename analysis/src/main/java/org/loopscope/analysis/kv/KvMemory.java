package org.loopscope.analysis.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.shape.LoopConfig;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Bytes of the KV cache under each policy: what is kept of a token, from the sizes of the model, and what this program
 * allocates for a text. Immutable.
 *
 * @param steps T
 * @param tokens prompt and generated tokens
 */
public record KvMemory(int steps, int tokens, List<Line> lines) {
    public KvMemory {
        lines = List.copyOf(lines);
    }

    /**
     * One policy.
     *
     * @param perToken bytes kept of a token in float32, in which this program holds keys and values
     * @param perTokenBfloat16 the same in bfloat16, as other programs hold them
     * @param share of what full keeps
     * @param total bytes kept of all tokens, float32
     * @param allocated bytes that the cache of such a run takes here, what it needs besides included; empty where unknown
     */
    public record Line(
            KvPolicy policy, long perToken, long perTokenBfloat16, double share, long total, OptionalLong allocated) {}

    /** @param model tells what is allocated; null if it is not at hand */
    public static KvMemory of(LoopConfig config, int steps, int tokens, @Nullable LoopedModel model) {
        List<KvPolicy> policies = new ArrayList<>(List.of(KvPolicy.FULL));
        policies.addAll(KvPlan.SHARING);
        double full = KvPolicy.FULL.bytesPerToken(config, steps, Float.BYTES);
        List<Line> lines = new ArrayList<>();
        for (KvPolicy policy : policies) {
            long perToken = policy.bytesPerToken(config, steps, Float.BYTES);
            lines.add(new Line(
                    policy,
                    perToken,
                    policy.bytesPerToken(config, steps, Short.BYTES),
                    perToken / full,
                    perToken * tokens,
                    model == null
                            ? OptionalLong.empty()
                            : model.cacheBytes(tokens, RunOptions.steps(steps).withKvPolicy(policy))));
        }
        return new KvMemory(steps, tokens, lines);
    }

    /** One line a policy; bytes. */
    public Table toTable() {
        StringColumn policy = StringColumn.create("policy");
        IntColumn t = IntColumn.create("max_steps");
        IntColumn n = IntColumn.create("tokens");
        LongColumn perToken = LongColumn.create("bytes_per_token");
        LongColumn half = LongColumn.create("bytes_per_token_bfloat16");
        DoubleColumn share = DoubleColumn.create("share_of_full");
        LongColumn total = LongColumn.create("bytes_kept");
        LongColumn allocated = LongColumn.create("bytes_allocated");
        for (Line line : lines) {
            policy.append(line.policy.cliName());
            t.append(steps);
            n.append(tokens);
            perToken.append(line.perToken);
            half.append(line.perTokenBfloat16);
            share.append(line.share);
            total.append(line.total);
            if (line.allocated.isPresent()) {
                allocated.append(line.allocated.getAsLong());
            } else {
                allocated.appendMissing();
            }
        }
        return Table.create("kv_memory", policy, t, n, perToken, half, share, total, allocated);
    }
}
