package org.loopscope.plugin;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;

/**
 * A kind of panel. Found by {@link java.util.ServiceLoader}: name the class in
 * {@code META-INF/services/org.loopscope.plugin.PanelProvider} of your jar. Needs a public constructor without
 * arguments.
 */
public interface PanelProvider {
    /** Short, stable, unique: lower-case words joined by {@code -}. Used in settings, file names and node ids. */
    String id();

    /** Text of the tab. */
    String title();

    /** One sentence for tooltips and lists. */
    String summary();

    /** Place among the tabs, lowest first; the built-in panels use 100, 200, ... */
    int order();

    /**
     * A few paragraphs of plain text, separated by blank lines: what the figures mean, how they are computed (formula,
     * source) and how they mislead.
     */
    String help();

    /** Whether the panel has anything to show for this run; asked before its tab is offered. */
    boolean supports(Inspection inspection);

    /** Opens the panel. Called on the FX thread; anything slow goes to {@link PanelContext#executor()}. */
    Panel create(PanelContext context);

    /**
     * The panel's figures for this state, without a window: for the report, the command line and tests. May take
     * seconds; never touches JavaFX.
     */
    List<Figure> figures(PanelState state);
}
