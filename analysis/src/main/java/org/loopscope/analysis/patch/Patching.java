package org.loopscope.analysis.patch;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.lens.LogSoftmax;
import org.loopscope.analysis.prompts.AnswerTokens;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.Capture;
import org.loopscope.model.Intervention;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.base.Seeds;
import org.loopscope.model.shape.Site;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Activation patching over loop steps: one state of a run is replaced, everything after it is computed from there, and
 * the answer of the last step at the last token is read. What the paper on Ouro left open (Zhu et al. 2025,
 * arXiv:2510.25741, §7.2, observes only). Source of the method: Vig et al. 2020 (arXiv:2004.12265); Meng et al. 2022
 * (arXiv:2202.05262) §2.
 *
 * <p>A state at position p can reach the answer only through later tokens' attention in later loops (or layers), or by
 * being at the last position. So a patch of the last step's output does nothing but at the last position, where it is the
 * answer itself; both are in the grid as a check.
 */
public final class Patching {
    private final LoopedModel model;
    private final PatchSettings settings;
    private final @Nullable MeanStates means;
    private final List<Site> sites;

    /** Without a mean; {@link PatchSource#MEAN} then uses the mean of the clean prompt's own tokens. */
    public Patching(LoopedModel model, PatchSettings settings) {
        this(model, settings, null);
    }

    private Patching(LoopedModel model, PatchSettings settings, @Nullable MeanStates means) {
        this.model = model;
        this.settings = settings;
        this.means = means;
        this.sites = settings.sites(model.config());
    }

    /**
     * Patching with the mean over all tokens of all clean prompts of {@code pairs}, each of which is run once.
     *
     * @throws LoopscopeException if a prompt cannot be run
     */
    public static Patching withMean(
            LoopedModel model, PatchSettings settings, List<PatchPair> pairs, RunControl control)
            throws LoopscopeException {
        Patching plain = new Patching(model, settings);
        MeanStates means = new MeanStates(plain.sites, model.config().hiddenSize());
        for (int i = 0; i < pairs.size(); i++) {
            means.add(plain.run(plain.encode(pairs.get(i).clean()), Intervention.none(), control));
            control.progress("mean states", i + 1, pairs.size());
        }
        return new Patching(model, settings, means);
    }

    /** Runs of a pair with this many tokens, so that the work can be told beforehand. */
    public int runs(int positions) {
        return sites.size() * positions + 2 * settings.steps() + 2;
    }

    /**
     * Patches every place and position of one pair. Progress: runs.
     *
     * @throws LoopscopeException if the prompts have different numbers of tokens, or cannot be run
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     */
    public PatchGrid grid(PatchPair pair, RunControl control) throws LoopscopeException {
        PairTokens tokens = tokens(pair);
        return grid(tokens.clean, tokens.corrupted, tokens.answer, tokens.corruptedAnswer, control);
    }

    /** @throws LoopscopeException if a pair cannot be patched; nothing is run */
    public void require(PatchPair pair) throws LoopscopeException {
        PairTokens tokens = tokens(pair);
        requireSameLength(tokens.clean, tokens.corrupted);
        WholeAnswer whole = WholeAnswer.of(tokens.clean, tokens.answer);
        model.config().requireTokens(whole.ids(), 0);
        model.config().requireTokens(whole.behind(tokens.corrupted).ids(), 0);
    }

    /** A pair as tokens; of the corrupted answer the first one. */
    private record PairTokens(int[] clean, int[] corrupted, int[] answer, OptionalInt corruptedAnswer) {}

    private PairTokens tokens(PatchPair pair) throws LoopscopeException {
        int[] clean = encode(pair.clean());
        int[] corrupted = encode(pair.corrupted());
        int[] answer = WholeAnswer.tokens(tokenizer(), pair.clean(), pair.answer());
        OptionalInt other = OptionalInt.empty();
        if (pair.corruptedAnswer().isPresent()) {
            other = OptionalInt.of(AnswerTokens.first(
                    tokenizer(), pair.corrupted(), pair.corruptedAnswer().get()));
        }
        return new PairTokens(clean, corrupted, answer, other);
    }

    private static void requireSameLength(int[] clean, int[] corrupted) throws LoopscopeException {
        if (clean.length != corrupted.length) {
            throw new LoopscopeException("Prompts to patch: expected the same number of tokens, found " + clean.length
                    + " (clean) and " + corrupted.length + " (corrupted).");
        }
    }

    /**
     * The same for token ids.
     *
     * @param answer tokens of the clean answer, which is given behind both prompts but for its last one
     * @param corruptedAnswer first token of the corrupted answer, for the logit difference
     */
    public PatchGrid grid(int[] clean, int[] corrupted, int[] answer, OptionalInt corruptedAnswer, RunControl control)
            throws LoopscopeException {
        requireSameLength(clean, corrupted);
        WholeAnswer whole = WholeAnswer.of(clean, answer);
        Capture cleanRun = run(whole.ids(), Intervention.none(), control);
        Capture corruptedRun = run(whole.behind(corrupted).ids(), Intervention.none(), control);
        Reader reader = new Reader(whole, clean.length - 1, corruptedAnswer);
        PatchScore[][] scores = new PatchScore[sites.size()][clean.length];
        Work work = new Work(cleanRun, corruptedRun, reader, control);
        for (int row = 0; row < scores.length; row++) {
            for (int p = 0; p < clean.length; p++) {
                scores[row][p] = work.score(sites.get(row), p);
            }
        }
        PatchGrid.Texts texts = new PatchGrid.Texts(
                cleanRun.tokenTexts().subList(0, clean.length),
                corruptedRun.tokenTexts().subList(0, clean.length),
                text(answer[0]),
                answer.length);
        return new PatchGrid(
                settings,
                model.info().computeDtype(),
                sites,
                texts,
                reader.score(cleanRun),
                reader.score(corruptedRun),
                scores,
                work.loops());
    }

