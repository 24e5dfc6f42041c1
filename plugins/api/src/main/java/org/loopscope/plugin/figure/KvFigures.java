package org.loopscope.plugin.figure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jfree.chart.axis.NumberAxis;
import org.loopscope.analysis.kv.KvAnswers;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.kv.KvSummary.Line;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.tokenizer.Tokenizer;

/** What sharing the KV cache between loop steps changes, and what it saves. */
public final class KvFigures {
    public static final String AGREEMENT = "kv-agreement";
    public static final String ACCURACY = "kv-accuracy";
    public static final String DIVERGENCE = "kv-divergence";
    public static final String PLACES = "kv-places";
    public static final String MEMORY = "kv-memory";
    public static final String TOKENS = "kv-tokens";

    public static final String HELP = """
            The question. While decoding, the cache can keep one entry per loop step, token and layer (full), or share one entry \
            between the steps: that of the last step, of the first, or their mean. That needs T times less memory. What does it \
            change in what the model says? (Zhu et al. 2025, arXiv:2510.25741, §5.4.2, report accuracies of whole answers.)

            What is run. The prompt is read in one call, always with the full cache, then folded. A decoded token attends, at every \
            step, to the folded entries of all earlier tokens and to its own keys and values of that step; the paper leaves \
            this open. Given text: the same tokens are decoded under each policy, so every prediction has the same text before \
            it. Own text: each policy writes greedily by itself.

            Agreement. The share of tokens for which the policy finds the same token most probable as full (given text), or has \
            written the same token in the same place (own text). The first token after the prompt comes from the prefill and is \
            the same under every policy: it is not counted.

            Right answers. Over a set whose answers are known: the share of prompts after which the own text of full and of each \
            policy begins with the right answer, every token of it. The first token after the prompt is the same under every \
            policy, so answers of one token tell nothing unless the prompt is decoded too (switch off "read the whole prompt \
            at once"). Answers of more tokens than are generated are not judged.

            KL(full ‖ policy) = Σ p_full (ln p_full − ln p_policy) of the distributions at the last step, in nats: 0 where \
            nothing changed. It sees what a top-1 that stays the same hides.

            Memory. Entries × layers × (key and value) × KV heads × head size × bytes of a number. This program holds keys and \
            values in float32; first-step and averaged need one layer's entries besides while the prompt is read.

            How it misleads. Own texts differ in all places after the first difference, however slightly the policies differ: \
            read the given text for the size of the effect. A text that full has written is its own favourite; on a text \
            written by another hand agreement says less and the log-probability more. Tokens of one text are not \
            independent, and it has no interval below 60 of them: compare on a set. The embedded model was trained to write one token \
            after its prompts; what it writes after that is outside its training.""";

    private KvFigures() {}

    /** Share of tokens with the same most probable token as full, by policy: filled the given text, hollow the own. */
    public static ChartFigure agreement(KvSummary summary) {
        List<Line> lines = summary.lines();
        return new ChartFigure(
                new ChartFigure.Heading(
                        AGREEMENT,
                        "Agreement with the full cache",
                        about(summary) + " · filled: given text, " + summary.counted() + " · hollow: own text, n = "
                                + lines.stream()
                                        .mapToLong(Line::ownTokens)
                                        .max()
                                        .orElse(0),
                        describe(summary)),
                440,
                300,
                theme -> {
                    KvPolicyDots dots = new KvPolicyDots(
                            policies(lines), ChartStyle.unitAxis("share of tokens as under full"), theme);
                    for (int i = 0; i < lines.size(); i++) {
                        Line line = lines.get(i);
                        dots.add(i, -0.08, true, line.agreement(), line.agreementInterval(), "given text", "0.00");
                        dots.add(i, 0.08, false, line.ownAgreement(), line.ownInterval(), "own text", "0.00");
                    }
                    return dots.chart();
                },
                summary::toTable);
    }

    /** Mean KL(full ‖ policy), by policy. */
    public static ChartFigure divergence(KvSummary summary) {
        List<Line> lines = summary.lines();
        return new ChartFigure(
                new ChartFigure.Heading(
                        DIVERGENCE,
                        "Distance from the full cache",
                        about(summary) + " · given text, distributions at the last loop · " + summary.counted(),
                        describe(summary)),
                440,
                300,
                theme -> {
                    NumberAxis axis = new NumberAxis("mean KL(full ‖ policy), nats");
                    double most = lines.stream()
                            .mapToDouble(
                                    line -> KvPolicyDots.end(line.klInterval().high(), line.kl()))
                            .filter(Double::isFinite)
                            .max()
                            .orElse(1);
                    axis.setRange(0, most > 0 ? 1.12 * most : 1);
                    KvPolicyDots dots = new KvPolicyDots(policies(lines), axis, theme);
                    for (int i = 0; i < lines.size(); i++) {
                        dots.add(i, 0, true, lines.get(i).kl(), lines.get(i).klInterval(), "KL", "0.000");
                    }
                    return dots.chart();
                },
                summary::toTable);
    }

