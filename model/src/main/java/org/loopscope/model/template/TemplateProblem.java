package org.loopscope.model.template;

/** Why a template cannot be read or rendered: the end of a sentence. Stays inside this package. */
final class TemplateProblem extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int NO_LINE = 0;

    private final int line;

    TemplateProblem(String what) {
        this(what, NO_LINE);
    }

    TemplateProblem(String what, int line) {
        super(what, null, false, false);
        this.line = line;
    }

    /** The same with the line of the template, unless it has one. */
    TemplateProblem at(int where) {
        return line == NO_LINE ? new TemplateProblem(String.valueOf(getMessage()), where) : this;
    }

    String sentence() {
        return (line == NO_LINE ? "" : "line " + line + ": ") + getMessage();
    }
}
