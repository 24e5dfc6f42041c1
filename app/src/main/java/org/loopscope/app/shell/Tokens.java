package org.loopscope.app.shell;

import java.awt.Font;
import org.loopscope.plugin.figure.FigureTheme;
import org.loopscope.plugin.figure.TokenText;

/** Token text for labels: blanks made visible, what the font lacks escaped. */
final class Tokens {
    private static final Font FONT = FigureTheme.LIGHT.monoBold(12);

    private Tokens() {}

    static String shown(String text) {
        return TokenText.visible(text, FONT);
    }
}
