package org.loopscope.model.exit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * The kinds of exit rule: how they are written, and over which thresholds they are tuned. There is one for each {@link Signal}. The
 * order is that of messages, of tables and of {@code all}.
 */
public final class RuleKind {
    public static final RuleKind FULL = new RuleKind("full", "full depth", "", "t = T", "T");
    public static final RuleKind FIXED = new RuleKind("fixed", "fixed step", "STEP", "t = STEP", "1");
    public static final RuleKind Q = new RuleKind(
            "q", "Q-exit", "THRESHOLD", "CDF(t) ≥ THRESHOLD (Zhu et al. 2025, arXiv:2510.25741, §3.2)", "1");
    public static final RuleKind SAME_TOP1 = new RuleKind(
            "same-top1",
            "same top-1",
            "STEPS",
            "the most probable token is that of the STEPS steps before it too",
            "STEPS + 1");

    private static final String ORACLE = "oracle";
    private static final List<RuleKind> ALL = all();

    private final String cliName;
    private final String title;
    private final String number;
    private final Optional<Signal> signal;
    private final String condition;
    private final String fromStep;

    private RuleKind(String cliName, String title, String number, String condition, String fromStep) {
        this.cliName = cliName;
        this.title = title;
        this.number = number;
        this.signal = Optional.empty();
        this.condition = condition;
        this.fromStep = fromStep;
    }

    private RuleKind(Signal signal) {
        this.cliName = signal.cliName();
        this.title = signal.title();
        this.number = signal.number();
        this.signal = Optional.of(signal);
        this.condition = signal.condition();
        this.fromStep = Integer.toString(signal.fromStep());
    }

    private static List<RuleKind> all() {
        List<RuleKind> all = new ArrayList<>(List.of(FULL, FIXED, Q));
        for (Signal signal : Signal.values()) {
            if (signal.readsStates() && !all.contains(SAME_TOP1)) { // behind the other rules on predictions
                all.add(SAME_TOP1);
            }
            all.add(new RuleKind(signal));
        }
        return List.copyOf(all);
    }

    /** All of them. */
    public static List<RuleKind> values() {
        return ALL;
    }

    /** Those that compare something, in the order of {@link #values}: all but full depth and fixed steps. */
    public static List<RuleKind> tuned() {
        return ALL.subList(2, ALL.size());
    }

