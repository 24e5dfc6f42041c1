package org.loopscope.plugin.lens;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import org.loopscope.analysis.lens.tuned.LensTraining;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LabWork;

/** Trains a tuned lens of the open model in the background, then opens it. Knows no control; used on the FX thread. */
final class LensTrainingViewModel {
    private final PanelContext context;
    private final Consumer<Path> open;
    private final BooleanProperty perStep = new SimpleBooleanProperty();
    private final LabWork work;

    /**
     * @param open takes a lens that was written
     * @param executor where the training runs, minutes for a large model
     */
    LensTrainingViewModel(PanelContext context, Consumer<Path> open, Executor executor, Executor fxThread) {
        this.context = context;
        this.open = open;
        this.work = new LabWork(executor, fxThread);
    }

    /** One translator per step and layer instead of one per layer. */
    BooleanProperty perStepProperty() {
        return perStep;
    }

    /** Progress and cancel. */
    LabWork work() {
        return work;
    }

    /** Trains on {@code text}, a text file or a prompt set, as the command does without options, and writes {@code out}. */
    void train(Path text, Path out) {
        LoopedModel model = context.modelProperty().get();
        if (model == null) {
            work.say("Open a model first: the lens is trained on its runs.");
            return;
        }
        LensTraining.Plan plan = LensTraining.Plan.standard(perStep.get());
        work.start(control -> LensTraining.run(model, text, LensTraining.texts(text), plan, out, control), result -> {
            work.say(result.summary() + ". Written to " + out.getFileName() + ".");
            open.accept(out);
        });
    }

    void dispose() {
        work.cancel();
    }
}
