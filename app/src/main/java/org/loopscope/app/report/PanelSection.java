package org.loopscope.app.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.loopscope.app.panels.GuardedProvider;
import org.loopscope.app.panels.PanelFailure;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** One panel in the report: what it shows, its figures with their data, and how to read them. */
final class PanelSection {
    private static final double SCALE = 2; // sharp on screens of double density and in print

    private static final double MAX_PIXELS =
            1_500_000; // a larger picture is drawn less finely, but not below its own size
    private static final double MAX_SIDE = 16_000; // pixels; browsers refuse to show much longer pictures
    private static final double PAGE_WIDTH = 1400; // a wider figure is scrolled, not shrunk until it cannot be read

    private final PanelProvider panel;
    private final PanelState state;

    PanelSection(PanelProvider panel, PanelState state) {
        this.panel = panel;
        this.state = state;
    }

    /** The section; nothing for a panel that has nothing to show of the run; of a panel that throws, a section that says so. */
    String html() {
        try {
            return panel instanceof GuardedProvider guarded ? guarded.drawing(this::section) : section();
        } catch (CancellationException e) {
            throw e;
        } catch (PanelFailure e) {
            return problem(panel.title(), String.valueOf(e.getMessage()));
        } catch (Throwable e) { // somebody else's code: one broken panel is told, the others go on
            return problem(panel.getClass().getName(), "This panel failed: " + e);
        }
    }

    private static String problem(String name, String sentence) {
        return "<section class=\"card\"><h2>" + Html.sentence(name) + "</h2>\n<p class=\"problem\">"
                + Html.sentence(sentence) + "</p></section>\n";
    }

    private String section() {
        List<Figure> figures = panel.supports(state.inspection()) ? panel.figures(state) : List.of();
        if (figures.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        String id = Html.escape(panel.id());
        out.append("<section class=\"card\" id=\"").append(id).append("\">\n");
        out.append("<h2>").append(Html.sentence(panel.title())).append("</h2>\n");
        out.append("<p class=\"summary\">")
                .append(Html.sentence(panel.summary()))
                .append("</p>\n");
        out.append("<div class=\"figures\">\n");
        for (Figure figure : figures) {
            out.append(figure(figure));
        }
        out.append("</div>\n");
        out.append("<details class=\"help\"><summary>How to read this</summary>\n");
        out.append(Html.paragraphs(panel.help())).append("</details>\n");
        return out.append("</section>\n").toString();
    }

    /** One figure with its data. */
    static String figure(Figure figure) {
        boolean wide = figure.preferredWidth() > PAGE_WIDTH;
        String picture = wide ? "picture wide" : "picture";
        String width = wide ? "100%" : Math.round(figure.preferredWidth()) + "px";
        return "<figure style=\"width:" + width + "\">\n<figcaption><strong>" + Html.sentence(figure.title())
                + "</strong> <span>"
                + Html.sentence(figure.subtitle()) + "</span></figcaption>\n<div class=\"" + picture + "\"><img alt=\""
                + Html.plain(figure.description()) + "\" width=\"" + Math.round(figure.preferredWidth())
                + "\" src=\"data:image/png;base64," + png(figure) + "\"></div>\n"
                + new DataTable(figure.table()).html() + "</figure>\n";
    }

    private static String png(Figure figure) {
        double width = figure.preferredWidth();
        double height = figure.preferredHeight();
        double fine = Math.max(1, Math.min(SCALE, Math.sqrt(MAX_PIXELS / (width * height))));
        double scale = Math.min(fine, MAX_SIDE / Math.max(width, height));
        BufferedImage image = FigureExport.plain(figure, width, height, scale, FigureTheme.LIGHT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
