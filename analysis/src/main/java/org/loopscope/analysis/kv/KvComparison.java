package org.loopscope.analysis.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.loopscope.analysis.lens.LogSoftmax;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.Capture;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;

/**
 * What a model says when its KV cache keeps one entry per token and layer instead of one per step.
 *
 * <p>Teacher forcing: the same text is decoded token by token under each policy, and the distributions of the last step are
 * compared with those of the full cache. Free-running: each policy writes its own greedy text. Source of the policies: Zhu
 * et al. 2025 (arXiv:2510.25741) §5.4.2, which compares the accuracy of whole answers; what it leaves open is settled as
 * {@link KvPolicy} says.
 */
public final class KvComparison {
    /** Rows that go through the unembedding together. */
    private static final int ROWS = 32;

    private final LoopedModel model;
    private final KvPlan plan;

    public KvComparison(LoopedModel model, KvPlan plan) {
        this.model = model;
        this.plan = plan;
    }

    /**
     * Compares on the rest of the prompt after the prefill and what full generates greedily after it.
     *
     * @throws LoopscopeException if the tokens cannot be run
     * @throws NonFiniteLogitsException if a logit is not finite
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; nothing partial is returned
     */
    public KvResult compare(int[] prompt, RunControl control) throws LoopscopeException {
        return compare(KvPrompt.of(prompt, ""), control);
    }

    /**
     * The same, and whether each policy's own text begins with the right answer, token by token: what {@link
     * org.loopscope.analysis.prompts.WholeAnswer} calls right at the last step. An answer of more tokens than are generated
     * is not judged.
     *
     * @throws LoopscopeException and others as {@link #compare(int[], RunControl)}
     */
    public KvResult compare(KvPrompt prompt, RunControl control) throws LoopscopeException {
        int[] ids = prompt.toArray();
        model.config().requireTokens(ids, plan.generate());
        int prefill = plan.prefillOf(ids.length);
        Capture full = free(ids, prefill, KvPolicy.FULL, plan.generate(), control);
        boolean judged = !prompt.answer().isEmpty() && prompt.answer().size() <= plan.generate();
        List<Integer> answer = judged ? prompt.answer() : List.of();
        return compare(full.tokenIds(), prefill, ids.length, full, full, answer, control);
    }

    /**
     * Compares on a text that is given, whoever wrote it; the free-running texts start after the prompt and are at most as
     * long.
     *
     * @throws LoopscopeException and others as {@link #compare(int[], RunControl)}
     */
    public KvResult compare(int[] prompt, int[] text, RunControl control) throws LoopscopeException {
        model.config().requireTokens(prompt, text.length);
        int[] all = Arrays.copyOf(prompt, prompt.length + text.length);
        System.arraycopy(text, 0, all, prompt.length, text.length);
        int prefill = plan.prefillOf(prompt.length);
        Capture free = free(prompt, prefill, KvPolicy.FULL, text.length, control);
        Capture forced = forced(all, prefill, KvPolicy.FULL, control);
        return compare(all, prefill, prompt.length, forced, free, List.of(), control);
    }

    /**
     * @param all prefill and text
     * @param generatedFrom where the free-running texts begin
     * @param forced the text under full
     * @param free what full wrote
     * @param answer that is looked for in the own texts, if any
     */
    private KvResult compare(
            int[] all,
            int prefill,
            int generatedFrom,
            Capture forced,
            Capture free,
            List<Integer> answer,
            RunControl control)
            throws LoopscopeException {
        List<KvToken> tokens = new ArrayList<>();
        Map<KvPolicy, Boolean> right = new EnumMap<>(KvPolicy.class);
        judge(KvPolicy.FULL, free, generatedFrom, answer, right);
        if (all.length > prefill) {
            // full may have stopped early; another policy gets as many tokens as the answer has all the same
            int own = Math.max(all.length - generatedFrom, answer.size());
            for (KvPolicy policy : plan.policies()) {
                Capture other = forced(all, prefill, policy, control);
                int[] prompt = Arrays.copyOf(all, generatedFrom);
                Capture wrote = free(prompt, prefill, policy, own, control);
                tokens.addAll(tokens(policy, all, prefill, generatedFrom, forced, other, free, wrote, control));
                judge(policy, wrote, generatedFrom, answer, right);
            }
        }
        int given = free == forced ? generatedFrom - prefill : all.length - prefill;
        return new KvResult(prefill, given, plan.steps(), tokens, right);
    }

