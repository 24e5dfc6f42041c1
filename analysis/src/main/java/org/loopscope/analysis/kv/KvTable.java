package org.loopscope.analysis.kv;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;

/** Results as rows of a CSV file, one per prompt, policy and token; the columns are a public format. */
public final class KvTable {
    /**
     * A token under one policy as it stands in a file, or a prompt that could not be measured.
     *
     * <p>{@code ownId} and {@code fullOwnId} are what policy and full wrote by themselves, empty where they did not; {@code
     * right} and {@code fullRight} say in every row of a prompt whether its answer was found by the policy's own text and by
     * that of full, empty where that was not judged.
     */
    public record InFile(
            @Column(key = true, min = 1, meaning = "number of the prompt in its set")
            int prompt,

            @Column(meaning = "of the prompt") String group,

            @Column(key = true, meaning = "what the cache keeps of earlier tokens")
            String policy,

            @Column(key = true, min = 1, optional = true, meaning = "place after the prefill, from 1")
            int token,

            @Column(min = 0, optional = true, meaning = "the token of the text")
            int id,

            @Column(min = 0, optional = true, meaning = "most probable token under full")
            int fullTop,

            @Column(min = 0, optional = true, meaning = "most probable token under the policy")
            int top,

            @Column(meaning = "whether both are the same") Optional<Boolean> agrees,

            @Column(unit = "nats", meaning = "KL(full ‖ policy) at the last step")
            double kl,

            @Column(unit = "nats", meaning = "ln p(id) under full")
            double fullLogProbability,

            @Column(unit = "nats", meaning = "ln p(id) under the policy")
            double logProbability,

            @Column(min = 0, meaning = "what full wrote here by itself")
            OptionalInt fullOwnId,

            @Column(min = 0, meaning = "what the policy wrote here by itself")
            OptionalInt ownId,

            @Column(meaning = "whether full, writing by itself, gave the right answer")
            Optional<Boolean> fullRight,

            @Column(meaning = "whether the policy, writing by itself, gave it")
            Optional<Boolean> right,

            @Column(min = 0, meaning = "tokens before the text")
            int prefill,

            @Column(min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T")
            int maxSteps,

            Origin origin)
            implements CheckedRow {
        boolean problem() {
            return policy.equals(PROBLEM);
        }

        @Override
        public Optional<Misfit> misfit() {
            if (problem()) {
                return Optional.empty();
            }
            return Misfit.when(policyOf().isEmpty(), "policy", "one of " + POLICIES)
                    .or(() -> Misfit.when(token < 0, "token", "a whole number of at least 1"))
                    .or(() -> Misfit.when(id < 0, "id", ID))
                    .or(() -> Misfit.when(fullTop < 0, "full_top", ID))
                    .or(() -> Misfit.when(top < 0, "top", ID))
                    .or(() -> Misfit.when(Double.isNaN(kl), "kl", "a number"))
                    .or(() -> Misfit.when(Double.isNaN(fullLogProbability), "full_log_probability", "a number"))
                    .or(() -> Misfit.when(Double.isNaN(logProbability), "log_probability", "a number"));
        }

        private Optional<KvPolicy> policyOf() {
            return Arrays.stream(KvPolicy.values())
                    .filter(known -> known.cliName().equals(policy))
                    .findFirst();
        }

        private KvToken token(KvPolicy of) {
            return new KvToken(of, token, id, fullTop, top, kl, fullLogProbability, logProbability, fullOwnId, ownId);
        }
    }

    /** What stands in {@code policy} in the only row of a prompt that could not be measured. */
    private static final String PROBLEM = "problem";

    private static final String ID = "a whole number of at least 0";
    private static final String POLICIES =
            Arrays.stream(KvPolicy.values()).map(KvPolicy::cliName).collect(Collectors.joining(", "));

    public static final Columns<InFile> TABLE = Columns.of("loopscope kv", InFile.class);

    /** Names of the columns. */
    public static final List<String> COLUMNS = TABLE.names();

    private KvTable() {}

    /** @param number of the prompt in its set, from 1 */
    public static List<InFile> rows(int number, String group, KvResult result, ModelInfo model) {
        return result.tokens().stream()
                .map(token -> row(number, group, result, token, model))
                .toList();
    }

    private static InFile row(int number, String group, KvResult result, KvToken token, ModelInfo model) {
        return new InFile(
                number,
                group,
                token.policy().cliName(),
                token.index(),
                token.id(),
                token.fullTop(),
                token.top(),
                Optional.of(token.agrees()),
                token.kl(),
                token.fullLogProbability(),
                token.logProbability(),
                token.fullFreeId(),
                token.freeId(),
                Optional.ofNullable(result.right().get(KvPolicy.FULL)),
                Optional.ofNullable(result.right().get(token.policy())),
                result.prefill(),
                result.steps(),
                Origin.of(model));
    }

    /** The row of a prompt whose run met a number that is not finite. */
    public static InFile problem(int number, KvPrompt prompt, KvPlan plan, ModelInfo model) {
        return new InFile(
                number,
                prompt.group(),
                PROBLEM,
                -1,
                -1,
                -1,
                -1,
                Optional.empty(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                plan.prefillOf(prompt.ids().size()),
                plan.steps(),
                Origin.of(model));
    }

    /**
     * Reads such a file.
     *
     * @throws LoopscopeException with one sentence, for what is no such file
     */
    public static KvSummary read(Path csv) throws LoopscopeException {
        KvSummary.Collector collector = new KvSummary.Collector();
        TABLE.read(csv, row -> add(row, collector));
        return collector.summary();
    }

    private static void add(InFile row, KvSummary.Collector collector) {
        collector.about(row.origin().model(), row.origin().computeDtype(), row.maxSteps());
        if (row.problem()) {
            collector.problem();
            return;
        }
        KvPolicy policy = row.policyOf().orElseThrow();
        row.fullRight().ifPresent(right -> collector.answer(row.prompt(), KvPolicy.FULL, right));
        row.right().ifPresent(right -> collector.answer(row.prompt(), policy, right));
        collector.add(row.prompt(), row.token(policy));
    }
}
