package org.loopscope.model.template;

/** Python's None, since a map of Java's may not tell null from nothing. */
enum None {
    NONE
}
