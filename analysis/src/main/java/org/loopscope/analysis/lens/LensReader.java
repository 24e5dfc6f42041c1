package org.loopscope.analysis.lens;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;

/**
 * Takes the states of a capture through the unembedding, a block at a time, and has the logits reduced at once.
 *
 * <p>A block is all rows of as many positions as the budget allows, in one product. Where the rows of a single position
 * already exceed it (many layers, a large vocabulary), a block is some rows of one position, and the rows are read
 * twice: which tokens to follow is known only after the first time.
 */
final class LensReader {
    private final Capture capture;
    private final Unembedding unembedding;
    private final List<DepthPoint> rows;
    private final StateTranslator translator;
    private final LensCells cells;
    private final int d;
    private final int vocabSize;
    private final int rowsPerBlock;
    private final int positionsPerBlock;
    private final float[] states; // [rows of a block, d]
    private final float[] logits; // [rows of a block, V]
    private final List<CellReducer> reducers; // one a thread; positions are independent of each other

    LensReader(Capture capture, Unembedding unembedding, List<DepthPoint> rows, int k, long budgetBytes) {
        this(capture, unembedding, rows, StateTranslator.IDENTITY, k, budgetBytes);
    }

    LensReader(
            Capture capture,
            Unembedding unembedding,
            List<DepthPoint> rows,
            StateTranslator translator,
            int k,
            long budgetBytes) {
        if (k < 1) {
            throw new IllegalArgumentException("k: want 1 or more, got " + k);
        }
        this.capture = capture;
        this.unembedding = unembedding;
        this.rows = rows;
        this.translator = translator;
        this.d = unembedding.hiddenSize();
        this.vocabSize = unembedding.vocabSize();
        if (d != capture.config().hiddenSize()) {
            throw new IllegalArgumentException(
                    "unembedding: want hidden size " + capture.config().hiddenSize() + ", got " + d);
        }
        this.cells = new LensCells(rows, capture.length(), Math.min(k, vocabSize));
        int products = (int) Math.max(1, budgetBytes / (Float.BYTES * (long) Math.max(vocabSize, d)));
        this.rowsPerBlock = Math.min(rows.size(), products);
        this.positionsPerBlock = Math.min(capture.length(), Math.max(1, products / rows.size()));
        this.states = new float[rowsPerBlock * positionsPerBlock * d];
        this.logits = new float[rowsPerBlock * positionsPerBlock * vocabSize];
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), positionsPerBlock);
        this.reducers = Stream.generate(() -> new CellReducer(capture, cells, vocabSize))
                .limit(threads)
                .toList();
    }

    void read(RunControl control) {
        for (int p = 0; p < capture.length(); p += positionsPerBlock) {
            readPositions(p, Math.min(positionsPerBlock, capture.length() - p), control);
            control.progress("logit lens", Math.min(capture.length(), p + positionsPerBlock), capture.length());
        }
    }

    LensGrid grid(IntFunction<String> texts, String statement) {
        return new LensGrid(cells, capture, texts, statement, translator.lens());
    }

    private void readPositions(int position, int count, RunControl control) {
        if (rowsPerBlock == rows.size()) {
            unembed(0, rows.size(), position, count, control);
            inParallel(count, (reducer, i) -> {
                reduce(reducer, 0, rows.size(), position, i, count);
                reducer.chooseTracked(position + i);
                follow(reducer, 0, rows.size(), position, i, count);
            });
        } else {
            readOnePosition(position, control);
        }
    }

    private void readOnePosition(int position, RunControl control) {
        CellReducer reducer = reducers.get(0);
        for (int end = rows.size(); end > 0; end -= rowsPerBlock) {
            int from = Math.max(0, end - rowsPerBlock);
            unembed(from, end, position, 1, control);
            reduce(reducer, from, end, position, 0, 1);
        }
        reducer.chooseTracked(position);
        for (int end = rows.size(); end > 0; end -= rowsPerBlock) {
            int from = Math.max(0, end - rowsPerBlock);
            unembed(from, end, position, 1, control);
            follow(reducer, from, end, position, 0, 1);
        }
    }

    /** Does {@code work} for positions 0 to {@code count} of the block, each thread with its own reducer. */
    private void inParallel(int count, ObjIntConsumer<CellReducer> work) {
        Map<Integer, NonFiniteLogitsException> problems = new ConcurrentSkipListMap<>();
        IntStream.range(0, reducers.size()).parallel().forEach(thread -> {
            for (int i = thread; i < count; i += reducers.size()) {
                try {
                    work.accept(reducers.get(thread), i);
                } catch (NonFiniteLogitsException e) {
                    problems.put(i, e); // thrown from here it would reach the caller as the cause of another
                }
            }
        });
        if (!problems.isEmpty()) {
            throw problems.values().iterator().next(); // of the first position, whatever thread came first
        }
    }

    /** From the last row up, since every other row is compared with it. */
    private void reduce(CellReducer reducer, int from, int end, int position, int i, int count) {
        for (int row = end - 1; row >= from; row--) {
            reducer.reduce(row, position + i, logits, ((row - from) * count + i) * vocabSize);
        }
    }

    private void follow(CellReducer reducer, int from, int end, int position, int i, int count) {
        for (int row = from; row < end; row++) {
            reducer.follow(row, position + i, logits, ((row - from) * count + i) * vocabSize);
        }
    }

    /** Logits of rows {@code from} to {@code end} of {@code count} positions, [end − from, count, V], in one product. */
    private void unembed(int from, int end, int position, int count, RunControl control) {
        control.checkCancelled();
        for (int row = from; row < end; row++) {
            DepthPoint depth = rows.get(row);
            int offset = (row - from) * count * d;
            capture.states(depth.site(), position, count, states, offset);
            if (depth.layer().isPresent()) {
                translator.translate(depth, states, offset, count);
            }
        }
        int n = (end - from) * count;
        if (rows.get(0).layer().isPresent()) {
            unembedding.finalNorm(states, n, states); // step outputs are normed already
        }
        unembedding.logits(states, n, logits);
        control.checkCancelled();
    }
}
