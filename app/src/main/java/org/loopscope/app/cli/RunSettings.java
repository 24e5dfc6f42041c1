package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.sweep.ExitRecipe;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a prompt is run; the same options for every command that runs one. */
final class RunSettings {
    /** Threshold of the exit steps that are shown when no rule was given; the window starts with it too. */
    private static final int DRAFT_TOKENS = 4;

    @Option(
            names = "--steps",
            paramLabel = "T",
            description = "Recurrent steps, 1 to 64. Default: as many as the model was trained with.")
    @Nullable
    Integer steps;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "float32",
            description =
                    "How weights are held and products computed: float32; bf16-weights (the same numbers in half the"
                            + " memory, for bfloat16 checkpoints); bfloat16 (rounded products, faster); int8-weights (rounded"
                            + " weights). Default: float32.")
    String precision = "float32";

    @Option(names = "--layers", description = "Keep the residual stream after every layer of every step as well.")
    boolean layers;

    @Option(
            names = "--generate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Generate up to N tokens (exactly N after --token-ids). Default: none.")
    int generate;

    @Option(
            names = "--exit-rule",
            paramLabel = "RULE",
            description =
                    "full, fixed:STEP, q:THRESHOLD, or another rule with its threshold, such as entropy:1 (loopscope exit --help"
                            + " lists all): from which step a generated token is read, and the exit steps that are shown."
                            + " Default: text is generated at full depth and the exit steps shown are those of q:0.5.")
    @Nullable
    String exitRule;

    @Option(
            names = "--exit-recipe",
            paramLabel = "FILE",
            description =
                    "The exit rule of a recipe, as loopscope sweep --save-recipe writes it, instead of --exit-rule.")
    @Nullable
    Path exitRecipe;

    @Option(
            names = "--kv",
            paramLabel = "POLICY",
            defaultValue = "full",
            description = "What is kept of earlier tokens while generating: full, last-step, first-step or averaged."
                    + " Default: full.")
    String kv = "full";

    @Option(
            names = "--skip-loops",
            description =
                    "With --generate and --exit-rule: do not compute the loops after the step where a generated token"
                            + " leaves. Default: all are computed while generating.")
    boolean skipLoops;

    @Option(
            names = "--draft-step",
            paramLabel = "STEP",
            description = "With --generate: draft tokens at this step and verify them at full depth; the same text as"
                    + " without, with fewer passes.")
    @Nullable
    Integer draftStep;

    @Option(
            names = "--draft-tokens",
            paramLabel = "K",
            description = "With --draft-step: tokens drafted before they are verified. Default: 4.")
    @Nullable
    Integer draftTokens;

    @Mixin
    final SpecialTokensOption specialTokens = new SpecialTokensOption();

    @Option(names = "--chat", description = "Put the prompt into the model's chat form: its chat template, or ChatML.")
    boolean chat;

    @Option(names = "--no-stop", description = "Do not stop at an end token; generate exactly N tokens.")
    boolean noStop;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0",
            description = "0 takes the most probable token; larger values sample more freely. Default: 0.")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Sample from the most probable tokens that together reach this probability, above 0 up to 1."
                    + " Default: 1.")
    double topP = 1;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the sampling; the same seed gives the same text. Default: 0.")
    long seed;

    /**
     * The options for a model trained with {@code trainedSteps}, checked.
     *
     * @throws LoopscopeException with one sentence for the first value that is out of range
     */
    RunOptions options(int trainedSteps, Set<Integer> stopIds) throws LoopscopeException {
        check();
        ExitRule generation = givenRule().orElse(ExitRule.full());
        int wanted = steps == null ? trainedSteps : steps;
        return new RunOptions(
                wanted,
                layers,
                generate,
                generation,
                KvPolicy.parse(kv),
                new Sampling(temperature, topP, seed),
                noStop ? Set.of() : stopIds,
                decoding());
    }

    /** Refuses what cannot be used, before a model is opened. */
    void check() throws LoopscopeException {
        Checks.steps(steps, 1);
        if (generate < 0) {
            throw new LoopscopeException("Tokens to generate: expected 0 or more, found " + generate + ".");
        }
        if (!(temperature >= 0 && temperature <= 100)) {
            throw new LoopscopeException("Temperature: expected a number from 0 to 100, found " + temperature + ".");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new LoopscopeException("Top-p: expected a number above 0 and up to 1, found " + topP + ".");
        }
        KvPolicy.parse(kv);
        precision();
        givenRule();
    }

    /** In which precision the model is opened. */
    Precision precision() throws LoopscopeException {
        return Precision.parse(precision);
    }

    /** Refuses ways to generate that do not go together. */
    void checkDecoding() throws LoopscopeException {
        Checks.require(
                !skipLoops || draftStep == null,
                "--skip-loops and --draft-step are two ways to generate: expected one of them.");
        Checks.require(
                draftTokens == null || draftStep != null,
                "--draft-tokens says how many tokens are drafted: expected --draft-step STEP with it.");
        Checks.require(draftStep == null || draftStep >= 1, "Draft step: expected 1 or more, found " + draftStep + ".");
        Checks.require(
                draftTokens == null || draftTokens >= 1,
                "Draft tokens: expected 1 or more, found " + draftTokens + ".");
        Checks.require(
                generate > 0 || !(skipLoops || draftStep != null),
                (skipLoops ? "--skip-loops" : "--draft-step")
                        + " says how tokens are generated: expected --generate N with it.");
        Checks.require(
                !skipLoops || exitRule != null || exitRecipe != null,
                "--skip-loops skips the loops after a token has left: expected --exit-rule RULE with it.");
    }

    private Decoding decoding() {
        if (draftStep != null) {
            return Decoding.draftAndVerify(draftStep, draftTokens == null ? DRAFT_TOKENS : draftTokens);
        }
        return skipLoops ? Decoding.skipLoops() : Decoding.everyLoop();
    }

    /** The rule whose exit steps are shown. */
    ExitRule shownRule() throws LoopscopeException {
        return givenRule().orElse(ExitRule.usual(true));
    }

    /** The same for a run, which may have no gate to read a rule from. */
    ExitRule shownRule(Capture capture) throws LoopscopeException {
        ExitRule rule = givenRule().orElse(ExitRule.usual(capture.hasGates()));
        capture.requireGates(rule);
        return rule;
    }

    private Optional<ExitRule> givenRule() throws LoopscopeException {
        Checks.require(
                exitRule == null || exitRecipe == null,
                "--exit-recipe names a file with an exit rule: expected no --exit-rule with it, found " + exitRule
                        + ".");
        if (exitRecipe != null) {
            return Optional.of(ExitRecipe.read(exitRecipe).rule());
        }
        return exitRule == null ? Optional.empty() : Optional.of(ExitRule.parse(exitRule));
    }

    /** Says what a recipe promises, and where this model is not the one it was measured with. */
    void tellRecipe(ModelInfo model, ProgressLine line) throws LoopscopeException {
        if (exitRecipe != null) {
            ExitRecipe.read(exitRecipe).on(model).forEach(line::tell);
        }
    }
}
