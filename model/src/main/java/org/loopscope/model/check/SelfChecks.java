package org.loopscope.model.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.Precision;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.ParallelTasks;
import org.loopscope.model.checkpoint.TensorInfo;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.shape.Site;

/**
 * The checks of a model that was just loaded, against the checkpoint it came from. They read the stored weights once and
 * run three tokens.
 */
public final class SelfChecks {
    private static final String WEIGHTS = "finite weights";
    private static final String LENS = "last-step lens";
    private static final String PDF = "exit pdf";
    private static final int LENS_TOKENS = 8;
    private static final double PDF_TOLERANCE = 1e-9;

    private final LoopedModel model;
    private final Checkpoint checkpoint;
    private final RunControl control;
    private final List<CheckResult> results = new ArrayList<>();

    private SelfChecks(LoopedModel model, Checkpoint checkpoint, RunControl control) {
        this.model = model;
        this.checkpoint = checkpoint;
        this.control = control;
    }

    /**
     * All checks, in the order in which they are shown.
     *
     * @throws LoopscopeException if a file cannot be read
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static List<CheckResult> run(LoopedModel model, Checkpoint checkpoint, RunControl control)
            throws LoopscopeException {
        SelfChecks checks = new SelfChecks(model, checkpoint, control);
        checks.runAll();
        return List.copyOf(checks.results);
    }

    /** @throws LoopscopeException with the sentence of the first check that failed */
    public static void requirePassed(String model, List<CheckResult> results) throws LoopscopeException {
        for (CheckResult result : results) {
            if (result.outcome() == CheckResult.Outcome.FAILED) {
                throw new LoopscopeException(model + " was not opened, its self-check \"" + result.name()
                        + "\" failed: " + result.sentence());
            }
        }
    }

    private void runAll() throws LoopscopeException {
        results.add(CheckResult.passed(
                "shapes and T",
                checkpoint.tensors().size() + " tensors have the shapes that config.json gives; T = "
                        + model.config().trainedSteps() + "."));
        CheckResult weights = weights();
        results.add(weights);
        results.add(TokenizerCheck.run(model));
        if (weights.outcome() == CheckResult.Outcome.PASSED) {
            runTokens();
        } else {
            notRun("There are weights that are not finite.");
        }
        results.add(ChatCheck.run(model));
    }

    private CheckResult weights() throws LoopscopeException {
        List<TensorInfo> tensors = List.copyOf(checkpoint.tensors());
        long total = checkpoint.weightBytes();
        AtomicLong done = new AtomicLong();
        long[] faults = new long[tensors.size()]; // element of each tensor, −1 for none
        ParallelTasks.run(IntStream.range(0, faults.length)
                .mapToObj(i -> (ParallelTasks.Task) () -> {
                    control.checkCancelled();
                    TensorInfo tensor = tensors.get(i);
                    faults[i] = new FiniteScan(tensor.dtype())
                            .firstNotFinite(checkpoint.bytes(tensor.name()))
                            .orElse(-1);
                    control.progress("checking weights", done.addAndGet(tensor.sizeBytes()), total);
                })
                .toList());
        for (int i = 0; i < faults.length; i++) {
            if (faults[i] >= 0) {
                return CheckResult.failed(
                        WEIGHTS,
                        tensors.get(i).name() + ": expected finite numbers, found NaN or infinity at element "
                                + faults[i] + " of " + tensors.get(i).elements() + ".");
            }
        }
        return CheckResult.passed(
                WEIGHTS, String.format(Locale.ROOT, "%,d weights are finite.", checkpoint.parameterCount()));
    }

    private void notRun(String reason) {
        results.add(CheckResult.notMade(LENS, reason));
        results.add(CheckResult.notMade(PDF, reason));
    }

