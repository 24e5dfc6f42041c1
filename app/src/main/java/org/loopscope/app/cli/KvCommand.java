package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.kv.KvComparison;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.kv.KvPrompt;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvSet;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.figure.KvFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What sharing the KV cache between loop steps changes. */
@Command(
        name = "kv",
        description =
                "Compares the KV-cache policies last-step, averaged and first-step with full: on the same text, token by token,"
                        + " and in the text that each writes by itself; and tells the memory they need.",
        customSynopsis = {
            "loopscope kv [--model M] (--prompt TEXT | --token-ids IDS | --prompt-file FILE) [options]",
            "       loopscope kv [--model M] --set FILE --out FILE.csv [options]",
            "       loopscope kv --read FILE.csv [options]      (a comparison that is finished)"
        },
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope kv --prompt \"people Ann's friend's boss is\" --generate 16",
            "  loopscope kv --set embedded/people.jsonl --generate 16 --out kv.csv --figure kv.svg",
            "  loopscope kv --set embedded/people.jsonl --prefill 1 --generate 1 --out answers.csv",
            "  loopscope kv --model ./Ouro-1.4B --set set.jsonl --generate 64 --out kv.csv --json"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class KvCommand implements Callable<Integer> {
    /** What the figure shows. */
    enum What {
        agreement,
        accuracy,
        divergence,
        places,
        memory,
        tokens
    }

    private final CommandEnvironment environment;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final PromptOptions prompt = new PromptOptions();

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description = "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl.")
    @Nullable
    private String set;

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Option(
            names = "--chat",
            description = "Put every prompt into the model's chat form: its chat template, or ChatML.")
    private boolean chat;

    @Option(
            names = "--steps",
            paramLabel = "T",
            description = "Recurrent steps, 1 to 64. Without it: as many as the model was trained with.")
    @Nullable
    private Integer steps;

    @Mixin
    private final SpecialTokensOption specialTokens = new SpecialTokensOption();

    @Mixin
    private final PrecisionOption precision = new PrecisionOption();

    @Option(
            names = "--generate",
            paramLabel = "N",
            defaultValue = "32",
            description = "Tokens generated greedily after each prompt, at most. Without it: 32.")
    private int generate;

    @Option(
            names = "--prefill",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "Read only the first P tokens of a prompt in one call, with the full cache; the rest of it is decoded token"
                            + " by token under each policy. Without it: the whole prompt is read in one call.")
    private int prefill;

    @Option(
            names = "--policies",
            paramLabel = "LIST",
            defaultValue = "all",
            description = "Some of last-step, averaged, first-step, with commas between. Without it: all three.")
    private String policies = "all";

    @Option(names = "--no-stop", description = "Do not stop at an end token; generate exactly N tokens.")
    private boolean noStop;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "The CSV to write, a row per prompt, policy and token. Rows are kept in FILE.part as they come; the same"
                            + " command goes on there.")
    @Nullable
    private Path out;

    @Option(names = "--read", paramLabel = "FILE", description = "Show a finished comparison; nothing is run.")
    @Nullable
    private Path read;

    @Mixin
    private final FigureFile figure = new FigureFile();

    @Option(
            names = "--what",
            paramLabel = "FIGURE",
            defaultValue = "agreement",
            description =
                    "Which figure: agreement, accuracy (of answers), divergence, places, memory, or tokens (of one prompt). Without"
                            + " it: agreement.")
    private What what = What.agreement;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    KvCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        check();
        if (read != null) {
            return show(KvTable.read(read), Optional.empty(), Optional.empty());
        }
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = specialTokens.of(Models.open(model.name, precision.value(), work.control()))) {
            int maxSteps = steps == null ? opened.config().trainedSteps() : steps;
            KvPlan plan = new KvPlan(
                    maxSteps,
                    generate,
                    prefill,
                    KvPlan.policies(policies),
                    noStop ? Set.of() : opened.chat().endTokens(chat).ids());
            KvSet all = prompts(opened, plan); // refuses prompts that cannot be run
            Optional<Figure> tokens = Optional.empty();
            KvSummary summary;
            if (what == What.tokens) {
                KvResult one = new KvComparison(opened, plan).compare(all.prompt(0), work.control());
                tokens = tokens(one, opened);
                summary = out != null
                        ? compare(all, work.control())
                        : KvSummary.of(one, opened.info().id(), opened.info().computeDtype());
            } else {
                summary = compare(all, work.control());
            }
            work.line().clear();
            SetWork.outsideTraining(environment, maxSteps, opened.config().trainedSteps());
            int longest = all.longest() + generate;
            return show(summary, Optional.of(KvMemory.of(opened.config(), maxSteps, longest, opened)), tokens);
        } catch (CancellationException e) {
            return cancelled(e);
        }
    }

    private KvSummary compare(KvSet all, RunControl control) throws LoopscopeException {
        if (out == null) {
            return all.run(control);
        }
        int before = all.run(out, control);
        SetWork.wentOn(environment, before);
        return KvTable.read(out);
    }

    private int cancelled(CancellationException e) {
        if (out == null) {
            throw e;
        }
        return SetWork.cancelled(environment, out);
    }

    private void check() throws LoopscopeException {
        long sources = Stream.of(prompt.text, prompt.ids, prompt.file, set, read)
                .filter(Objects::nonNull)
                .count();
        if (sources != 1) {
            throw new LoopscopeException(
                    "kv: expected one of --prompt, --token-ids, --prompt-file, --set and --read, found "
                            + (sources == 0 ? "none." : "several."));
        }
        Checks.require(set == null || out != null, "--set: expected --out FILE with it, where the rows are kept.");
        Checks.require(read == null || out == null, "--read: expected no --out with it, nothing is run.");
        Checks.require(
                read == null || what != What.memory, "--what memory: expected a model that is run, found --read.");
        Checks.require(
                what != What.tokens || (set == null && read == null),
                "--what tokens: expected one prompt, found a set.");
        limit.check();
        Checks.atLeast("--generate", generate, 0);
        Checks.require(prefill >= 0, "--prefill: expected 1 or more, found " + prefill + ".");
        Checks.require(
                generate > 1 || prefill > 0,
                "--generate: expected 2 or more, since the first token comes from the prefill under every policy, found "
                        + generate + "; or --prefill with it.");
        Checks.steps(steps, 1);
        KvPlan.policies(policies);
        precision.value();
        OutFile.check(out);
        figure.check();
    }

    private KvSet prompts(LoopedModel opened, KvPlan plan) throws LoopscopeException {
        if (set == null) {
            Optional<int[]> ids = prompt.readIds();
            int[] tokens = ids.isPresent()
                    ? ids.get()
                    : PromptRun.encode(opened, prompt.readText().orElseThrow(), chat);
            return new KvSet(opened, plan, List.of(KvPrompt.of(tokens, "")));
        }
        List<Prompt> all = limit.of(SetFile.prompts(set).prompts());
        return new KvSet(
                opened,
                plan,
                KvSet.Prompts.of(
                        all,
                        prompt -> KvPrompt.of(
                                (chat ? opened.withoutAddedTokens() : opened).requireTokenizer(),
                                PromptRun.text(opened, prompt.prompt(), chat),
                                prompt.answer(),
                                prompt.group().orElse(""))));
    }

    private Optional<Figure> tokens(KvResult one, LoopedModel opened) throws LoopscopeException {
        if (one.length() == 0) {
            throw new LoopscopeException("--what tokens: expected some text after the prompt, found none.");
        }
        String about = opened.info().id() + " · T = " + one.steps() + " · "
                + opened.info().computeDtype();
        return Optional.of(KvFigures.tokens(one, KvFigures.texts(opened), about));
    }

    private int show(KvSummary summary, Optional<KvMemory> memory, Optional<Figure> tokens) throws LoopscopeException {
        figure.draw(() -> drawn(summary, memory, tokens));
        KvShown shown = new KvShown(summary, memory);
        if (json) {
            environment.out().println(Json.write(shown.json()));
            return ExitCode.FINE;
        }
        shown.print(environment.out());
        SetWork.written(environment, out, figure);
        return ExitCode.FINE;
    }

    private Figure drawn(KvSummary summary, Optional<KvMemory> memory, Optional<Figure> tokens)
            throws LoopscopeException {
        return switch (what) {
            case agreement -> KvFigures.agreement(summary);
            case accuracy ->
                KvFigures.accuracy(summary)
                        .orElseThrow(() -> new LoopscopeException(
                                "--what accuracy: expected prompts with an answer that the text is long enough for, found"
                                        + " none."));
            case divergence -> KvFigures.divergence(summary);
            case places -> KvFigures.places(summary);
            case memory -> KvFigures.memory(memory.orElseThrow(), summary.model());
            case tokens -> tokens.orElseThrow();
        };
    }
}
