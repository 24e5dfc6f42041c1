package org.loopscope.model.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a body; what is not among them is looked for outside. */
final class Scope {
    private final @Nullable Scope outside;
    private final Map<String, Object> variables = new HashMap<>();

    Scope(@Nullable Scope outside) {
        this.outside = outside;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outside) {
            @Nullable Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
