package org.loopscope.figure;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * Figures as files and images. Files are written beside their place and moved there when complete, so a failed save
 * leaves an older file as it was. Title and subtitle are drawn above the figure.
 */
public final class FigureExport {
    private static final int MAX_PIXELS = 120_000_000;

    private FigureExport() {}

    /**
     * A PNG at {@code scale} pixels per figure pixel.
     *
     * @throws IOException with one plain sentence if it cannot be written; an older file is as it was
     */
    public static void png(Figure figure, Path file, double scale, FigureTheme theme) throws IOException {
        BufferedImage image = image(figure, scale, theme);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("no PNG writer");
        }
        write(file, out.toByteArray());
    }

    /** An SVG with texts as text; the same figure gives the same bytes. */
    public static void svg(Figure figure, Path file, FigureTheme theme) throws IOException {
        write(file, svgText(figure, theme).getBytes(StandardCharsets.UTF_8));
    }

    /** The SVG document as text, for a page that holds it. */
    public static String svgText(Figure figure, FigureTheme theme) throws IOException {
        return SvgWriter.svg(TitledFigure.of(figure), theme);
    }

    /** The data as CSV: UTF-8, comma, header line, missing values empty. */
    public static void csv(Figure figure, Path file) throws IOException {
        Tables.writeCsv(figure.table(), file);
    }

    /** The format that the file name's end asks for: {@code .png} (at 2x), {@code .svg} or {@code .csv}. */
    public static void byExtension(Figure figure, Path file, FigureTheme theme) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".svg")) {
            svg(figure, file, theme);
        } else if (name.endsWith(".csv")) {
            csv(figure, file);
        } else if (name.endsWith(".png")) {
            png(figure, file, 2, theme);
        } else {
            throw new IOException("File " + file.getFileName() + ": expected a name that ends in .png, .svg or .csv.");
        }
    }

    /** Figure, title and subtitle at {@code scale}. */
    public static BufferedImage image(Figure figure, double scale, FigureTheme theme) {
        Figure titled = TitledFigure.of(figure);
        return plain(titled, titled.preferredWidth(), titled.preferredHeight(), scale, theme);
    }

    /** The figure alone, without title, drawn for {@code width} x {@code height} figure pixels. */
    public static BufferedImage plain(Figure figure, double width, double height, double scale, FigureTheme theme) {
        return pixels(g -> figure.draw(g, width, height, theme), width, height, scale, theme);
    }

    /** What {@code drawing} draws for {@code width} x {@code height} figure pixels, on the theme's card colour. */
    public static BufferedImage pixels(
            Consumer<Graphics2D> drawing, double width, double height, double scale, FigureTheme theme) {
        if (!(scale > 0 && width > 0 && height > 0)) {
            throw new IllegalArgumentException(
                    "image: want a size and scale above 0, got " + width + " x " + height + " at " + scale);
        }
        Dimension size = new Dimension(wholePixels(width * scale), wholePixels(height * scale));
        if ((long) size.width * size.height > MAX_PIXELS) {
            throw new IllegalArgumentException("image: want at most " + MAX_PIXELS + " pixels, got " + size.width
                    + " x " + size.height + "; use a smaller scale");
        }
        BufferedImage image = new BufferedImage(size.width, size.height, BufferedImage.TYPE_INT_ARGB_PRE);
        Graphics2D g = image.createGraphics();
        try {
            HeatmapPainter.hints(g);
            g.setRenderingHint(KeptCells.ALLOWED, true);
            g.setColor(theme.card());
            g.fillRect(0, 0, size.width, size.height);
            g.scale(scale, scale);
            drawing.accept(g);
        } finally {
            g.dispose();
        }
        return image;
    }

    /** Rounded up, but 500.0000001, which a width divided and multiplied by a zoom may give, is 500. */
    private static int wholePixels(double length) {
        return (int) Math.ceil(length - 1e-6);
    }

    private static void write(Path file, byte[] content) throws IOException {
        try {
            AtomicFile.write(file, channel -> {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (LoopscopeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
