package org.loopscope.app.cli;

import java.util.concurrent.CancellationException;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.lab.Lab;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.DuplicateOptionAnnotationsException;

/** What is said where a lab of a jar does what it should not. */
final class LabFailure {
    private LabFailure() {}

    /** What may fail. */
    @FunctionalInterface
    interface Work<T> {
        T call() throws LoopscopeException;
    }

    /**
     * Lets a lab work.
     *
     * @throws LoopscopeException instead of an error that is not ours but that of a jar
     */
    static <T> T guard(Lab lab, Work<T> work) throws LoopscopeException {
        try {
            return work.call();
        } catch (CancellationException | NonFiniteLogitsException | LostOutputException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            if (lab.getClass().getClassLoader() == LabFailure.class.getClassLoader()) {
                throw e;
            }
            throw new LoopscopeException("The lab " + name(lab) + " of a jar failed: " + reason(e), e);
        }
    }

    static String name(Lab lab) {
        return ForeignText.shown(lab.title(), 40);
    }

    static String reason(Throwable e) {
        return e instanceof DuplicateOptionAnnotationsException
                ? "one of its settings has the name of an option that labs have already."
                : ForeignText.sentence(String.valueOf(e)) + ".";
    }
}
