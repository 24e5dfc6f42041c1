package org.loopscope.analysis.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.RuleSyntax;
import org.loopscope.model.exit.ThresholdScale;

/**
 * What a sweep compares, on one run of every prompt through all steps.
 *
 * @param steps T of the runs
 * @param rules in the order of the rows
 * @param generate tokens generated, at full depth, after a prompt that has no answer
 */
public record SweepPlan(int steps, List<SweepRule> rules, int generate) {
    private static final String ALL = "all";
    private static final int POINTS = 9;
    private static final MathContext DIGITS = new MathContext(4);

    public SweepPlan {
        rules = List.copyOf(rules);
        if (steps < 1 || steps > RunOptions.MAX_STEPS || rules.isEmpty() || generate < 0) {
            throw new IllegalArgumentException("plan: want 1 to 64 steps, a rule and no negative tokens, got " + steps
                    + ", " + rules.size() + ", " + generate);
        }
    }

    /**
     * Reads {@code --steps} and {@code --rules}.
     *
     * @param steps {@code 4} or {@code 1..8}: steps compared as fixed ones, the last being T
     * @param rules {@code all}, {@code none}, or a list such as {@code q:0.1..0.9,entropy:1,kl,oracle}: a kind of rule
     *     with one threshold, with a range (nine thresholds evenly on its scale, or as many as {@code /N} says; every
     *     number where steps are counted), or alone for nine over its whole scale; modifiers may stand behind each
     * @param vocabSize V, which bounds the entropy
     * @throws LoopscopeException with one sentence for what cannot be read
     */
    public static SweepPlan parse(String steps, String rules, int generate, int vocabSize) throws LoopscopeException {
        int[] range = steps(steps);
        int depth = range[1];
        Map<String, SweepRule> all = new LinkedHashMap<>(); // by spec, so that none is there twice
        for (int step = range[0]; step <= depth; step++) {
            add(all, List.of(SweepRule.of(ExitRule.fixed(step))));
        }
        String list = rules.strip().toLowerCase(Locale.ROOT);
        if (list.equals(ALL)) {
            list = Stream.concat(
                            RuleKind.tuned().stream().map(RuleKind::cliName),
                            SweepRule.COMPARED.stream().map(SweepRule::name))
                    .collect(Collectors.joining(","));
        }
        if (!list.equals("none")) {
            for (String part : RuleSyntax.split(list, ',')) {
                add(all, withModifiers(part.strip(), depth, vocabSize));
            }
        }
        if (generate < 0) {
            throw new LoopscopeException("Tokens to generate: expected 0 or more, found " + generate + ".");
        }
        return new SweepPlan(depth, List.copyOf(all.values()), generate);
    }

    private static void add(Map<String, SweepRule> all, Collection<SweepRule> more) {
        more.forEach(rule -> all.putIfAbsent(rule.spec(), rule));
    }

    private static int[] steps(String text) throws LoopscopeException {
        String[] ends = text.strip().split("\\.\\.", -1);
        try {
            int low = Integer.parseInt(ends[0].strip());
            int high = Integer.parseInt(ends[ends.length - 1].strip());
            if (ends.length <= 2 && low >= 1 && high >= low && high <= RunOptions.MAX_STEPS) {
                return new int[] {low, high};
            }
        } catch (NumberFormatException e) {
            throw stepsProblem(text, e);
        }
        throw stepsProblem(text, null);
    }

    private static LoopscopeException stepsProblem(
            String text, @org.jspecify.annotations.Nullable NumberFormatException cause) {
        return new LoopscopeException(
                "--steps: expected a number from 1 to " + RunOptions.MAX_STEPS + " or a range such as 1..8, found \""
                        + text + "\".",
                cause);
    }

    /** Modifiers behind a range hold for all its rules. */
    private static List<SweepRule> withModifiers(String text, int steps, int vocabSize) throws LoopscopeException {
        String base = RuleSyntax.split(text, '+').get(0);
        if (base.contains("(")) {
            return List.of(SweepRule.of(ExitRule.parse(text)));
        }
        List<SweepRule> rules = new ArrayList<>();
        for (SweepRule rule : rules(base, steps, vocabSize)) {
            rules.add(
                    base.equals(text)
                            ? rule
                            : SweepRule.of(ExitRule.parse(rule.spec() + text.substring(base.length()))));
        }
        return rules;
    }

