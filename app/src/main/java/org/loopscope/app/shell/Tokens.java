package org.loopscope.app.shell;

import java.awt.Font;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.TokenText;
import org.loopscope.model.base.ForeignText;

/** Texts of models and people as the window shows them: blanks of tokens visible, what cannot be seen escaped. */
final class Tokens {
    private static final Font FONT = FigureTheme.LIGHT.monoBold(12);

    private static final int BRIEF = 12;

    private Tokens() {}

    /** A token as a label of its own. */
    static String shown(String text) {
        return TokenText.visible(text, FONT);
    }

    /** A token within a sentence, where it keeps to itself if it is written from right to left. */
    static String inSentence(String text) {
        return TokenText.inSentence(text, FONT);
    }

    /** The same, but a long row of escapes, which nobody reads, leaves room for what stands behind it. */
    static String brief(String text) {
        String shown = shown(text);
        return TokenText.beginsWithEscape(shown) ? TokenText.shorten(shown, BRIEF) : ForeignText.markedOff(shown);
    }

    /** A prompt or a name on one line. */
    static String line(String text) {
        return ForeignText.markedOff(ForeignText.escaped(text));
    }
}
