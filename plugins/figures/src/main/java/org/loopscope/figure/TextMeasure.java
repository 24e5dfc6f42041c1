package org.loopscope.figure;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.loopscope.model.base.ForeignText;

/** Text sizes that depend on the font alone, so that the layout is the same on screen, in a PNG and in an SVG. */
public final class TextMeasure {
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private static final int KEPT = 20_000;
    private static final Map<Key, Double> WIDTHS = new ConcurrentHashMap<>();

    private TextMeasure() {}

    private record Key(String text, Font font) {}

    /** Width in figure pixels. */
    public static double width(String text, Font font) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!ForeignText.withoutMarks(text).equals(text)) {
            return ForeignText.parts(text).stream()
                    .mapToDouble(part -> width(part, font))
                    .sum();
        }
        if (WIDTHS.size() > KEPT) {
            WIDTHS.clear();
        }
        return WIDTHS.computeIfAbsent(
                new Key(text, font), key -> font.getStringBounds(text, CONTEXT).getWidth());
    }

    /** Height of a capital above the base line. */
    public static double capHeight(Font font) {
        return font.getSize2D() * 0.73;
    }

    /** {@code text}, or as much of it as fits {@code width} and an ellipsis; empty if not even one letter fits, see {@link TokenText}. */
    public static String fit(String text, Font font, double width) {
        return TokenText.cut(text, part -> width(part, font) <= width);
    }
}
