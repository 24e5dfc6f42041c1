package org.loopscope.figure;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a heatmap as they were painted last, to be painted again under other frames and another selection: a slider
 * that moves frames need not colour and write thousands of cells again. Shared by figures that show the same cells. Only
 * for drawings made of pixels, which say so by {@link #ALLOWED}. Safe to use from several threads.
 */
final class KeptCells {
    /** Hint of a drawing made of pixels: cells may be painted from a kept picture. */
    static final RenderingHints.Key ALLOWED = new Key();

    private static final int MARGIN = 3; // device pixels around the plot

    private volatile @Nullable Kept kept;
    private int painted; // for tests

    /** What the pixels of the cells hang on, besides the cells themselves. */
    private record Place(Rectangle2D plot, AffineTransform transform, int firstColumn, int lastColumn, boolean dark) {}

    private record Kept(Place place, int left, int top, BufferedImage image) {}

    /** Fills a picture of {@code width} x {@code height} pixels, row by row, 0xRRGGBB each. */
    interface Pixels {
        void fill(int[] pixels, int width, int height);
    }

    /** Paints the cells of {@code layout} by {@code painter}, or as they were painted before. */
    void paint(Graphics2D g, HeatmapLayout layout, boolean dark, Consumer<Graphics2D> painter) {
        if (allowed(g)) {
            show(g, kept(g, layout, dark, place -> make(place, g, painter)));
        } else {
            painter.accept(g);
        }
    }

    /** The same for cells that are drawn as one image; on a drawing made of pixels its pixels are those of the drawing. */
    void paintPixels(Graphics2D g, HeatmapLayout layout, boolean dark, Pixels painter) {
        if (allowed(g)) {
            show(g, kept(g, layout, dark, place -> makePixels(place, painter)));
            return;
        }
        Rectangle2D plot = layout.plot();
        double scale = Math.max(1, Math.min(4, Math.ceil(g.getTransform().getScaleX())));
        BufferedImage image =
                filled((int) Math.ceil(plot.getWidth() * scale), (int) Math.ceil(plot.getHeight() * scale), painter);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        AffineTransform place = AffineTransform.getTranslateInstance(plot.getX(), plot.getY());
        place.scale(plot.getWidth() / image.getWidth(), plot.getHeight() / image.getHeight());
        g.drawImage(image, place, null);
    }

    private static boolean allowed(Graphics2D g) {
        return Boolean.TRUE.equals(g.getRenderingHint(ALLOWED));
    }

    private Kept kept(Graphics2D g, HeatmapLayout layout, boolean dark, Function<Place, Kept> make) {
        Place place = new Place(
                layout.plot(),
                g.getTransform(),
                layout.spec().firstColumn,
                layout.spec().lastColumn(),
                dark);
        Kept now = kept;
        if (now == null || !now.place().equals(place)) {
            now = make.apply(place);
            kept = now;
            synchronized (this) {
                painted++;
            }
        }
        return now;
    }

    private static void show(Graphics2D g, Kept cells) {
        AffineTransform saved = g.getTransform();
        g.setTransform(new AffineTransform());
        g.drawImage(cells.image(), cells.left(), cells.top(), null);
        g.setTransform(saved);
    }

    private static Kept makePixels(Place place, Pixels painter) {
        Rectangle2D device =
                place.transform().createTransformedShape(place.plot()).getBounds2D();
        int left = (int) Math.round(device.getMinX());
        int top = (int) Math.round(device.getMinY());
        int width = Math.max(1, (int) Math.round(device.getMaxX()) - left);
        int height = Math.max(1, (int) Math.round(device.getMaxY()) - top);
        return new Kept(place, left, top, filled(width, height, painter));
    }

    private static BufferedImage filled(int width, int height, Pixels painter) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        painter.fill(((DataBufferInt) image.getRaster().getDataBuffer()).getData(), width, height);
        return image;
    }

    private static Kept make(Place place, Graphics2D g, Consumer<Graphics2D> painter) {
        Rectangle2D device =
                place.transform().createTransformedShape(place.plot()).getBounds2D();
        int left = (int) Math.floor(device.getMinX()) - MARGIN;
        int top = (int) Math.floor(device.getMinY()) - MARGIN;
        int width = (int) Math.ceil(device.getMaxX()) + MARGIN - left;
        int height = (int) Math.ceil(device.getMaxY()) + MARGIN - top;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB_PRE);
        Graphics2D own = image.createGraphics();
        try {
            own.setRenderingHints(g.getRenderingHints());
            own.translate(-left, -top);
            own.transform(place.transform());
            painter.accept(own);
        } finally {
            own.dispose();
        }
        return new Kept(place, left, top, image);
    }

    /** How often the cells were really painted. */
    synchronized int timesPainted() {
        return painted;
    }

    private static final class Key extends RenderingHints.Key {
        Key() {
            super(0x10095c0);
        }

        @Override
        public boolean isCompatibleValue(Object value) {
            return value instanceof Boolean;
        }
    }
}
