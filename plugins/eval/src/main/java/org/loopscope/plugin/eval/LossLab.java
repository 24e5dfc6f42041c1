package org.loopscope.plugin.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.analysis.loss.LossData;
import org.loopscope.analysis.loss.LossMeasure;
import org.loopscope.analysis.loss.LossRow;
import org.loopscope.analysis.loss.TokenClass;
import org.loopscope.analysis.loss.TokenLosses;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepPlan;
import org.loopscope.analysis.sweep.SweepRule;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.FigureKind.Of;
import org.loopscope.lab.Findings;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.RunTable;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;

/** Cross-entropy of a text or of given answers, by loop step and by exit rule. */
public final class LossLab implements SetLab<Prompt, LossRow.InFile, LossData>, RunLab {
    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<String> RULES = Setting.text("rules", "a list of rules")
            .called("exit rules")
            .means("Exit rules whose loss is measured: none, all, or a list such as q:0.1..0.9,entropy:1,kl.")
            .or(model -> model.config().hasGate() ? "q" : "kl", "q, nine thresholds; kl for a model without a gate");
    static final Setting<String> CLASSES = Setting.text("classes", "names with regular expressions")
            .called("classes of tokens")
            .means("Classes of tokens that are counted apart: name=regex over a token's text, or name=after:TEXT for"
                    + " all behind a marker, separated by semicolons, such as digits=\\d;answer=after:</think>.")
            .orNothing("all tokens together");
    static final Setting<Double> MARGIN = Setting.real("margin", 0, "nats")
            .called("a rise is more than (nats)")
            .means("Nats by which a loss must be higher to count as a rise.")
            .or(0.01);
    static final Setting<Integer> WINDOW = Setting.whole("window", 2)
            .called("tokens of a window")
            .means("Longest text that is run at once; a longer one is read in windows.")
            .or(2048);
    static final Setting<Integer> STRIDE = Setting.whole("stride", 1)
            .called("tokens to the next window")
            .means("Tokens from one window to the next; what a window shares with the one before is context alone.")
            .orNothing("half a window");
    static final Setting<Scope> COUNTED = Setting.choice(
                    "counted", List.of(Scope.ANSWER, Scope.PROMPT), Scope::cliName, Scope::title)
            .called("counted")
            .means("Which predictions are shown.")
            .orNothing("answers where there are some, else the text")
            .forShowing();
    static final Setting<String> GROUP = Setting.group();

    static final FigureKind BY_STEP = new FigureKind("steps", "loss-steps", "Loss by loop");
    static final FigureKind CURVE =
            new FigureKind("curve", "loss-curve", "Loss and compute", "rows of a set with exit rules", Of.SETS);
    static final FigureKind BY_CLASS = new FigureKind(
            "classes", "loss-classes", "Loss by class of tokens", "rows of a set with --classes", Of.SETS);
    static final FigureKind RISES =
            new FigureKind("rises", "loss-rises", "Tokens that get worse", "rows of a set", Of.SETS);
    static final FigureKind TOKENS = new FigureKind("tokens", "loss-tokens", "Loss of each token", "a run", Of.RUNS);

    private static final TableKind OF_TOKENS =
            TableKind.of("tokens", "each token's loss at each step, and whether it ends worse", TOKENS);
    private static final TableKind OF_STEPS = TableKind.of("steps", "all tokens together", BY_STEP);

    @Override
    public String id() {
        return "loss";
    }

    @Override
    public String command() {
        return "eval text";
    }

    @Override
    public String title() {
        return "Loss";
    }

