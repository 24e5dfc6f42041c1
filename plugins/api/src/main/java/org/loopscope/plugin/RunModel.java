package org.loopscope.plugin;

import java.util.Optional;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.LoopedModel;

/** Which model a panel may ask for more about a run. */
public final class RunModel {
    private RunModel() {}

    /**
     * The open model if it has the weights of the run, else the one that the run was made with, which may be closed
     * meanwhile. Called on the FX thread.
     */
    public static Optional<LoopedModel> of(PanelContext context, Inspection inspection) {
        LoopedModel open = context.modelProperty().get();
        boolean same = open != null
                && open.info().weightHash().equals(inspection.capture().model().weightHash());
        return same ? Optional.ofNullable(open) : inspection.model();
    }
}
