package org.loopscope.plugin.exit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.sweep.ExitRecipe;
import org.loopscope.analysis.sweep.PromptMeasure;
import org.loopscope.analysis.sweep.SweepChoice;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPlan;
import org.loopscope.analysis.sweep.SweepPoint;
import org.loopscope.analysis.sweep.SweepRow;
import org.loopscope.analysis.sweep.SweepRule;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.ChartFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.FileKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Job;
import org.loopscope.lab.MeasuredOn;
import org.loopscope.lab.PromptJob;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetWords;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;

/** What each exit rule would save and cost on a set of prompts. */
public final class SweepLab implements SetLab<Prompt, SweepRow.InFile, SweepData> {
    static final FigureKind CURVE = new FigureKind("curve", SweepFigure.ID, "Quality and compute of exit rules");

    static final Setting<String> RULES = Setting.text("rules", "a list of rules")
            .means(
                    "all, none, or a list such as q:0.1..0.9,entropy:1,kl,oracle: a rule with one threshold, with a range"
                            + " (nine thresholds, or /N of them), or alone for nine over its scale.")
            .or("all");
    static final Setting<String> STEPS = Setting.text("steps", "a number of loops, or a range such as 1..8")
            .means("Fixed steps that are compared as well, A..B; the last one is T.")
            .or(model -> "1.." + model.config().trainedSteps(), "1 to the trained T");
    static final Setting<Integer> GENERATE = PromptJob.generate(0);
    static final Setting<Double> BUDGET = Setting.real("budget", 1, "loop")
            .means("Mean loops within which each rule's best threshold is named.")
            .orNothing("0.625 T")
            .forShowing();
    static final Setting<Double> COST = Setting.real("cost", 0, "")
            .means("Name the threshold with the largest quality - COST * mean loops / T instead.")
            .orNothing("by budget")
            .forShowing();
    static final Setting<Boolean> BY_GROUP = Setting.flag("by-group")
            .means("The table for every group of prompts as well.")
            .forShowing();

    static final Setting<Boolean> UPPER = Setting.flag("upper-bound")
            .called("budget holds for the upper end")
            .means("Keep the budget with the upper end of the 95 % interval of mean loops, not with the mean.")
            .forShowing();
    static final Setting<Boolean> SPLIT = Setting.flag("split")
            .called("choose on one half, report on the other")
            .means(
                    "Choose thresholds on one half of the prompts, taken at random but always the same, and say what they reach"
                            + " on the other.")
            .forShowing();
    static final Setting<String> CHOOSE_ON = Setting.text("choose-on", "rows of loopscope sweep")
            .called("choose on rows")
            .means(
                    "Choose thresholds on the rows of another sweep, such as of a development set, and say what they reach on"
                            + " these.")
            .orNothing("these rows")
            .forShowing();
    static final Setting<String> AGAINST = Setting.text("against", "a rule of these rows, such as fixed:4")
            .called("differences to")
            .means(
                    "Also by how much each rule's threshold is better and takes more loops than this rule, on the same prompts.")
            .orNothing("none")
            .forShowing();

    static final Setting<String> RECIPE_RULE = Setting.text("recipe-rule", "an exit rule, or a kind of rules")
            .means("With --save-recipe: the rule, such as q:0.5, or its kind for the best threshold.")
            .orNothing("the best of all kinds")
            .forShowing();

    private static final FileKind RECIPE = new FileKind(
            "save-recipe",
            "Save recipe",
            "Write an exit recipe: the best rule, or that of --recipe-rule, with what it reaches on this set; --exit-recipe"
                    + " of other commands and the window apply it.",
            "json");

    /** Share of T; 2.5 of 4 loops, where Zhu et al. 2025 (arXiv:2510.25741) §5.4.1 compare exit rules. */
    static final double USUAL_BUDGET = 0.625;

    @Override
    public String id() {
        return "sweep";
    }

    @Override
    public String title() {
        return "Quality and compute";
    }

