package org.loopscope.plugin.figure;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.labels.XYToolTipGenerator;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYBarDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.loopscope.analysis.Interval;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvPlan;
import org.loopscope.analysis.kv.KvResult;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.kv.KvSummary.Line;
import org.loopscope.analysis.kv.KvSummary.Place;
import org.loopscope.analysis.kv.KvToken;
import org.loopscope.model.ByteSize;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Tokenizer;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What sharing the KV cache between loop steps changes, and what it saves. */
public final class KvFigures {
    public static final String AGREEMENT = "kv-agreement";
    public static final String DIVERGENCE = "kv-divergence";
    public static final String PLACES = "kv-places";
    public static final String MEMORY = "kv-memory";
    public static final String TOKENS = "kv-tokens";

    public static final String HELP = """
            The question. While decoding, the cache can keep one entry per loop step, token and layer (full), or share one entry \
            between the steps: that of the last step, of the first, or their mean. That needs T times less memory. What does it \
            change in what the model says? (Zhu et al. 2025, arXiv:2510.25741, §5.4.2, report accuracies of whole answers.)

            What is run. The prompt is read in one call, always with the full cache, then folded. A decoded token attends, at every \
            step, to the folded entries of all earlier tokens and to its own keys and values of that step; the paper leaves \
            this open. Given text: the same tokens are decoded under each policy, so every prediction has the same text before \
            it. Own text: each policy writes greedily by itself.

            Agreement. The share of tokens for which the policy finds the same token most probable as full (given text), or has \
            written the same token in the same place (own text). The first token after the prompt comes from the prefill and is \
            the same under every policy: it is not counted.

            KL(full ‖ policy) = Σ p_full (ln p_full − ln p_policy) of the distributions at the last step, in nats: 0 where \
            nothing changed. It sees what a top-1 that stays the same hides.

            Memory. Entries × layers × (key and value) × KV heads × head size × bytes of a number. This program holds keys and \
            values in float32; first-step and averaged need one layer's entries besides while the prompt is read.

            How it misleads. Own texts differ in all places after the first difference, however slightly the policies differ: \
            read the given text for the size of the effect. A text that full has written is its own favourite; on a text \
            written by another hand agreement says less and the log-probability more. Tokens of one text are not \
            independent, so its intervals are too narrow: compare on a set. The embedded model was trained to write one token \
            after its prompts; what it writes after that is outside its training.""";

    private KvFigures() {}

    /** Share of tokens with the same most probable token as full, by policy: filled the given text, hollow the own. */
    public static ChartFigure agreement(KvSummary summary) {
        List<Line> lines = summary.lines();
        return new ChartFigure(
                new ChartFigure.Heading(
                        AGREEMENT,
                        "Agreement with the full cache",
                        about(summary) + " · filled: given text, " + summary.counted() + " · hollow: own text, n = "
                                + lines.stream()
                                        .mapToLong(Line::ownTokens)
                                        .max()
                                        .orElse(0),
                        describe(summary)),
                440,
                300,
                theme -> {
                    Dots dots = new Dots(lines, ChartStyle.unitAxis("share of tokens as under full"), theme);
                    for (int i = 0; i < lines.size(); i++) {
                        Line line = lines.get(i);
                        dots.add(i, -0.08, true, line.agreement(), line.agreementInterval(), "given text", "0.00");
                        dots.add(i, 0.08, false, line.ownAgreement(), line.ownInterval(), "own text", "0.00");
                    }
                    return dots.chart();
                },
                summary::toTable);
    }

