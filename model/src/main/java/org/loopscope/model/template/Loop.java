package org.loopscope.model.template;

import java.util.List;

/** The variable {@code loop}: where a loop stands. */
final class Loop {
    private final List<Object> items;
    private int index;

    Loop(List<Object> items) {
        this.items = items;
    }

    void moveTo(int next) {
        index = next;
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - 1L - index;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "depth" -> 1L; // more only in a recursive loop
            case "depth0" -> 0L;
            case "previtem" -> index == 0 ? new Undefined("loop.previtem") : items.get(index - 1);
            case "nextitem" -> index == items.size() - 1 ? new Undefined("loop.nextitem") : items.get(index + 1);
            case "cycle" ->
                (Callable) a -> a.positional().isEmpty()
                        ? new Undefined("loop.cycle")
                        : a.positional().get(index % a.positional().size());
            default -> new Undefined("loop." + name);
        };
    }
}