    @Override
    public String summary() {
        return "Runs every prompt of a set through all loop steps once and shows what each exit rule would save and cost there.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/people.jsonl --out people.csv --figure people.svg",
                "--model ./Ouro-1.4B --set set.jsonl --rules q:0.1..0.9,entropy,oracle --out sweep.csv",
                "--read people.csv --budget 2.5 --json");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, RULES, GENERATE, BUDGET, COST, UPPER, SPLIT, CHOOSE_ON, AGAINST, BY_GROUP, RECIPE_RULE);
    }

    @Override
    public void check(Values values) throws LoopscopeException {
        if (values.isSet(COST) && values.isSet(BUDGET)) {
            throw new LoopscopeException(
                    "--cost: expected 0 or more, and no --budget with it, found " + values.text(COST) + ".");
        }
        if (values.get(SPLIT) && values.isSet(CHOOSE_ON)) {
            throw new LoopscopeException("--split: expected no --choose-on with it, found both.");
        }
        if (values.get(UPPER) && values.isSet(COST)) {
            throw new LoopscopeException("--upper-bound: expected a budget with it, found --cost.");
        }
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(CURVE);
    }

    @Override
    public String help() {
        return GuideText.section("exit-lab", "Quality and compute");
    }

    @Override
    public PromptKind<Prompt> prompts() {
        return PromptKind.PROMPTS;
    }

    @Override
    public Columns<SweepRow.InFile> columns(Values values) {
        return SweepRow.TABLE;
    }

    @Override
    public Job<SweepRow.InFile> job(LoopedModel model, List<Prompt> items, Values values) throws LoopscopeException {
        SweepPlan plan = SweepPlan.parse(
                        values.get(STEPS),
                        values.get(RULES),
                        values.get(GENERATE),
                        model.config().vocabSize())
                .on(model, values.get(RULES));
        PromptMeasure measure = new PromptMeasure(model, plan);
        return new PromptJob<>(model, items, plan.steps(), plan.generate()) {
            @Override
            protected List<SweepRow.InFile> rows(int number, Prompt prompt, PromptText text, Reader run)
                    throws LoopscopeException {
                return measure.rows(number, prompt, text, run.run(text.ids(), false), run.control()).stream()
                        .map(row -> new SweepRow.InFile(row, origin()))
                        .toList();
            }

            @Override
            protected SweepRow.InFile problem(int number, Prompt prompt) {
                return new SweepRow.InFile(SweepRow.problem(number, group(prompt), steps()), origin());
            }

            @Override
            public Map<String, String> identity() { // as they were understood: the same list may be written in two ways
                return Map.of(RULES.label(), plan.specs(), STEPS.label(), Integer.toString(plan.steps()));
            }
        };
    }

    @Override
    public SweepData summarise(Path rows) throws LoopscopeException {
        return SweepData.read(rows);
    }

    /** Mean loops within which a threshold is the best. */
    static double budget(SweepData data, Values values) {
        return values.find(BUDGET).orElse(Math.max(1, USUAL_BUDGET * data.steps()));
    }

    @Override
    public Optional<ChartFigure> figure(FigureKind kind, SweepData data, Values values) throws LoopscopeException {
        return Optional.of(SweepFigure.of(
                SweepHalves.of(data, values).main(Optional.empty(), values), Optional.empty(), budget(data, values)));
    }

    @Override
    public Findings findings(SweepData data, Values values) throws LoopscopeException {
        SweepHalves halves = SweepHalves.of(data, values);
        Scope scope = data.mainScope();
        Findings found = new Findings()
                .line("Model      " + SetWords.model(data.model()))
                .line("Prompts    " + data.prompts() + SetWords.skipped(data.problems()))
                .line("Steps      T = " + data.steps())
                .line("Quality    " + SweepData.mainQuality(scope).title() + ", " + scope.title()
                        + "; 95 % intervals over prompts");
        if (halves.apart()) {
            found.line("Thresholds chosen on " + halves.choosing().prompts() + " prompts"
                    + values.find(CHOOSE_ON)
                            .map(file -> " of " + SetWords.model(file))
                            .orElse("")
                    + ", reported on " + halves.reporting().prompts() + " others");
        }
        SweepChoice main = halves.main(Optional.empty(), values);
        found.line("").table(table(data, main, values));
        if (values.isSet(AGAINST)) {
            found.line("").table(differences(halves.reporting(), main, values));
        }
        if (values.get(BY_GROUP)) {
            for (String group : data.groups()) {
                found.line("")
                        .line(SetWords.model(group))
                        .table(table(data, halves.main(Optional.of(group), values), values));
            }
        }
        found.line("").line("Savings are nominal: loops left out if leaving cost nothing.");
        found.put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("prompts", data.prompts())
                .put("prompts_not_measured", data.problems());
        values.find(COST)
                .ifPresentOrElse(cost -> found.put("cost", cost), () -> found.put("budget", budget(data, values)));
        if (halves.apart()) {
            found.put(
                    "chosen_on",
                    new Findings()
                            .put("prompts", halves.choosing().prompts())
                            .put("rows", values.find(CHOOSE_ON).orElse(null))
                            .data());
            found.put("reported_on", halves.reporting().prompts());
        }
        return found.put("curves", curves(halves, values));
    }

    @Override
    public List<FileKind> files() {
        return List.of(RECIPE);
    }

    @Override
    public String file(FileKind kind, SweepData data, Values values, MeasuredOn from) throws LoopscopeException {
        SweepChoice curve = SweepHalves.of(data, values).main(Optional.empty(), values);
        double budget = values.isSet(COST) ? Double.NaN : budget(data, values);
        return ExitRecipe.of(
                        curve.reporting(),
                        recipeRule(data, curve, values),
                        from.model(),
                        from.set(),
                        budget,
                        ProgramVersion.get())
                .json();
    }

    private static ExitRule recipeRule(SweepData data, SweepChoice choice, Values values) throws LoopscopeException {
        SweepCurve curve = choice.reporting();
        String wanted = values.find(RECIPE_RULE).map(String::strip).orElse("");
        if (!wanted.isEmpty()
                && (!curve.rules().contains(wanted) || curve.point(wanted).isPresent())) {
            return recipeRule(wanted, curve);
        }
        Optional<SweepPoint> best = curve.rules().stream()
                .filter(rule -> wanted.isEmpty() ? !SweepRule.isCompared(rule) : rule.equals(wanted))
                .flatMap(rule -> best(data, choice, rule, values).stream())
                .max(Comparator.comparingDouble(SweepPoint::quality)
                        .thenComparing(Comparator.comparingDouble(SweepPoint::meanLoops)
                                .reversed()));
        return ExitRule.parse(best.orElseThrow(() -> new LoopscopeException(
                        "--save-recipe: expected a rule that stays within the budget, found none in these rows."))
                .spec());
    }

    /** A rule with its number, or a combination: with what was measured of it or without. */
    private static ExitRule recipeRule(String wanted, SweepCurve curve) throws LoopscopeException {
        String kind = wanted.replaceFirst("\\+.*", "");
        if (RuleKind.tuned().stream().anyMatch(known -> known.cliName().equals(kind))) {
            throw new LoopscopeException(
                    "--" + RECIPE_RULE.name() + ": expected a rule with its number, or a kind of these rows, "
                            + String.join(" or ", curve.rules()) + ", found " + ForeignText.quoted(wanted) + ".");
        }
        return ExitRule.parse(wanted);
    }

    /** A rule in the table, with the point that is shown of it. */
    private record Best(String rule, Optional<SweepPoint> point) {
        double of(Function<SweepPoint, Double> value) {
            return point.map(value).orElse(Double.NaN);
        }
    }

    private static Optional<SweepPoint> best(SweepData data, SweepChoice curve, String rule, Values values) {
        return values.find(COST)
                .map(cost -> curve.bestAtCost(rule, cost))
                .orElseGet(() -> curve.bestWithin(rule, budget(data, values)));
    }

    private static Rows<Best> table(SweepData data, SweepChoice choice, Values values) {
        SweepCurve curve = choice.reporting();
        List<Best> rules = new ArrayList<>();
        for (String rule : curve.rules()) {
            rules.add(new Best(
                    rule,
                    values.isSet(COST) ? best(data, choice, rule, values) : choice.shown(rule, budget(data, values))));
        }
        curve.point("fixed:" + curve.steps()).ifPresent(p -> rules.add(new Best("full depth", Optional.of(p))));
        String heading = values.find(COST)
                .map(cost -> String.format(Locale.ROOT, "best at cost %.3g", cost))
                .orElse(String.format(Locale.ROOT, "best within %.2f loops", budget(data, values)));
        Rows<Best> rows = Rows.of(rules)
                .text("", "rule", Best::rule)
                .text("", heading, best -> best.point().map(SweepPoint::spec).orElse("none"))
                .number("", "mean loops", 2, best -> best.of(SweepPoint::meanLoops))
                .text("", "fewer", best -> best.point()
                        .map(p -> String.format(Locale.ROOT, "%.0f %%", 100 * (1 - p.meanLoops() / curve.steps())))
                        .orElse(""))
                .number("", curve.quality().title(), 3, best -> best.of(SweepPoint::quality))
                .interval("", 3, best -> best.point().map(SweepPoint::interval).orElse(Interval.NONE));
        return !choice.apart()
                ? rows
                : rows.number("", "where chosen", 3, best -> best.point()
                        .flatMap(p -> choice.choosing().point(p.spec()))
                        .map(SweepPoint::quality)
                        .orElse(Double.NaN));
    }

    /** Each rule's threshold minus {@link #AGAINST}, on the same prompts. */
    private static Rows<Against> differences(SweepData data, SweepChoice choice, Values values)
            throws LoopscopeException {
        SweepCurve curve = choice.reporting();
        String against = ExitRule.parse(values.get(AGAINST)).spec();
        if (curve.point(against).isEmpty()) {
            throw new LoopscopeException("--against: expected a rule of these rows, found "
                    + ForeignText.quoted(against) + ", which they do not have.");
        }
        List<Against> all = new ArrayList<>();
        for (String rule : curve.rules()) {
            Optional<SweepPoint> point =
                    values.isSet(COST) ? best(data, choice, rule, values) : choice.shown(rule, budget(data, values));
            point.filter(p -> !p.spec().equals(against))
                    .flatMap(p -> data.difference(curve.scope(), curve.quality(), p.spec(), against)
                            .map(difference -> new Against(p.spec(), difference)))
                    .ifPresent(all::add);
        }
        return Rows.of(all)
                .text("", "minus " + against, Against::spec)
                .number("", "prompts", 0, a -> a.difference().prompts())
                .number("", curve.quality().title(), 3, a -> a.difference().quality())
                .interval("", 3, a -> a.difference().qualityInterval())
                .number("", "loops", 2, a -> a.difference().loops())
                .interval("", 2, a -> a.difference().loopsInterval());
    }

    private record Against(String spec, SweepData.Difference difference) {}

    /** Every curve that the rows allow. */
    private static List<Map<String, @Nullable Object>> curves(SweepHalves halves, Values values) {
        SweepData data = halves.reporting();
        List<Map<String, @Nullable Object>> curves = new ArrayList<>();
        for (Scope scope : data.scopes()) {
            for (Quality quality : Quality.values()) {
                if (quality != Quality.ACCURACY || scope == Scope.ANSWER) {
                    curves.add(curve(data, halves.curves(scope, quality, Optional.empty(), values), values));
                    data.groups()
                            .forEach(g -> curves.add(
                                    curve(data, halves.curves(scope, quality, Optional.of(g), values), values)));
                }
            }
        }
        return curves;
    }

    private static Map<String, @Nullable Object> curve(SweepData data, SweepChoice choice, Values values) {
        SweepCurve curve = choice.reporting();
        Map<String, @Nullable Object> best = new LinkedHashMap<>();
        curve.rules()
                .forEach(rule -> best.put(
                        rule,
                        best(data, choice, rule, values).map(SweepPoint::spec).orElse(null)));
        return new Findings()
                .put("scope", curve.scope().cliName())
                .put("quality", curve.quality().name().toLowerCase(Locale.ROOT))
                .put("group", curve.group().orElse(null))
                .put("best", best)
                .put("points", curve.points().stream().map(SweepLab::point).toList())
                .data();
    }

    private static Map<String, @Nullable Object> point(SweepPoint p) {
        return new Findings()
                .put("rule", p.rule())
                .put("threshold", p.threshold())
                .put("spec", p.spec())
                .put("prompts", p.prompts())
                .put("tokens", p.tokens())
                .put("mean_loops", p.meanLoops())
                .put("mean_loops_interval", ends(p.loops()))
                .put("quality", p.quality())
                .put("quality_interval", ends(p.interval()))
                .data();
    }

    private static List<@Nullable Double> ends(Interval interval) {
        return Arrays.asList(Findings.finite(interval.low()), Findings.finite(interval.high()));
    }
}
