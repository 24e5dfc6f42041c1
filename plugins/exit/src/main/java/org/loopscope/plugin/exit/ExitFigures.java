package org.loopscope.plugin.exit;

import java.awt.Color;
import java.awt.Paint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.exit.ExitSummary;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.CategoryScale;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.Palette;
import org.loopscope.figure.RuleText;
import org.loopscope.figure.TokenExitFigure;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** Builds the figures of the Exit panel. */
final class ExitFigures {
    static final String STEPS = "exit-steps";
    static final String HISTOGRAM = "exit-histogram";
    /** Half the width of the band around the threshold in which a token counts as undecided, as a share of its scale. */
    static final double DELTA = 0.05;

    private ExitFigures() {}

    /** Every token's column is filled up to the step at which it leaves, in the colours of the steps. */
    static HeatmapFigure steps(Inspection inspection, ExitRule rule, int position) {
        return steps(inspection, tokens(inspection.capture()), rule, DELTA, position);
    }

    /** The same with {@link #tokens} made before: for sliders. */
    static HeatmapFigure steps(Inspection inspection, Axis tokens, ExitRule rule, double delta, int position) {
        Capture capture = inspection.capture();
        int steps = capture.steps();
        int[] exits = inspection.exits().exitSteps(rule);
        Optional<RuleBand> band = band(inspection, rule, delta);
        List<Integer> flips = flips(inspection, band);
        return HeatmapFigure.builder(STEPS, "Exit step of every token")
                .subtitle(stepsSubtitle(inspection, rule, band, flips.size(), exits.length) + beyond(capture) + " · "
                        + capture.model().computeDtype())
                .description(describe(inspection, rule, band))
                .rows(Axis.loops("", steps))
                .columns(tokens)
                .values(scale(steps), (row, p) -> row < exits[p] ? row : steps)
                .texts((row, p) -> List.of("", number(inspection, rule, row, p)))
                .frames(frameLabel(flips), frames(inspection, band, exits, flips))
                .marks("generated", capture::generated)
                .selected(new HeatmapFigure.Cell(exits[position] - 1, position))
                .preferredCell(50, 26)
                .table(() -> stepsTable(inspection, rule, flips))
                .build();
    }

    /** What the rule compares at a step: its signal, or the CDF. */
    private static String number(Inspection inspection, ExitRule rule, int row, int position) {
        double number = rule.primary() instanceof ExitRule.Threshold threshold
                ? threshold.signal().value(inspection.exits().signals().at(position), row + 1)
                : inspection.exits().distribution(position).cdf(row + 1);
        return Double.isNaN(number) ? "–" : String.format(Locale.ROOT, "%.2f", number);
    }

    private static String frameLabel(List<Integer> flips) {
        return flips.isEmpty() ? "exit" : "exit; dashed: exit within ± δ";
    }

    private static String stepsSubtitle(
            Inspection inspection, ExitRule rule, Optional<RuleBand> band, int flips, int n) {
        String text = "filled up to the exit, " + RuleText.of(rule)
                + (rule.primary() instanceof ExitRule.Threshold threshold
                        ? " · number: " + threshold.signal().title()
                        : inspection.exits().hasGate() ? " · number: CDF" : "");
        return band.map(b -> text + " · " + flips + " of " + n + " tokens change within " + BandText.numbers(b))
                .orElse(text);
    }

    private static String beyond(Capture capture) {
        return capture.outsideTraining()
                ? " · steps above " + capture.config().trainedSteps() + " are outside training"
                : "";
    }

    private static CategoryScale scale(int steps) {
        List<CategoryScale.Entry> entries = new ArrayList<>();
        for (int t = 1; t <= steps; t++) {
            int step = t;
            entries.add(new CategoryScale.Entry("loop " + t, theme -> theme.step(step, steps)));
        }
        Function<FigureTheme, Color> skipped = theme -> Palette.mix(theme.card(), theme.grid(), 0.55);
        entries.add(new CategoryScale.Entry("not run", skipped));
        return new CategoryScale(entries, List.of(entries.get(steps)));
    }

    private static List<HeatmapFigure.Frame> frames(
            Inspection inspection, Optional<RuleBand> band, int[] exits, List<Integer> flips) {
        List<HeatmapFigure.Frame> frames = new ArrayList<>();
        if (band.isPresent()) {
            int[] early = inspection.exits().exitSteps(band.get().low());
            int[] late = inspection.exits().exitSteps(band.get().high());
            for (int p : flips) {
                for (int other : new int[] {early[p], late[p]}) {
                    if (other != exits[p]) {
                        frames.add(new HeatmapFigure.Frame(p, other - 1, other - 1, true));
                    }
                }
            }
        }
        for (int p = 0; p < exits.length; p++) {
            frames.add(new HeatmapFigure.Frame(p, exits[p] - 1, exits[p] - 1));
        }
        return frames;
    }

