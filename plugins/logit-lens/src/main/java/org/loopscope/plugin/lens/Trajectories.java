package org.loopscope.plugin.lens;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.SeriesLook;
import org.loopscope.figure.TokenText;
import org.loopscope.model.base.ForeignText;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** How the probability of a few tokens goes from loop step to loop step at one position. */
final class Trajectories {
    static final String FIGURE = "lens-trajectories";
    /** Lines that are chosen without being asked for. */
    static final int LINES = 6;
    /** The smallest probability that the logarithmic axis shows. */
    static final double FLOOR = 1e-6;

    private Trajectories() {}

    /** One line: natural log-probabilities [T] of a token, and whether it was pinned. */
    record Line(int tokenId, String text, double[] logProbability, boolean pinned) {
        double probability(int step) {
            return Math.exp(logProbability[step - 1]);
        }
    }

    /**
     * The tokens worth a line: pinned ones, the full-depth answer, then what other steps answer, then the most probable
     * at full depth, up to six besides the pinned. The full-depth answer is the first of all.
     */
    static List<Integer> choose(LensGrid lens, int position, List<Integer> pinned) {
        Set<Integer> chosen = new LinkedHashSet<>();
        chosen.add(lens.finalId(position));
        chosen.addAll(pinned);
        int limit = LINES + pinned.size();
        for (int t = lens.steps() - 1; t >= 1 && chosen.size() < limit; t--) {
            chosen.add(lens.topId(lens.rowOfStep(t), position, 0));
        }
        for (int id : lens.tracked(position)) {
            if (chosen.size() < limit) {
                chosen.add(id);
            }
        }
        return List.copyOf(chosen);
    }

    /** The lines of those tokens that the lens kept at this position; others are left out. */
    static List<Line> read(LensGrid lens, int position, List<Integer> tokenIds) {
        int[] tracked = lens.tracked(position);
        List<Line> lines = new ArrayList<>();
        for (int id : tokenIds) {
            for (int i = 0; i < tracked.length; i++) {
                if (tracked[i] == id) {
                    double[] values = new double[lens.steps()];
                    for (int t = 1; t <= values.length; t++) {
                        values[t - 1] = lens.trackedLogProbability(lens.rowOfStep(t), position, i);
                    }
                    lines.add(new Line(id, lens.tokenText(id), values, false));
                }
            }
        }
        return lines;
    }

    /** The chart; {@code step} is marked, and the legend gives the probabilities there. */
    static ChartFigure figure(Inspection inspection, int position, int step, List<Line> lines, boolean logarithmic) {
        String token = TokenText.inSentence(inspection.capture().tokenText(position), FigureTheme.LIGHT.font(12));
        ChartFigure.Heading heading = new ChartFigure.Heading(
                FIGURE,
                "Trajectories at “" + token + "”",
                "next-token probability by loop step · " + inspection.lens().statement(),
                describe(position, token, lines));
        List<ChartLegend.Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            entries.add(new ChartLegend.Entry(
                    visible(lines.get(i)), number(lines.get(i).probability(step)), i));
        }
        return new ChartFigure(
                        heading,
                        620,
                        280,
                        theme -> chart(inspection.capture().steps(), step, lines, logarithmic, theme),
                        () -> table(position, token, lines))
                .withLegend(new ChartLegend("at loop " + step, entries));
    }

    static String visible(Line line) {
        return TokenText.visible(line.text(), FigureTheme.LIGHT.monoBold(12));
    }

    private static String inSentence(Line line) {
        return TokenText.inSentence(line.text(), FigureTheme.LIGHT.monoBold(12));
    }

    static String number(double probability) {
        return String.format(Locale.ROOT, probability > 0 && probability < 5e-4 ? "%.0e" : "%.3f", probability);
    }

    private static JFreeChart chart(int steps, int step, List<Line> lines, boolean logarithmic, FigureTheme theme) {
        XYPlot plot = ChartStyle.stepPlot(
                steps, "loop step t", logarithmic ? logAxis() : ChartStyle.unitAxis("probability"), theme);
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = ChartStyle.lines();
        for (int i = lines.size() - 1; i >= 0; i--) { // the answer is drawn last, on top
            Line line = lines.get(i);
            XYSeries points = new XYSeries(i);
            points.setDescription(visible(line)); // by which it is compared with another run
            for (int t = 1; t <= steps; t++) {
                double p = line.probability(t);
                points.add(t, logarithmic ? Math.log10(Math.max(FLOOR, p)) : p);
            }
            data.addSeries(points);
            int series = data.getSeriesCount() - 1;
            SeriesLook.of(i).apply(renderer, series, 6, theme);
            if (line.pinned()) {
                renderer.setSeriesStroke(series, SeriesLook.of(i).stroke(3f));
            }
        }
        renderer.setDefaultToolTipGenerator((d, s, item) -> {
            Line line = lines.get((Integer) d.getSeriesKey(s));
            int t = (int) d.getXValue(s, item);
            return inSentence(line) + " at loop " + t + ": " + number(line.probability(t));
        });
        plot.setDataset(data);
        plot.setRenderer(renderer);
        plot.addDomainMarker(marker(step, theme), Layer.BACKGROUND);
        return ChartStyle.chart(plot, theme);
    }

    private static ValueMarker marker(int step, FigureTheme theme) {
        Color color = theme.border();
        return new ValueMarker(step, color, new BasicStroke(7f));
    }

    private static NumberAxis logAxis() {
        NumberAxis axis = new NumberAxis("probability (log scale)");
        axis.setRange(Math.log10(FLOOR), 0.15);
        axis.setTickUnit(new NumberTickUnit(1) {
            private static final long serialVersionUID = 1L;

            @Override
            public String valueToString(double exponent) {
                String text = exponent >= -3
                        ? ChartStyle.decimals("0.###").format(Math.pow(10, exponent))
                        : "1e" + Math.round(exponent);
                return exponent <= Math.log10(FLOOR) ? "≤ " + text : text;
            }
        });
        return axis;
    }

    private static String describe(int position, String token, List<Line> lines) {
        StringBuilder text = new StringBuilder(
                "Probability of the next token by loop step after token " + (position + 1) + ", “" + token + "”.");
        for (Line line : lines) {
            text.append(" ").append(inSentence(line)).append(":");
            for (int t = 1; t <= line.logProbability().length; t++) {
                text.append(" ").append(number(line.probability(t)));
            }
            text.append(".");
        }
        return text.toString();
    }

    private static Table table(int position, String token, List<Line> lines) {
        IntColumn positions = IntColumn.create("position");
        StringColumn tokens = StringColumn.create("token");
        IntColumn ids = IntColumn.create("id");
        StringColumn texts = StringColumn.create("text");
        IntColumn steps = IntColumn.create("step");
        DoubleColumn probability = DoubleColumn.create("probability");
        DoubleColumn logProbability = DoubleColumn.create("log_probability");
        for (Line line : lines) {
            for (int t = 1; t <= line.logProbability().length; t++) {
                positions.append(position);
                tokens.append(ForeignText.withoutMarks(token));
                ids.append(line.tokenId());
                texts.append(line.text());
                steps.append(t);
                probability.append(line.probability(t));
                logProbability.append(line.logProbability()[t - 1]);
            }
        }
        return Table.create("trajectories", positions, tokens, ids, texts, steps, probability, logProbability);
    }
}
