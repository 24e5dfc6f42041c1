package org.loopscope.model.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call, filter or test was given. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments EMPTY = new Arguments(List.of(), Map.of());

    boolean has(int index, String name) {
        return index < positional.size() || named.containsKey(name);
    }

    Object get(int index, String name, Object absent) {
        if (index < positional.size()) {
            return positional.get(index);
        }
        @Nullable Object value = named.get(name);
        return value == null ? absent : value;
    }

    Object required(int index, String name) {
        if (!has(index, name)) {
            throw new TemplateProblem("calls something without its argument \"" + name + "\"");
        }
        return get(index, name, None.NONE);
    }

    String text(int index, String name) {
        return Values.text(required(index, name));
    }

    String text(int index, String name, String absent) {
        return has(index, name) ? text(index, name) : absent;
    }

    int integer(int index, String name, int absent) {
        return has(index, name) && get(index, name, None.NONE) != None.NONE
                ? Values.integer(required(index, name))
                : absent;
    }

    boolean flag(int index, String name, boolean absent) {
        return has(index, name) ? Values.truthy(required(index, name)) : absent;
    }

    /** Without the first {@code count} positional ones. */
    Arguments from(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }

    void atMost(int count, String what) {
        if (positional.size() > count) {
            throw new TemplateProblem(
                    "calls " + what + " with " + positional.size() + " arguments, where it takes " + count);
        }
    }
}
