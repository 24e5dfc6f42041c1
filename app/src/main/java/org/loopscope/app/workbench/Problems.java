package org.loopscope.app.workbench;

import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.app.panels.PanelFailure;
import org.loopscope.model.base.LoopscopeException;

/** Turns what was thrown into one plain sentence. */
public final class Problems {
    private Problems() {}

    public static boolean isUsersToFix(Throwable thrown) {
        return thrown instanceof LoopscopeException
                || thrown instanceof NonFiniteLogitsException
                || thrown instanceof PanelFailure;
    }

    public static String describe(Throwable thrown) {
        if (isUsersToFix(thrown)) {
            return String.valueOf(thrown.getMessage());
        }
        if (thrown instanceof OutOfMemoryError) {
            return "There was not enough memory to finish; nothing that was on screen is lost. "
                    + "Use a shorter prompt, fewer steps, or no layer states.";
        }
        String message = thrown.getMessage();
        return "Internal error (" + thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message)
                + "). The log has the details.";
    }
}
