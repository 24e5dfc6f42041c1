package org.loopscope.analysis.loss;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepRule;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Reads the loss of a text at every step and by exit rules, from runs through all steps. An answer is given behind its prompt
 * ("teacher forcing"). Loss: −ln p of the token that follows, natural logarithm; source of the expected loss: Zhu et al. 2025
 * (arXiv:2510.25741) §3.2.
 *
 * @param steps T
 * @param rules steps and exit rules, mixtures of logits not among them
 * @param margin nats that a rise is counted above
 * @param window tokens of a run
 * @param stride tokens that the next run goes on by
 */
public record LossMeasure(
        LoopedModel model,
        int steps,
        List<SweepRule> rules,
        List<TokenClass> classes,
        double margin,
        int window,
        int stride) {
    /** The rows of one text. */
    public List<LossRow> rows(int number, Prompt prompt, RunControl control) throws LoopscopeException {
        Tokenizer tokenizer = model.requireTokenizer();
        PromptText text = PromptText.of(tokenizer, prompt, 0);
        int[] ids = text.wholeIds();
        Sums sums = new Sums(text.spans(ids.length), marked(tokenizer.tokenTexts(ids)));
        for (TextWindow piece : TextWindow.of(ids.length, window, stride)) {
            int[] run = Arrays.copyOfRange(ids, piece.from(), piece.end());
            Capture capture = model.run(run, RunOptions.steps(steps), control);
            sums.add(piece, LogitLens.steps(capture, model.unembedding(), 1, control));
        }
        return sums.rows(number, prompt, tokenizer, ids);
    }

    private Map<String, boolean[]> marked(List<String> texts) {
        Map<String, boolean[]> marked = new LinkedHashMap<>();
        boolean[] every = new boolean[texts.size()];
        Arrays.fill(every, true);
        marked.put(TokenClass.ALL, every);
        classes.forEach(one -> marked.put(one.name(), one.of(texts)));
        return marked;
    }

    /** What is added up for one reading of some tokens. */
    private static final class Sum {
        int count;
        double loops;
        double loss;
        int risen;
        int worse;
    }

    /** Sums of one text, window by window. */
    private final class Sums {
        private final List<Span> spans;
        private final Map<String, boolean[]> marked;
        private final Map<Span, Map<String, Map<String, Sum>>> sums = new LinkedHashMap<>(); // by class and reading

        Sums(List<Span> spans, Map<String, boolean[]> marked) {
            this.spans = spans;
            this.marked = marked;
        }

        void add(TextWindow piece, LensGrid lens) {
            ExitAnalysis exits = ExitAnalysis.of(lens.capture(), lens);
            List<int[]> left =
                    rules.stream().map(rule -> rule.exitSteps(exits, lens)).toList();
            for (int token = piece.counted(); token < piece.end(); token++) {
                int p = token - 1 - piece.from();
                StepLoss loss = StepLoss.of(lens, p, margin);
                for (Span span : spans) {
                    if (span.holds(token - 1)) {
                        add(span, token, loss, left, exits, p);
                    }
                }
            }
        }

        private void add(Span span, int token, StepLoss loss, List<int[]> left, ExitAnalysis exits, int p) {
            marked.forEach((name, in) -> {
                if (!in[token]) {
                    return;
                }
                Map<String, Sum> of = sums.computeIfAbsent(span, s -> new LinkedHashMap<>())
                        .computeIfAbsent(name, n -> new LinkedHashMap<>());
                for (int r = 0; r < rules.size(); r++) {
                    SweepRule rule = rules.get(r);
                    int step = left.get(r)[p];
                    double at =
                            rule == SweepRule.MIX_PROBABILITIES ? loss.ofMixture(exits.distribution(p)) : loss.at(step);
                    Sum sum = add(of, rule.spec(), step, at);
                    sum.risen += loss.risen(step) ? 1 : 0;
                    sum.worse += loss.worse(step) ? 1 : 0;
                }
                if (exits.hasGate()) {
                    add(
                            of,
                            LossRow.EXPECTED,
                            exits.distribution(p).expectedSteps(),
                            loss.expected(exits.distribution(p)));
                }
                add(of, LossRow.ORACLE, loss.best(), loss.at(loss.best()));
            });
        }

        private static Sum add(Map<String, Sum> of, String reading, double loops, double loss) {
            Sum sum = of.computeIfAbsent(reading, r -> new Sum());
            sum.count++;
            sum.loops += loops;
            sum.loss += loss;
            return sum;
        }

        List<LossRow> rows(int number, Prompt prompt, Tokenizer tokenizer, int[] ids) {
            List<LossRow> rows = new ArrayList<>();
            sums.forEach((span, classesOf) -> classesOf.forEach((name, readings) -> readings.forEach((reading, sum) -> {
                boolean step = reading.startsWith("fixed:");
                rows.add(new LossRow(
                        number,
                        prompt.group().orElse(""),
                        span.scope(),
                        name,
                        reading,
                        sum.count,
                        name.equals(TokenClass.ALL) ? bytes(span, prompt, tokenizer, ids[0]) : -1,
                        sum.loops,
                        sum.loss,
                        step ? sum.risen : -1,
                        step ? sum.worse : -1,
                        margin,
                        steps));
            })));
            return rows;
        }

        /** Of the text that a span predicts: the answer, or the prompt without what its first token stands for. */
        private static int bytes(Span span, Prompt prompt, Tokenizer tokenizer, int first) {
            if (span.scope() == Scope.ANSWER) {
                return utf8(prompt.answer().orElse("").strip());
            }
            String begin = tokenizer.isAdded(first) ? "" : tokenizer.decode(first);
            return Math.max(0, utf8(prompt.prompt()) - utf8(begin));
        }

        private static int utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
