package org.loopscope.plugin.comparing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.figure.Axis;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.PanelState;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Loop × layer at the selected token: everything that is defined after each layer of each loop. For runs with layer states. */
final class LayerFigures implements ComparedFigures.Source {
    /** Begins the id of all of them. */
    private static final String PREFIX = "layer-";

    private static final java.awt.Font CELL_FONT = FigureTheme.LIGHT.monoBold(12);

    @Override
    public String id() {
        return "compare";
    }

    @Override
    public String title() {
        return "Loop × layer at the selected token";
    }

    /** None for a run without layer states, and of the lens none where it was not read. */
    @Override
    public List<Figure> figures(PanelState state) {
        Capture capture = state.inspection().capture();
        if (!capture.hasLayerStates()) {
            return List.of();
        }
        List<Figure> figures = new ArrayList<>();
        state.readings().layers().ifPresent(grid -> lens(state, grid, figures));
        geometry(state, LayerGeometry.of(capture, RunControl.none()), figures);
        return figures;
    }

    /** The number after a layer of a loop. */
    private interface Value {
        double at(int step, int layer);
    }

    private static void lens(PanelState state, LensGrid grid, List<Figure> figures) {
        int p = state.selection().position();
        int words = state.inspection().unembedding().vocabSize();
        int perStep = grid.rows().size() / grid.steps();
        HeatmapFigure.CellText top =
                (row, column) -> List.of(TokenText.visible(grid.topText(row * perStep + column, p, 0), CELL_FONT));
        String lens = grid.statement();
        List<String> layers = IntStream.range(0, perStep)
                .mapToObj(i -> name(grid.rows().get(i)))
                .toList();
        figures.add(heatmap(
                state,
                "probability",
                "top-1 probability",
                ValueScale.probability("probability"),
                lens,
                layers,
                (t, l) -> grid.topProbability((t - 1) * perStep + l, p, 0),
                Optional.of(top)));
        figures.add(heatmap(
                state,
                "entropy",
                "entropy (nats)",
                ValueScale.linear("entropy (nats)", Math.log(words), 0),
                lens,
                layers,
                (t, l) -> grid.entropy((t - 1) * perStep + l, p),
                Optional.of(top)));
        Value kl = (t, l) -> grid.klToLast((t - 1) * perStep + l, p);
        figures.add(heatmap(
                state,
                "kl-to-last",
                "KL to full depth (nats)",
                ValueScale.linear("KL to full depth (nats)", most(kl, grid.steps(), perStep), 0),
                lens,
                layers,
                kl,
                Optional.of(top)));
        figures.add(heatmap(
                state,
                "rank",
                "rank of the final answer",
                ValueScale.logarithmic("rank of the final answer (log scale)", Math.max(2, words), 1),
                lens,
                layers,
                (t, l) -> grid.rankOfFinal((t - 1) * perStep + l, p),
                Optional.of(top)));
    }

    private static String name(DepthPoint point) {
        return point.layer().isPresent() ? layer(point.layer().getAsInt()) : "output";
    }

    private static String layer(int layer) {
        return String.format(Locale.ROOT, "L%02d", layer);
    }

    private static void geometry(PanelState state, LayerGeometry geometry, List<Figure> figures) {
        int p = state.selection().position();
        List<String> layers = IntStream.range(0, geometry.layers())
                .mapToObj(LayerFigures::layer)
                .toList();
        String states = "residual stream before the final norm, each layer against the one before · "
                + state.inspection().capture().model().computeDtype();
        add(
                figures,
                state,
                geometry,
                "relative-step",
                "relative step |Δ| / |state before|",
                states,
                layers,
                (t, l) -> geometry.relativeStep(t, l, p));
        add(
                figures,
                state,
                geometry,
                "angular-distance",
                "angular distance arccos(cos) / π",
                states,
                layers,
                (t, l) -> geometry.angularDistance(t, l, p));
        add(
                figures,
                state,
                geometry,
                "step-size",
                "step size |Δ|",
                states,
                layers,
                (t, l) -> geometry.stepSize(t, l, p));
        add(figures, state, geometry, "norm", "norm |state|", states, layers, (t, l) -> geometry.norm(t, l, p));
    }

