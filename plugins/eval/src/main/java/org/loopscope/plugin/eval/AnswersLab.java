package org.loopscope.plugin.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.loopscope.analysis.answers.Extraction;
import org.loopscope.analysis.answers.GeneratedData;
import org.loopscope.analysis.answers.GeneratedRow;
import org.loopscope.analysis.answers.Matching;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Form;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.Seeds;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleSyntax;
import org.loopscope.model.tokenizer.Tokenizer;

/** Answers that the model generates, read at full depth, at fixed steps or by exit rules, under each policy of the KV cache. */
public final class AnswersLab implements SetLab<Prompt, GeneratedRow.InFile, GeneratedData> {
    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<Integer> GENERATE = Setting.whole("generate", 1, 100_000)
            .called("tokens generated")
            .means("Tokens that are generated at most.")
            .or(32);
    static final Setting<List<ExitRule>> RULES = Setting.of(
                    "rules", new Form.Text<>(AnswersLab::rules, AnswersLab::specs, "a list of exit rules"))
            .called("exit rules")
            .means(
                    "From which step tokens are read: exit rules, with commas between, such as full,fixed:2,q:0.5. Texts are"
                            + " generated anew for each.")
            .or(List.of(ExitRule.full()));
    static final Setting<List<KvPolicy>> KV = Setting.of(
                    "kv", new Form.Text<>(AnswersLab::policies, AnswersLab::names, "policies of the KV cache"))
            .called("KV policies")
            .means(
                    "What the KV cache keeps: full, last-step, first-step, averaged, with commas between; each with each rule.")
            .or(List.of(KvPolicy.FULL));
    static final Setting<Integer> SAMPLES = Setting.whole("samples", 1, 1000)
            .called("texts a prompt")
            .means("Texts that are generated for each prompt and way.")
            .or(1);
    static final Setting<Double> TEMPERATURE = Setting.of("temperature", new Form.Real(0, 100, false, ""))
            .means("0 takes the most probable token; larger values sample more freely.")
            .or(0.0);
    static final Setting<Double> TOP_P = Setting.of("top-p", new Form.Real(0, 1, true, ""))
            .means("Sample from the most probable tokens that together reach this probability.")
            .or(1.0);
    static final Setting<Long> SEED = Setting.of("seed", new Form.Seed())
            .means("Seed of the sampling; each text of each prompt has its own that follows from it.")
            .or(0L);
    static final Setting<Boolean> CHAT =
            Setting.flag("chat").means("Put every prompt into the chat form of the model.");
    static final Setting<Extraction> EXTRACT = Setting.choice(
                    "extract", Arrays.asList(Extraction.values()), Extraction::cliName, Extraction::title)
            .called("the answer is")
            .means("What of a text is its answer.")
            .or(Extraction.FIRST_LINE);
    static final Setting<String> PATTERN = Setting.text("pattern", "a regular expression")
            .means("With --extract regex: the expression.")
            .orNothing("none");
    static final Setting<Matching> MATCH = Setting.choice(
                    "match", Arrays.asList(Matching.values()), Matching::cliName, Matching::title)
            .called("it is right if it is")
            .means("When an answer is the wanted one.")
            .or(Matching.EXACT);
    static final Setting<Integer> K = Setting.whole("k", 1, 1000)
            .called("k of pass@k")
            .means("pass@k: whether one of k texts is right; at most as many as there are texts.")
            .or(1)
            .forShowing();
    static final Setting<String> GROUP = Setting.group();

    static final FigureKind CURVE = new FigureKind("curve", "answers-curve", "Right answers and loops taken");

    private static final PromptKind<Prompt> KIND = new PromptKind<>(
            "Prompts with answers, JSONL or CSV; gsm8k as published (JSONL with question and answer, the number behind ####);"
                    + " or a set that comes with the program, such as embedded/people.jsonl.",
            PromptKind.PROMPTS.endings(),
            PromptKind.PROMPTS.bundled(),
            (name, values, told) -> AnswerPrompts.read(name),
            PromptKind.PROMPTS.fields(),
            Optional.empty());