    /** Mean KL(full ‖ policy), by policy. */
    public static ChartFigure divergence(KvSummary summary) {
        List<Line> lines = summary.lines();
        return new ChartFigure(
                new ChartFigure.Heading(
                        DIVERGENCE,
                        "Distance from the full cache",
                        about(summary) + " · given text, distributions at the last loop · " + summary.counted(),
                        describe(summary)),
                440,
                300,
                theme -> {
                    NumberAxis axis = new NumberAxis("mean KL(full ‖ policy), nats");
                    double most = lines.stream()
                            .mapToDouble(line -> end(line.klInterval().high(), line.kl()))
                            .filter(Double::isFinite)
                            .max()
                            .orElse(1);
                    axis.setRange(0, most > 0 ? 1.12 * most : 1);
                    Dots dots = new Dots(lines, axis, theme);
                    for (int i = 0; i < lines.size(); i++) {
                        dots.add(i, 0, true, lines.get(i).kl(), lines.get(i).klInterval(), "KL", "0.000");
                    }
                    return dots.chart();
                },
                summary::toTable);
    }

    /** Mean KL at each place of the text. */
    public static ChartFigure places(KvSummary summary) {
        return new ChartFigure(
                new ChartFigure.Heading(
                        PLACES,
                        "Distance by place in the text",
                        about(summary) + " · given text · n = "
                                + (summary.prompts() == 1
                                        ? "1 text"
                                        : summary.prompts() + " texts, bands: 95 % over texts"),
                        describePlaces(summary)),
                560,
                300,
                theme -> placesChart(summary, theme),
                summary::placeTable);
    }

    /** Bytes kept of a token. */
    public static ChartFigure memory(KvMemory memory, String model) {
        return new ChartFigure(
                new ChartFigure.Heading(
                        MEMORY,
                        "Memory of the KV cache",
                        model + " · T = " + memory.steps() + " · keys and values held in float32 · in all: "
                                + memory.tokens() + " tokens",
                        describe(memory)),
                440,
                300,
                theme -> memoryChart(memory, theme),
                memory::toTable);
    }

