package org.loopscope.plugin.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.loopscope.analysis.loss.TokenLosses;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.figure.Axis;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.TokenText;
import org.loopscope.figure.ValueScale;

/** Pictures of the loss of one run. */
final class RunLossFigures {
    private static final int LISTED = 8;

    private RunLossFigures() {}

    /** Loss of every token at every step; tokens that end worse than their least are marked. */
    static HeatmapFigure tokens(TokenLosses losses) {
        List<String> tokens = IntStream.rangeClosed(1, losses.tokens())
                .mapToObj(p -> TokenText.visible(losses.text(p), FigureTheme.LIGHT.font(12)))
                .toList();
        double most = IntStream.rangeClosed(1, losses.steps())
                .mapToDouble(t -> IntStream.rangeClosed(1, losses.tokens())
                        .mapToDouble(p -> losses.at(p).at(t))
                        .max()
                        .orElse(0))
                .max()
                .orElse(1);
        return HeatmapFigure.builder(LossLab.TOKENS.id(), LossLab.TOKENS.title())
                .subtitle("−ln p of the token named, read where it is predicted · marked: ends more than "
                        + losses.margin() + " nats above its least · "
                        + losses.lens().statement())
                .description(() -> overthinking(losses))
                .rows(Axis.loops("", losses.steps()))
                .columns(Axis.tokens("token that is predicted", tokens, 1))
                .values(
                        ValueScale.linear("loss (nats)", 0, Math.max(0.01, most)),
                        (row, column) -> losses.at(column + 1).at(row + 1))
                .texts((row, column) -> List.of(
                        String.format(Locale.ROOT, "%.2f", losses.at(column + 1).at(row + 1))))
                .marks("ends worse", column -> losses.at(column + 1).worse(losses.steps()))
                .table(losses::byToken)
                .build();
    }

    /** Mean loss of all tokens by step. */
    static ChartFigure steps(TokenLosses losses) {
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                LossLab.BY_STEP.id(),
                                LossLab.BY_STEP.title(),
                                "mean of " + losses.tokens() + " tokens of one run · T = " + losses.steps() + " · "
                                        + losses.lens().statement(),
                                () -> overthinking(losses)),
                        losses.steps(),
                        1)
                .vertical("loss (nats a token)", 0, 0.01)
                .legendBelow();
        List<DepthChart.Point> line = new ArrayList<>();
        for (int t = 1; t <= losses.steps(); t++) {
            Interval interval = losses.interval(t);
            line.add(new DepthChart.Point(t, losses.mean(t), interval.low(), interval.high()));
        }
        chart.line(new DepthChart.Line("all tokens", 0, false, line, ""));
        return chart.build(losses::bySteps);
    }

    /** The tokens that end worse than their least, in a sentence. */
    static String overthinking(TokenLosses losses) {
        List<Integer> worse = losses.worse();
        if (worse.isEmpty()) {
            return "No token ends more than " + losses.margin() + " nats above its least loss.";
        }
        return worse.size() + " of " + losses.tokens() + " tokens end more than " + losses.margin()
                + " nats above their least loss: "
                + worse.stream().limit(LISTED).map(p -> one(losses, p)).collect(Collectors.joining("; "))
                + (worse.size() > LISTED ? "; …" : ".");
    }

    private static String one(TokenLosses losses, int position) {
        return String.format(
                Locale.ROOT,
                "%d %s %+.3f since loop %d",
                position,
                TokenText.inSentence(losses.text(position), FigureTheme.LIGHT.font(12), 20),
                losses.lost(position),
                losses.at(position).best());
    }
}