    private void runTokens() throws LoopscopeException {
        int vocabulary = model.config().vocabSize();
        int count = Math.min(3, model.config().contextLength());
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) ((i + 1L) * vocabulary / 4);
        }
        Capture capture;
        try {
            capture = model.run(ids, RunOptions.steps(model.config().trainedSteps()), control);
        } catch (NonFiniteStateException e) {
            results.add(CheckResult.failed(LENS, String.valueOf(e.getMessage())));
            results.add(CheckResult.notMade(PDF, "The run of the check stopped."));
            return;
        } catch (LoopscopeException e) { // no memory for a run; that is told again where one is asked for
            notRun(String.valueOf(e.getMessage()));
            return;
        }
        results.add(lens(capture));
        results.add(capture.hasGates() ? pdf(capture) : CheckResult.notMade(PDF, "The model has no exit gate."));
    }

    /**
     * The logits that every lens shows for h_T, against W_U · h_T summed in double from the stored weights. Differences
     * are measured against the sum of the magnitudes of the terms: rounding alone gives at most about d · 2⁻²⁴ of it in
     * float32.
     */
    private CheckResult lens(Capture capture) throws LoopscopeException {
        int d = model.config().hiddenSize();
        int vocabulary = model.config().vocabSize();
        float[] state = capture.state(Site.readout(capture.steps()), capture.length() - 1);
        float[] logits = new float[vocabulary];
        model.unembedding().logits(state, 1, logits);
        for (int id = 0; id < vocabulary; id++) {
            if (!Float.isFinite(logits[id])) {
                return CheckResult.failed(
                        LENS,
                        "expected finite logits after step " + capture.steps() + ", found " + logits[id] + " for token "
                                + id + ".");
            }
        }
        String name = checkpoint.unembedding();
        boolean exact = Precision.ofComputeDtype(model.info().computeDtype())
                .map(Precision::exact)
                .orElse(true);
        double tolerance = exact ? 1e-4 : 2e-2;
        double worst = 0;
        float[] row = new float[d];
        int tokens = Math.min(LENS_TOKENS, vocabulary);
        for (int i = 0; i < tokens; i++) {
            int id = i == 0 ? largest(logits) : (int) ((long) i * vocabulary / tokens);
            checkpoint.readFloat32(name, (long) id * d, d, row, 0);
            double sum = 0;
            double magnitude = Double.MIN_NORMAL;
            for (int j = 0; j < d; j++) {
                sum += (double) row[j] * state[j];
                magnitude += Math.abs((double) row[j] * state[j]);
            }
            double difference = Math.abs(logits[id] - sum) / magnitude;
            if (!(difference <= tolerance)) {
                return CheckResult.failed(
                        LENS,
                        String.format(
                                Locale.ROOT,
                                "expected the logit %.6g of token %d after step %d, as the stored weights give it, found %.6g.",
                                sum,
                                id,
                                capture.steps(),
                                logits[id]));
            }
            worst = Math.max(worst, difference);
        }
        return CheckResult.passed(
                LENS,
                String.format(
                        Locale.ROOT,
                        "Logits of %d tokens after step %d are W_U · h from the stored weights, to %.0e.",
                        tokens,
                        capture.steps(),
                        worst));
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        return best;
    }

    private static CheckResult pdf(Capture capture) {
        double worst = 0;
        for (int position = 0; position < capture.length(); position++) {
            ExitDistribution exits = capture.exitDistribution(position);
            double sum = 0;
            for (int step = 1; step <= capture.steps(); step++) {
                double p = exits.pdf(step);
                if (!(p >= 0 && p <= 1)) {
                    return CheckResult.failed(PDF, "expected p(" + step + ") from 0 to 1, found " + p + ".");
                }
                sum += p;
            }
            double off = Math.abs(sum - 1);
            if (!(off <= PDF_TOLERANCE) || exits.cdf(capture.steps()) != 1) {
                return CheckResult.failed(
                        PDF, "expected p(1) to p(" + capture.steps() + ") to sum to 1, found " + sum + ".");
            }
            worst = Math.max(worst, off);
        }
        String precision = worst == 0 ? "exactly" : String.format(Locale.ROOT, "to %.0e", worst);
        return CheckResult.passed(PDF, "The exit pdf of " + capture.length() + " tokens sums to 1, " + precision + ".");
    }
}
