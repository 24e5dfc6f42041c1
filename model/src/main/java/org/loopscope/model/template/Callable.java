package org.loopscope.model.template;

/** Something of ours, or a macro of the template, that a template may call. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments);
}
