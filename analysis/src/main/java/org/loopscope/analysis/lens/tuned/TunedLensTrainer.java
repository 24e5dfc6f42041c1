package org.loopscope.analysis.lens.tuned;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.Seeds;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.Site;

/**
 * Trains a {@link TunedLens}: runs the texts with layer states, and for each layer (and step) minimises the mean of
 * KL(p_T ‖ p_lens) over tokens, p_T the model's own distribution after the last step (Belrose et al. 2023 §3, their
 * "forward" KL). Held-out texts are measured before and after; nothing is chosen by them.
 *
 * <p>Cost: all captures and target distributions are held in memory (tokens · (T (L + 1) d + V) · 4 bytes, and d V · 4
 * bytes of W_U), and a row costs about 4 d (d + V) floating-point operations an epoch, half of them in Java. The embedded
 * model takes seconds. At d = 2048, V = 49,152 a row costs 0.42 GFLOP: a thousand tokens through 24 layers and 4 steps are
 * 96,000 rows, 40 TFLOP an epoch, hours on a processor, and 1.4 GB.
 */
public final class TunedLensTrainer {
    /**
     * How to train.
     *
     * @param steps T of the runs
     * @param perStep one translator per step and layer instead of one per layer
     * @param epochs passes over the rows
     * @param batch rows a step of the optimiser
     * @param rate of Adam at the start
     * @param maxRows rows a translator sees in an epoch, drawn once
     * @param seed of the order and the draw
     */
    public record Settings(int steps, boolean perStep, int epochs, int batch, double rate, int maxRows, long seed) {
        /** Five epochs of batches of 64, at most 20,000 rows, rate 0.02 / √d. */
        public static Settings of(LoopConfig config, boolean perStep, long seed) {
            return new Settings(
                    config.trainedSteps(), perStep, 5, 64, 0.02 / Math.sqrt(config.hiddenSize()), 20_000, seed);
        }
    }

    /** A trained lens and what it gained. */
    public record Result(TunedLens lens, LensFit fit) {}

    private final LoopedModel model;
    private final LensTexts texts;
    private final Settings settings;
    private final int d;
    private final int layers;
    private final List<Capture> captures = new ArrayList<>();
    private final List<float[]> targets = new ArrayList<>(); // ln p_T, [S * V] a piece

    private TunedLensTrainer(LoopedModel model, LensTexts texts, Settings settings) {
        this.model = model;
        this.texts = texts;
        this.settings = settings;
        this.d = model.config().hiddenSize();
        this.layers = model.config().layers();
    }

