package org.loopscope.analysis.kv;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.analysis.set.SetRows;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.base.RunControl;

/** The policies compared on every prompt of a set, written to a CSV file as it goes. */
public final class KvSet {
    private static final int HASH_SHOWN = 8;

    private final LoopedModel model;
    private final KvPlan plan;
    private final Prompts prompts;
    private final String hash;
    private int longest;

    /** The prompts of a set, each made into tokens when it is wanted, since a set may have a million. */
    public interface Prompts {
        int size();

        /** @param index from 0 */
        KvPrompt get(int index) throws LoopscopeException;

        /** Of prompts that {@code reading} makes into tokens. */
        static <P> Prompts of(List<P> prompts, Reading<P> reading) {
            return new Prompts() {
                @Override
                public int size() {
                    return prompts.size();
                }

                @Override
                public KvPrompt get(int index) throws LoopscopeException {
                    return reading.tokens(prompts.get(index));
                }
            };
        }
    }

    /** Makes a prompt into tokens. */
    @FunctionalInterface
    public interface Reading<P> {
        KvPrompt tokens(P prompt) throws LoopscopeException;
    }

    /** Of prompts that are tokens already. */
    public KvSet(LoopedModel model, KvPlan plan, List<KvPrompt> prompts) throws LoopscopeException {
        this(model, plan, Prompts.of(prompts, prompt -> prompt));
    }

    /** @throws LoopscopeException if a prompt cannot be run, with its number, before hours have gone into the others */
    public KvSet(LoopedModel model, KvPlan plan, Prompts prompts) throws LoopscopeException {
        this.model = model;
        this.plan = plan;
        this.prompts = prompts;
        this.hash = checked();
    }

    /** Looks whether every prompt can be run; gives the beginning of the SHA-256 of all tokens, answers and groups. */
    private String checked() throws LoopscopeException {
        MessageDigest digest = sha256();
        for (int i = 0; i < prompts.size(); i++) {
            try {
                KvPrompt prompt = prompts.get(i);
                model.config().requireTokens(prompt.toArray(), plan.generate());
                longest = Math.max(longest, prompt.ids().size());
                digest.update(prompt.toString().getBytes(StandardCharsets.UTF_8));
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Prompt " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, HASH_SHOWN);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A prompt, from 0. */
    public KvPrompt prompt(int index) throws LoopscopeException {
        return prompts.get(index);
    }

    /** Tokens of the longest prompt. */
    public int longest() {
        return longest;
    }

    /** Compares on all prompts; nothing is written. */
    public KvSummary run(RunControl control) throws LoopscopeException {
        KvSummary.Collector collector = new KvSummary.Collector();
        collector.about(model.info().id(), model.info().computeDtype(), plan.steps());
        for (int i = 0; i < prompts.size(); i++) {
            collector.add(i + 1, new KvComparison(model, plan).compare(prompts.get(i), control(i, control)));
        }
        return collector.summary();
    }

    /**
     * Compares on the prompts that {@code out} does not hold yet, and finishes it.
     *
     * @return how many prompts an earlier, interrupted run had done
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set or plan
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public int run(Path out, RunControl control) throws LoopscopeException {
        try (ResumableCsv csv = ResumableCsv.open(out, KvTable.COLUMNS, identity())) {
            int before = csv.items();
            for (int i = before; i < prompts.size(); i++) {
                control.checkCancelled();
                csv.append(rows(i, control(i, control)));
            }
            csv.finish();
            if (prompts.size() > 1) {
                control.progress("prompts", prompts.size(), prompts.size());
            }
            return before;
        }
    }

    private RunControl control(int i, RunControl control) {
        if (prompts.size() == 1) {
            return control;
        }
        control.progress("prompts", i, prompts.size());
        return RunControl.of(control::isCancelled, (stage, done, total) -> {});
    }

    private List<List<String>> rows(int i, RunControl control) throws LoopscopeException {
        KvPrompt prompt = prompts.get(i);
        try {
            KvResult result = new KvComparison(model, plan).compare(prompt, control);
            return KvTable.rows(i + 1, prompt.group(), result, model.info());
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            if (prompts.size() == 1) {
                throw e;
            }
            return KvTable.problem(i + 1, prompt, plan, model.info());
        }
    }

    /** What decides the rows. */
    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("program version", ProgramVersion.get());
        identity.put("weights", model.info().weightHash());
        identity.put("arithmetic", model.info().computeDtype());
        SetRows.putAddedTokens(identity, model);
        identity.put("prompts", prompts.size() + " with hash " + hash);
        identity.put("steps", Integer.toString(plan.steps()));
        identity.put("tokens generated", Integer.toString(plan.generate()));
        identity.put("tokens prefilled", plan.prefill() == 0 ? "the prompt" : Integer.toString(plan.prefill()));
        identity.put("end tokens", plan.stopIds().stream().sorted().toList().toString());
        identity.put("policies", plan.policies().stream().map(KvPolicy::cliName).collect(Collectors.joining(", ")));
        return identity;
    }
}
