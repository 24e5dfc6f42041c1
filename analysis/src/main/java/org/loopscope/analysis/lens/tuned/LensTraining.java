package org.loopscope.analysis.lens.tuned;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.Seeds;
import org.loopscope.model.tokenizer.Tokenizer;

/** A tuned lens from a file of texts to a file: what the command and the window do. */
public final class LensTraining {
    /**
     * What may be chosen.
     *
     * @param perStep one translator per step and layer
     * @param steps T of the runs; empty as the model was trained
     * @param epochs passes over the text
     * @param maxTokens tokens of the text that are used, texts drawn by the seed
     * @param pieceTokens longer texts are cut into pieces of so many tokens
     * @param rate of Adam at the start; empty for 0.02 / √d
     * @param seed of the draw and the order
     */
    public record Plan(
            boolean perStep,
            OptionalInt steps,
            int epochs,
            int maxTokens,
            int pieceTokens,
            OptionalDouble rate,
            long seed) {
        /** What the command does without options. */
        public static Plan standard(boolean perStep) {
            return new Plan(perStep, OptionalInt.empty(), 5, 4000, 128, OptionalDouble.empty(), 0);
        }
    }

    /**
     * What came of it; the lens is written.
     *
     * @param texts what was trained on and held out
     * @param fit the divergence on held-out text before and after
     * @param computeDtype how the model computed
     */
    public record Result(LensTexts texts, LensFit fit, String computeDtype) {
        /** One sentence about the tokens and the mean divergence. */
        public String summary() {
            return String.format(
                    Locale.ROOT,
                    "Trained on %,d tokens, measured on %,d held out; mean KL to the last step, in nats, over all layers"
                            + " but the last of the last step: logit lens %.4f, tuned lens %.4f; %s",
                    texts.trainingTokens(),
                    texts.heldOutTokens(),
                    fit.meanPlain(),
                    fit.meanTuned(),
                    computeDtype);
        }
    }

    private static final long MAX_TEXT_BYTES = 256L << 20;

    private LensTraining() {}

    /** The prompts of a set ({@code .jsonl} or {@code .csv}), or the lines of any other file. */
    public static List<String> texts(Path file) throws LoopscopeException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".csv") ? prompts(file.toString()) : lines(file);
    }

    /** The prompts of a prompt set, a file or one that comes with the program, see {@link SetFile#open}. */
    public static List<String> prompts(String set) throws LoopscopeException {
        return SetFile.prompts(set).prompts().stream().map(Prompt::prompt).toList();
    }

    /** Each line of a UTF-8 file. */
    public static List<String> lines(Path text) throws LoopscopeException {
        return InputFile.text(text, "a text file", MAX_TEXT_BYTES).lines().toList();
    }

    /** Names the first text that cannot be read as tokens. */
    private static void requireTokens(List<String> texts, Tokenizer tokenizer) throws LoopscopeException {
        for (int i = 0; i < texts.size(); i++) {
            try {
                if (!texts.get(i).isBlank()) {
                    tokenizer.encode(texts.get(i));
                }
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Text " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * Trains on {@code texts} in an order drawn by the seed, and writes the lens whole or not at all.
     *
     * @param source the file that the texts are from; the lens keeps its name
     * @throws LoopscopeException with one sentence if the model has no tokenizer, there is too little text, a run fails or the
     *     file cannot be written
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing is written
     */
    public static Result run(
            LoopedModel model, Path source, List<String> texts, Plan plan, Path out, RunControl control)
            throws LoopscopeException {
        // Sets are often sorted, and not all of it may be used.
        List<String> drawn = IntStream.of(Seeds.shuffled(texts.size(), Seeds.random(plan.seed(), "texts")))
                .mapToObj(texts::get)
                .toList();
        Tokenizer tokenizer = model.requireTokenizer();
        LensTexts pieces;
        try {
            pieces = LensTexts.of(
                    String.valueOf(source.getFileName()),
                    drawn,
                    tokenizer,
                    Math.min(plan.pieceTokens(), model.config().contextLength()),
                    plan.maxTokens());
        } catch (LoopscopeException e) {
            requireTokens(texts, tokenizer);
            throw e;
        }
        TunedLensTrainer.Settings defaults = TunedLensTrainer.Settings.of(model.config(), plan.perStep(), plan.seed());
        TunedLensTrainer.Settings settings = new TunedLensTrainer.Settings(
                plan.steps().orElse(defaults.steps()),
                plan.perStep(),
                plan.epochs(),
                defaults.batch(),
                plan.rate().orElse(defaults.rate()),
                defaults.maxRows(),
                plan.seed());
        TunedLensTrainer.Result result = TunedLensTrainer.train(model, pieces, settings, control);
        TunedLensFile.write(result.lens(), out, control);
        return new Result(pieces, result.fit(), model.info().computeDtype());
    }
}
