package org.loopscope.model.capture;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.model.shape.Site;

/** Names the tensors of one capture and copies them out in blocks of rows. */
final class CaptureWriter {
    static final String METADATA_KEY = "loopscope";

    private final Capture capture;
    private final CaptureFile.Extras extras;
    private final int steps;
    private final int length;
    private final int width;

    CaptureWriter(Capture capture, CaptureFile.Extras extras) {
        this.capture = capture;
        this.extras = extras;
        this.steps = capture.steps();
        this.length = capture.length();
        this.width = capture.config().hiddenSize();
    }

    void write(Path file, RunControl control) throws LoopscopeException {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata(METADATA_KEY, CaptureMetadata.of(capture).toJson())
                .longs("token_ids", this::tokenIds, length)
                .floats("hidden_states", of(Site::stepOutput), steps, length, width);
        if (capture.hasReadouts()) {
            writer.floats("readout_states", of(Site::readout), steps, length, width);
        }
        if (capture.hasGates()) {
            addGates(writer);
        }
        if (capture.hasLayerStates()) {
            int depth = capture.config().layers() + 1;
            writer.floats(
                    "layer_states",
                    (first, rows, out) -> states(this::layerSite, first, rows, out),
                    steps,
                    depth,
                    length,
                    width);
        }
        extras.stepLogits().ifPresent(u -> addStepLogits(writer, u));
        extras.topK().ifPresent(top -> addTopK(writer, top));
        writer.write(file, control);
    }

    private void addGates(SafetensorsWriter writer) {
        double[][] pdf = new double[steps][length];
        double[][] cdf = new double[steps][length];
        fillExits(pdf, cdf);
        writer.floats("gate_logits", this::gateLogits, steps, length)
                .doubles("exit_pdf", (first, rows, out) -> copy(pdf, first, rows, out), steps, length)
                .doubles("exit_cdf", (first, rows, out) -> copy(cdf, first, rows, out), steps, length);
    }

    private void fillExits(double[][] pdf, double[][] cdf) {
        for (int position = 0; position < length; position++) {
            ExitDistribution exits = capture.exitDistribution(position);
            for (int t = 1; t <= steps; t++) {
                pdf[t - 1][position] = exits.pdf(t);
                cdf[t - 1][position] = exits.cdf(t);
            }
        }
    }

    private void copy(double[][] values, long firstStep, int rows, double[] out) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values[(int) firstStep + row], 0, out, row * length, length);
        }
    }

    private void tokenIds(long first, int rows, long[] out) {
        for (int position = 0; position < length; position++) {
            out[position] = capture.tokenId(position);
        }
    }

    private void gateLogits(long firstStep, int rows, float[] out) {
        for (int row = 0; row < rows; row++) {
            for (int position = 0; position < length; position++) {
                out[row * length + position] = capture.gateLogit((int) firstStep + row + 1, position);
            }
        }
    }

    private SafetensorsWriter.FloatRows of(IntFunction<Site> siteOfStep) {
        return (first, rows, out) -> states(plane -> siteOfStep.apply(plane + 1), first, rows, out);
    }

    /** Rows count positions, then planes; a run of rows is copied plane by plane. */
    private void states(IntFunction<Site> siteOfPlane, long first, int rows, float[] out) {
        for (int done = 0; done < rows; ) {
            long row = first + done;
            int position = (int) (row % length);
            int count = Math.min(rows - done, length - position);
            capture.states(siteOfPlane.apply((int) (row / length)), position, count, out, done * width);
            done += count;
        }
    }

    private Site layerSite(int plane) {
        int depth = capture.config().layers() + 1;
        int step = plane / depth + 1;
        return plane % depth == 0 ? Site.stepInput(step) : Site.afterLayer(step, plane % depth - 1);
    }

    private void addStepLogits(SafetensorsWriter writer, Unembedding unembedding) {
        if (unembedding.hiddenSize() != width
                || unembedding.vocabSize() != capture.config().vocabSize()) {
            throw new IllegalArgumentException("unembedding: want that of the model of the capture");
        }
        writer.floats(
                "step_logits",
                (first, rows, out) -> {
                    float[] states = new float[rows * width];
                    states(plane -> Site.readout(plane + 1), first, rows, states);
                    unembedding.logits(states, rows, out);
                },
                steps,
                length,
                unembedding.vocabSize());
    }

    private void addTopK(SafetensorsWriter writer, CaptureFile.TopK top) {
        int k = top.k();
        int expected = Math.multiplyExact(Math.multiplyExact(steps, length), k);
        if (top.ids().length != expected || top.logProbs().length != expected) {
            throw new IllegalArgumentException("top k: want " + expected + " ids and log-probabilities, got "
                    + top.ids().length + " and " + top.logProbs().length);
        }
        int[] ids = Arrays.copyOf(top.ids(), expected);
        float[] logProbs = Arrays.copyOf(top.logProbs(), expected);
        writer.ints(
                "lens_top_ids",
                (first, rows, out) -> System.arraycopy(ids, (int) first * k, out, 0, rows * k),
                steps,
                length,
                k);
        writer.floats(
                "lens_top_log_probs",
                (first, rows, out) -> System.arraycopy(logProbs, (int) first * k, out, 0, rows * k),
                steps,
                length,
                k);
    }
}
