package org.loopscope.app.panels;

import java.util.concurrent.TimeoutException;
import org.loopscope.model.base.ForeignText;

/** A panel of somebody else did what it must not; the message is one sentence that names the panel and its jar. */
public final class PanelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A rule of panels that was not kept; the message are words that follow "because". */
    static final class Rule extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Rule(String words) {
            super(words);
        }
    }

    PanelFailure(String sentence, Throwable cause) {
        super(ForeignText.sentence(sentence), cause);
    }

    /** {@code thrown} as the failure of the panel whose code threw it, such as a listener; itself where that is ours. */
    public static Throwable blamed(Throwable thrown) {
        return thrown instanceof PanelFailure
                ? thrown
                : PanelClassLoader.jarThatThrew(thrown)
                        .<Throwable>map(jar -> new PanelFailure(
                                "A panel of " + ForeignText.shown(jar) + " made a mistake: " + reason(thrown) + ".",
                                thrown))
                        .orElse(thrown);
    }

    /** What went wrong, in words: a person who dropped a jar into a folder need not know Java's. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null
                && (cause instanceof ReflectiveOperationException || cause instanceof ExceptionInInitializerError)
                && !(cause instanceof ClassNotFoundException)) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException || cause instanceof Rule) {
            return String.valueOf(cause.getMessage());
        }
        if (cause instanceof PanelExit.Attempt) {
            return "it tried to end the program";
        }
        if (cause instanceof UnsupportedClassVersionError) {
            return "it was built for a newer Java than this one, which is Java "
                    + Runtime.version().feature();
        }
        if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
            return "a class that it needs is not there: " + shown(cause).replace('/', '.');
        }
        if (cause instanceof ClassFormatError) {
            return "its class file is damaged";
        }
        if (cause instanceof IncompatibleClassChangeError) {
            return "it was built for another version of Loopscope (" + shown(cause) + ")";
        }
        if (cause instanceof OutOfMemoryError) {
            return "it needs more memory than there is";
        }
        if (cause instanceof StackOverflowError) {
            return "it calls itself without end";
        }
        if (cause instanceof NoSuchMethodException) {
            return "it has no public constructor without arguments";
        }
        return "it failed with " + cause.getClass().getSimpleName()
                + (cause.getMessage() == null ? "" : ": " + shown(cause));
    }

    private static String shown(Throwable thrown) {
        return ForeignText.shown(String.valueOf(thrown.getMessage()), 100);
    }
}
