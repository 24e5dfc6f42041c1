package org.loopscope.plugin.kv;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.kv.KvComparison;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.kv.KvPrompt;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.lab.Job;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/** Compares the policies on one prompt after the other. */
final class KvJob implements Job<KvTable.InFile> {
    private final LoopedModel model;
    private final List<KvItem> items;
    private final KvPlan plan;
    private final boolean chat;
    private int longest;
    private @Nullable KvResult last;

    /** @throws LoopscopeException if a prompt cannot be run, with its number, before hours have gone into the others */
    KvJob(LoopedModel model, List<KvItem> items, KvPlan plan, boolean chat) throws LoopscopeException {
        this.model = model;
        this.items = List.copyOf(items);
        this.plan = plan;
        this.chat = chat;
        for (int i = 0; i < items.size(); i++) {
            try {
                KvPrompt prompt = prompt(i);
                model.config().requireTokens(prompt.toArray(), plan.generate());
                longest = Math.max(longest, prompt.ids().size());
            } catch (LoopscopeException e) {
                throw items.size() == 1 ? e : new LoopscopeException("Prompt " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
    }

    /** Made into tokens when it is wanted, since a set may have a million. */
    private KvPrompt prompt(int item) throws LoopscopeException {
        Optional<Prompt> text = items.get(item).prompt();
        if (text.isEmpty()) {
            return KvPrompt.of(
                    items.get(item).ids().stream().mapToInt(Integer::intValue).toArray(), "");
        }
        Tokenizer tokenizer = (chat ? model.withoutAddedTokens() : model)
                .tokenizer()
                .orElseThrow(
                        () -> new LoopscopeException("The model " + model.info().id()
                                + " has no usable tokenizer.json, so it cannot read text; give --token-ids instead."));
        Prompt prompt = text.get();
        return KvPrompt.of(
                tokenizer,
                chat ? model.chat().required(model.info().id()).prompt(prompt.prompt()) : prompt.prompt(),
                prompt.answer(),
                prompt.group().orElse(""));
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public int steps() {
        return plan.steps();
    }

    @Override
    public List<KvTable.InFile> rows(int item, RunControl control) throws LoopscopeException {
        KvPrompt prompt = prompt(item);
        KvResult result = new KvComparison(model, plan).compare(prompt, control);
        last = result;
        return KvTable.rows(item + 1, prompt.group(), result, model.info());
    }

    @Override
    public List<KvTable.InFile> problem(int item, Exception cause) throws LoopscopeException {
        return size() == 1
                ? Job.super.problem(item, cause)
                : List.of(KvTable.problem(item + 1, prompt(item), plan, model.info()));
    }

    @Override
    public Map<String, String> identity() {
        return Map.of("end tokens", plan.stopIds().stream().sorted().toList().toString());
    }

    /** The cache after the longest prompt and what is generated. */
    KvMemory memory() {
        return KvMemory.of(model.config(), plan.steps(), longest + plan.generate(), model);
    }

    /** The comparison of the only prompt, made again where its rows are of an earlier run; empty for a set. */
    Optional<KvResult> only(RunControl control) throws LoopscopeException {
        if (size() != 1) {
            return Optional.empty();
        }
        KvResult known = last;
        return Optional.of(known != null ? known : new KvComparison(model, plan).compare(prompt(0), control));
    }

    LoopedModel model() {
        return model;
    }
}
