package org.loopscope.plugin.geometry;

import java.awt.Color;
import java.util.List;
import java.util.function.Function;
import org.loopscope.analysis.geometry.GeometryTables;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.Motion;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.figure.Axis;
import org.loopscope.figure.CategoryScale;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.Palette;
import org.loopscope.model.Capture;

/** What every token does in the end, one column a token. */
final class MotionFigure {
    static final String ID = "geometry-motion";
    /** Relative moves below it are rounding of float32: 2⁻²⁴ a number, over a few sums. */
    private static final double ROUNDING = 1e-5;

    private static final List<CategoryScale.Entry> ENTRIES = List.of(
            entry(Motion.Kind.SETTLES, theme -> theme.probability(0.2)),
            entry(Motion.Kind.CYCLES, theme -> Palette.mix(theme.card(), theme.series(3), 0.6)),
            entry(Motion.Kind.DRIFTS, theme -> Palette.mix(theme.card(), theme.series(1), 0.6)),
            entry(Motion.Kind.WANDERS, theme -> Palette.mix(theme.card(), theme.series(5), 0.6)),
            entry(Motion.Kind.TOO_SHORT, theme -> theme.grid()));

    private static CategoryScale.Entry entry(Motion.Kind kind, Function<FigureTheme, Color> color) {
        return new CategoryScale.Entry(sign(kind) + " " + kind.label(), color);
    }

    /** Stands in a cell, where a word has no room; the legend names it. */
    static String sign(Motion.Kind kind) {
        return switch (kind) {
            case SETTLES -> "=";
            case CYCLES -> "↔";
            case DRIFTS -> "→";
            case WANDERS -> "~";
            case TOO_SHORT -> "?";
        };
    }

    private MotionFigure() {}

    static HeatmapFigure of(LongRun run, int position) {
        Capture capture = run.capture();
        return HeatmapFigure.builder(ID, "What tokens do in the end")
                .subtitle(summary(run) + " · run of " + run.steps() + " steps" + MapFigure.beyond(capture) + " · "
                        + capture.model().computeDtype())
                .description(describe(run))
                .rows("", List.of("last steps"))
                .columns(Axis.tokens(
                        "input token (sign: see legend, of a cycle with its period; number: largest relative step of the tail)",
                        capture))
                .values(
                        new CategoryScale(ENTRIES),
                        (row, p) -> run.motion(p).kind().ordinal())
                .texts((row, p) -> List.of(
                        brief(run.motion(p)), MapFigure.number(run.motion(p).largestStep())))
                .marks("generated", capture::generated)
                .selected(new HeatmapFigure.Cell(0, position))
                .preferredCell(62, 40)
                .table(() -> GeometryTables.motions(run))
                .build();
    }

    /** The sign, and the period of a cycle behind it. */
    private static String brief(Motion motion) {
        String sign = sign(motion.kind());
        return motion.period().isPresent() ? sign + motion.period().getAsInt() : sign;
    }

    /** Counts with intervals. */
    static String summary(LongRun run) {
        int n = run.capture().length();
        StringBuilder text = new StringBuilder("n = " + n);
        for (Motion.Kind kind : Motion.Kind.values()) {
            int count = run.count(kind);
            if (count > 0) {
                text.append(", " + kind.label() + " " + count);
                Interval interval = RunIntervals.share(of(run, kind));
                if (interval.isDefined()) {
                    text.append(" (" + interval.words() + ")");
                }
            }
        }
        return text.toString();
    }

    /** Whether the moves are no more than float32 rounds: ratios of them say nothing of the path. */
    private static boolean rounding(Motion motion) {
        return motion.largestStep() < ROUNDING;
    }

    private static boolean[] of(LongRun run, Motion.Kind kind) {
        boolean[] of = new boolean[run.capture().length()];
        for (int p = 0; p < of.length; p++) {
            of[p] = run.motion(p).kind() == kind;
        }
        return of;
    }

    /** Lines about one token, for the hover. */
    static List<String> info(LongRun run, int position) {
        Motion motion = run.motion(position);
        return List.of(
                "token " + (position + 1) + " “" + CurveFigures.text(run.capture(), position) + "” "
                        + motion.kind().label()
                        + (motion.period().isPresent()
                                ? ", period " + motion.period().getAsInt()
                                : ""),
                "last " + motion.tail() + " updates of " + run.steps() + " steps",
                "largest relative step " + MapFigure.number(motion.largestStep()) + " (settled below 0.03)",
                rounding(motion)
                        ? "best return, straightness: none, moves this small are rounding"
                        : "best return " + MapFigure.number(motion.bestReturn()) + " (a cycle up to 0.5), straightness "
                                + MapFigure.number(motion.straightness()) + " (a drift from 0.5)");
    }

    private static String describe(LongRun run) {
        StringBuilder text = new StringBuilder(summary(run) + ".");
        for (int p = 0; p < Math.min(40, run.capture().length()); p++) {
            text.append(" “").append(CurveFigures.text(run.capture(), p)).append("” ");
            text.append(run.motion(p).kind().label()).append(".");
        }
        return text.toString();
    }
}
