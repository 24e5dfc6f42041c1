package org.loopscope.model.ouro;

import org.loopscope.model.base.RunControl;
import org.loopscope.model.ouro.Weights.LayerWeights;
import org.loopscope.model.shape.LoopConfig;

/**
 * The looped stack over the tokens of one run. With x the residual stream, for every step t = 1..T the same layers do
 *
 * <pre>
 *   x += N2(attention(N1(x)));  x += N4(mlp(N3(x)))        for every layer
 *   x  = N_final(x)  = h_t                                 feeds gate, unembedding and step t + 1
 * </pre>
 *
 * <p>Source: Zhu et al. 2025 (arXiv:2510.25741) §3.1 and the published model code, {@code OuroModel.forward}. The
 * embedding is not scaled; positions, and so the rotary angles, are the same in every step.
 */
final class ForwardPass implements AutoCloseable {
    private static final int ATTENTION_BLOCK = 64; // queries, as the processor's kernels take them
    private static final long ATTENTION_WORK = 20_000_000_000L; // operations between two looks at the cancel

    private final Weights weights;
    private final LoopConfig config;
    private final Kernels kernels;
    private final int steps;
    private final KvCache cache;
    private final Scratch scratch;
    private final RopeTable rope;
    private long stackPasses;
    private long loopsRun;

    /** Receives the residual stream as it is computed. */
    interface Observer {
        /** Stream of the tokens from {@code position}, [tokens, d]: layer −1 is the input of the step, l after layer l. */
        void layer(int step, int layer, int position, Matrix stream);

        /** Output h_t of the tokens from {@code position}, [tokens, d], after the final norm. */
        void stepOutput(int step, int position, Matrix stream) throws NonFiniteStream;
    }

    /** Changes the residual stream before it is observed and used further. */
    interface Editor {
        /** Leaves everything as it is. */
        Editor NONE = new Editor() {
            @Override
            public void layer(int step, int layer, int position, Matrix stream) {}

            @Override
            public void stepOutput(int step, int position, Matrix stream) {}
        };

        /** May change the stream of the tokens from {@code position}, [tokens, d]; layers as for {@link Observer#layer}. */
        void layer(int step, int layer, int position, Matrix stream);

        /** May change the output h_t of the tokens from {@code position}, [tokens, d]. */
        void stepOutput(int step, int position, Matrix stream);

        /** How often the layers and the final norm of {@code step} are applied, one after the other; 0 skips the step. */
        default int applications(int step) {
            return 1;
        }
    }

    /**
     * Takes the memory of a run.
     *
     * @param rows most tokens of one call
     * @param capacity tokens of all calls
     */
    ForwardPass(Weights weights, LoopConfig config, Kernels kernels, int steps, KvCache cache, int rows, int capacity) {
        this.weights = weights;
        this.config = config;
        this.kernels = kernels;
        this.steps = steps;
        this.cache = cache;
        this.scratch = new Scratch(kernels, config, rows, capacity);
        boolean complete = false;
        try {
            this.rope = new RopeTable(kernels, capacity, config.headDim(), config.ropeTheta());
            complete = true;
        } finally {
            if (!complete) {
                scratch.close();
            }
        }
    }

    /**
     * Sends {@code count} tokens from {@code ids[from]} through all steps, after those the cache holds.
     *
     * @throws NonFiniteStream at the first state that holds NaN or infinity
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    void run(int[] ids, int from, int count, Observer observer, RunControl control) throws NonFiniteStream {
        run(ids, from, count, Editor.NONE, observer, control);
    }

    /** The same, with {@code editor} changing the stream on the way. */
    void run(int[] ids, int from, int count, Editor editor, Observer observer, RunControl control)
            throws NonFiniteStream {
        int position = cache.length();
        cache.begin(count);
        Matrix x = embedded(ids, from, count);
        for (int step = 1; step <= steps; step++) {
            step(step, position, x, editor, observer, control);
        }
        cache.end(steps);
    }

    /** Embeddings of {@code count} tokens, [count, d], what step 1 takes. */
    Matrix embedded(int[] ids, int from, int count) {
        Matrix x = stream(count);
        float[] row = new float[x.columns()];
        for (int i = 0; i < count; i++) {
            weights.embedding().getRow(ids[from + i], row, 0);
            x.put(i, 1, row, 0);
        }
        return x;
    }

    /** The memory of this pass for a residual stream of {@code count} tokens, [count, d]. */
    Matrix stream(int count) {
        return scratch.stream().rows(0, count);
    }

    /**
     * Sends the tokens from {@code position} through one step: {@code x} [tokens, d] is the step's input (the embedding or
     * the output of the step before) and becomes its output. The cache holds this step of all tokens before them.
     *
     * @throws NonFiniteStream and others as {@link #run}
     */
    void step(int step, int position, Matrix x, Observer observer, RunControl control) throws NonFiniteStream {
        step(step, position, x, Editor.NONE, observer, control);
    }

    private void step(int step, int position, Matrix x, Editor editor, Observer observer, RunControl control)
            throws NonFiniteStream {
        editor.layer(step, -1, position, x);
        observer.layer(step, -1, position, x);
        int applications = editor.applications(step);
        for (int i = 0; i < applications; i++) {
            stack(step, position, x, editor, observer, control);
        }
        if (applications == 0) { // nothing is added to the stream, so every layer leaves what came in
            for (int layer = 0; layer < config.layers(); layer++) {
                observer.layer(step, layer, position, x);
            }
        }
        editor.stepOutput(step, position, x);
        check(x, step, config.layers(), position);
        observer.stepOutput(step, position, x);
        cache.stepDone(step, position + x.rows());
    }

