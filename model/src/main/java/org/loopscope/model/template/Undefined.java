package org.loopscope.model.template;

/**
 * What a name or key gives that is not there: empty where it is written, false where it is asked, a problem where it is used
 * for anything else.
 *
 * @param name what was asked for
 */
record Undefined(String name) {
    TemplateProblem problem() {
        return new TemplateProblem(
                "uses \"" + org.loopscope.model.base.ForeignText.shown(name) + "\", which is not defined");
    }
}
