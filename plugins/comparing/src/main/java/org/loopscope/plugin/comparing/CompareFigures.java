package org.loopscope.plugin.comparing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.CompareSummary;
import org.loopscope.analysis.compare.CompareTables;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.figure.CategoryScale;
import org.loopscope.figure.CellScale;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;
import org.loopscope.figure.DivergingScale;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.RuleText;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.Capture;
import org.loopscope.model.base.ForeignText;

/** Pictures of runs side by side: the same value of each, or its difference to run A, on one scale. */
public final class CompareFigures {
    /** Id of the figure with all runs in it. */
    public static final String ALL = "compare";

    public static final String CURVE = "compare-curve";
    public static final String EXIT_CURVE = "compare-exit";

    private static final int NAME = 60;

    private static final int TOKENS = 30;
    /** Smaller differences than this are not blown up to the full colours: they may be rounding. */
    private static final double LEAST_EXTENT = 0.01;

    /** Lines closer than this everywhere are the same to the eye. */
    private static final double SAME = 1e-6;

    private static final java.awt.Font CELL_FONT = FigureTheme.LIGHT.monoBold(12);

    private CompareFigures() {}

    /** {@code compare-a} to {@code compare-d}. */
    public static String id(int run) {
        return "compare-" + Comparison.letter(run).toLowerCase(Locale.ROOT);
    }

    /**
     * Token × loop of one run; columns and rows are those of the alignment, so that the figures of all runs fit under each
     * other. Where the run has no token or loop, or cannot be compared, cells are hatched.
     *
     * @param difference whether the run's difference to A is shown; A itself always shows its own value. A value that exists
     *     only between two runs is shown for the others, and A then shows its top-1 probability
     * @param selected the outlined cell, null for none
     */
    public static HeatmapFigure run(
            ComparedValue value, int run, boolean difference, HeatmapFigure.@Nullable Cell selected) {
        Comparison comparison = value.comparison();
        if (run == 0 && value.value().pair()) {
            ComparedValue own = ComparedValue.of(
                    comparison, CompareValue.PROBABILITY, value.rule(), Optional.empty(), Optional.empty());
            return run(own, 0, false, selected);
        }
        Alignment alignment = comparison.alignment();
        Capture capture = comparison.capture(run);
        boolean differs = difference && run > 0 && !value.value().pair();
        HeatmapFigure.CellValue cells =
                (row, column) -> differs ? value.difference(run, row, column) : value.at(run, row, column);
        return HeatmapFigure.builder(id(run), title(comparison, run, differs))
                .subtitle(subtitle(value, run, differs))
                .description(describe(value, run, differs))
                .rows("", rowLabels(alignment, run))
                .columns("input token", columnLabels(comparison, run))
                .values(differs ? differences(value, Comparison.letter(run) + " − A") : scale(value), cells)
                .texts((row, column) -> texts(value, run, row, column, differs, cells.at(row, column)))
                .frames("exit step (" + RuleText.of(value.rule()) + ")", frames(value, run))
                .marks("generated", column -> alignment.position(run, column) >= capture.promptLength())
                .selected(selected)
                .preferredCell(58, 40)
                .table(() -> CompareTables.cells(List.of(value)))
                .build();
    }