    private static void judge(
            KvPolicy policy, Capture wrote, int from, List<Integer> answer, Map<KvPolicy, Boolean> right) {
        if (!answer.isEmpty()) {
            right.put(policy, WholeAnswer.stands(wrote.tokenIds(), from, answer));
        }
    }

    /** The states that predict each token of the text; nothing is read after its last token, so that is not run. */
    private Capture forced(int[] all, int prefill, KvPolicy policy, RunControl control) throws LoopscopeException {
        int length = Math.max(prefill, all.length - 1);
        return model.decode(
                Arrays.copyOf(all, length), prefill, plan.options(policy), named(policy, "given text", control));
    }

    private Capture free(int[] prompt, int prefill, KvPolicy policy, int tokens, RunControl control)
            throws LoopscopeException {
        RunOptions options = plan.options(policy).withGenerate(tokens).withStopIds(plan.stopIds());
        return model.decode(prompt, prefill, options, named(policy, "own text", control));
    }

    private static RunControl named(KvPolicy policy, String what, RunControl control) {
        return RunControl.of(
                control::isCancelled,
                (stage, done, total) -> control.progress(policy.cliName() + ", " + what, done, total));
    }

    private List<KvToken> tokens(
            KvPolicy policy,
            int[] all,
            int prefill,
            int generatedFrom,
            Capture full,
            Capture other,
            Capture fullFree,
            Capture free,
            RunControl control) {
        Unembedding unembedding = model.unembedding();
        int vocab = unembedding.vocabSize();
        int length = all.length - prefill;
        int rows = Math.min(ROWS, length);
        float[] states = new float[rows * unembedding.hiddenSize()];
        float[] p = new float[rows * vocab];
        float[] q = new float[rows * vocab];
        List<KvToken> tokens = new ArrayList<>(length);
        for (int from = 0; from < length; from += rows) {
            control.checkCancelled();
            int count = Math.min(rows, length - from);
            logits(full, prefill - 1 + from, count, states, p);
            logits(other, prefill - 1 + from, count, states, q);
            for (int row = 0; row < count; row++) {
                int position = prefill + from + row;
                double logP = logSum(p, row, position - 1);
                double logQ = logSum(q, row, position - 1);
                int id = all[position];
                tokens.add(new KvToken(
                        policy,
                        from + row + 1,
                        id,
                        argmax(p, row * vocab, vocab),
                        argmax(q, row * vocab, vocab),
                        kl(p, logP, q, logQ, row * vocab, vocab),
                        p[row * vocab + id] - logP,
                        q[row * vocab + id] - logQ,
                        written(fullFree, generatedFrom, position),
                        written(free, generatedFrom, position)));
            }
        }
        return tokens;
    }

    private void logits(Capture capture, int position, int count, float[] states, float[] out) {
        capture.states(Site.readout(capture.steps()), position, count, states, 0);
        model.unembedding().logits(states, count, out);
    }

    private double logSum(float[] logits, int row, int position) {
        int vocab = model.unembedding().vocabSize();
        double sum = LogSoftmax.logSum(logits, row * vocab, vocab);
        if (!Double.isFinite(sum)) {
            throw NonFiniteLogitsException.atStep(plan.steps(), position);
        }
        return sum;
    }

    private static OptionalInt written(Capture capture, int generatedFrom, int position) {
        boolean there = position >= generatedFrom && position < capture.length();
        return there ? OptionalInt.of(capture.tokenId(position)) : OptionalInt.empty();
    }

    /** Σ p (ln p − ln q) in double, p and q being the softmax of {@code n} logits each; rounding is not let below 0. */
    static double kl(float[] p, double logP, float[] q, double logQ, int offset, int n) {
        double sum = 0;
        for (int v = 0; v < n; v++) {
            double lp = p[offset + v] - logP;
            sum += Math.exp(lp) * (lp - (q[offset + v] - logQ));
        }
        return sum < 0 ? 0 : sum; // NaN stays NaN
    }

    private static int argmax(float[] logits, int offset, int n) {
        int best = 0;
        for (int v = 1; v < n; v++) {
            if (logits[offset + v] > logits[offset + best]) {
                best = v;
            }
        }
        return best;
    }
}
