package org.loopscope.lab;

import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;

/** The run that a lab looks at, with its model. Used by one thread. */
public final class RunInput {
    private final Capture capture;
    private final LoopedModel model;
    private final ExitRule rule;
    private final RunControl control;
    private @Nullable Inspection inspection;

    /** @param rule whose exit steps are shown unless a lab is asked for another's */
    public RunInput(Capture capture, LoopedModel model, ExitRule rule, RunControl control) {
        this.capture = capture;
        this.model = model;
        this.rule = rule;
        this.control = control;
    }

    /** The same of a run that was looked at already. */
    public static RunInput of(Inspection inspection, LoopedModel model, ExitRule rule, RunControl control) {
        RunInput input = new RunInput(inspection.capture(), model, rule, control);
        input.inspection = inspection;
        return input;
    }

    public Capture capture() {
        return capture;
    }

    public LoopedModel model() {
        return model;
    }

    public ExitRule rule() {
        return rule;
    }

    /** Cancels the work and is told how far it is. */
    public RunControl control() {
        return control;
    }

    /** Lens of step outputs, exits and motion of the run; computed once, which may take seconds. */
    public Inspection inspection() {
        Inspection made = inspection;
        if (made == null) {
            made = Inspection.of(capture, model, 1, control);
            inspection = made;
        }
        return made;
    }

    /** The arithmetic, {@link org.loopscope.model.ModelInfo#computeDtype}. */
    public String dtype() {
        return capture.model().computeDtype();
    }
}
