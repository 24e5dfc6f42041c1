package org.loopscope.plugin.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Axis;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.RuleText;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelState;

/** Builds the heatmap of the lens. */
final class LensFigures {
    static final String HEATMAP = "logit-lens";
    private static final java.awt.Font CELL_FONT = FigureTheme.LIGHT.monoBold(12);

    private LensFigures() {}

    /**
     * Token × depth: top-1 predictions of {@code grid}, coloured by {@code value}, exits of {@code rule} framed.
     *
     * @param selectedRow row of the outlined cell
     */
    static HeatmapFigure heatmap(
            Inspection inspection, LensGrid grid, LensValue value, ExitRule rule, int position, int selectedRow) {
        Capture capture = inspection.capture();
        ValueScale scale = value.scale(grid, inspection.unembedding().vocabSize());
        HeatmapFigure.Builder builder = HeatmapFigure.builder(HEATMAP, title(grid))
                .subtitle(grid.statement() + " · " + value.cellText() + beyond(capture))
                .description(() -> describe(inspection, rule))
                .rows(Axis.places("", grid.rows()))
                .columns(Axis.tokens("input token (the prediction is for the token after it)", capture))
                .values(scale, (row, p) -> value.at(grid, row, p))
                .texts((row, p) -> List.of(
                        TokenText.visible(grid.topText(row, p, 0), CELL_FONT), value.text(value.at(grid, row, p))))
                .frames("exit step (" + RuleText.of(rule) + ")", frames(inspection, grid, rule))
                .marks("generated", capture::generated)
                .selected(new HeatmapFigure.Cell(selectedRow, position))
                .table(grid::toTable);
        if (!grid.stepOutputs()) {
            builder.rowGroups(grid.rows().stream().map(r -> "loop " + r.step()).toList())
                    .preferredCell(62, 34);
        }
        return builder.build();
    }

    /** The same picture with other frames and selection. */
    static HeatmapFigure update(
            HeatmapFigure figure, Inspection inspection, LensGrid grid, ExitRule rule, int position, int selectedRow) {
        return figure.toBuilder()
                .frames("exit step (" + RuleText.of(rule) + ")", frames(inspection, grid, rule))
                .selected(new HeatmapFigure.Cell(selectedRow, position))
                .description(() -> describe(inspection, rule))
                .build();
    }

    private static String title(LensGrid grid) {
        if (grid.stepOutputs()) {
            return "Logit lens by loop step";
        }
        return (lensName(grid.statement()).equals(TunedLens.NAME) ? "Tuned lens" : "Logit lens")
                + " by loop step and layer";
    }

    /** {@code tuned lens} or {@code logit lens}, by the statement of what was read. */
    static String lensName(String statement) {
        return statement.startsWith(TunedLens.NAME) ? TunedLens.NAME : "logit lens";
    }

    private static String beyond(Capture capture) {
        return capture.outsideTraining()
                ? " · steps above " + capture.config().trainedSteps() + " are outside training"
                : "";
    }

    static List<String> columnLabels(Capture capture) {
        return IntStream.range(0, capture.length())
                .mapToObj(p -> TokenText.visible(capture.tokenText(p), FigureTheme.LIGHT.font(12)))
                .toList();
    }

    private static List<HeatmapFigure.Frame> frames(Inspection inspection, LensGrid grid, ExitRule rule) {
        int[] exits = inspection.exits().exitSteps(rule);
        int perStep = grid.rows().size() / grid.steps();
        List<HeatmapFigure.Frame> frames = new ArrayList<>();
        for (int p = 0; p < exits.length; p++) {
            int last = grid.rowOfStep(exits[p]);
            frames.add(new HeatmapFigure.Frame(p, last - perStep + 1, last));
        }
        return frames;
    }

    private static String describe(Inspection inspection, ExitRule rule) {
        Capture capture = inspection.capture();
        int last = capture.length() - 1;
        StringBuilder text = new StringBuilder("Top-1 prediction of each loop step after each of " + capture.length()
                + " input tokens. After the last token:");
        for (int t = 1; t <= capture.steps(); t++) {
            int row = inspection.lens().rowOfStep(t);
            text.append(String.format(
                    Locale.ROOT,
                    " loop %d says %s (%.3f)%s",
                    t,
                    TokenText.inSentence(inspection.lens().topText(row, last, 0), CELL_FONT),
                    inspection.lens().topProbability(row, last, 0),
                    t < capture.steps() ? "," : "."));
        }
        int exit = inspection.exits().exitSteps(rule)[last];
        return text + " With " + RuleText.of(rule) + " it leaves at loop " + exit + ".";
    }

    /** All figures of a state, as the report shows them. */
    static List<Figure> all(PanelState state) {
        Inspection inspection = state.inspection();
        LensGrid lens = inspection.lens();
        int position = state.selection().position();
        int step = state.selection().step();
        List<Integer> tokens = Trajectories.choose(lens, position, List.of());
        List<Figure> figures = new ArrayList<>();
        figures.add(whole(state, lens));
        figures.add(Trajectories.figure(inspection, position, step, Trajectories.read(lens, position, tokens), false));
        figures.add(DepthFigure.of(lens, position));
        state.readings().groups().forEach(groups -> figures.add(GroupFigure.of(inspection, groups, position)));
        for (Optional<LensGrid> layers :
                List.of(state.readings().layers(), state.readings().tuned())) {
            layers.ifPresent(grid -> {
                figures.add(whole(state, grid));
                figures.add(DepthFigure.of(grid, position));
            });
        }
        return List.copyOf(figures);
    }

    private static HeatmapFigure whole(PanelState state, LensGrid grid) {
        return heatmap(
                state.inspection(),
                grid,
                LensValue.PROBABILITY,
                state.rule(),
                state.selection().position(),
                grid.rowOfStep(state.selection().step()));
    }
}
