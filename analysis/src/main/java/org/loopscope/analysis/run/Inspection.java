package org.loopscope.analysis.run;

import java.util.Optional;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.Tokenizer;

/** A capture with what every panel needs of it, computed once: the step lens, the exit distributions, the answer
 * flips and the step geometry. Immutable. */
public final class Inspection {
    private final Capture capture;
    private final Unembedding unembedding;
    private final Optional<Tokenizer> tokenizer;
    private final LensGrid lens;
    private final ExitAnalysis exits;
    private final AnswerFlips flips;
    private final StepGeometry geometry;
    private final Optional<LoopedModel> model;

    private Inspection(
            Capture capture,
            Unembedding unembedding,
            Optional<Tokenizer> tokenizer,
            LensGrid lens,
            ExitAnalysis exits,
            Optional<LoopedModel> model) {
        this.capture = capture;
        this.unembedding = unembedding;
        this.tokenizer = tokenizer;
        this.lens = lens;
        this.exits = exits;
        this.flips = AnswerFlips.of(lens);
        this.geometry = StepGeometry.of(capture);
        this.model = model;
    }

    /**
     * @param tokenizer gives the predicted tokens their texts; without one they are shown as {@code #id}
     * @param topK predictions kept per token and step
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     */
    public static Inspection of(
            Capture capture, Unembedding unembedding, Optional<Tokenizer> tokenizer, int topK, RunControl control) {
        LensGrid lens = LogitLens.steps(capture, unembedding, tokenizer, topK, control);
        return new Inspection(capture, unembedding, tokenizer, lens, ExitAnalysis.of(capture, lens), Optional.empty());
    }

    /** The same of a capture of {@code model}, which is kept for what must be run again or read from its weights. */
    public static Inspection of(Capture capture, LoopedModel model, int topK, RunControl control) {
        Unembedding unembedding = model.unembedding();
        LensGrid lens = LogitLens.steps(capture, unembedding, model.tokenizer(), topK, control);
        return new Inspection(
                capture, unembedding, model.tokenizer(), lens, ExitAnalysis.of(capture, lens), Optional.of(model));
    }

    /** The same for a model without tokenizer. */
    public static Inspection of(Capture capture, Unembedding unembedding, int topK, RunControl control) {
        return of(capture, unembedding, Optional.empty(), topK, control);
    }

    public Capture capture() {
        return capture;
    }

    public Unembedding unembedding() {
        return unembedding;
    }

    /** The tokenizer given at creation, for further lenses on the same capture. */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /**
     * The model of the capture, where it was given at creation. It may be closed meanwhile and then says so by an
     * IllegalStateException.
     */
    public Optional<LoopedModel> model() {
        return model;
    }

    /** The lens on step outputs; its row t − 1 is step t. */
    public LensGrid lens() {
        return lens;
    }

    public ExitAnalysis exits() {
        return exits;
    }

    /** Where the top-1 prediction of each token changes from step to step. */
    public AnswerFlips flips() {
        return flips;
    }

    /** Sizes and directions of the step outputs. */
    public StepGeometry geometry() {
        return geometry;
    }

    /** Text of the most probable next token at {@code position}, read at the step where {@code rule} leaves. */
    public String answer(int position, ExitRule rule) {
        return lens.topText(lens.rowOfStep(exits.exitStep(rule, position)), position, 0);
    }
}