    /** All layers and the final norm, once. */
    private void stack(int step, int position, Matrix x, Editor editor, Observer observer, RunControl control)
            throws NonFiniteStream {
        for (int layer = 0; layer < config.layers(); layer++) {
            layer(step, layer, position, x, control);
            editor.layer(step, layer, position, x);
            check(x, step, layer, position);
            observer.layer(step, layer, position, x);
            long done = (long) (step - 1) * config.layers() + layer + 1;
            control.progress("step " + step + " of " + steps, done, (long) steps * config.layers());
        }
        kernels.rmsNorm(x, weights.finalNorm(), config.normEps(), x);
        stackPasses++;
        loopsRun += x.rows();
    }

    /** Times the stack of layers has run. */
    long stackPasses() {
        return stackPasses;
    }

    /** Loops of single tokens so far: each stack pass counts its tokens. */
    long loopsRun() {
        return loopsRun;
    }

    /** One layer on all new tokens, chunk by chunk; causal, so a chunk needs the keys of itself and those before only. */
    private void layer(int step, int layer, int position, Matrix x, RunControl control) {
        KvCache.Slot slot = cache.slot(step, layer);
        LayerWeights w = weights.layer(layer);
        for (int chunk = 0; chunk < x.rows(); chunk += Scratch.CHUNK) {
            control.checkCancelled();
            int rows = Math.min(Scratch.CHUNK, x.rows() - chunk);
            Matrix part = x.rows(chunk, rows);
            attention(w, slot, position + chunk, part, control);
            mlp(w, part, control);
        }
        cache.layerDone(step, layer);
    }

    private void attention(LayerWeights w, KvCache.Slot slot, int position, Matrix x, RunControl control) {
        int rows = x.rows();
        Matrix normed = scratch.normed().rows(0, rows); // [rows, d]
        Matrix queries = scratch.queries().rows(0, rows); // [rows, heads * headDim]
        Matrix attended = scratch.attended().rows(0, rows); // [rows, heads * headDim]
        Matrix added = scratch.added().rows(0, rows); // [rows, d]
        Matrix keys = slot.keys().rows(position, rows); // [rows, kvHeads * headDim]
        kernels.rmsNorm(x, w.attentionNorm(), config.normEps(), normed);
        kernels.linear(normed, new WeightMatrix[] {w.query(), w.key(), w.value()}, new Matrix[] {
            queries, keys, slot.values().rows(position, rows)
        });
        control.checkCancelled();
        kernels.rope(queries, rope, position);
        kernels.rope(keys, rope, position);
        attend(queries, slot, position, attended, control);
        kernels.linear(attended, w.output(), added);
        kernels.addRmsNorm(x, added, w.postAttentionNorm(), config.normEps());
        control.checkCancelled();
    }

    /** Attention in parts of rows: over a long context one chunk alone would take seconds. */
    private void attend(Matrix queries, KvCache.Slot slot, int position, Matrix attended, RunControl control) {
        int rows = attentionRows(position + queries.rows(), queries.columns());
        for (int from = 0; from < queries.rows(); from += rows) {
            int count = Math.min(rows, queries.rows() - from);
            kernels.attention(
                    queries.rows(from, count),
                    slot.keys(),
                    slot.values(),
                    position + from,
                    config.headDim(),
                    scratch.scores(),
                    attended.rows(from, count));
            control.checkCancelled();
        }
    }

    /** Rows of {@code width} numbers that attend to {@code tokens} keys in one go: a multiple of the kernels' blocks. */
    private static int attentionRows(int tokens, int width) {
        long block = 4L * ATTENTION_BLOCK * tokens * width; // two products, each a multiplication and an addition
        return (int) Math.max(1, Math.min(Scratch.CHUNK / ATTENTION_BLOCK, ATTENTION_WORK / block)) * ATTENTION_BLOCK;
    }

    private void mlp(LayerWeights w, Matrix x, RunControl control) {
        int rows = x.rows();
        Matrix normed = scratch.normed().rows(0, rows); // [rows, d]
        Matrix gate = scratch.gate().rows(0, rows); // [rows, m]
        Matrix up = scratch.up().rows(0, rows); // [rows, m]
        Matrix added = scratch.added().rows(0, rows); // [rows, d]
        kernels.rmsNorm(x, w.mlpNorm(), config.normEps(), normed);
        kernels.linear(normed, new WeightMatrix[] {w.gate(), w.up()}, new Matrix[] {gate, up});
        control.checkCancelled();
        kernels.swiGlu(gate, up);
        kernels.linear(gate, w.down(), added);
        kernels.addRmsNorm(x, added, w.postMlpNorm(), config.normEps());
    }

    private void check(Matrix x, int step, int layer, int position) throws NonFiniteStream {
        int row = kernels.firstNonFiniteRow(x);
        if (row >= 0) {
            String place = layer < config.layers() ? "layer " + layer : "final norm";
            throw new NonFiniteStream(step, place, position + row);
        }
    }

    @Override
    public void close() {
        rope.close();
        scratch.close();
    }

    /** A state is not finite. */
    static final class NonFiniteStream extends Exception {
        private static final long serialVersionUID = 1L;

        private final int step;
        private final String place;
        private final int position;

        /** @param place within the step: {@code layer 3}, {@code final norm}, {@code exit gate} */
        NonFiniteStream(int step, String place, int position) {
            super("step " + step + ", " + place + ", position " + position);
            this.step = step;
            this.place = place;
            this.position = position;
        }

        int step() {
            return step;
        }

        String place() {
            return place;
        }

        int position() {
            return position;
        }
    }
}
