package org.loopscope.lab;

import java.util.Optional;

/**
 * A table that a lab writes of one run.
 *
 * @param name what it is called on the command line, {@code steps}
 * @param meaning what stands in it, in a few words
 * @param figure what is drawn with it unless another figure is asked for; empty where none goes with it
 */
public record TableKind(String name, String meaning, Optional<FigureKind> figure) {
    public static TableKind of(String name, String meaning) {
        return new TableKind(name, meaning, Optional.empty());
    }

    public static TableKind of(String name, String meaning, FigureKind figure) {
        return new TableKind(name, meaning, Optional.of(figure));
    }
}
