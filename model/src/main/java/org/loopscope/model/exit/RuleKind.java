package org.loopscope.model.exit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** The kinds of exit rule: how they are written, and over which thresholds they are tuned. */
public enum RuleKind {
    FULL("full", "full depth", ""),
    FIXED("fixed", "fixed step", "STEP"),
    Q("q", "Q-exit", "THRESHOLD"),
    ENTROPY(Signal.ENTROPY, "NATS"),
    MAX_PROBABILITY(Signal.MAX_PROBABILITY, "P"),
    MARGIN(Signal.MARGIN, "P"),
    KL(Signal.KL, "NATS"),
    SAME_TOP1("same-top1", "same top-1", "STEPS"),
    STATE_DIFFERENCE(Signal.STATE_DIFFERENCE, "RATIO"),
    ACCELERATION(Signal.ACCELERATION, "RATIO");

    private static final String ORACLE = "oracle";

    private final String cliName;
    private final String title;
    private final String number;
    private final Optional<Signal> signal;

    RuleKind(String cliName, String title, String number) {
        this.cliName = cliName;
        this.title = title;
        this.number = number;
        this.signal = Optional.empty();
    }

    RuleKind(Signal signal, String number) {
        this.cliName = signal.cliName();
        this.title = signal.title();
        this.number = number;
        this.signal = Optional.of(signal);
    }

    /** The name on the command line and in files. */
    public String cliName() {
        return cliName;
    }

    /** The name on figures. */
    public String title() {
        return title;
    }

    /** What the rule compares; empty for the rules of the gate and for {@link #SAME_TOP1}. */
    public Optional<Signal> signal() {
        return signal;
    }

    /** Whether its number counts steps. */
    public boolean countsSteps() {
        return this == FIXED || this == SAME_TOP1;
    }

    public static RuleKind of(ExitRule rule) {
        if (rule instanceof ExitRule.Threshold threshold) {
            return Arrays.stream(values())
                    .filter(kind ->
                            kind.signal.filter(threshold.signal()::equals).isPresent())
                    .findFirst()
                    .orElseThrow();
        }
        if (rule instanceof ExitRule.SameTop1) {
            return SAME_TOP1;
        }
        if (rule instanceof ExitRule.QExit) {
            return Q;
        }
        return rule instanceof ExitRule.FixedStep ? FIXED : FULL;
    }

    /** The number of a rule; NaN for {@link #FULL}. */
    public static double threshold(ExitRule rule) {
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
        return switch (this) {
            case FULL -> ExitRule.full();
            case FIXED -> ExitRule.fixed((int) Math.round(threshold));
            case SAME_TOP1 -> ExitRule.sameTop1((int) Math.round(threshold));
            case Q -> ExitRule.q(threshold);
            default -> ExitRule.threshold(signal.orElseThrow(), threshold);
        };
    }

    /**
     * The thresholds that can make a difference, for sliders and sweeps; {@link #FULL} has none and gets 0 to 1.
     *
     * @param steps T
     * @param vocabSize V, whose logarithm no entropy exceeds
     */
    public ThresholdScale scale(int steps, int vocabSize) {
        return switch (this) {
            case FIXED -> ThresholdScale.steps(1, Math.max(2, steps));
            case SAME_TOP1 -> ThresholdScale.steps(1, Math.max(2, steps - 1));
            case ENTROPY -> ThresholdScale.linear(0, Math.ceil(10 * Math.log(Math.max(2, vocabSize))) / 10);
            case KL -> ThresholdScale.logarithmic(1e-4, 10);
            case STATE_DIFFERENCE -> ThresholdScale.logarithmic(0.01, 10);
            default -> ThresholdScale.linear(0, 1);
        };
    }

    /** The threshold that a chooser begins with. */
    public double initial(int steps) {
        return switch (this) {
            case FIXED -> Math.max(1, steps / 2);
            case SAME_TOP1 -> 1;
            case ENTROPY -> 1;
            case MAX_PROBABILITY -> 0.9;
            case KL -> 0.01;
            case STATE_DIFFERENCE -> 0.3;
            default -> 0.5;
        };
    }

    /** {@code full, fixed:STEP, q:THRESHOLD, ...}, for messages and help. */
    public static String grammar() {
        return Arrays.stream(values())
                .map(kind -> kind.number.isEmpty() ? kind.cliName : kind.cliName + ":" + kind.number)
                .collect(Collectors.joining(", "));
    }

    /**
     * The kind of that name.
     *
     * @throws LoopscopeException with one sentence if there is none
     */
    public static RuleKind named(String name) throws LoopscopeException {
        return named(name, name);
    }

    static ExitRule parse(String text) throws LoopscopeException {
        String rule = text.strip().toLowerCase(Locale.ROOT);
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
        for (RuleKind kind : values()) {
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
