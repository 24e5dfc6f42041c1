package org.loopscope.app.workbench;

import org.loopscope.model.base.LoopscopeException;

/** What was typed in one field of the {@link RunForm} cannot be used. */
final class FieldException extends LoopscopeException {
    private static final long serialVersionUID = 1L;

    private final RunForm.Field field;

    FieldException(RunForm.Field field, String sentence) {
        super(sentence);
        this.field = field;
    }

    FieldException(RunForm.Field field, LoopscopeException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.field = field;
    }

    RunForm.Field field() {
        return field;
    }
}