    /** How many tokens leave at each step. */
    static ChartFigure histogram(Inspection inspection, ExitRule rule) {
        int[] counts = inspection.exits().histogram(rule);
        ExitSummary summary = inspection.exits().summary(rule, inspection.lens());
        return new ChartFigure(
                new ChartFigure.Heading(
                        HISTOGRAM,
                        "Tokens by exit step",
                        String.format(
                                Locale.ROOT,
                                "%s · n = %d tokens · %s",
                                RuleText.of(rule),
                                summary.tokens(),
                                inspection.capture().model().computeDtype()),
                        describe(inspection, rule, band(inspection, rule, DELTA))),
                460,
                280,
                theme -> chart(counts, theme),
                () -> histogramTable(counts));
    }

    private static JFreeChart chart(int[] counts, FigureTheme theme) {
        int most = IntStream.of(counts).max().orElse(1);
        XYPlot plot = ChartStyle.stepPlot(counts.length, "exit step", ChartStyle.countAxis("tokens", most), theme);
        XYSeries series = new XYSeries("tokens");
        for (int t = 1; t <= counts.length; t++) {
            series.add(t, counts[t - 1]);
        }
        XYSeriesCollection data = new XYSeriesCollection(series);
        data.setIntervalWidth(0.6);
        XYBarRenderer renderer = ChartStyle.flat(new XYBarRenderer() {
            private static final long serialVersionUID = 1L;

            @Override
            public Paint getItemPaint(int row, int column) {
                return theme.step(column + 1, counts.length);
            }
        });
        renderer.setDefaultItemLabelGenerator((d, s, i) -> counts[i] == 0 ? "" : Integer.toString(counts[i]));
        renderer.setDefaultItemLabelsVisible(counts.length <= 24);
        renderer.setDefaultItemLabelFont(theme.bold(12));
        renderer.setDefaultItemLabelPaint(theme.text());
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE12, TextAnchor.BOTTOM_CENTER));
        renderer.setDefaultToolTipGenerator((d, s, i) -> counts[i] + " tokens leave at loop " + (i + 1));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        return ChartStyle.chart(plot, theme);
    }

    /** Tokens whose exit changes within the band; none without one. */
    static List<Integer> flips(Inspection inspection, Optional<RuleBand> band) {
        return band.map(b -> inspection.exits().flips(b.low(), b.high())).orElse(List.of());
    }

    /** The rules {@code delta} below and above; empty for a rule without threshold. */
    static Optional<RuleBand> band(Inspection inspection, ExitRule rule, double delta) {
        Capture capture = inspection.capture();
        return RuleBand.around(rule, delta, capture.steps(), capture.config().vocabSize());
    }

    static Axis tokens(Capture capture) {
        return Axis.tokens("input token", capture);
    }

    private static String describe(Inspection inspection, ExitRule rule, Optional<RuleBand> band) {
        ExitSummary summary = inspection.exits().summary(rule, inspection.lens());
        return String.format(
                Locale.ROOT,
                "With %s, %d tokens leave after %.2f of %d loops on average, %.0f %% fewer (nominal). At its exit step the "
                        + "top-1 prediction is that of full depth for %d of %d tokens (%s).%s",
                RuleText.of(rule),
                summary.tokens(),
                summary.meanSteps(),
                summary.steps(),
                100 * summary.savedFraction(),
                summary.agreeing(),
                summary.tokens(),
                summary.agreement().words(),
                band.map(b -> " " + flips(inspection, band).size() + " tokens change their exit within "
                                + BandText.of(b) + ".")
                        .orElse(""));
    }

    private static Table stepsTable(Inspection inspection, ExitRule rule, List<Integer> flips) {
        Set<Integer> undecided = new HashSet<>(flips);
        Table table = inspection.exits().toTable(rule);
        IntColumn position = table.intColumn("position");
        BooleanColumn flip = BooleanColumn.create("flips_within_delta");
        for (int p : position.asIntArray()) {
            flip.append(undecided.contains(p));
        }
        return table.addColumns(flip);
    }

    private static Table histogramTable(int[] counts) {
        return Table.create(
                "exit_histogram",
                IntColumn.create(
                        "exit_step", IntStream.rangeClosed(1, counts.length).toArray()),
                IntColumn.create("tokens", counts));
    }

    /** All figures of a state, as the report shows them; those that a gate gives where there is one. */
    static List<Figure> all(Inspection inspection, int position, ExitRule rule) {
        List<Figure> figures = new ArrayList<>(List.of(histogram(inspection, rule), steps(inspection, rule, position)));
        if (inspection.exits().hasGate()) {
            GateDiagnosis gate = GateDiagnosis.of(inspection);
            figures.add(0, TokenExitFigure.of(inspection, position, rule));
            figures.add(GateFigures.reliability(inspection, gate));
            figures.add(GateFigures.scatter(inspection, gate, GateFigures.Beside.ENTROPY));
            figures.add(WeightedFigure.of(
                    inspection, WeightedExit.of(inspection.capture(), inspection.unembedding(), RunControl.none())));
        }
        return figures;
    }
}
