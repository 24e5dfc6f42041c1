package org.loopscope.model.ouro;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.shape.LoopConfig;

/**
 * Keys and values of the tokens that have gone through the model, for one run.
 *
 * <p>{@link KvPolicy#FULL} has one slot per (step, layer), since every recurrent step attends to the keys and values
 * its own step produced. The other policies have one slot per layer. The first call, prefill, is always computed with
 * full per-step keys and values: they live in a slot that the next layer overwrites and are folded into the layer's
 * slot as they come. In later calls of one token each, the token's own keys and values of the step in progress stand in
 * the row after the folded rows of all earlier tokens, so that it attends to those and to itself; when all its steps are
 * done the row gets the folded value. For a run that will not decode nothing is kept.
 */
final class KvCache implements AutoCloseable {
    /** Keys and values [capacity, kvHeads * headDim] that one layer of one step writes and attends to. */
    record Slot(Matrix keys, Matrix values) {
        void close() {
            keys.close();
            values.close();
        }
    }

    private final Kernels kernels;
    private final int layers;
    private final int steps;
    private final KvPolicy policy;
    private final boolean decodes;
    private final List<Slot> slots = new ArrayList<>(); // (step - 1) * L + layer, or layer; none when nothing is kept
    private final List<Slot> folds = new ArrayList<>(); // by layer, one row: the decoded token's folded entry so far
    private final List<Slot> passing = new ArrayList<>(); // at most one: keys and values that are not kept
    private final int[] filled; // [T], tokens whose rows of a step are there; under the full policy only
    private int length;
    private int count; // tokens of the call in progress

