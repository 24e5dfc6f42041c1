package org.loopscope.plugin.kv;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.table.Columns;
import org.loopscope.figure.Figure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** What sharing the KV cache between loop steps changes, and the memory that it saves. */
public final class KvLab implements SetLab<KvItem, KvTable.InFile, KvOutcome> {
    static final FigureKind AGREEMENT =
            new FigureKind("agreement", "kv-set-agreement", "Agreement with the full cache, over a set");
    static final FigureKind ACCURACY = new FigureKind(
            "accuracy",
            "kv-set-accuracy",
            "Right answers by KV policy",
            "prompts with an answer that the text is long enough for");
    static final FigureKind DIVERGENCE =
            new FigureKind("divergence", "kv-set-divergence", "Distance from the full cache, over a set");
    static final FigureKind PLACES =
            new FigureKind("places", "kv-set-places", "Distance by place in the text, over a set");
    private static final FigureKind MEMORY =
            new FigureKind("memory", KvFigures.MEMORY, "Memory of the KV cache", "a model that is run");
    private static final FigureKind TOKENS =
            new FigureKind("tokens", KvFigures.TOKENS, "Token by token", "one prompt with some text after it");

    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<Integer> GENERATE = Setting.whole("generate", 0)
            .called("tokens generated")
            .means("Tokens generated greedily after each prompt, at most.")
            .or(32);
    static final Setting<Integer> PREFILL = Setting.whole("prefill", 0)
            .called("tokens prefilled")
            .means(
                    "Read only the first P tokens of a prompt in one call, with the full cache; the rest of it is decoded"
                            + " token by token under each policy. 0 for the whole prompt.")
            .or(0)
            .expecting("1 or more");
    static final Setting<List<KvPolicy>> POLICIES = Setting.of(
                    "policies",
                    new Form.Text<>(
                            KvPlan::policies,
                            policies -> policies.stream().map(KvPolicy::cliName).collect(Collectors.joining(",")),
                            "policies"))
            .means("Some of last-step, averaged, first-step, with commas between.")
            .or(KvPlan.SHARING);
    static final Setting<Boolean> CHAT =
            Setting.flag("chat").means("Put every prompt into the model's chat form: its chat template, or ChatML.");
    static final Setting<Boolean> NO_STOP = Setting.flag("no-stop")
            .called("go on after an end token")
            .means("Do not stop at an end token; generate exactly N tokens.");

    @Override
    public String id() {
        return "kv";
    }

    @Override
    public String title() {
        return "KV policies";
    }

    @Override
    public String summary() {
        return "Compares the KV-cache policies last-step, averaged and first-step with full: on the same text, token by token,"
                + " and in the text that each writes by itself; and shows the memory they need.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--prompt \"people Ann's friend's boss is\" --generate 16",
                "--set embedded/people.jsonl --generate 16 --out kv.csv --figure kv.svg",
                "--set embedded/people.jsonl --prefill 1 --generate 1 --out answers.csv",
                "--model ./Ouro-1.4B --set set.jsonl --generate 64 --out kv.csv --json");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, GENERATE, PREFILL, POLICIES, CHAT, NO_STOP);
    }

    @Override
    public void check(Values values) throws LoopscopeException {
        if (values.get(GENERATE) < 2 && values.get(PREFILL) == 0) {
            throw new LoopscopeException(
                    "--generate: expected 2 or more, since the first token comes from the prefill under every policy, found "
                            + values.get(GENERATE) + "; or --prefill with it.");
        }
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(AGREEMENT, ACCURACY, DIVERGENCE, PLACES, MEMORY, TOKENS);
    }

    @Override
    public String help() {
        return GuideText.page("kv-lab");
    }

    @Override
    public PromptKind<KvItem> prompts() {
        return new PromptKind<>(
                PromptKind.PROMPTS.description(),
                PromptKind.PROMPTS.endings(),
                PromptKind.PROMPTS.bundled(),
                (name, values, told) -> SetFile.prompts(name).prompts().stream()
                        .map(prompt -> new KvItem(Optional.of(prompt), List.of()))
                        .toList(),
                KvItem::fields,
                Optional.of((text, ids, values) -> new KvItem(
                        text.map(Prompt::of),
                        ids.map(all -> IntStream.of(all).boxed().toList()).orElse(List.of()))));
    }

    @Override
    public Columns<KvTable.InFile> columns(Values values) {
        return KvTable.TABLE;
    }

    @Override
    public Job<KvTable.InFile> job(LoopedModel model, List<KvItem> items, Values values) throws LoopscopeException {
        boolean chat = values.get(CHAT);
        return new KvJob(model, items, plan(model, values, chat), chat);
    }

    /** @param chat whether the text is a chat, whose end tokens are others */
    static KvPlan plan(LoopedModel model, Values values, boolean chat) {
        return new KvPlan(
                values.get(STEPS),
                values.get(GENERATE),
                values.get(PREFILL),
                values.get(POLICIES),
                values.get(NO_STOP) ? Set.of() : model.chat().endTokens(chat).ids());
    }

    @Override
    public KvOutcome summarise(Path rows) throws LoopscopeException {
        return new KvOutcome(KvTable.read(rows), Optional.empty(), Optional.empty());
    }

    @Override
    public KvOutcome complete(KvOutcome read, Job<KvTable.InFile> job, RunControl control) throws LoopscopeException {
        KvJob made = (KvJob) job;
        Optional<HeatmapFigure> tokens =
                made.only(control).filter(one -> one.length() > 0).map(one -> figure(one, made));
        return new KvOutcome(read.summary(), Optional.of(made.memory()), tokens);
    }

    private static HeatmapFigure figure(KvResult one, KvJob job) {
        String about = job.model().info().id() + " · T = " + one.steps() + " · "
                + job.model().info().computeDtype();
        return KvFigures.tokens(one, KvFigures.texts(job.model()), about);
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, KvOutcome found, Values values) {
        return switch (kind.name()) {
            case "accuracy" -> KvFigures.accuracy(found.summary());
            case "divergence" -> Optional.of(KvFigures.divergence(found.summary()));
            case "places" -> Optional.of(KvFigures.places(found.summary()));
            case "memory" ->
                found.memory()
                        .map(memory -> KvFigures.memory(memory, found.summary().model()));
            case "tokens" -> found.tokens();
            default -> Optional.of(KvFigures.agreement(found.summary()));
        };
    }

    @Override
    public Findings findings(KvOutcome found, Values values) {
        return KvFindings.of(found);
    }
}