    /** All runs in one figure, one group of rows each; with {@code difference} without A. */
    public static HeatmapFigure all(ComparedValue value, boolean difference) {
        Comparison comparison = value.comparison();
        Alignment alignment = comparison.alignment();
        boolean differs = difference || value.value().pair();
        int first = differs ? 1 : 0;
        int rows = alignment.rows();
        int count = (comparison.size() - first) * rows;
        boolean signed = differs && !value.value().pair();
        // D at the bottom and A at the top would read against the loops: groups from the bottom are the last run first
        HeatmapFigure.CellValue cells = (row, column) -> {
            int run = comparison.size() - 1 - row / rows;
            return signed ? value.difference(run, row % rows, column) : value.at(run, row % rows, column);
        };
        List<String> labels = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            String letter = Comparison.letter(comparison.size() - 1 - row / rows);
            labels.add((signed ? letter + " − A · " : letter + " · ") + alignment.rowLabel(row % rows));
            groups.add(signed ? letter + " − A" : letter);
        }
        return HeatmapFigure.builder(ALL, capital((signed ? "difference of " : "") + value.label()))
                .subtitle(names(comparison) + " · " + alignment.statement() + " · " + lens(value)
                        + comparison.arithmetic())
                .description(IntStream.range(1, comparison.size())
                        .mapToObj(run -> describe(value, run, signed))
                        .reduce((a, b) -> a + " " + b)
                        .orElse(""))
                .rows("", labels)
                .rowGroups(groups)
                .columns("input token", sharedLabels(comparison))
                .values(signed ? differences(value, "difference to A") : scale(value), cells)
                .texts((row, column) -> texts(
                        value, comparison.size() - 1 - row / rows, row % rows, column, signed, cells.at(row, column)))
                .preferredCell(58, 36)
                .table(() -> CompareTables.cells(List.of(value)))
                .build();
    }

    /**
     * The value of every run at one aligned token, over the loops.
     *
     * @param row the loop whose values the legend gives
     */
    public static ChartFigure curve(String id, ComparedValue value, int column, int row, boolean difference) {
        Comparison comparison = value.comparison();
        Alignment alignment = comparison.alignment();
        boolean differs = difference && !value.value().pair();
        String what = differs ? "difference to A" : TokenText.shorten(value.label(), TOKENS);
        Optional<String> equal = differs ? Optional.empty() : equalRuns(value, column);
        ChartFigure.Heading heading = new ChartFigure.Heading(
                id,
                capital((differs ? "difference of " : "") + value.title()) + " at "
                        + TokenText.shorten(tokens(comparison, column), TOKENS),
                lens(value)
                        + comparison.arithmetic()
                        + (alignment.rowLabel(0).startsWith("loop")
                                ? ""
                                : " · " + "loops counted as in the longest run")
                        + equal.map(text -> " · " + text).orElse(""),
                describeCurve(value, column, differs)
                        + equal.map(text -> " " + text + ".").orElse(""));
        DepthChart chart = new DepthChart(heading, alignment.rows(), 1)
                .legend(alignment.rowLabel(row))
                .nested();
        double least = differs ? -LEAST_EXTENT : 0;
        double most = differs ? LEAST_EXTENT : unit(value.value()) ? 1 : 2 * LEAST_EXTENT;
        chart.vertical(what, least, most);
        if (differs) {
            chart.reference(0);
        }
        for (int run = differs || value.value().pair() ? 1 : 0; run < comparison.size(); run++) {
            List<DepthChart.Point> points = new ArrayList<>();
            for (int r = 0; r < alignment.rows(); r++) {
                double number = differs ? value.difference(run, r, column) : value.at(run, r, column);
                points.add(new DepthChart.Point(r + 1, number, number, number));
            }
            double here = points.get(row).value();
            String shown =
                    Double.isNaN(here) ? "–" : differs ? DivergingScale.precise(here) : number(value.value(), here);
            String name = Comparison.letter(run) + (differs ? " − A" : "");
            chart.line(new DepthChart.Line(name, run, false, points, shown));
        }
        return chart.build(() -> CompareTables.cells(List.of(value)));
    }

    /**
     * Which runs draw the same line as an earlier one at this token: {@code B equals A}, {@code D equals C in loops that both
     * have}; empty for none. A difference up to 1e-6 cannot be seen.
     */
    static Optional<String> equalRuns(ComparedValue value, int column) {
        List<String> sentences = new ArrayList<>();
        int first = value.value().pair() ? 1 : 0;
        for (int run = first + 1; run < value.comparison().size(); run++) {
            for (int earlier = first; earlier < run; earlier++) {
                Optional<String> equal = equal(value, column, earlier, run);
                if (equal.isPresent()) {
                    sentences.add(equal.get());
                    break;
                }
            }
        }
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", sentences));
    }

    private static Optional<String> equal(ComparedValue value, int column, int earlier, int run) {
        int shared = 0;
        boolean all = true;
        for (int row = 0; row < value.comparison().alignment().rows(); row++) {
            double one = value.at(earlier, row, column);
            double other = value.at(run, row, column);
            if (Double.isNaN(one) || Double.isNaN(other)) {
                all &= Double.isNaN(one) && Double.isNaN(other);
            } else if (!(Math.abs(one - other) <= SAME)) {
                return Optional.empty();
            } else {
                shared++;
            }
        }
        return shared == 0
                ? Optional.empty()
                : Optional.of(Comparison.letter(run) + " equals " + Comparison.letter(earlier)
                        + (all ? "" : " in the loops that both have"));
    }

    // ---- texts

    private static String title(Comparison comparison, int run, boolean differs) {
        String letter = Comparison.letter(run);
        return (differs ? letter + " − A: " : letter + ": ") + name(comparison, run);
    }

    private static String name(Comparison comparison, int run) {
        String visible = ForeignText.escaped(comparison.runs().get(run).name());
        return ForeignText.markedOff(TokenText.shorten(visible, NAME));
    }

    private static String names(Comparison comparison) {
        return IntStream.range(0, comparison.size())
                .mapToObj(run -> Comparison.letter(run) + " " + name(comparison, run))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }

    private static String subtitle(ComparedValue value, int run, boolean differs) {
        Capture capture = value.comparison().capture(run);
        String beyond =
                capture.outsideTraining() ? " (above " + capture.config().trainedSteps() + " outside training)" : "";
        String refusal = value.comparison().refusal(value.value(), run).orElse("");
        String what = (differs ? "difference of " : "") + value.label();
        return (refusal.isEmpty() ? what : refusal)
                + " · T = " + capture.steps() + beyond
                + " · " + lens(value)
                + capture.model().computeDtype()
                + " · " + value.comparison().alignment().statement();
    }

    private static String lens(ComparedValue value) {
        return switch (value.value()) {
            case LAMBDA, PDF, CDF, EXIT_STEP -> "from the gate logits · ";
            case DISTANCE, COSINE -> "step outputs after the final norm · ";
            default -> "step outputs, final norm applied once · ";
        };
    }

    private static String describe(ComparedValue value, int run, boolean differs) {
        if (run == 0) {
            return "Run A, with which the others are compared.";
        }
        CompareSummary summary = CompareSummary.of(value, run);
        String letter = Comparison.letter(run);
        if (summary.n() == 0) {
            return "No place of " + letter + " can be compared with A.";
        }
        if (value.value() == CompareValue.SAME_TOP1) {
            return String.format(
                    Locale.ROOT,
                    "%s says the same top-1 token as A in %d of %d places (%s).",
                    letter,
                    Math.round(summary.mean() * summary.n()),
                    summary.n(),
                    summary.interval().words());
        }
        String what = differs || !value.value().pair()
                ? letter + " minus A, " + value.label()
                : letter + ", " + value.label();
        Alignment alignment = value.comparison().alignment();
        return String.format(
                Locale.ROOT,
                "%s: n = %d places, mean %s, mean size %s, largest %s at %s after %s.",
                what,
                summary.n(),
                plain(value, summary.mean()),
                number(value.value(), summary.meanSize()),
                plain(value, summary.largest()),
                alignment.rowLabel(summary.row()),
                tokens(value.comparison(), summary.column()));
    }

    private static String plain(ComparedValue value, double number) {
        return value.value().pair() ? number(value.value(), number) : DivergingScale.precise(number);
    }

    private static String describeCurve(ComparedValue value, int column, boolean differs) {
        Comparison comparison = value.comparison();
        StringBuilder text = new StringBuilder("By loop.");
        for (int run = differs || value.value().pair() ? 1 : 0; run < comparison.size(); run++) {
            text.append(" ").append(Comparison.letter(run)).append(":");
            for (int row = 0; row < Math.min(16, comparison.alignment().rows()); row++) {
                double number = differs ? value.difference(run, row, column) : value.at(run, row, column);
                text.append(" ").append(Double.isNaN(number) ? "–" : plain(value, number));
            }
            text.append(".");
        }
        return text.toString();
    }

    /** The token of a column: one text where all runs that have one have the same, else those of A, B, ... */
    public static String tokens(Comparison comparison, int column) {
        return IntStream.range(0, comparison.size())
                .filter(run -> comparison.alignment().position(run, column) != Alignment.MISSING)
                .mapToObj(run -> "“" + token(comparison, run, column) + "”")
                .distinct()
                .reduce((a, b) -> a + " | " + b)
                .orElseThrow();
    }

    private static String token(Comparison comparison, int run, int column) {
        int position = comparison.alignment().position(run, column);
        return position == Alignment.MISSING
                ? "–"
                : TokenText.inSentence(comparison.capture(run).tokenText(position), FigureTheme.LIGHT.font(12), 16);
    }

    private static List<String> columnLabels(Comparison comparison, int run) {
        return IntStream.range(0, comparison.alignment().columns())
                .mapToObj(column -> token(comparison, run, column))
                .toList();
    }

    private static List<String> sharedLabels(Comparison comparison) {
        return IntStream.range(0, comparison.alignment().columns())
                .mapToObj(column -> String.join(
                        "|",
                        IntStream.range(0, comparison.size())
                                .mapToObj(run -> token(comparison, run, column))
                                .distinct()
                                .toList()))
                .toList();
    }

    private static List<String> rowLabels(Alignment alignment, int run) {
        return IntStream.range(0, alignment.rows())
                .mapToObj(row -> {
                    int step = alignment.step(run, row);
                    return step == Alignment.MISSING ? "–" : "loop " + step;
                })
                .toList();
    }

    private static List<String> texts(
            ComparedValue value, int run, int row, int column, boolean differs, double number) {
        Comparison comparison = value.comparison();
        Alignment alignment = comparison.alignment();
        if (Double.isNaN(number)) {
            return List.of("", ""); // hatched
        }
        LensGrid lens = comparison.inspection(run).lens();
        String top = lens.topText(lens.rowOfStep(alignment.step(run, row)), alignment.position(run, column), 0);
        String shown = differs ? DivergingScale.signed(number) : number(value.value(), number);
        return List.of(TokenText.visible(top, CELL_FONT), value.value() == CompareValue.SAME_TOP1 ? "" : shown);
    }

    /** A value as its cell writes it. */
    public static String number(CompareValue value, double number) {
        if (Double.isNaN(number)) {
            return "–";
        }
        return switch (value) {
            case RANK ->
                number < 10_000
                        ? String.format(Locale.ROOT, "%.0f", number)
                        : String.format(Locale.ROOT, "%.0fk", number / 1000);
            case EXIT_STEP -> String.format(Locale.ROOT, "%.0f", number);
            case SAME_TOP1 -> number == 1 ? "same" : "different";
            default -> String.format(Locale.ROOT, Math.abs(number) >= 9.995 ? "%.1f" : "%.2f", number);
        };
    }

    private static String capital(String text) {
        return text.startsWith("KL") || text.startsWith("λ")
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    // ---- scales and frames

    private static boolean unit(CompareValue value) {
        return switch (value) {
            case PROBABILITY, ANSWER, TOKEN, LAMBDA, PDF, CDF, SAME_TOP1, COSINE -> true;
            default -> false;
        };
    }

    private static DivergingScale differences(ComparedValue value, String title) {
        double extent = Math.max(value.largestDifference(), value.value() == CompareValue.RANK ? 1 : LEAST_EXTENT);
        return new DivergingScale(title, extent);
    }

    private static CellScale scale(ComparedValue value) {
        String label = value.label();
        double largest = Math.max(value.largest(), LEAST_EXTENT);
        int words = IntStream.range(0, value.comparison().size())
                .map(run -> value.comparison().inspection(run).unembedding().vocabSize())
                .max()
                .orElseThrow();
        return switch (value.value()) {
            case PROBABILITY, ANSWER, TOKEN, LAMBDA, PDF, CDF -> ValueScale.probability(label);
            case ENTROPY -> ValueScale.linear(label, Math.log(words), 0);
            case KL_TO_LAST -> ValueScale.linear(label, largest, 0);
            case RANK -> ValueScale.logarithmic(label + " (log scale)", Math.max(2, words), 1);
            case EXIT_STEP -> ValueScale.linear(label, 0, largest);
            case KL, DISTANCE -> ValueScale.linear(label, 0, largest);
            case COSINE -> ValueScale.linear(label, 1, Math.min(0, smallest(value)));
            case SAME_TOP1 ->
                new CategoryScale(List.of(
                        new CategoryScale.Entry("another top-1 token than A", theme -> theme.probability(0.75)),
                        new CategoryScale.Entry("the same", theme -> theme.probability(0.08))));
        };
    }

    private static double smallest(ComparedValue value) {
        double least = 0;
        Alignment alignment = value.comparison().alignment();
        for (int run = 1; run < value.comparison().size(); run++) {
            for (int row = 0; row < alignment.rows(); row++) {
                for (int column = 0; column < alignment.columns(); column++) {
                    double number = value.at(run, row, column);
                    least = number < least ? number : least;
                }
            }
        }
        return least;
    }

    private static List<HeatmapFigure.Frame> frames(ComparedValue value, int run) {
        Alignment alignment = value.comparison().alignment();
        int[] exits = value.comparison().inspection(run).exits().exitSteps(value.rule());
        List<HeatmapFigure.Frame> frames = new ArrayList<>();
        for (int position = 0; position < exits.length; position++) {
            int row = alignment.row(run, exits[position]);
            frames.add(new HeatmapFigure.Frame(alignment.column(run, position), row, row));
        }
        return frames;
    }
}