    @Override
    public String summary() {
        return "Measures the cross-entropy of texts, or of given answers, at every loop step and by exit rule: perplexity, bits"
                + " per byte, the expected loss, the least of all steps, and tokens that get worse with depth.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--prompt \"people Ann's friend's boss is Bob\"",
                "--set embedded/eval-people.jsonl --out loss.csv --figure loss.svg",
                "--model ./Ouro-1.4B --set book.txt --window 2048 --stride 1024 --classes \"digits=\\d\" --out loss.csv");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, RULES, CLASSES, MARGIN, WINDOW, STRIDE, COUNTED, GROUP);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(BY_STEP, CURVE, BY_CLASS, RISES, TOKENS);
    }

    @Override
    public String help() {
        return GuideText.section("evaluate-lab", "Loss");
    }

    @Override
    public void check(Values values) throws LoopscopeException {
        classes(values);
    }

    private static List<TokenClass> classes(Values values) throws LoopscopeException {
        return values.isSet(CLASSES) ? TokenClass.parse(values.get(CLASSES)) : List.of();
    }

    // ---- a set

    @Override
    public PromptKind<Prompt> prompts() {
        return PromptKind.TEXTS;
    }

    @Override
    public Columns<LossRow.InFile> columns(Values values) {
        return LossRow.TABLE;
    }

    @Override
    public Job<LossRow.InFile> job(LoopedModel model, List<Prompt> items, Values values) throws LoopscopeException {
        LossMeasure measure = measure(model, values);
        for (int i = 0; i < items.size(); i++) {
            check(model, measure.window(), i + 1, items.get(i));
        }
        Origin origin = Origin.of(model.info());
        return new Job<>() {
            @Override
            public int size() {
                return items.size();
            }

            @Override
            public String items() {
                return "texts";
            }

            @Override
            public List<LossRow.InFile> rows(int item, RunControl control) throws LoopscopeException {
                return measure.rows(item + 1, items.get(item), control).stream()
                        .map(row -> new LossRow.InFile(row, origin))
                        .toList();
            }

            @Override
            public List<LossRow.InFile> problem(int item, Exception cause) {
                String group = items.get(item).group().orElse("");
                return List.of(new LossRow.InFile(
                        LossRow.problem(item + 1, group, measure.margin(), measure.steps()), origin));
            }

            @Override
            public int steps() {
                return measure.steps();
            }

            @Override
            public Map<String, String> identity() { // as they were understood
                return Map.of(RULES.label(), SweepPlan.specs(measure.rules()), STRIDE.label(), "" + measure.stride());
            }
        };
    }

    private static LossMeasure measure(LoopedModel model, Values values) throws LoopscopeException {
        int steps = values.get(STEPS);
        SweepPlan plan = SweepPlan.parse(
                        "1.." + steps, values.get(RULES), 0, model.config().vocabSize())
                .on(model, values.get(RULES));
        List<SweepRule> rules = new ArrayList<>(plan.rules());
        boolean all = values.get(RULES).strip().equalsIgnoreCase("all");
        if (rules.remove(SweepRule.MIX_LOGITS) && !all) {
            throw new LoopscopeException(
                    "--rules: expected rules and mix-probs, found mix-logits, whose loss is not measured.");
        }
        int window = values.get(WINDOW);
        int stride = values.find(STRIDE).orElse(Math.max(1, window / 2));
        if (stride >= window) {
            throw new LoopscopeException("--stride: expected fewer tokens than those of a window, which are " + window
                    + ", found " + stride + ".");
        }
        return new LossMeasure(model, steps, rules, classes(values), values.get(MARGIN), window, stride);
    }

    private static void check(LoopedModel model, int window, int number, Prompt prompt) throws LoopscopeException {
        int[] ids;
        try {
            ids = PromptText.of(model.requireTokenizer(), prompt, 0).wholeIds();
            model.config().requireTokens(Arrays.copyOf(ids, Math.min(ids.length, window)), 0);
        } catch (LoopscopeException e) {
            throw new LoopscopeException("Text " + number + " of the set: " + e.getMessage(), e);
        }
        if (ids.length < 2) {
            throw new LoopscopeException("Text " + number
                    + " of the set: expected two tokens or more, since the first one is not predicted, found "
                    + ids.length + ".");
        }
    }

    @Override
    public LossData summarise(Path rows) throws LoopscopeException {
        return LossData.read(rows);
    }

    @Override
    @SuppressWarnings("unchecked") // the values of a setting are of its own type
    public <T> List<T> offered(Setting<T> setting, LossData data) {
        return setting.equals(GROUP)
                ? (List<T>) data.groups()
                : setting.equals(COUNTED) ? (List<T>) data.scopes() : SetLab.super.offered(setting, data);
    }

    @Override
    public Findings findings(LossData data, Values values) throws LoopscopeException {
        return new LossFindings(data, view(data, values)).of();
    }

    static LossView view(LossData data, Values values) throws LoopscopeException {
        Scope scope = values.find(COUNTED).orElse(data.mainScope());
        if (!data.scopes().isEmpty() && !data.scopes().contains(scope)) {
            throw new LoopscopeException("--counted: expected "
                    + String.join(
                            " or ", data.scopes().stream().map(Scope::cliName).toList()) + ", found "
                    + scope.cliName() + ", of which the file has no rows.");
        }
        return new LossView(scope, values.find(GROUP));
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, LossData data, Values values) throws LoopscopeException {
        LossFigures figures = new LossFigures(data, view(data, values));
        if (kind.equals(BY_STEP)) {
            return figures.byStep();
        }
        if (kind.equals(CURVE)) {
            return figures.curve();
        }
        if (kind.equals(BY_CLASS)) {
            return figures.byClass();
        }
        return kind.equals(RISES) ? figures.rises() : Optional.empty();
    }

    // ---- one run

    @Override
    public List<TableKind> tables() {
        return List.of(OF_TOKENS, OF_STEPS);
    }

    private static TokenLosses losses(RunInput run, Values values) throws LoopscopeException {
        if (run.capture().length() < 2) {
            throw new LoopscopeException("Loss: expected a run of two tokens or more, since the first one is not"
                    + " predicted, found one.");
        }
        return TokenLosses.of(run.inspection().lens(), values.get(MARGIN));
    }

    @Override
    public void check(TableKind table, boolean drawn, Values values, ExitRule rule) throws LoopscopeException {
        for (Setting<?> ofSets : List.of(RULES, CLASSES, WINDOW, STRIDE, COUNTED, GROUP)) {
            if (values.isSet(ofSets)) {
                throw new LoopscopeException(
                        "--" + ofSets.name() + ": expected --set or --read with it, found one run.");
            }
        }
    }

    @Override
    public RunTable table(TableKind table, RunInput run, Values values) throws LoopscopeException {
        TokenLosses losses = losses(run, values);
        String what = "cross-entropy of the next token in nats; a rise counts above " + values.text(MARGIN) + " nats; "
                + run.inspection().lens().statement();
        return table.equals(OF_STEPS)
                ? RunTable.of(losses.bySteps(), "means over " + losses.tokens() + " tokens, " + what)
                : RunTable.of(losses.byToken(), what).after(List.of("", RunLossFigures.overthinking(losses)));
    }

    @Override
    public Optional<? extends Figure> figure(FigureKind kind, RunInput run, Values values) throws LoopscopeException {
        if (kind.equals(TOKENS)) {
            return Optional.of(RunLossFigures.tokens(losses(run, values)));
        }
        return kind.equals(BY_STEP) ? Optional.of(RunLossFigures.steps(losses(run, values))) : Optional.empty();
    }
}