    /** Share of right answers in the text that full and each policy write by themselves; empty where none was judged. */
    public static Optional<ChartFigure> accuracy(KvSummary summary) {
        List<KvAnswers.Line> lines = summary.answers();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        int n = lines.get(0).n();
        String prompts = n == 1 ? "one prompt" : n + " prompts, intervals over prompts";
        return Optional.of(new ChartFigure(
                new ChartFigure.Heading(
                        ACCURACY,
                        "Right answers by KV policy",
                        about(summary) + " · own text · n = " + prompts
                                + (summary.firstFromPrefill() ? " · the first token comes from the prefill" : ""),
                        describeAnswers(lines)),
                440,
                300,
                theme -> {
                    KvPolicyDots dots = new KvPolicyDots(
                            lines.stream().map(KvAnswers.Line::policy).toList(),
                            ChartStyle.unitAxis("share of right answers"),
                            theme);
                    for (int i = 0; i < lines.size(); i++) {
                        KvAnswers.Line line = lines.get(i);
                        dots.add(i, 0, false, line.accuracy(), line.interval(), "right answers", "0.00");
                    }
                    return dots.chart();
                },
                summary::answerTable));
    }

    private static String describeAnswers(List<KvAnswers.Line> lines) {
        StringBuilder text = new StringBuilder("Right answers in the own texts:");
        for (KvAnswers.Line line : lines) {
            text.append(String.format(
                    Locale.ROOT,
                    " %s %d of %d, %.3f (95 %% %.3f to %.3f);",
                    line.policy().cliName(),
                    line.right(),
                    line.n(),
                    line.accuracy(),
                    line.interval().low(),
                    line.interval().high()));
        }
        return text.toString();
    }

    private static List<KvPolicy> policies(List<Line> lines) {
        return lines.stream().map(Line::policy).toList();
    }

    /** Mean KL at each place of the text. */
    public static ChartFigure places(KvSummary summary) {
        return KvPlacesFigure.of(summary);
    }

    /** Bytes kept of a token. */
    public static ChartFigure memory(KvMemory memory, String model) {
        return KvMemoryFigure.of(memory, model);
    }

    /**
     * One text token by token: what each policy finds most probable there.
     *
     * @param texts how a token is shown
     */
    public static HeatmapFigure tokens(KvResult result, IntFunction<String> texts, String about) {
        return KvTokensFigure.of(result, texts, about);
    }

    static String about(KvSummary summary) {
        return summary.model() + " · T = " + summary.steps() + " · " + summary.computeDtype();
    }

    private static String describe(KvSummary summary) {
        StringBuilder text = new StringBuilder("Against the full cache; " + summary.counted() + ".");
        for (Line line : summary.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    " %s: same most probable token for %.3f (95 %% %.3f to %.3f), KL %.4f nats (%.4f to %.4f), log-probability of"
                            + " a token %.3f instead of %.3f;",
                    line.policy().cliName(),
                    line.agreement(),
                    line.agreementInterval().low(),
                    line.agreementInterval().high(),
                    line.kl(),
                    line.klInterval().low(),
                    line.klInterval().high(),
                    line.logProbability(),
                    line.fullLogProbability()));
            text.append(String.format(
                    Locale.ROOT,
                    " own text the same in %d of %d, %.3f of the tokens.",
                    line.sameTexts(),
                    line.ownTexts(),
                    line.ownAgreement()));
        }
        return text.toString();
    }

    /** How tokens of a model are shown: by their text, or by their id where there is no tokenizer. */
    public static IntFunction<String> texts(LoopedModel model) {
        Optional<Tokenizer> tokenizer = model.tokenizer();
        return id -> tokenizer.map(t -> t.tokenText(id)).orElse("#" + id);
    }

    /** What a policy wrote by itself, for a line of text. */
    public static String ownText(KvResult result, KvPolicy policy, IntFunction<String> texts) {
        IntStream ids = policy == KvPolicy.FULL
                ? result.tokens(result.policies().get(0)).stream().flatMapToInt(token -> token.fullFreeId().stream())
                : result.tokens(policy).stream().flatMapToInt(token -> token.freeId().stream());
        return String.join(
                " ",
                ids.mapToObj(texts)
                        .map(text -> KvTokensFigure.visible(text.strip()))
                        .toList());
    }
}
