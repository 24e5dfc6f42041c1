package org.loopscope.plugin.kv;

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
final class KvFigures {
    static final String AGREEMENT = "kv-agreement";
    static final String ACCURACY = "kv-accuracy";
    static final String DIVERGENCE = "kv-divergence";
    static final String PLACES = "kv-places";
    static final String MEMORY = "kv-memory";
    static final String TOKENS = "kv-tokens";

    private KvFigures() {}

    /** Share of tokens with the same most probable token as full, by policy: filled the given text, hollow the own. */
    static ChartFigure agreement(KvSummary summary) {
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
    static ChartFigure divergence(KvSummary summary) {
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
    static Optional<ChartFigure> accuracy(KvSummary summary) {
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
    static ChartFigure places(KvSummary summary) {
        return KvPlacesFigure.of(summary);
    }

    /** Bytes kept of a token. */
    static ChartFigure memory(KvMemory memory, String model) {
        return KvMemoryFigure.of(memory, model);
    }

    /**
     * One text token by token: what each policy finds most probable there.
     *
     * @param texts how a token is shown
     */
    static HeatmapFigure tokens(KvResult result, IntFunction<String> texts, String about) {
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
    static IntFunction<String> texts(LoopedModel model) {
        Optional<Tokenizer> tokenizer = model.tokenizer();
        return id -> tokenizer.map(t -> t.tokenText(id)).orElse("#" + id);
    }

    /** What a policy wrote by itself, for a line of text. */
    static String ownText(KvResult result, KvPolicy policy, IntFunction<String> texts) {
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
