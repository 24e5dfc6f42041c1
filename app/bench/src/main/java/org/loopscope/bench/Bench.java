package org.loopscope.bench;

import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** The model of one shape while it is measured: opened when it is first needed, one at a time in memory. */
final class Bench implements AutoCloseable {
    private final BenchShape shape;
    private final Precision precision;
    private final Path base;
    private final int runs;
    private final Drawing drawing;
    private final RunControl control;
    private final RunControl quiet;
    private @Nullable LoopedModel model;

    /** @param runs rounds that count */
    Bench(BenchShape shape, Precision precision, Path base, int runs, Drawing drawing, RunControl control) {
        this.shape = shape;
        this.precision = precision;
        this.base = base;
        this.runs = runs;
        this.drawing = drawing;
        this.control = control;
        this.quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
    }

    BenchShape shape() {
        return shape;
    }

    Precision precision() {
        return precision;
    }

    /** What is measured in the window. */
    Drawing drawing() {
        return drawing;
    }

    RunControl control() {
        return control;
    }

    Timing timing(String name) {
        return Timing.of(shape, runs, name + " of " + shape.id() + ", " + precision.cliName(), control);
    }

    /** Can be cancelled and tells no progress: that of a run is part of a larger one here. */
    RunControl quiet() {
        return quiet;
    }

    LoopedModel model() throws LoopscopeException {
        LoopedModel opened = model;
        return opened == null ? open(control) : opened;
    }

    /** Closes the model. */
    void release() {
        if (model != null) {
            model.close();
            model = null;
        }
    }

    /** Opens the model, which must not be open. */
    LoopedModel open(RunControl told) throws LoopscopeException {
        LoopedModel opened = Models.open(shape.model(base, control), precision, told);
        model = opened;
        return opened;
    }

    /** Where its files are. */
    Path folder() throws LoopscopeException {
        return shape.folder(base, control);
    }

    ModelCost cost() throws LoopscopeException {
        return new ModelCost(model().config());
    }

    /** Random token ids, always the same. */
    int[] tokens(int count) throws LoopscopeException {
        int vocabulary = model().config().vocabSize();
        return new Random(count).ints(count, 0, vocabulary).toArray();
    }

    @Override
    public void close() {
        release();
    }
}
