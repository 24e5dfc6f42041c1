package org.loopscope.plugin.faithfulness;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.patch.PatchGrid;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.patch.PatchTable;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.shape.Site;

/** What patching found: step by position for one pair, and by step over a set. */
final class PatchFigures {
    static final String HEATMAP = "patching";
    static final String BY_STEP = "patching-by-step";
    private static final List<String> ROLES = List.of("changed", "between", "answer");
    private static final List<String> ROLE_NAMES = List.of("changed", "between", "last token");

    private PatchFigures() {}

    /** Step (or layer) × position: the share of the gap between the two prompts that one state moves. */
    static HeatmapFigure heatmap(PatchGrid grid, PatchPair pair, HeatmapFigure.@Nullable Cell selected) {
        boolean into = grid.settings().source().intoCorrupted();
        List<String> rows = grid.sites().stream().map(PatchFigures::row).toList();
        HeatmapFigure.Builder builder = HeatmapFigure.builder(
                        HEATMAP, title(grid.settings().source()))
                .subtitle(subtitle(grid))
                .description(describe(grid, pair))
                .rows("", rows)
                .columns("token whose state is replaced (clean prompt / corrupted prompt)", columns(grid))
                .values(
                        ValueScale.linear(into ? "recovery share" : "share of the gap lost", 0, 1),
                        (row, p) -> moved(grid, row, p))
                .texts((row, p) -> List.of(share(moved(grid, row, p)), change(grid.change(row, p))))
                .marks("the prompts differ", grid::differs)
                .selected(selected)
                .preferredCell(66, 34)
                .table(() -> PatchTable.table(pair, grid));
        if (grid.settings().layers()) {
            builder.rowGroups(
                    grid.sites().stream().map(site -> "loop " + site.step()).toList());
        }
        return builder.build();
    }

    private static String title(PatchSource source) {
        return switch (source) {
            case CLEAN -> "Which state carries the answer over";
            case SKIP -> "What is lost when one token skips a loop";
            default -> "What is lost when one state is replaced by " + source.text();
        };
    }

    private static String row(Site site) {
        return site.isStepOutput() ? "loop " + site.step() : "loop " + site.step() + ", layer " + (site.layer() + 1);
    }

    private static List<String> columns(PatchGrid grid) {
        return IntStream.range(0, grid.positions())
                .mapToObj(p -> {
                    String clean = visible(grid.cleanTokens().get(p));
                    return grid.differs(p)
                            ? clean + "/" + visible(grid.corruptedTokens().get(p))
                            : clean;
                })
                .toList();
    }

    private static String visible(String text) {
        return TokenText.visible(text, FigureTheme.LIGHT.font(12));
    }

    /** What the colour says: recovery into the corrupted run, loss in the clean one; NaN without a gap. */
    private static double moved(PatchGrid grid, int row, int position) {
        double recovery = grid.recovery(row, position);
        return grid.settings().source().intoCorrupted() ? recovery : 1 - recovery;
    }

    private static String share(double share) {
        return Double.isNaN(share) ? "no gap" : positiveZero(String.format(Locale.ROOT, "%.2f", share));
    }

    private static String change(double nats) {
        String text = String.format(Locale.ROOT, "%+.1f", nats);
        return text.equals("-0.0") ? "+0.0" : text;
    }

    private static String positiveZero(String number) {
        return number.equals("-0.00") ? "0.00" : number;
    }

    private static String subtitle(PatchGrid grid) {
        return String.format(
                Locale.ROOT,
                "log p of “%s” at the last token, loop %d: clean %s, corrupted %s · in a cell: share, change in nats · %s",
                visible(grid.answer()),
                grid.settings().steps(),
                positiveZero(String.format(Locale.ROOT, "%.2f", grid.clean().logProbability())),
                positiveZero(String.format(Locale.ROOT, "%.2f", grid.corrupted().logProbability())),
                grid.computeDtype());
    }

    private static String describe(PatchGrid grid, PatchPair pair) {
        StringBuilder text = new StringBuilder("Clean prompt “" + pair.clean() + "”, corrupted prompt “"
                + pair.corrupted() + "”. Largest share by row:");
        for (int row = 0; row < grid.sites().size(); row++) {
            int best = best(grid, row);
            text.append(String.format(
                    Locale.ROOT,
                    " %s %s at token %d “%s”%s",
                    row(grid.sites().get(row)),
                    share(moved(grid, row, best)),
                    best + 1,
                    visible(grid.cleanTokens().get(best)),
                    row < grid.sites().size() - 1 ? "," : "."));
        }
        return text.toString();
    }

    private static int best(PatchGrid grid, int row) {
        int best = 0;
        for (int p = 1; p < grid.positions(); p++) {
            if (moved(grid, row, p) > moved(grid, row, best)) {
                best = p;
            }
        }
        return best;
    }

    /**
     * Mean recovery by step (or layer) over a set, a line for each kind of token.
     *
     * @param about what was patched: model, set, arithmetic
     */
    static ChartFigure byStep(PatchSummary summary, String about) {
        PatchSource source = summary.source();
        int layers = 1
                + Math.max(
                        0,
                        summary.lines().stream()
                                .mapToInt(PatchSummary.Line::layer)
                                .max()
                                .orElse(0));
        int depth = summary.lines().stream()
                .mapToInt(line -> depth(line, layers))
                .max()
                .orElse(1);
        int counted = summary.pairs() - summary.withoutGap();
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                BY_STEP,
                                "Effect of one state by step",
                                about + " · replaced by " + source.text() + " · mean over " + counted
                                        + " pairs, 95 % over pairs · " + summary.withoutGap()
                                        + " pairs without a gap left out",
                                describe(summary)),
                        depth,
                        layers)
                .vertical("recovery share (log-probability)", 0, 1)
                .reference(source.intoCorrupted() ? 0 : 1)
                .legend("highest mean");
        for (int i = 0; i < ROLES.size(); i++) {
            String role = ROLES.get(i);
            List<DepthChart.Point> points = summary.lines().stream()
                    .filter(line -> line.change().equals("state") && line.role().equals(role))
                    .map(line -> new DepthChart.Point(
                            depth(line, layers),
                            line.mean(),
                            line.interval().low(),
                            line.interval().high()))
                    .toList();
            if (!points.isEmpty()) {
                double most = points.stream()
                        .mapToDouble(DepthChart.Point::value)
                        .max()
                        .orElse(Double.NaN);
                String last = String.format(Locale.ROOT, "%.2f", most);
                chart.line(new DepthChart.Line(ROLE_NAMES.get(i), i, false, points, last));
            }
        }
        return chart.build(summary::toTable);
    }

    private static int depth(PatchSummary.Line line, int layers) {
        return line.layer() < 0 ? line.step() : (line.step() - 1) * layers + line.layer() + 1;
    }

    private static String describe(PatchSummary summary) {
        StringBuilder text = new StringBuilder("Mean recovery share:");
        for (PatchSummary.Line line : summary.lines()) {
            if (line.change().equals("state") && line.layer() < 0) {
                text.append(
                        String.format(Locale.ROOT, " step %d, %s tokens %.2f;", line.step(), line.role(), line.mean()));
            }
        }
        return text.toString();
    }
}