    private String text(int id) {
        Optional<Tokenizer> tokenizer = model.tokenizer();
        return tokenizer.map(t -> t.tokenText(id)).orElse("#" + id);
    }

    private Tokenizer tokenizer() throws LoopscopeException {
        return model.requireTokenizer();
    }

    private int[] encode(String prompt) throws LoopscopeException {
        return tokenizer().encodePrompt(prompt);
    }

    private Capture run(int[] ids, Intervention intervention, RunControl control) throws LoopscopeException {
        control.checkCancelled();
        boolean needsLayers = intervention.isNone() && (settings.layers() || settings.source() == PatchSource.SKIP);
        RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
        return model.run(ids, RunOptions.steps(settings.steps()).withLayers(needsLayers), intervention, quiet);
    }

    /** Reads the answer of a run. */
    private final class Reader {
        private final WholeAnswer whole;
        private final int position; // of the prompt's last token
        private final int answer; // its first token
        private final OptionalInt other;

        Reader(WholeAnswer whole, int position, OptionalInt other) {
            this.whole = whole;
            this.position = position;
            this.answer = whole.tokens()[0];
            this.other = other;
        }

        PatchScore score(Capture capture) {
            float[] logits = new float[model.unembedding().vocabSize()];
            float[] state = capture.state(Site.readout(capture.steps()), position);
            model.unembedding().logits(state, 1, logits);
            double logProbability = logits[answer] - LogSoftmax.logSum(logits, 0, logits.length);
            double difference = other.isPresent() ? (double) logits[answer] - logits[other.getAsInt()] : Double.NaN;
            boolean top = true;
            for (int v = 0; v < logits.length && top; v++) {
                top = v == answer || logits[v] < logits[answer];
            }
            WholeAnswer.Reading reading = whole.read(capture, model.unembedding(), capture.steps());
            return new PatchScore(logProbability, difference, top, reading.logProbability(), reading.right());
        }
    }

    /** All runs of one pair. */
    private final class Work {
        private final Capture cleanRun;
        private final Capture corruptedRun;
        private final Capture baseRun;
        private final Reader reader;
        private final RunControl control;
        private final int positions;
        private final PatchScore base;
        private final @Nullable MeanStates mean;
        private int done = 2;

        Work(Capture cleanRun, Capture corruptedRun, Reader reader, RunControl control) {
            this.cleanRun = cleanRun;
            this.corruptedRun = corruptedRun;
            this.baseRun = settings.source().intoCorrupted() ? corruptedRun : cleanRun;
            this.reader = reader;
            this.control = control;
            this.positions = reader.position + 1;
            this.base = reader.score(baseRun);
            this.mean = settings.source() == PatchSource.MEAN ? mean() : null;
        }

        private MeanStates mean() {
            MeanStates given = means;
            if (given != null) {
                return given;
            }
            MeanStates own = new MeanStates(sites, model.config().hiddenSize());
            own.add(cleanRun);
            return own;
        }

        PatchScore score(Site site, int position) throws LoopscopeException {
            float[] vector = vector(site, position);
            boolean adds = settings.source() == PatchSource.NOISE;
            progress();
            if (!adds && Arrays.equals(vector, baseRun.state(site, position))) {
                return base; // the same state: the run would be the same bit for bit
            }
            String source = settings.source().text();
            Intervention change = adds
                    ? Intervention.none().add(site, position, vector, source)
                    : Intervention.none().replace(site, position, vector, source);
            return reader.score(run(baseRun.tokenIds(), change, control));
        }

        private float[] vector(Site site, int position) {
            return switch (settings.source()) {
                case CLEAN -> cleanRun.state(site, position);
                case CORRUPTED -> corruptedRun.state(site, position);
                case MEAN -> java.util.Objects.requireNonNull(mean).mean(site);
                case ZERO -> new float[model.config().hiddenSize()];
                case SKIP -> // before step 1 the embedding
                    cleanRun.state(site.step() > 1 ? site.earlier() : Site.stepInput(1), position);
                case NOISE -> noise(site, position);
            };
        }

        /** Gaussian numbers of a seed that depends on the place, so that each place has its own. */
        private float[] noise(Site site, int position) {
            float[] state = cleanRun.state(site, position);
            double squares = 0;
            for (float x : state) {
                squares += (double) x * x;
            }
            double deviation = settings.noise() * Math.sqrt(squares / state.length);
            RandomGenerator random =
                    Seeds.random(settings.seed(), "noise at place " + sites.indexOf(site) + " of token " + position);
            for (int i = 0; i < state.length; i++) {
                state[i] = (float) (deviation * random.nextGaussian());
            }
            return state;
        }

        PatchGrid.Loops loops() throws LoopscopeException {
            PatchScore[] skipped = new PatchScore[settings.steps()];
            PatchScore[] repeated = new PatchScore[settings.steps()];
            for (int t = 1; t <= settings.steps(); t++) {
                skipped[t - 1] = reader.score(
                        run(cleanRun.tokenIds(), Intervention.none().skip(t), control));
                progress();
                repeated[t - 1] = reader.score(
                        run(cleanRun.tokenIds(), Intervention.none().repeat(t), control));
                progress();
            }
            return new PatchGrid.Loops(skipped, repeated);
        }

        private void progress() {
            done++;
            control.progress("patching", done, runs(positions));
        }
    }
}