    /** The kind of rule on a signal. */
    public static RuleKind of(Signal signal) {
        return ALL.stream()
                .filter(kind -> kind.signal.filter(signal::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return cliName;
    }

    /** The name on the command line and in files. */
    public String cliName() {
        return cliName;
    }

    /** The name on figures. */
    public String title() {
        return title;
    }

    /** Whether it reads an exit gate. */
    public boolean needsGate() {
        return this == Q;
    }

    /** Whether its number counts steps. */
    public boolean countsSteps() {
        return this == FIXED || this == SAME_TOP1;
    }

    /** The kind of a rule; of one that is made of others that of {@link ExitRule#primary}. */
    public static RuleKind of(ExitRule any) {
        ExitRule rule = any.primary();
        if (rule instanceof ExitRule.Threshold threshold) {
            return of(threshold.signal());
        }
        if (rule instanceof ExitRule.SameTop1) {
            return SAME_TOP1;
        }
        if (rule instanceof ExitRule.QExit) {
            return Q;
        }
        return rule instanceof ExitRule.FixedStep ? FIXED : FULL;
    }

    /** The number of a rule, of one that is made of others that of {@link ExitRule#primary}; NaN for {@link #FULL}. */
    public static double threshold(ExitRule any) {
        ExitRule rule = any.primary();
        if (rule instanceof ExitRule.Threshold threshold) {
            return threshold.threshold();
        }
        if (rule instanceof ExitRule.SameTop1 same) {
            return same.unchanged();
        }
        if (rule instanceof ExitRule.QExit q) {
            return q.q();
        }
        return rule instanceof ExitRule.FixedStep fixed ? fixed.step() : Double.NaN;
    }

    /**
     * The rule of this kind with a number, rounded where it counts steps; {@link #FULL} takes any.
     *
     * @throws IllegalArgumentException if the number is out of range
     */
    public ExitRule rule(double threshold) {
        if (signal.isPresent()) {
            return ExitRule.threshold(signal.get(), threshold);
        }
        if (this == FULL) {
            return ExitRule.full();
        }
        if (this == Q) {
            return ExitRule.q(threshold);
        }
        int steps = (int) Math.round(threshold);
        return this == FIXED ? ExitRule.fixed(steps) : ExitRule.sameTop1(steps);
    }

    /**
     * The thresholds that can make a difference, for sliders and sweeps; {@link #FULL} has none and gets 0 to 1.
     *
     * @param steps T
     * @param vocabSize V, whose logarithm no entropy exceeds
     */
    public ThresholdScale scale(int steps, int vocabSize) {
        if (countsSteps()) {
            return ThresholdScale.steps(1, Math.max(2, this == FIXED ? steps : steps - 1));
        }
        return signal.map(s -> s.scale(vocabSize)).orElse(ThresholdScale.linear(0, 1));
    }

    /** The threshold that a chooser begins with. */
    public double initial(int steps) {
        if (countsSteps()) {
            return this == FIXED ? Math.max(1, steps / 2) : 1;
        }
        return signal.map(Signal::initial).orElse(0.5);
    }

    /** How it is written, {@code entropy:NATS}. */
    public String written() {
        return number.isEmpty() ? cliName : cliName + ":" + number;
    }

    /** What lets a token go, with direction and denominator. */
    public String condition() {
        return condition;
    }

    /** The first step at which it can let a token go. */
    public String fromStep() {
        return fromStep;
    }

    /** What stands before its number on a slider. */
    public String symbol() {
        if (signal.isPresent()) {
            return signal.get().leavesAbove() ? "≥" : "≤";
        }
        return this == FULL ? "T" : this == FIXED ? "step" : this == Q ? "q" : "k";
    }

    /** {@code full, fixed:STEP, q:THRESHOLD, ...}, for messages and help. */
    public static String grammar() {
        return ALL.stream().map(RuleKind::written).collect(Collectors.joining(", "));
    }

    /**
     * The kind of that name.
     *
     * @throws LoopscopeException with one sentence if there is none
     */
    public static RuleKind named(String name) throws LoopscopeException {
        return named(name, name);
    }

    /** @param text that sentences quote */
    static ExitRule parse(String rule, String text) throws LoopscopeException {
        if (rule.equals(ORACLE) || rule.startsWith(ORACLE + "-") || rule.startsWith(ORACLE + ":")) {
            throw new LoopscopeException("Exit rule \"" + text
                    + "\": an oracle knows the answer before the loop has given it, so no run can follow it; it is for"
                    + " comparing rules afterwards, as loopscope sweep does.");
        }
        int colon = rule.indexOf(':');
        RuleKind kind = named(colon < 0 ? rule : rule.substring(0, colon), text);
        if ((kind == FULL) != (colon < 0)) {
            throw unknown(text);
        }
        return kind == FULL ? ExitRule.full() : kind.rule(text, rule.substring(colon + 1));
    }

    private static RuleKind named(String name, String text) throws LoopscopeException {
        for (RuleKind kind : ALL) {
            if (kind.cliName.equals(name)) {
                return kind;
            }
        }
        throw unknown(text);
    }

    private static LoopscopeException unknown(String text) {
        return new LoopscopeException(
                "Exit rule: expected one of " + grammar() + ", found " + ForeignText.quoted(text) + ".");
    }

    private ExitRule rule(String text, String number) throws LoopscopeException {
        try {
            return rule(countsSteps() ? Integer.parseInt(number) : Double.parseDouble(number));
        } catch (NumberFormatException e) {
            throw new LoopscopeException(
                    "Exit rule " + ForeignText.quoted(text) + ": expected "
                            + (countsSteps() ? "a whole number" : "a number") + " after the colon.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new LoopscopeException("Exit rule " + ForeignText.quoted(text) + ": " + e.getMessage() + ".", e);
        }
    }
}
