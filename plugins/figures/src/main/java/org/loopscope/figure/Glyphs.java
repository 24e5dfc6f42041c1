package org.loopscope.figure;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which characters a font really draws, with the fonts of the system behind it. */
final class Glyphs {
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
    private static final int KEPT = 50_000;
    private static final Map<Key, Boolean> DRAWN = new ConcurrentHashMap<>();

    private Glyphs() {}

    private record Key(String family, int style, int character) {}

    /** Whether there is a shape, and something to see of it: some fonts have an empty one, or one only in colour. */
    static boolean drawn(Font font, int c) {
        if (DRAWN.size() > KEPT) {
            DRAWN.clear();
        }
        return DRAWN.computeIfAbsent(
                new Key(font.getName(), font.getStyle(), c), key -> font.canDisplay(c) && hasInk(font, c));
    }

    private static boolean hasInk(Font font, int c) {
        return !font.createGlyphVector(CONTEXT, Character.toString(c))
                .getVisualBounds()
                .isEmpty();
    }
}
