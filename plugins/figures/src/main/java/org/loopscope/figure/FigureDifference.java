package org.loopscope.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.loopscope.analysis.compare.Comparison;

/**
 * The difference of the same figure of two runs, whichever panel made it. Heatmaps are subtracted cell by cell (see {@link
 * GridDifferences}), charts line by line at equal x (see {@link CurveDifferences}); of other figures there is a sentence.
 */
public final class FigureDifference {
    private FigureDifference() {}

    /**
     * What came of it.
     *
     * @param run with which run of the comparison A was compared, from 1
     * @param figure that run minus A; empty where there is none
     * @param sentence why there is none; empty otherwise
     */
    public record Result(int run, Optional<Figure> figure, String sentence) {
        static Result of(int run, Figure figure) {
            return new Result(run, Optional.of(figure), "");
        }

        static Result none(int run, String sentence) {
            return new Result(run, Optional.empty(), sentence);
        }
    }

    /**
     * Each other run minus A, on one scale. May take seconds; a figure that throws gets a sentence.
     *
     * @param figures the same figure of every run of the comparison, A first; empty where a run has none
     */
    public static List<Result> of(Comparison comparison, List<Optional<Figure>> figures) {
        if (figures.size() != comparison.size()) {
            throw new IllegalArgumentException(
                    "figures: want one a run, " + comparison.size() + ", got " + figures.size());
        }
        List<Function<Double, Result>> drawings = new ArrayList<>(); // by the size at which the scale ends
        double extent = 0;
        for (int run = 1; run < figures.size(); run++) {
            int r = run;
            try {
                Part part = part(comparison, run, figures);
                extent = Math.max(extent, part.extent());
                drawings.add(part.drawing());
            } catch (RuntimeException | LinkageError e) { // somebody else's code
                drawings.add(size -> Result.none(r, "The figure cannot be compared: " + e + "."));
            }
        }
        double common = extent;
        return drawings.stream().map(drawing -> drawing.apply(common)).toList();
    }

    /**
     * One difference before its scale is known.
     *
     * @param extent its largest size, at least what must not be blown up
     */
    record Part(double extent, Function<Double, Result> drawing) {
        static Part none(int run, String sentence) {
            return new Part(0, size -> Result.none(run, sentence));
        }
    }

    private static Part part(Comparison comparison, int run, List<Optional<Figure>> figures) {
        for (int which : new int[] {0, run}) {
            if (figures.get(which).isEmpty()) {
                return Part.none(run, Comparison.letter(which) + " has no such figure, so there is no difference.");
            }
        }
        Figure a = figures.get(0).orElseThrow();
        Figure b = figures.get(run).orElseThrow();
        if (a instanceof HeatmapFigure gridA && b instanceof HeatmapFigure gridB) {
            return GridDifferences.part(comparison, run, gridA, gridB);
        }
        if (a instanceof ChartFigure chartA && b instanceof ChartFigure chartB) {
            return CurveDifferences.part(comparison, run, chartA, chartB);
        }
        return Part.none(run, "This figure is neither a grid nor a chart of numbers, so there is no difference of it.");
    }

    // ---- texts that both kinds share

    /** {@code logit-lens-b-minus-a}. */
    static String id(Figure figure, int run) {
        return figure.id() + "-" + Comparison.letter(run).toLowerCase(java.util.Locale.ROOT) + "-minus-a";
    }

    static String title(int run, Figure a, Figure b) {
        String name = a.title().equals(b.title()) ? a.title() : b.title() + " | " + a.title();
        return minus(run) + ": " + name;
    }

    static String minus(int run) {
        return Comparison.letter(run) + " − A";
    }

    /** Counts, arithmetic of both, and what the figures say of themselves: A all of it, the other what A does not say. */
    static String subtitle(Comparison comparison, int run, Figure a, Figure b, String counts) {
        String letter = Comparison.letter(run);
        String dtypeA = comparison.capture(0).model().computeDtype();
        String dtype = comparison.capture(run).model().computeDtype();
        StringBuilder text = new StringBuilder(minus(run) + " · " + counts);
        text.append(" · ").append(dtype.equals(dtypeA) ? dtype : "A " + dtypeA + ", " + letter + " " + dtype);
        if (!comparison.sameWords(run)) {
            text.append(" · different vocabularies: only numbers that no word decides compare");
        }
        text.append(" · A: ").append(a.subtitle());
        List<String> own = new ArrayList<>(List.of(b.subtitle().split(" · ")));
        own.removeAll(List.of(a.subtitle().split(" · ")));
        if (!own.isEmpty()) {
            text.append(" · ").append(letter).append(": ").append(String.join(" · ", own));
        }
        return text.toString();
    }

    /** {@code n = 36 cells in both, 4 only in A}. */
    static String counts(int run, int n, String what, int onlyA, int onlyOther) {
        return "n = " + n + " " + what + " in both"
                + (onlyA == 0 ? "" : ", " + onlyA + " only in A")
                + (onlyOther == 0 ? "" : ", " + onlyOther + " only in " + Comparison.letter(run));
    }
}
