package org.loopscope.plugin;

import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.exit.ExitRule;

/**
 * All that a panel's figures depend on, as values: drawing the same state twice gives the same picture.
 *
 * @param inspection the run and what was computed from it
 * @param selection the selected token and step; inside the capture
 * @param rule the exit rule that figures apply to the captured gates (nothing is run again)
 * @param readings what was asked for besides
 */
public record PanelState(Inspection inspection, Selection selection, ExitRule rule, Readings readings) {
    public PanelState {
        selection = selection.within(
                inspection.capture().length(), inspection.capture().steps());
    }

    /** A state for which nothing was asked besides. */
    public PanelState(Inspection inspection, Selection selection, ExitRule rule) {
        this(inspection, selection, rule, Readings.NONE);
    }

    /** The state of a fresh run: the last token at full depth, the {@link ExitRule#usual} rule. */
    public static PanelState initial(Inspection inspection) {
        int last = inspection.capture().length() - 1;
        return new PanelState(
                inspection,
                new Selection(last, inspection.capture().steps()),
                ExitRule.usual(inspection.exits().hasGate()));
    }
}