    private static List<SweepRule> rules(String text, int steps, int vocabSize) throws LoopscopeException {
        for (SweepRule compared : SweepRule.COMPARED) {
            if (text.equals(compared.name())) {
                return List.of(compared);
            }
        }
        int colon = text.indexOf(':');
        if (colon < 0 && !text.equals(RuleKind.FULL.cliName())) {
            RuleKind kind = RuleKind.named(text);
            ThresholdScale scale = kind.scale(steps, vocabSize);
            double margin = kind.countsSteps() ? 0 : 0.1;
            return between(kind, scale, margin, 1 - margin, POINTS);
        }
        int dots = text.indexOf("..", colon + 1);
        if (dots < 0) {
            return List.of(SweepRule.of(ExitRule.parse(text)));
        }
        return range(text, RuleKind.named(text.substring(0, colon)), colon, dots, steps, vocabSize);
    }

    private static List<SweepRule> range(String text, RuleKind kind, int colon, int dots, int steps, int vocabSize)
            throws LoopscopeException {
        int slash = text.indexOf('/', dots);
        String name = text.substring(0, colon + 1);
        ExitRule low = ExitRule.parse(name + text.substring(colon + 1, dots));
        ExitRule high = ExitRule.parse(name + text.substring(dots + 2, slash < 0 ? text.length() : slash));
        int points = slash < 0 ? POINTS : points(text, text.substring(slash + 1));
        double from = RuleKind.threshold(low);
        double to = RuleKind.threshold(high);
        if (!(from < to)) {
            throw new LoopscopeException(
                    "--rules: expected a range from a smaller to a larger number, found \"" + text + "\".");
        }
        boolean logarithmic = kind.scale(steps, vocabSize).logarithmic() && from > 0;
        return between(kind, new ThresholdScale(from, to, logarithmic, kind.countsSteps()), 0, 1, points);
    }

    private static int points(String text, String number) throws LoopscopeException {
        try {
            int points = Integer.parseInt(number);
            if (points >= 2 && points <= 1000) {
                return points;
            }
        } catch (NumberFormatException e) {
            throw new LoopscopeException("--rules: expected a whole number after the / in \"" + text + "\".", e);
        }
        throw new LoopscopeException("--rules: expected 2 to 1000 thresholds after the / in \"" + text + "\".");
    }

    private static List<SweepRule> between(RuleKind kind, ThresholdScale scale, double low, double high, int points) {
        List<SweepRule> rules = new ArrayList<>();
        int n = kind.countsSteps() ? (int) Math.min(RunOptions.MAX_STEPS, scale.high() - scale.low() + 1) : points;
        for (int i = 0; i < n; i++) {
            double threshold = kind.countsSteps()
                    ? scale.low() + i
                    : new BigDecimal(scale.threshold(low + (high - low) * i / (n - 1)))
                            .round(DIGITS)
                            .doubleValue();
            rules.add(SweepRule.of(kind.rule(threshold)));
        }
        return rules;
    }

    /**
     * This plan for a model, which may lack a gate.
     *
     * @param given the list of rules as it was written: all leaves out those that read a gate, others are refused
     * @throws LoopscopeException if a rule of the list needs a gate that is not there
     */
    public SweepPlan on(LoopedModel model, String given) throws LoopscopeException {
        if (model.config().hasGate()) {
            return this;
        }
        if (!given.strip().equalsIgnoreCase(ALL)) {
            for (SweepRule rule : rules) {
                if (rule.needsGate()) {
                    model.requireGate("--rules, " + rule.spec());
                }
            }
        }
        return new SweepPlan(
                steps, rules.stream().filter(rule -> !rule.needsGate()).toList(), generate);
    }

    /** The rules as a list that {@link #parse} reads to the same; identifies the plan. */
    public String specs() {
        return specs(rules);
    }

    /** Rules as a list that {@link #parse} reads to the same. */
    public static String specs(List<SweepRule> rules) {
        return rules.stream().map(SweepRule::spec).collect(Collectors.joining(","));
    }
}
