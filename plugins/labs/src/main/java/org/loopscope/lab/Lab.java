package org.loopscope.lab;

import java.util.List;
import org.loopscope.model.base.LoopscopeException;

/**
 * A lab: something that is measured on a run or on a set of prompts. Declared once; the command line, the window and the report
 * build themselves from it. Found by {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/org.loopscope.lab.Lab} of your jar. Needs a public constructor without arguments.
 */
public interface Lab {
    /** Short, stable, unique: lower-case words joined by {@code -}. The prefix of its figures and files. */
    String id();

    /** The command, {@code gate} or {@code probe linear}. */
    default String command() {
        return id();
    }

    /** A few words for people. */
    String title();

    /** What it does, in a sentence or two. */
    String summary();

    /** Arguments of commands worth trying, each without {@code loopscope} and the command's name. */
    default List<String> examples() {
        return List.of();
    }

    /** What it can be asked, in the order of options and controls. */
    List<Setting<?>> settings();

    /** These, and what every lab of its kind is asked. */
    default List<Setting<?>> asked() {
        return settings();
    }

    /** What it can draw; the first unless another is asked for. */
    List<FigureKind> figures();

    /** Refuses values that do not go together, before a model is opened. */
    default void check(Values values) throws LoopscopeException {}

    /** Paragraphs with {@code #} headings: what the figures mean, how they are computed and how they mislead. */
    String help();
}