    /**
     * @param capacity tokens that will go through in all
     * @param decodes whether there will be calls after the first
     */
    KvCache(Kernels kernels, LoopConfig config, int steps, KvPolicy policy, int capacity, boolean decodes) {
        this.kernels = kernels;
        this.layers = config.layers();
        this.steps = steps;
        this.policy = policy;
        this.decodes = decodes;
        this.filled = new int[steps];
        int width = config.kvHeads() * config.headDim();
        boolean complete = false;
        try {
            allocate(slots, slotCount(config, steps, policy, decodes), capacity, width);
            allocate(passing, passingCount(policy, decodes), capacity, width);
            allocate(folds, foldCount(config, policy, decodes), 1, width);
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private void allocate(List<Slot> list, int slots, int rows, int width) {
        for (int i = 0; i < slots; i++) {
            Matrix keys = kernels.allocate(rows, width);
            boolean complete = false;
            try {
                list.add(new Slot(keys, kernels.allocate(rows, width)));
                complete = true;
            } finally {
                if (!complete) {
                    keys.close();
                }
            }
        }
    }

    private static int slotCount(LoopConfig config, int steps, KvPolicy policy, boolean decodes) {
        return decodes ? config.layers() * policy.entriesPerToken(steps) : 0;
    }

    private static int passingCount(KvPolicy policy, boolean decodes) {
        return decodes && (policy == KvPolicy.FULL || policy == KvPolicy.LAST_STEP) ? 0 : 1;
    }

    private static int foldCount(LoopConfig config, KvPolicy policy, boolean decodes) {
        return decodes && (policy == KvPolicy.FIRST_STEP || policy == KvPolicy.AVERAGED) ? config.layers() : 0;
    }

    /** Bytes that the cache of such a run takes. */
    static long bytes(LoopConfig config, int steps, KvPolicy policy, int capacity, boolean decodes) {
        long slots = (long) slotCount(config, steps, policy, decodes) + passingCount(policy, decodes);
        long rows = slots * capacity + foldCount(config, policy, decodes);
        return 2L * Float.BYTES * rows * config.kvHeads() * config.headDim();
    }

    /** Tokens that have gone through. */
    int length() {
        return length;
    }

    /** Tokens whose keys and values of {@code step} are there, under the full policy; no step has more than the one before. */
    int filled(int step) {
        requireFull("rows of a step");
        return filled[step - 1];
    }

    /** Says that all layers of {@code step} have written their rows of the tokens before {@code end}. */
    void stepDone(int step, int end) {
        filled[step - 1] = end;
    }

    /** Forgets all tokens from {@code end}, under the full policy: later calls overwrite their rows. */
    void truncate(int end) {
        requireFull("truncate");
        length = Math.min(length, end);
        for (int t = 0; t < steps; t++) {
            filled[t] = Math.min(filled[t], end);
        }
    }

    private void requireFull(String what) {
        if (policy != KvPolicy.FULL || !decodes) {
            throw new IllegalStateException("cache " + policy.cliName() + ": no " + what);
        }
    }

    /**
     * Starts a call of {@code tokens} more tokens.
     *
     * @throws IllegalStateException for several tokens in a later call under a policy that shares entries
     */
    void begin(int tokens) {
        if (length > 0 && (!decodes || (tokens != 1 && policy != KvPolicy.FULL))) {
            throw new IllegalStateException(
                    "cache " + policy.cliName() + ": cannot add " + tokens + " tokens to " + length);
        }
        count = tokens;
    }

    /** Where {@code layer} of {@code step} writes the new tokens' rows from {@link #length}, and what it attends to. */
    Slot slot(int step, int layer) {
        if (!decodes) {
            return passing.get(0);
        }
        return switch (policy) {
            case FULL -> slots.get((step - 1) * layers + layer);
            case LAST_STEP -> slots.get(layer); // each step overwrites the one before
            case FIRST_STEP -> length > 0 || step == 1 ? slots.get(layer) : passing.get(0);
            case AVERAGED -> length > 0 ? slots.get(layer) : passing.get(0);
        };
    }

    /** Folds what {@code layer} of {@code step} has written. */
    void layerDone(int step, int layer) {
        if (!decodes) {
            return;
        }
        if (policy == KvPolicy.FIRST_STEP && length > 0 && step == 1) {
            fold(slots.get(layer), folds.get(layer), length, 1, 1);
        }
        if (policy == KvPolicy.AVERAGED) {
            if (length > 0) {
                fold(slots.get(layer), folds.get(layer), length, 1, step);
            } else {
                fold(passing.get(0), slots.get(layer), 0, count, step);
            }
        }
    }

    /** The first {@code rows} of {@code to} become (step 1) or grow by the rows of {@code from}. */
    private void fold(Slot from, Slot to, int firstRow, int rows, int step) {
        accumulate(from.keys().rows(firstRow, rows), to.keys().rows(0, rows), step);
        accumulate(from.values().rows(firstRow, rows), to.values().rows(0, rows), step);
    }

    private void accumulate(Matrix from, Matrix to, int step) {
        if (step == 1) {
            kernels.copy(from, to);
        } else {
            kernels.addInPlace(to, from);
        }
    }

    /**
     * Ends the call: its tokens are now earlier tokens. They have gone through {@code stepsRun} steps, and what is kept
     * under a policy that shares entries is folded from those.
     */
    void end(int stepsRun) {
        if (decodes && (policy == KvPolicy.FIRST_STEP || policy == KvPolicy.AVERAGED)) {
            for (int layer = 0; layer < layers; layer++) {
                finish(
                        slots.get(layer).keys().rows(length, count),
                        folds.get(layer).keys(),
                        stepsRun);
                finish(
                        slots.get(layer).values().rows(length, count),
                        folds.get(layer).values(),
                        stepsRun);
            }
        }
        length += count;
    }

    private void finish(Matrix kept, Matrix fold, int stepsRun) {
        if (length > 0) {
            kernels.copy(fold, kept);
        }
        if (policy == KvPolicy.AVERAGED) {
            kernels.scaleInPlace(kept, 1.0 / stepsRun);
        }
    }

    @Override
    public void close() {
        slots.forEach(Slot::close);
        folds.forEach(Slot::close);
        passing.forEach(Slot::close);
    }
}