    private static List<ExitRule> rules(String text) throws LoopscopeException {
        List<ExitRule> rules = new ArrayList<>();
        for (String part : RuleSyntax.split(text, ',')) {
            ExitRule rule = ExitRule.parse(part);
            if (rules.contains(rule)) {
                throw new LoopscopeException("--rules: expected each rule once, found " + rule.spec() + " twice.");
            }
            rules.add(rule);
        }
        return List.copyOf(rules);
    }

    private static String specs(List<ExitRule> rules) {
        return rules.stream().map(ExitRule::spec).collect(Collectors.joining(","));
    }

    private static List<KvPolicy> policies(String text) throws LoopscopeException {
        List<KvPolicy> policies = new ArrayList<>();
        for (String name : text.split(",", -1)) {
            KvPolicy policy = KvPolicy.parse(name.strip());
            if (policies.contains(policy)) {
                throw new LoopscopeException("--kv: expected each policy once, found " + policy.cliName() + " twice.");
            }
            policies.add(policy);
        }
        return List.copyOf(policies);
    }

    private static String names(List<KvPolicy> policies) {
        return policies.stream().map(KvPolicy::cliName).collect(Collectors.joining(","));
    }

    @Override
    public String id() {
        return "answers";
    }

    @Override
    public String command() {
        return "eval answers";
    }

    @Override
    public String title() {
        return "Generated answers";
    }

