package org.loopscope.plugin.kv;

import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYBarDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartStyle;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.base.ByteSize;

/** Bytes of the KV cache by policy. */
final class KvMemoryFigure {
    private KvMemoryFigure() {}

    /** Bytes kept of a token. */
    static ChartFigure of(KvMemory memory, String model) {
        return new ChartFigure(
                new ChartFigure.Heading(
                        KvFigures.MEMORY,
                        "Memory of the KV cache",
                        model + " · T = " + memory.steps() + " · keys and values held in float32 · in all: "
                                + memory.tokens() + " tokens",
                        describe(memory)),
                440,
                300,
                theme -> chart(memory, theme),
                memory::toTable);
    }

    private static String describe(KvMemory memory) {
        StringBuilder text = new StringBuilder("Bytes of keys and values that are kept of a token:");
        for (KvMemory.Line line : memory.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    " %s %,d (%,d in bfloat16; %s for %d tokens%s);",
                    line.policy().cliName(),
                    line.perToken(),
                    line.perTokenBfloat16(),
                    ByteSize.text(line.total()),
                    memory.tokens(),
                    line.allocated().isPresent()
                            ? ", " + ByteSize.text(line.allocated().getAsLong()) + " allocated"
                            : ""));
        }
        return text.toString();
    }

    private static JFreeChart chart(KvMemory memory, FigureTheme theme) {
        List<KvMemory.Line> lines = memory.lines();
        long most = lines.stream().mapToLong(KvMemory.Line::perToken).max().orElse(1);
        long unit = most >= 1_000_000 ? 1_000_000 : 1_000;
        NumberAxis vertical = new NumberAxis("kept of a token, " + (unit == 1000 ? "kB" : "MB"));
        vertical.setRange(0, 1.25 * most / unit);
        XYPlot plot = ChartStyle.plot(
                KvPolicyDots.axis(lines.stream().map(KvMemory.Line::policy).toList(), theme), vertical, theme);
        XYSeriesCollection data = new XYSeriesCollection();
        XYBarRenderer renderer = ChartStyle.flat(new XYBarRenderer());
        for (int i = 0; i < lines.size(); i++) {
            KvMemory.Line line = lines.get(i);
            XYSeries bar = new XYSeries(line.policy().cliName());
            bar.add(i, (double) line.perToken() / unit);
            data.addSeries(bar);
            renderer.setSeriesPaint(
                    i,
                    line.policy() == KvPolicy.FULL
                            ? theme.mutedText()
                            : theme.series(KvPolicyDots.color(line.policy())));
            label(plot, i, line, (double) line.perToken() / unit, 0.115 * most / unit, theme);
        }
        renderer.setDefaultToolTipGenerator((d, s, i) -> String.format(
                Locale.ROOT,
                "%s: %,d bytes a token, %,d in bfloat16",
                lines.get(s).policy().cliName(),
                lines.get(s).perToken(),
                lines.get(s).perTokenBfloat16()));
        plot.setDataset(new XYBarDataset(data, 0.56));
        plot.setRenderer(renderer);
        return ChartStyle.chart(plot, theme);
    }

    private static void label(XYPlot plot, int i, KvMemory.Line line, double height, double row, FigureTheme theme) {
        String share = ChartStyle.decimals("0.##").format(line.share()) + " ×";
        List<String> texts =
                List.of("  " + share + "  ", ByteSize.text(line.total()) + " in all"); // room beside a short one
        for (int t = 0; t < texts.size(); t++) {
            XYTextAnnotation text = KvPolicyDots.label(
                    texts.get(t), i, height + 0.18 * row + (texts.size() - 1 - t) * row * 0.8, theme);
            text.setFont(t == 0 ? theme.bold(ChartStyle.TICK) : theme.font(ChartStyle.TICK));
            text.setPaint(t == 0 ? theme.text() : theme.mutedText());
            text.setTextAnchor(TextAnchor.BOTTOM_CENTER);
            plot.addAnnotation(text);
        }
    }
}
