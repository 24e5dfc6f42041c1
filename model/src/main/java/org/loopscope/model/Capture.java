package org.loopscope.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.base.ByteSize;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.Site;
import org.loopscope.model.states.StateSpace;
import org.loopscope.model.states.States;
import org.loopscope.model.tokenizer.AddedTokens;

/**
 * What one run left behind: states of every step of every token, gate logits where the model has a gate, and what is needed
 * to replay it.
 * Immutable; owns its memory. A capture of T steps answers every question about fewer steps for the same tokens.
 *
 * <p>Steps are 1-based, positions and layers 0-based.
 */
public final class Capture {
    private final ModelInfo model;
    private final LoopConfig config;
    private final RunOptions options;
    private final String prompt;
    private final int promptLength;
    private final int[] tokenIds; // [S]
    private final List<String> tokenTexts; // [S]
    private final float[][] gateLogits; // [T][S], or [0] without a gate
    private final States hiddenStates; // [T, S * d]
    private final States layerStates; // [T * (L + 1), S * d], or [0, 0]
    private final States readouts; // [T, S * d], or [0, 0] where h_t itself is unembedded
    private final int[] generationExitSteps; // [S - promptLength], the step each generated token was read from
    private final Instant startedAt;
    private final long elapsedMillis;
    private final Optional<String> problem;
    private final Optional<GenerationReport> generationReport;
    private final List<String> interventions;
    private final Optional<String> chat;
    private final int addedBefore;
    private final int addedAfter;

    private Capture(Builder b) {
        this.model = b.model;
        this.config = b.config;
        this.options = b.options;
        this.prompt = b.prompt;
        this.promptLength = b.promptLength;
        this.tokenIds = b.tokenIds.clone();
        this.tokenTexts = List.copyOf(b.tokenTexts);
        this.gateLogits = b.gateLogits;
        this.hiddenStates = b.hiddenStates;
        this.layerStates = b.layerStates;
        this.readouts = b.readouts;
        this.generationExitSteps = b.generationExitSteps.clone();
        this.startedAt = b.startedAt;
        this.elapsedMillis = b.elapsedMillis;
        this.problem = b.problem;
        this.generationReport = b.generationReport;
        this.interventions = List.copyOf(b.interventions);
        this.chat = b.chat;
        this.addedBefore = b.addedBefore;
        this.addedAfter = b.addedAfter;
        checkShapes();
    }

    private void checkShapes() {
        int s = tokenIds.length;
        int d = config.hiddenSize();
        require(s > 0, "token ids: want at least one, got none");
        require(promptLength >= 1 && promptLength <= s, "prompt length: want 1 to " + s + ", got " + promptLength);
        require(
                addedBefore >= 0 && addedAfter >= 0 && (long) addedBefore + addedAfter <= promptLength,
                "special tokens: want at most " + promptLength + ", got " + addedBefore + " and " + addedAfter);
        require(tokenTexts.size() == s, "token texts: want " + s + ", got " + tokenTexts.size());
        require(steps() >= 1, "hidden states: want at least one step");
        requireShape("hidden states", hiddenStates, steps(), s * d);
        checkReadouts(s * d);
        require(
                gateLogits.length == (config.hasGate() ? steps() : 0),
                "gate logits: want those of " + (config.hasGate() ? steps() + " steps" : "no step, without a gate")
                        + ", got " + gateLogits.length);
        require(
                generationExitSteps.length == s - promptLength,
                "generation exit steps: want " + (s - promptLength) + ", got " + generationExitSteps.length);
        generationReport.ifPresent(this::checkReport);
        for (int t = 0; t < gateLogits.length; t++) {
            require(gateLogits[t].length == s, "gate logits of step " + (t + 1) + ": want " + s);
        }
        if (hasLayerStates()) {
            requireShape("layer states", layerStates, steps() * (config.layers() + 1), s * d);
        }
    }

    /** Where steps are not normed, what is unembedded is another state than h_t, and there is no telling it from that. */
    private void checkReadouts(int length) {
        require(
                readouts.planes() > 0 != config.shape().normed(),
                "readouts: want them exactly where steps are not normed");
        if (readouts.planes() > 0) {
            requireShape("readouts", readouts, steps(), length);
        }
    }