    private static void add(
            List<Figure> figures,
            PanelState state,
            LayerGeometry geometry,
            String id,
            String label,
            String states,
            List<String> layers,
            Value value) {
        double most = most(value, geometry.steps(), geometry.layers());
        figures.add(
                heatmap(state, id, label, ValueScale.linear(label, 0, most), states, layers, value, Optional.empty()));
    }

    private static double most(Value value, int steps, int layers) {
        double most = 0;
        for (int t = 1; t <= steps; t++) {
            for (int l = 0; l < layers; l++) {
                double number = value.at(t, l);
                most = Double.isFinite(number) ? Math.max(most, number) : most;
            }
        }
        return most > 0 ? most : 1;
    }

    private static HeatmapFigure heatmap(
            PanelState state,
            String id,
            String label,
            ValueScale scale,
            String how,
            List<String> layers,
            Value value,
            Optional<HeatmapFigure.CellText> tops) {
        Capture capture = state.inspection().capture();
        int p = state.selection().position();
        String token = TokenText.inSentence(capture.tokenText(p), FigureTheme.LIGHT.font(12), 30);
        HeatmapFigure.CellValue cells = (row, column) -> value.at(row + 1, column);
        String beyond = capture.outsideTraining()
                ? " · steps above " + capture.config().trainedSteps() + " are outside training"
                : "";
        String title =
                label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1) + " by layer at “" + token + "”";
        return HeatmapFigure.builder(PREFIX + id, title)
                .subtitle("token " + (p + 1) + " of " + capture.length() + " · " + how + beyond)
                .description(describe(title, cells, capture.steps(), layers))
                .rows(Axis.loops("", capture.steps()))
                .columns("after layer", layers)
                .values(scale, cells)
                .texts((row, column) -> {
                    String number = number(cells.at(row, column));
                    return tops.map(t -> List.of(t.at(row, column).get(0), number))
                            .orElse(List.of(number));
                })
                .selected(new HeatmapFigure.Cell(state.selection().step() - 1, layers.size() - 1))
                .preferredCell(58, 36)
                .table(table(id, capture, p, layers, value))
                .build();
    }

    private static String describe(String title, HeatmapFigure.CellValue cells, int steps, List<String> layers) {
        StringBuilder text = new StringBuilder(title + ", after the last layer:");
        for (int t = 1; t <= Math.min(16, steps); t++) {
            text.append(" loop ")
                    .append(t)
                    .append(' ')
                    .append(number(cells.at(t - 1, layers.size() - 1)))
                    .append(';');
        }
        return text.toString();
    }

    private static String number(double x) {
        return Double.isNaN(x)
                ? "–"
                : String.format(Locale.ROOT, Math.abs(x) >= 99.5 ? "%.0f" : Math.abs(x) >= 9.995 ? "%.1f" : "%.2f", x);
    }

    private static Supplier<Table> table(String id, Capture capture, int p, List<String> layers, Value value) {
        return () -> {
            IntColumn position = IntColumn.create("position");
            StringColumn token = StringColumn.create("token");
            IntColumn step = IntColumn.create("step");
            StringColumn layer = StringColumn.create("layer");
            DoubleColumn number = DoubleColumn.create(id.replace('-', '_'));
            for (int t = 1; t <= capture.steps(); t++) {
                for (int l = 0; l < layers.size(); l++) {
                    position.append(p);
                    token.append(capture.tokenText(p));
                    step.append(t);
                    layer.append(layers.get(l));
                    number.append(value.at(t, l));
                }
            }
            return Table.create(PREFIX + id, position, token, step, layer, number);
        };
    }
}