    /**
     * @throws LoopscopeException if a text cannot be run, or there is nothing to train (one layer at one step)
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static Result train(LoopedModel model, LensTexts texts, Settings settings, RunControl control)
            throws LoopscopeException {
        return new TunedLensTrainer(model, texts, settings).train(control);
    }

    private Result train(RunControl control) throws LoopscopeException {
        if (settings.steps() * layers < 2) {
            throw new LoopscopeException(
                    "Tuned lens: expected more than one layer or step, found one; there is nothing to translate.");
        }
        Readout readout = new Readout(model.unembedding(), model.config().normEps());
        runTexts(readout, control);
        TunedLens.Info info = new TunedLens.Info(
                model.info().id(),
                model.info().weightHash(),
                d,
                layers,
                settings.steps(),
                settings.perStep(),
                texts.name(),
                texts.trainingTokens(),
                Optional.of(model.info().computeDtype()));
        TunedLens lens = TunedLens.identity(info);
        RandomGenerator random = Seeds.random(settings.seed(), "training");
        List<TrainingRows> slots = new ArrayList<>();
        for (int slot = 0; slot < info.slots(); slot++) {
            slots.add(new TrainingRows(slot, random));
        }
        long total = slots.stream().mapToLong(this::batchesOf).sum();
        long[] done = {0};
        for (TrainingRows rows : slots) {
            if (rows.count() > 0) {
                TranslatorFit fit = new TranslatorFit(readout, d, settings);
                fit.train(rows, random, control, () -> control.progress("training the lens", ++done[0], total));
                System.arraycopy(fit.matrix(), 0, lens.matrix(rows.slot), 0, d * d);
                System.arraycopy(fit.bias(), 0, lens.bias(rows.slot), 0, d);
            }
        }
        return new Result(lens, measure(lens, readout, control));
    }

    private long batchesOf(TrainingRows rows) {
        return (long) settings.epochs() * ((rows.count() + settings.batch() - 1) / settings.batch());
    }

    private void runTexts(Readout readout, RunControl control) throws LoopscopeException {
        RunOptions options = RunOptions.steps(settings.steps()).withLayers(true);
        for (int i = 0; i < texts.pieces().size(); i++) {
            Capture capture = model.run(texts.pieces().get(i), options, quiet(control));
            float[] last = new float[capture.length() * d];
            capture.states(Site.readout(capture.steps()), 0, capture.length(), last, 0);
            captures.add(capture);
            targets.add(readout.logProbabilities(last, capture.length()));
            control.progress("running the texts", i + 1, texts.pieces().size());
        }
    }

    private static RunControl quiet(RunControl control) {
        return RunControl.of(control::isCancelled, (stage, done, total) -> {});
    }

    private LensFit measure(TunedLens lens, Readout readout, RunControl control) {
        LensFit fit = new LensFit(settings.steps(), layers);
        var translator = lens.translator(settings.steps());
        for (int piece = 0; piece < captures.size(); piece++) {
            if (!texts.heldOut(piece)) {
                continue;
            }
            control.checkCancelled();
            Capture capture = captures.get(piece);
            int n = capture.length();
            for (int t = 1; t <= settings.steps(); t++) {
                for (int l = 0; l < layers; l++) {
                    float[] states = new float[n * d];
                    capture.layerStates(t, l, 0, n, states, 0);
                    double[] plain = readout.divergences(states, targets.get(piece), n);
                    translator.translate(org.loopscope.analysis.lens.DepthPoint.layer(t, l), states, 0, n);
                    fit.add(t, l, plain, readout.divergences(states, targets.get(piece), n));
                }
            }
        }
        return fit;
    }

    /** The training rows of one translator: (piece, position, step), drawn once. */
    private final class TrainingRows implements TranslatorFit.Rows {
        private final int slot;
        private final int layer;
        private final int[] rows; // triples piece, position, step

        TrainingRows(int slot, RandomGenerator random) {
            this.slot = slot;
            this.layer = slot % layers;
            List<int[]> all = new ArrayList<>();
            for (int piece = 0; piece < captures.size(); piece++) {
                for (int p = 0; !texts.heldOut(piece) && p < captures.get(piece).length(); p++) {
                    for (int t = 1; t <= settings.steps(); t++) {
                        boolean reference = t == settings.steps() && layer == layers - 1;
                        if (!reference && (!settings.perStep() || t - 1 == slot / layers)) {
                            all.add(new int[] {piece, p, t});
                        }
                    }
                }
            }
            this.rows = IntStream.of(Seeds.shuffled(all.size(), random))
                    .limit(settings.maxRows())
                    .flatMap(i -> IntStream.of(all.get(i)))
                    .toArray();
        }

        @Override
        public int count() {
            return rows.length / 3;
        }

        @Override
        public int vocabulary() {
            return model.config().vocabSize();
        }

        @Override
        public void read(int[] which, float[] states, float[] into) {
            int v = vocabulary();
            for (int i = 0; i < which.length; i++) {
                int piece = rows[3 * which[i]];
                int position = rows[3 * which[i] + 1];
                captures.get(piece).layerStates(rows[3 * which[i] + 2], layer, position, 1, states, i * d);
                System.arraycopy(targets.get(piece), position * v, into, i * v, v);
            }
        }
    }
}