    private static void requireShape(String name, States states, int planes, int length) {
        require(
                states.planes() == planes && states.length() == length,
                name + ": want [" + planes + ", " + length + "] numbers, got [" + states.planes() + ", "
                        + states.length() + "]");
    }

    private void checkReport(GenerationReport report) {
        if (report instanceof GenerationReport.SkippedLoops skipped) {
            int tokens = skipped.gateLogits().size();
            require(
                    tokens == length() - promptLength,
                    "gate logits while generating: want " + (length() - promptLength) + " tokens, got " + tokens);
            for (int i = 0; i < tokens; i++) {
                int ran = skipped.stepsRun(i);
                require(
                        ran >= 1 && ran <= steps(),
                        "gate logits while generating token " + i + ": want 1 to " + steps() + ", got " + ran);
            }
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }

    public ModelInfo model() {
        return model;
    }

    public LoopConfig config() {
        return config;
    }

    public RunOptions options() {
        return options;
    }

    /** The text that was typed, or the empty string when the run was given token ids. */
    public String prompt() {
        return prompt;
    }

    /**
     * What put the prompt into a chat form: the file of the model with the template, or {@code ChatML}; empty for a prompt that
     * was given as it is, or a file of before this was kept.
     */
    public Optional<String> chat() {
        return chat;
    }

    /** Tokens that were given; those from here to {@link #length()} were generated. */
    public int promptLength() {
        return promptLength;
    }

    /** S, given and generated tokens. */
    public int length() {
        return tokenIds.length;
    }

    /** T, the steps that are complete; fewer than asked for when {@link #problem()} is present. */
    public int steps() {
        return hiddenStates.planes();
    }

    /** Tokens that the tokenizer put in front of the prompt. */
    public int addedBefore() {
        return addedBefore;
    }

    /** Tokens that the tokenizer put behind the prompt, before those that were generated. */
    public int addedAfter() {
        return addedAfter;
    }

    /** Whether the tokenizer put this token around the prompt. */
    public boolean added(int position) {
        return position < addedBefore || !generated(position) && position >= promptLength - addedAfter;
    }

    public boolean generated(int position) {
        return position >= promptLength;
    }

    public int tokenId(int position) {
        return tokenIds[position];
    }

    public int[] tokenIds() {
        return tokenIds.clone();
    }

    /** How the token is shown; {@code #id} for a model without tokenizer. */
    public String tokenText(int position) {
        return tokenTexts.get(position);
    }

    public List<String> tokenTexts() {
        return tokenTexts;
    }

    /** Whether the model has an exit gate; without one there is nothing to read a pdf, a CDF or q from. */
    public boolean hasGates() {
        return gateLogits.length > 0;
    }

    /**
     * For what reads the gate.
     *
     * @param what needs it, to begin the sentence
     * @throws LoopscopeException if there is none
     */
    public void requireGates(String what) throws LoopscopeException {
        LoopConfig.requireGate(hasGates(), what, model.id());
    }

    /** Refuses a rule that reads a gate which is not there. */
    public void requireGates(ExitRule rule) throws LoopscopeException {
        if (rule.needsGate()) {
            requireGates("Exit rule " + rule.spec());
        }
    }

    /** Gate logit g_t of one token; NaN without a gate. */
    public float gateLogit(int step, int position) {
        return hasGates() ? gateLogits[step - 1][position] : Float.NaN;
    }

    /** What the gate says of one token; {@link ExitDistribution#none} without a gate. */
    public ExitDistribution exitDistribution(int position) {
        if (!hasGates()) {
            return ExitDistribution.none(steps());
        }
        double[] logits = new double[steps()];
        for (int t = 0; t < logits.length; t++) {
            logits[t] = gateLogits[t][position];
        }
        return ExitDistribution.fromGateLogits(logits);
    }

    /**
     * States at one place of {@code count} tokens from {@code position}: copies [count, d] to {@code out}.
     *
     * @throws IllegalStateException if the run did not capture that place
     */
    public void states(Site site, int position, int count, float[] out, int offset) {
        switch (site.part()) {
            case OUTPUT -> hiddenStates(site.step(), position, count, out, offset);
            case INPUT, BODY -> layerStates(site.step(), site.layer(), position, count, out, offset);
            case READOUT -> {
                int d = config.hiddenSize();
                States from = hasReadouts() ? readouts : hiddenStates;
                from.get(site.step() - 1, position * d, count * d, out, offset);
            }
            default -> throw new IllegalStateException(site + ": its states were not captured");
        }
    }

    /** The state of one token at one place, [d]. */
    public float[] state(Site site, int position) {
        float[] state = new float[config.hiddenSize()];
        states(site, position, 1, state, 0);
        return state;
    }

    /** Whether what is unembedded is another state than h_t. */
    public boolean hasReadouts() {
        return readouts.planes() > 0;
    }

    /** Step output h_t (where steps are normed, after the final norm) of {@code count} tokens from {@code position}: copies [count, d] to {@code out}. */
    public void hiddenStates(int step, int position, int count, float[] out, int offset) {
        int d = config.hiddenSize();
        hiddenStates.get(step - 1, position * d, count * d, out, offset);
    }

    /** Step output h_t of one token, [d]. */
    public float[] hiddenState(int step, int position) {
        return state(Site.stepOutput(step), position);
    }

    public boolean hasLayerStates() {
        return layerStates.planes() > 0;
    }

    /**
     * Residual stream of {@code count} tokens from {@code position}, before the final norm: copies [count, d] to {@code
     * out}. {@code layer} −1 is the input of the step, l the stream after layer l.
     *
     * @throws IllegalStateException if the run did not capture layer states
     */
    public void layerStates(int step, int layer, int position, int count, float[] out, int offset) {
        if (!hasLayerStates()) {
            throw new IllegalStateException("layer states of step " + step + ", layer " + layer
                    + " were not captured; run again with layer states on");
        }
        int d = config.hiddenSize();
        if (layer < -1 || layer >= config.layers()) {
            throw new IndexOutOfBoundsException("layer: want -1 to " + (config.layers() - 1) + ", got " + layer);
        }
        int plane = (step - 1) * (config.layers() + 1) + layer + 1;
        layerStates.get(plane, position * d, count * d, out, offset);
    }

    /** The step whose logits gave the generated token at {@code position}, 1-based. */
    public int generationExitStep(int position) {
        return generationExitSteps[position - promptLength];
    }

    public Instant startedAt() {
        return startedAt;
    }

    public long elapsedMillis() {
        return elapsedMillis;
    }

    /** What generating cost and skipped; empty where every token went through every loop before the next was chosen. */
    public Optional<GenerationReport> generationReport() {
        return generationReport;
    }

    /**
     * What was changed in the states while they were computed, one sentence each; empty for a run that was left alone.
     * Source: {@link Intervention#sentences}.
     */
    public List<String> interventions() {
        return interventions;
    }

    /** Why the capture has fewer steps than asked for, as one sentence; empty for a complete run. */
    public Optional<String> problem() {
        return problem;
    }

    /** Whether T is larger than the checkpoint was trained with, so gate and states of the last steps are extrapolation. */
    public boolean outsideTraining() {
        return steps() > config.trainedSteps();
    }

    /** Bytes of the states and gate logits it holds, on the Java heap or in a mapped file. */
    public long sizeBytes() {
        return hiddenStates.sizeBytes()
                + readouts.sizeBytes()
                + layerStates.sizeBytes()
                + (long) gateLogits.length * length() * Float.BYTES;
    }

    /** Bytes of the states that are in a mapped file, not on the Java heap. */
    public long mappedBytes() {
        return (hiddenStates.mapped() ? hiddenStates.sizeBytes() + readouts.sizeBytes() : 0)
                + (layerStates.mapped() ? layerStates.sizeBytes() : 0);
    }

    /** {@code layer states: 3.2 GB in a mapped file}, or which else; empty when all is on the Java heap. */
    public Optional<String> mappedStates() {
        if (mappedBytes() == 0) {
            return Optional.empty();
        }
        String which = StateSpace.name(hiddenStates.mapped(), layerStates.mapped(), hasLayerStates());
        return Optional.of(which + ": " + ByteSize.text(mappedBytes()) + " in a mapped file");
    }

    /** Collects a capture. The state arrays are handed over, not copied: the caller gives them up. */
    public static final class Builder {
        private final ModelInfo model;
        private final LoopConfig config;
        private final RunOptions options;
        private String prompt = "";
        private int promptLength;
        private int[] tokenIds = {};
        private List<String> tokenTexts = List.of();
        private float[][] gateLogits = {};
        private States hiddenStates = States.onHeap(new float[0][]);
        private States layerStates = States.onHeap(new float[0][]);
        private States readouts = States.onHeap(new float[0][]);
        private int[] generationExitSteps = {};
        private Instant startedAt = Instant.EPOCH;
        private long elapsedMillis;
        private Optional<String> problem = Optional.empty();
        private Optional<GenerationReport> generationReport = Optional.empty();
        private List<String> interventions = List.of();
        private Optional<String> chat = Optional.empty();
        private int addedBefore;
        private int addedAfter;

        public Builder(ModelInfo model, LoopConfig config, RunOptions options) {
            this.model = model;
            this.config = config;
            this.options = options;
        }

        /** Tokens given and generated, [S]; the first {@code givenTokens} were given. */
        public Builder tokens(int[] ids, List<String> texts, int givenTokens) {
            this.tokenIds = ids;
            this.tokenTexts = texts;
            this.promptLength = givenTokens;
            return this;
        }

        public Builder prompt(String text) {
            this.prompt = text;
            return this;
        }

        /** How many of the given tokens the tokenizer put in front of the prompt and behind it. */
        public Builder addedTokens(int before, int after) {
            this.addedBefore = before;
            this.addedAfter = after;
            return this;
        }

        /** {@code gates} [T][S], {@code hidden} [T][S * d]. */
        public Builder states(float[][] gates, float[][] hidden) {
            return states(gates, States.onHeap(hidden));
        }

        /** {@code gates} [T][S], or [0] without a gate; {@code hidden} [T, S * d]. */
        public Builder states(float[][] gates, States hidden) {
            this.gateLogits = gates;
            this.hiddenStates = hidden;
            return this;
        }

        /**
         * What the unembedding reads of each step, [T, S * d], where steps are not normed: the norm of h_t, or what a coda makes
         * of it. In the same memory as the step states.
         */
        public Builder readouts(States read) {
            this.readouts = read;
            return this;
        }

        /** {@code layers} [T][L + 1][S * d]. */
        public Builder layerStates(float[][][] layers) {
            return layerStates(
                    States.onHeap(Arrays.stream(layers).flatMap(Arrays::stream).toArray(float[][]::new)));
        }

        /** {@code layers} [T * (L + 1), S * d], or without planes for none. */
        public Builder layerStates(States layers) {
            this.layerStates = layers;
            return this;
        }

        /** Step that gave each generated token, [S - promptLength]. */
        public Builder generationExitSteps(int[] steps) {
            this.generationExitSteps = steps;
            return this;
        }

        public Builder timing(Instant start, long millis) {
            this.startedAt = start;
            this.elapsedMillis = millis;
            return this;
        }

        public Builder problem(String sentence) {
            this.problem = Optional.of(sentence);
            return this;
        }

        public Builder generationReport(GenerationReport report) {
            this.generationReport = Optional.of(report);
            return this;
        }

        /** What was changed while the run computed, one sentence each. */
        public Builder interventions(List<String> sentences) {
            this.interventions = sentences;
            return this;
        }

        /** What put the prompt into a chat form. */
        public Builder chat(Optional<String> template) {
            this.chat = template;
            return this;
        }

        public Capture build() {
            return new Capture(this);
        }
    }

    /** The same capture with the text it came from, which was given as it is. */
    public Capture withPrompt(String text) {
        return withPrompt(text, Optional.empty());
    }

    /** The same capture with how many of its given tokens the tokenizer put around the prompt. */
    public Capture withAddedTokens(AddedTokens added) {
        return copied().addedTokens(added.before().size(), added.after().size()).build();
    }

    /**
     * The same capture with the text it came from.
     *
     * @param template what put it into a chat form, {@link #chat}
     */
    public Capture withPrompt(String text, Optional<String> template) {
        Builder b = copied().prompt(text);
        b.chat = template;
        return b.build();
    }

    private Builder copied() {
        Builder b = new Builder(model, config, options)
                .tokens(tokenIds, tokenTexts, promptLength)
                .prompt(prompt)
                .addedTokens(addedBefore, addedAfter)
                .states(gateLogits, hiddenStates)
                .layerStates(layerStates)
                .readouts(readouts)
                .generationExitSteps(generationExitSteps)
                .timing(startedAt, elapsedMillis);
        b.problem = problem;
        b.generationReport = generationReport;
        b.interventions = interventions;
        b.chat = chat;
        return b;
    }
}
