package org.loopscope.plugin.faithfulness;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.LabelCount;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureText;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.TextMeasure;
import org.loopscope.figure.TokenText;
import tech.tablesaw.api.Table;

/** Which labels each step gives, as one bar a step: the most frequent first, the rest together. */
final class MarginalsFigure implements Figure {
    static final String ID = "label-marginals";
    private static final double LEFT = 62;
    private static final double BOTTOM = 40;
    private static final double TOP = 6;
    private static final double RIGHT = 12;
    /** Segments whose label is shown one by one; the others are one grey segment. */
    private static final int NAMED = 12;

    /** Labels a step that the hover lists. */
    private static final int SUMMARISED = 10;

    private final AgreementMatrix agreement;
    private final String computeDtype;

    /** @param computeDtype of the run, to be told */
    MarginalsFigure(AgreementMatrix agreement, String computeDtype) {
        this.agreement = agreement;
        this.computeDtype = computeDtype;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Label marginals";
    }

    @Override
    public String subtitle() {
        return "how often each step predicts which token · n = " + agreement.n() + " · " + computeDtype;
    }

    @Override
    public double preferredWidth() {
        return 460;
    }

    @Override
    public double preferredHeight() {
        return TOP + BOTTOM + Math.max(3, agreement.steps()) * Math.max(18, Math.min(46, 300.0 / agreement.steps()));
    }

    @Override
    public void draw(Graphics2D g, double width, double height, FigureTheme theme) {
        Graphics2D own = (Graphics2D) g.create();
        try {
            own.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            own.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            own.setColor(theme.card());
            own.fill(new Rectangle2D.Double(0, 0, width, height));
            double barWidth = Math.max(10, width - LEFT - RIGHT);
            double rowHeight = (height - TOP - BOTTOM) / agreement.steps();
            for (int t = 1; t <= agreement.steps(); t++) {
                row(own, t, TOP + (agreement.steps() - t) * rowHeight, rowHeight, barWidth, theme);
            }
            axis(own, height - BOTTOM, barWidth, theme);
        } finally {
            own.dispose();
        }
    }

    private void row(Graphics2D g, int step, double top, double height, double width, FigureTheme theme) {
        Font font = theme.font(12);
        g.setFont(font);
        g.setColor(theme.mutedText());
        if (height >= 13 || (step - 1) % (int) Math.ceil(14 / height) == 0) {
            String label = "loop " + step;
            FigureText.draw(
                    g,
                    label,
                    LEFT - 8 - TextMeasure.width(label, font),
                    top + height / 2 + TextMeasure.capHeight(font) / 2);
        }
        List<LabelCount> counts = agreement.marginals(step);
        double x = LEFT;
        int named = Math.min(NAMED, counts.size());
        for (int i = 0; i < named; i++) {
            double length = width * counts.get(i).count() / agreement.n();
            Color color = theme.probability(0.85 - 0.75 * i / NAMED);
            segment(g, x, top, length, height, color);
            g.setColor(theme.textOn(color));
            write(g, counts.get(i), x, top, length, height, theme);
            x += length;
        }
        if (x < LEFT + width - 0.5) {
            segment(g, x, top, LEFT + width - x, height, theme.grid());
        }
    }

    private static void segment(Graphics2D g, double x, double top, double length, double height, Color color) {
        g.setColor(color);
        double gap = height > 8 ? 3 : 0.5;
        g.fill(new Rectangle2D.Double(x, top + gap, Math.max(0.5, length - 1.5), height - 2 * gap));
    }

    /** Token and count in the colour that is set. */
    private static void write(
            Graphics2D g, LabelCount label, double x, double top, double length, double height, FigureTheme theme) {
        Font bold = theme.monoBold(11);
        Font small = theme.font(11);
        String token = TokenText.visible(label.text(), bold);
        double tokenWidth = TextMeasure.width(token, bold);
        if (tokenWidth + 5 > length || height < 15) {
            return; // half a word would only puzzle
        }
        double base = top + height / 2 + TextMeasure.capHeight(bold) / 2;
        g.setFont(bold);
        FigureText.draw(g, token, x + 2.5, base);
        String share = String.format(Locale.ROOT, "%d", label.count());
        if (tokenWidth + TextMeasure.width(share, small) + 14 < length) {
            g.setFont(small);
            FigureText.draw(g, share, x + 7.5 + tokenWidth, base);
        }
    }

    private void axis(Graphics2D g, double top, double width, FigureTheme theme) {
        Font font = theme.font(12);
        g.setFont(font);
        g.setColor(theme.mutedText());
        for (int quarter = 0; quarter <= 4; quarter++) {
            String label = 25 * quarter + " %";
            double x = LEFT + width * quarter / 4;
            double textWidth = TextMeasure.width(label, font);
            double left = quarter == 4 ? x - textWidth : x - (quarter == 0 ? 0 : textWidth / 2);
            FigureText.draw(g, label, left, top + 14);
        }
        String title = axisTitle();
        double left = Math.max(4, LEFT + width / 2 - TextMeasure.width(title, font) / 2);
        FigureText.draw(g, TextMeasure.fit(title, font, LEFT + width - left), left, top + 33);
    }

    /** Says what grey means only where some labels share a grey segment. */
    String axisTitle() {
        boolean rest = IntStream.rangeClosed(1, agreement.steps())
                .anyMatch(t -> agreement.marginals(t).size() > NAMED);
        return rest ? "share of tokens (number: count; grey: the rest)" : "share of tokens (number: count)";
    }

    /** The most frequent labels of every step, one line a step, the last step first. */
    String summary() {
        StringBuilder text = new StringBuilder();
        for (int t = agreement.steps(); t >= 1; t--) {
            text.append("loop ").append(t).append(":");
            List<LabelCount> counts = agreement.marginals(t);
            for (LabelCount label : counts.subList(0, Math.min(SUMMARISED, counts.size()))) {
                text.append("  ").append(label.text()).append(" ").append(label.count());
            }
            int rest = counts.size() - SUMMARISED;
            text.append(rest > 0 ? "  and " + rest + " more" : "").append(t > 1 ? "\n" : "");
        }
        return text.toString();
    }

    @Override
    public Table table() {
        return agreement.marginalsTable();
    }

    @Override
    public String description() {
        StringBuilder text =
                new StringBuilder("Most frequent prediction of each step over " + agreement.n() + " tokens:");
        for (int t = 1; t <= agreement.steps(); t++) {
            LabelCount most = agreement.marginals(t).get(0);
            text.append(" loop ")
                    .append(t)
                    .append(" “")
                    .append(most.text())
                    .append("” ")
                    .append(most.count());
            text.append(t < agreement.steps() ? "," : ".");
        }
        return text.toString();
    }
}
