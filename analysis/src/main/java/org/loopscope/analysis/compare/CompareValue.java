package org.loopscope.analysis.compare;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;

/** What is compared at an aligned token and loop. */
public enum CompareValue {
    PROBABILITY("probability", "top-1 probability", "", Of.EACH_RUN, Needs.WORDS),
    ANSWER("answer", "probability of A's answer", "", Of.EACH_RUN, Needs.DISTRIBUTIONS),
    TOKEN("token", "probability of the chosen token", "", Of.EACH_RUN, Needs.DISTRIBUTIONS),
    ENTROPY("entropy", "entropy", "nats", Of.EACH_RUN, Needs.NOTHING),
    KL_TO_LAST("kl-to-last", "KL to full depth", "nats", Of.EACH_RUN, Needs.WORDS),
    RANK("rank", "rank of final answer", "", Of.EACH_RUN, Needs.WORDS),
    LAMBDA("lambda", "exit gate λ", "", Of.EACH_RUN, Needs.GATE),
    PDF("pdf", "exit p(t)", "", Of.EACH_RUN, Needs.GATE),
    CDF("cdf", "exit CDF", "", Of.EACH_RUN, Needs.GATE),
    EXIT_STEP("exit-step", "exit step", "", Of.EACH_RUN, Needs.NOTHING),
    SAME_TOP1("same-top1", "same top-1 as A", "", Of.PAIR, Needs.WORDS),
    KL("kl", "KL(A ‖ run)", "nats", Of.PAIR, Needs.DISTRIBUTIONS),
    DISTANCE("distance", "distance |h − h_A| / |h_A|", "", Of.PAIR, Needs.STATES),
    COSINE("cosine", "cosine of h and h_A", "", Of.PAIR, Needs.STATES);

    private enum Of {
        EACH_RUN,
        PAIR
    }

    private enum Needs {
        NOTHING,
        /** That both have an exit gate. */
        GATE,
        /** That ids mean the same in both. */
        WORDS,
        /** That, and both unembeddings, see {@link DistributionPairs}. */
        DISTRIBUTIONS,
        /** States of the same length, see {@link StatePairs}. */
        STATES
    }

    private final String cliName;
    private final String name;
    private final String unit;
    private final Of of;
    private final Needs needs;

    CompareValue(String cliName, String name, String unit, Of of, Needs needs) {
        this.cliName = cliName;
        this.name = name;
        this.unit = unit;
        this.of = of;
        this.needs = needs;
    }

    /** The name on the command line and, with underscores, in tables ({@code chosen_token} for the token). */
    public String cliName() {
        return cliName;
    }

    /** What it is, in a choice or a title. */
    public String title() {
        return name;
    }

    /** What it is, with its unit. */
    public String label() {
        return unit.isEmpty() ? name : name + " (" + unit + ")";
    }

    /** Whether it exists only between run A and another one; otherwise every run has it, and there are differences. */
    public boolean pair() {
        return of == Of.PAIR;
    }

    /** Whether it is the same at every loop of a token. */
    public boolean perToken() {
        return this == EXIT_STEP;
    }

    public boolean needsSameWords() {
        return needs == Needs.WORDS || needs == Needs.DISTRIBUTIONS;
    }

    public boolean needsGate() {
        return needs == Needs.GATE;
    }

    public boolean needsDistributions() {
        return needs == Needs.DISTRIBUTIONS;
    }

    public boolean needsStates() {
        return needs == Needs.STATES;
    }

    /**
     * Reads a {@link #cliName}.
     *
     * @throws LoopscopeException with one sentence if it is none
     */
    public static CompareValue parse(String text) throws LoopscopeException {
        return Arrays.stream(values())
                .filter(value -> value.cliName.equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> new LoopscopeException("--value: expected "
                        + Arrays.stream(values()).map(CompareValue::cliName).collect(Collectors.joining(", "))
                        + ", found \"" + text + "\"."));
    }

    @Override
    public String toString() {
        return name;
    }
}