    @Override
    public String summary() {
        return "Generates texts for the prompts of a set, takes answers out of them and says how many are right: at full depth, at"
                + " fixed steps, by exit rules, under each policy of the KV cache. The texts are kept.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/people.jsonl --rules full,fixed:2,q:0.5 --generate 1 --out answers.csv --figure answers.svg",
                "--model ./Ouro-1.4B-Thinking --set gsm8k_test.jsonl --chat --generate 1024 --extract last-number --match"
                        + " numeric --out gsm8k.csv",
                "--read answers.csv --k 1 --json");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(
                STEPS, GENERATE, RULES, KV, SAMPLES, TEMPERATURE, TOP_P, SEED, CHAT, EXTRACT, PATTERN, MATCH, K, GROUP);
    }

    @Override
    public void check(Values values) throws LoopscopeException {
        pattern(values);
        if (values.get(SAMPLES) > 1 && values.get(TEMPERATURE) == 0) {
            throw new LoopscopeException(
                    "--samples: expected --temperature above 0 with it, since greedy texts are all the same, found 0.");
        }
    }

    private static Pattern pattern(Values values) throws LoopscopeException {
        boolean needed = values.get(EXTRACT) == Extraction.REGEX;
        if (needed != values.isSet(PATTERN)) {
            throw new LoopscopeException("--pattern: expected it together with --extract regex, found one of them.");
        }
        try {
            return Pattern.compile(values.find(PATTERN).orElse(""));
        } catch (PatternSyntaxException e) {
            throw new LoopscopeException(
                    "--pattern: expected a regular expression, found " + ForeignText.quoted(values.text(PATTERN)) + " ("
                            + e.getDescription() + ").",
                    e);
        }
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(CURVE);
    }

    @Override
    public String help() {
        return GuideText.section("evaluate-lab", "Generated answers");
    }

    @Override
    public PromptKind<Prompt> prompts() {
        return KIND;
    }

    @Override
    public Columns<GeneratedRow.InFile> columns(Values values) {
        return GeneratedRow.TABLE;
    }

    @Override
    public Job<GeneratedRow.InFile> job(LoopedModel model, List<Prompt> items, Values values)
            throws LoopscopeException {
        for (ExitRule rule : values.get(RULES)) {
            if (rule.needsGate()) {
                model.requireGate("--rules, " + rule.spec());
            }
        }
        AnswersJob job = new AnswersJob(model, items, values);
        for (int i = 0; i < items.size(); i++) {
            try {
                model.config().requireTokens(job.ids(items.get(i)), values.get(GENERATE));
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Prompt " + (i + 1) + " of the set: " + e.getMessage(), e);
            }
        }
        return job;
    }

    /** Generates text after text. */
    private static final class AnswersJob implements Job<GeneratedRow.InFile> {
        private final LoopedModel model;
        private final Tokenizer tokenizer;
        private final List<Prompt> prompts;
        private final Values values;
        private final Pattern pattern;
        private final Origin origin;

        AnswersJob(LoopedModel model, List<Prompt> prompts, Values values) throws LoopscopeException {
            this.model = model;
            this.tokenizer = model.requireTokenizer();
            this.prompts = prompts;
            this.values = values;
            this.pattern = pattern(values);
            this.origin = Origin.of(model.info());
        }

        int[] ids(Prompt prompt) throws LoopscopeException {
            return values.get(CHAT)
                    ? tokenizer.encode(model.chat().required(model.info().id()).prompt(prompt.prompt()))
                    : tokenizer.encodePrompt(prompt.prompt());
        }

        @Override
        public int size() {
            return prompts.size();
        }

        @Override
        public int steps() {
            return values.get(STEPS);
        }

        @Override
        public List<GeneratedRow.InFile> rows(int item, RunControl control) throws LoopscopeException {
            List<GeneratedRow.InFile> rows = new ArrayList<>();
            for (KvPolicy policy : values.get(KV)) {
                for (ExitRule rule : values.get(RULES)) {
                    for (int sample = 1; sample <= values.get(SAMPLES); sample++) {
                        control.checkCancelled();
                        rows.add(new GeneratedRow.InFile(row(item, policy, rule, sample, control), origin));
                    }
                }
            }
            return rows;
        }

        private GeneratedRow row(int item, KvPolicy policy, ExitRule rule, int sample, RunControl control)
                throws LoopscopeException {
            Prompt prompt = prompts.get(item);
            Set<Integer> stops = model.chat().endTokens(values.get(CHAT)).ids();
            long seed = Seeds.random(values.get(SEED), "text " + sample + " of prompt " + (item + 1))
                    .nextLong();
            Capture capture = model.run(
                    ids(prompt),
                    RunOptions.steps(steps())
                            .withGenerate(values.get(GENERATE))
                            .withExitRule(rule)
                            .withKvPolicy(policy)
                            .withSampling(new Sampling(values.get(TEMPERATURE), values.get(TOP_P), seed))
                            .withStopIds(stops),
                    control);
            int given = capture.promptLength();
            int tokens = capture.length() - given;
            boolean ended = tokens > 0 && stops.contains(capture.tokenId(capture.length() - 1));
            int[] made = Arrays.copyOfRange(capture.tokenIds(), given, capture.length() - (ended ? 1 : 0));
            String text = tokenizer.decode(made);
            String answer = values.get(EXTRACT).of(text, pattern);
            int loops = 0;
            for (int p = given; p < capture.length(); p++) {
                loops += capture.generationExitStep(p);
            }
            return new GeneratedRow(
                    item + 1,
                    prompt.group().orElse(""),
                    sample,
                    policy,
                    rule.spec(),
                    text,
                    answer,
                    prompt.answer().orElse(""),
                    prompt.answer().map(wanted -> values.get(MATCH).holds(answer, wanted)),
                    tokens,
                    loops,
                    ended,
                    Double.NaN,
                    steps());
        }

        @Override
        public List<GeneratedRow.InFile> problem(int item, Exception cause) {
            String group = prompts.get(item).group().orElse("");
            return List.of(new GeneratedRow.InFile(GeneratedRow.problem(item + 1, group, steps()), origin));
        }
    }

    @Override
    public GeneratedData summarise(Path rows) throws LoopscopeException {
        return GeneratedData.read(rows);
    }

    @Override
    @SuppressWarnings("unchecked") // the values of a setting are of its own type
    public <T> List<T> offered(Setting<T> setting, GeneratedData data) {
        return setting.equals(GROUP) ? (List<T>) data.groups() : SetLab.super.offered(setting, data);
    }

    @Override
    public Findings findings(GeneratedData data, Values values) throws LoopscopeException {
        return AnswersFindings.of(data, values.get(K), values.find(GROUP));
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, GeneratedData data, Values values)
            throws LoopscopeException {
        return AnswersFindings.curve(data, values.get(K), values.find(GROUP));
    }
}