    /**
     * One text token by token: what each policy finds most probable there.
     *
     * @param texts how a token is shown
     */
    public static HeatmapFigure tokens(KvResult result, IntFunction<String> texts, String about) {
        List<KvPolicy> policies = result.policies();
        List<List<KvToken>> rows =
                policies.stream().map(policy -> result.tokens(policy)).toList();
        List<String> labels = new ArrayList<>(List.of("full"));
        policies.forEach(policy -> labels.add(policy.cliName()));
        List<String> columns = rows.get(0).stream()
                .map(token -> visible(texts.apply(token.id())))
                .toList();
        List<HeatmapFigure.Frame> frames = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < columns.size(); i++) {
                if (!rows.get(row).get(i).agrees()) {
                    frames.add(new HeatmapFigure.Frame(i, row + 1, row + 1));
                }
            }
        }
        double most = result.tokens().stream().mapToDouble(KvToken::kl).max().orElse(1);
        return HeatmapFigure.builder(TOKENS, "Token by token")
                .subtitle(about + " · given text, last loop · colour: KL(full ‖ policy) · n = " + columns.size()
                        + " tokens of one text")
                .description(frames.size() + " of " + rows.size() * columns.size()
                        + " predictions have another most probable token than under full.")
                .rows("", labels)
                .columns("token of the text; in a cell: the token found most probable there, KL (nats)", columns)
                .values(
                        ValueScale.linear("KL, nats", 0, Double.isFinite(most) && most > 0 ? most : 1),
                        (row, i) -> row == 0 ? 0 : rows.get(row - 1).get(i).kl())
                .texts((row, i) -> row == 0
                        ? List.of(visible(texts.apply(rows.get(0).get(i).fullTop())))
                        : cell(rows.get(row - 1).get(i), texts))
                .frames("another token than full", frames)
                .topDown(true)
                .preferredCell(56, 36)
                .table(() -> tokenTable(result, texts))
                .build();
    }

    private static List<String> cell(KvToken token, IntFunction<String> texts) {
        return List.of(visible(texts.apply(token.top())), number(token.kl()));
    }

    private static String visible(String text) {
        return TokenText.shorten(TokenText.visible(text, FigureTheme.LIGHT.monoBold(12)), 12);
    }

    /** KL in as many digits as tell something. */
    private static String number(double kl) {
        return String.format(Locale.ROOT, kl >= 0.1 || kl == 0 ? "%.2f" : kl >= 0.001 ? "%.3f" : "%.0e", kl);
    }

    private static String about(KvSummary summary) {
        return summary.model() + " · T = " + summary.steps() + " · " + summary.computeDtype();
    }

    private static String describe(KvSummary summary) {
        StringBuilder text = new StringBuilder("Against the full cache; " + summary.counted() + ".");
        for (Line line : summary.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    " %s: same most probable token for %.3f (95 %% %.3f to %.3f), KL %.4f nats (%.4f to %.4f), log-probability of"
                            + " a token %.3f instead of %.3f;",
                    line.policy().cliName(),
                    line.agreement(),
                    line.agreementInterval().low(),
                    line.agreementInterval().high(),
                    line.kl(),
                    line.klInterval().low(),
                    line.klInterval().high(),
                    line.logProbability(),
                    line.fullLogProbability()));
            text.append(String.format(
                    Locale.ROOT,
                    " own text the same in %d of %d, %.3f of the tokens.",
                    line.sameTexts(),
                    line.ownTexts(),
                    line.ownAgreement()));
        }
        return text.toString();
    }

    private static String describePlaces(KvSummary summary) {
        StringBuilder text = new StringBuilder("Mean KL to full by place in the text.");
        for (Line line : summary.lines()) {
            List<Place> places = places(summary, line.policy());
            if (!places.isEmpty()) {
                Place last = places.get(places.size() - 1);
                text.append(String.format(
                        Locale.ROOT,
                        " %s: %.4f nats at token %d;",
                        line.policy().cliName(),
                        last.kl(),
                        last.index()));
            }
        }
        return text.toString();
    }

    private static List<Place> places(KvSummary summary, KvPolicy policy) {
        return summary.places().stream()
                .filter(place -> place.policy() == policy)
                .toList();
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

    private static double end(double of, double otherwise) {
        return Double.isNaN(of) ? otherwise : of;
    }

    private static int color(KvPolicy policy) {
        return KvPlan.SHARING.indexOf(policy); // −1, grey, for full
    }

    private static SymbolAxis policyAxis(List<KvPolicy> policies, FigureTheme theme) {
        SymbolAxis axis = new SymbolAxis(
                "KV policy", policies.stream().map(KvPolicy::cliName).toArray(String[]::new));
        axis.setGridBandsVisible(false);
        axis.setRange(-0.5, policies.size() - 0.5);
        ChartStyle.style(axis, theme);
        return axis;
    }

    /** Values by policy, with intervals. */
    private static final class Dots {
        private final FigureTheme theme;
        private final List<Line> lines;
        private final XYPlot plot;
        private final XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        private final XYErrorRenderer renderer = new XYErrorRenderer();
        private final List<String> tips = new ArrayList<>();

        Dots(List<Line> lines, NumberAxis vertical, FigureTheme theme) {
            this.theme = theme;
            this.lines = lines;
            this.plot =
                    ChartStyle.plot(policyAxis(lines.stream().map(Line::policy).toList(), theme), vertical, theme);
            renderer.setDefaultLinesVisible(false);
            renderer.setAutoPopulateSeriesShape(false);
            renderer.setErrorStroke(new BasicStroke(1.6f));
            renderer.setCapLength(6);
            renderer.setDrawXError(false);
            renderer.setUseFillPaint(true);
            renderer.setDrawSeriesLineAsPath(false);
        }

        void add(
                int policy, double aside, boolean filled, double value, Interval interval, String what, String digits) {
            if (Double.isNaN(value)) {
                return;
            }
            int series = data.getSeriesCount();
            double x = policy + aside;
            double low = end(interval.low(), value);
            double high = end(interval.high(), value);
            XYIntervalSeries one = new XYIntervalSeries(series);
            one.add(x, x, x, value, low, high);
            data.addSeries(one);
            Shape dot = ChartStyle.dot(10);
            renderer.setSeriesShape(series, dot);
            renderer.setSeriesPaint(series, theme.series(color(lines.get(policy).policy())));
            renderer.setSeriesFillPaint(
                    series, filled ? theme.series(color(lines.get(policy).policy())) : theme.card());
            renderer.setSeriesOutlineStroke(series, new BasicStroke(2f));
            String number = ChartStyle.decimals(digits).format(value);
            XYTextAnnotation text = new XYTextAnnotation(number, x + (aside < 0 ? -0.06 : 0.06), value);
            text.setFont(theme.font(ChartStyle.TICK));
            text.setPaint(theme.text());
            text.setTextAnchor(aside < 0 ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
            plot.addAnnotation(text);
            tips.add(String.format(
                    Locale.ROOT,
                    "%s, %s: %.4f (95 %% %.4f to %.4f)",
                    lines.get(policy).policy().cliName(),
                    what,
                    value,
                    low,
                    high));
        }

        JFreeChart chart() {
            XYToolTipGenerator tip = (d, s, i) -> tips.get(s);
            renderer.setDefaultToolTipGenerator(tip);
            renderer.setDrawOutlines(true);
            plot.setDataset(data);
            plot.setRenderer(renderer);
            return ChartStyle.chart(plot, theme);
        }
    }

    private static JFreeChart placesChart(KvSummary summary, FigureTheme theme) {
        int most = summary.places().stream().mapToInt(Place::index).max().orElse(1);
        double high = summary.places().stream()
                .mapToDouble(place -> end(place.interval().high(), place.kl()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        NumberAxis horizontal = new NumberAxis("token after the prefill (the first comes from the prefill)");
        horizontal.setRange(0.5, most + 0.5);
        horizontal.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        NumberAxis vertical = new NumberAxis("mean KL(full ‖ policy), nats");
        vertical.setRange(-0.02 * high, high > 0 ? 1.06 * high : 1);
        XYPlot plot = ChartStyle.plot(horizontal, vertical, theme);
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        DeviationRenderer renderer = new DeviationRenderer(true, true);
        renderer.setAlpha(0.14f);
        List<Line> lines = summary.lines();
        for (int i = 0; i < lines.size(); i++) {
            KvPolicy policy = lines.get(i).policy();
            YIntervalSeries series = new YIntervalSeries(policy.cliName(), false, true);
            places(summary, policy)
                    .forEach(place -> series.add(
                            place.index(),
                            place.kl(),
                            end(place.interval().low(), place.kl()),
                            end(place.interval().high(), place.kl())));
            data.addSeries(series);
            renderer.setSeriesPaint(i, theme.series(color(policy)));
            renderer.setSeriesFillPaint(i, theme.series(color(policy)));
            renderer.setSeriesShape(i, ChartStyle.dot(most > 64 ? 3 : 5));
            renderer.setSeriesStroke(i, new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        }
        renderer.setDefaultToolTipGenerator((d, s, i) -> String.format(
                Locale.ROOT, "%s, token %d: %.4f nats", d.getSeriesKey(s), (int) d.getXValue(s, i), d.getYValue(s, i)));
        plot.setDataset(data);
        plot.setRenderer(renderer);
        JFreeChart chart = ChartStyle.chart(plot, theme);
        LegendTitle legend = new LegendTitle(plot);
        legend.setPosition(RectangleEdge.TOP);
        legend.setItemFont(theme.font(ChartStyle.TICK));
        legend.setItemPaint(theme.text());
        legend.setBackgroundPaint(theme.card());
        chart.addLegend(legend);
        return chart;
    }

    private static JFreeChart memoryChart(KvMemory memory, FigureTheme theme) {
        List<KvMemory.Line> lines = memory.lines();
        long most = lines.stream().mapToLong(KvMemory.Line::perToken).max().orElse(1);
        long unit = most >= 1_000_000 ? 1_000_000 : 1_000;
        NumberAxis vertical = new NumberAxis("kept of a token, " + (unit == 1000 ? "kB" : "MB"));
        vertical.setRange(0, 1.25 * most / unit);
        XYPlot plot = ChartStyle.plot(
                policyAxis(lines.stream().map(KvMemory.Line::policy).toList(), theme), vertical, theme);
        XYSeriesCollection data = new XYSeriesCollection();
        XYBarRenderer renderer = ChartStyle.flat(new XYBarRenderer());
        for (int i = 0; i < lines.size(); i++) {
            KvMemory.Line line = lines.get(i);
            XYSeries bar = new XYSeries(line.policy().cliName());
            bar.add(i, (double) line.perToken() / unit);
            data.addSeries(bar);
            renderer.setSeriesPaint(
                    i, line.policy() == KvPolicy.FULL ? theme.mutedText() : theme.series(color(line.policy())));
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
        List<String> texts = List.of(share, ByteSize.text(line.total()) + " in all");
        for (int t = 0; t < texts.size(); t++) {
            XYTextAnnotation text =
                    new XYTextAnnotation(texts.get(t), i, height + 0.18 * row + (texts.size() - 1 - t) * row * 0.8);
            text.setFont(t == 0 ? theme.bold(ChartStyle.TICK) : theme.font(ChartStyle.TICK));
            text.setPaint(t == 0 ? theme.text() : theme.mutedText());
            text.setTextAnchor(TextAnchor.BOTTOM_CENTER);
            plot.addAnnotation(text);
        }
    }

    private static Table tokenTable(KvResult result, IntFunction<String> texts) {
        StringColumn policy = StringColumn.create("policy");
        IntColumn index = IntColumn.create("token");
        IntColumn id = IntColumn.create("id");
        StringColumn text = StringColumn.create("text");
        StringColumn fullTop = StringColumn.create("full_top");
        StringColumn top = StringColumn.create("top");
        DoubleColumn kl = DoubleColumn.create("kl");
        DoubleColumn fullLog = DoubleColumn.create("full_log_probability");
        DoubleColumn log = DoubleColumn.create("log_probability");
        StringColumn fullOwn = StringColumn.create("full_own");
        StringColumn own = StringColumn.create("own");
        for (KvToken token : result.tokens()) {
            policy.append(token.policy().cliName());
            index.append(token.index());
            id.append(token.id());
            text.append(texts.apply(token.id()));
            fullTop.append(texts.apply(token.fullTop()));
            top.append(texts.apply(token.top()));
            kl.append(token.kl());
            fullLog.append(token.fullLogProbability());
            log.append(token.logProbability());
            fullOwn.append(
                    token.fullFreeId().stream().mapToObj(texts).findFirst().orElse(""));
            own.append(token.freeId().stream().mapToObj(texts).findFirst().orElse(""));
        }
        return Table.create("kv_tokens", policy, index, id, text, fullTop, top, kl, fullLog, log, fullOwn, own);
    }

    /** How tokens of a model are shown: by their text, or by their id where there is no tokenizer. */
    public static IntFunction<String> texts(LoopedModel model) {
        Optional<Tokenizer> tokenizer = model.tokenizer();
        return id -> tokenizer.map(t -> t.tokenText(id)).orElse("#" + id);
    }

    /** What a policy wrote by itself, for a line of text. */
    public static String ownText(KvResult result, KvPolicy policy, IntFunction<String> texts) {
        IntStream ids = policy == KvPolicy.FULL
                ? result.tokens(result.policies().get(0)).stream().flatMapToInt(token -> token.fullFreeId().stream())
                : result.tokens(policy).stream().flatMapToInt(token -> token.freeId().stream());
        return String.join(
                " ", ids.mapToObj(texts).map(text -> visible(text.strip())).toList());
    }
}
