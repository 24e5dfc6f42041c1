package org.loopscope.plugin.comparing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureDifference;
import org.loopscope.model.Capture;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Readings;
import org.loopscope.plugin.Selection;

/**
 * The figures of any panel, of several runs: which there are, and each of them of every run side by side. What a panel throws
 * becomes a sentence. Pure; never touches JavaFX.
 */
public final class ComparedFigures {
    private static final int TOP = 5;

    private ComparedFigures() {}

    /** Where figures of a run come from: a panel, or what is made for comparing alone. */
    public interface Source {
        /** As {@link PanelProvider#id}. */
        String id();

        String title();

        /** As {@link PanelProvider#figures}; empty for a run that the panel does not support. */
        List<Figure> figures(PanelState state);
    }

    /** Layer values at the selected token, then every panel in its order. */
    public static List<Source> sources(List<PanelProvider> panels) {
        List<Source> sources = new ArrayList<>();
        sources.add(new LayerFigures());
        panels.forEach(panel -> sources.add(new OfPanel(panel)));
        return List.copyOf(sources);
    }

    private record OfPanel(PanelProvider panel) implements Source {
        @Override
        public String id() {
            return panel.id();
        }

        @Override
        public String title() {
            return panel.title();
        }

        @Override
        public List<Figure> figures(PanelState state) {
            return panel.supports(state.inspection()) ? panel.figures(state) : List.of();
        }
    }

    /**
     * One figure of every run.
     *
     * @param name {@code logit-lens/lens-trajectories}: the panel's id and the figure's, with {@code -2} for a second of this id
     * @param title as the figure of the first run that has one calls itself
     * @param ofRuns one a run, A first; empty where a run has none
     */
    public record Entry(String name, String title, List<Optional<Figure>> ofRuns) {
        public Entry {
            ofRuns = List.copyOf(ofRuns);
        }

        /** Each other run minus A. May take seconds. */
        public List<FigureDifference.Result> differences(Comparison comparison) {
            return FigureDifference.of(comparison, ofRuns);
        }

        /** Without the panel. */
        public String id() {
            return name.substring(name.indexOf('/') + 1);
        }
    }

    /**
     * All figures of one panel.
     *
     * @param problems a sentence for every run for which the panel failed
     */
    public record Panel(String id, String title, List<Entry> entries, List<String> problems) {
        public Panel {
            entries = List.copyOf(entries);
            problems = List.copyOf(problems);
        }
    }

    /**
     * What every run is asked for: the place that A's selection has in it, or the nearest of its own where it has no such place.
     *
     * @param readings one a run
     */
    public static List<PanelState> states(
            Comparison comparison, Selection ofA, ExitRule rule, List<Readings> readings) {
        Capture a = comparison.capture(0);
        Selection selection = ofA.within(a.length(), a.steps());
        Alignment alignment = comparison.alignment();
        int column = alignment.column(0, selection.position());
        int row = alignment.row(0, selection.step());
        List<PanelState> states = new ArrayList<>();
        for (int run = 0; run < comparison.size(); run++) {
            int position = alignment.position(run, column);
            int step = alignment.step(run, row);
            Selection own = new Selection(
                    position == Alignment.MISSING ? selection.position() : position,
                    step == Alignment.MISSING ? selection.step() : step);
            states.add(new PanelState(comparison.inspection(run), own, rule, readings.get(run)));
        }
        return states;
    }

    /**
     * One a run: the lens on the layers of a run with layer states; else nothing.
     *
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static List<Readings> readings(Comparison comparison, RunControl control) {
        List<Readings> readings = new ArrayList<>();
        for (int run = 0; run < comparison.size(); run++) {
            Inspection inspection = comparison.inspection(run);
            Optional<LensGrid> layers = inspection.capture().hasLayerStates()
                    ? Optional.of(LogitLens.layers(
                            inspection.capture(),
                            inspection.unembedding(),
                            inspection.tokenizer(),
                            Math.min(TOP, inspection.unembedding().vocabSize()),
                            control))
                    : Optional.empty();
            readings.add(new Readings(layers, Optional.empty(), List.of()));
        }
        return readings;
    }

    /**
     * The figures of one panel of every run, matched by id. May take seconds.
     *
     * @param states one a run, see {@link #states}
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static Panel of(Source source, List<PanelState> states, RunControl control) {
        Map<String, List<Optional<Figure>>> figures = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (int run = 0; run < states.size(); run++) {
            control.checkCancelled();
            control.progress("figures of every run", run, states.size());
            try {
                Map<String, Integer> seen = new HashMap<>();
                for (Figure figure : source.figures(states.get(run))) {
                    int count = seen.merge(figure.id(), 1, Integer::sum);
                    String name = source.id() + "/" + figure.id() + (count == 1 ? "" : "-" + count);
                    figure.title(); // one that cannot say its name fails here
                    while (figures.computeIfAbsent(name, n -> new ArrayList<>()).size() < run) {
                        figures.get(name).add(Optional.empty());
                    }
                    figures.get(name).add(Optional.of(figure));
                }
            } catch (CancellationException e) {
                throw e;
            } catch (Throwable e) { // somebody else's code
                problems.add("The panel " + source.title() + " failed for run " + Comparison.letter(run) + ": "
                        + inWords(e) + ".");
            }
        }
        List<Entry> entries = new ArrayList<>();
        figures.forEach((name, ofRuns) -> {
            while (ofRuns.size() < states.size()) {
                ofRuns.add(Optional.empty());
            }
            String title = ofRuns.stream()
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow()
                    .title();
            entries.add(new Entry(name, title, ofRuns));
        });
        return new Panel(source.id(), source.title(), entries, problems);
    }

    private static String inWords(Throwable thrown) {
        String message = thrown.getMessage();
        return ForeignText.line(message == null ? thrown.getClass().getSimpleName() : message.replaceFirst("\\.$", ""));
    }
}
