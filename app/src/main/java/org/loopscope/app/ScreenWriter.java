package org.loopscope.app;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * What goes to a terminal: control characters, which could drive it, are written as they are shown elsewhere ({@code
 * \}{@code u001b}). Ends of lines and tabs pass. Files and pipes get exact data instead.
 */
final class ScreenWriter extends FilterWriter {
    private static final String PASS = "\t" + System.lineSeparator();

    ScreenWriter(Writer out) {
        super(out);
    }

    @Override
    public void write(int c) throws IOException {
        if (Character.isISOControl(c) && PASS.indexOf(c) < 0) {
            out.write(String.format(Locale.ROOT, "\\u%04x", c));
        } else {
            out.write(c);
        }
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(text[i]);
        }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        write(text.toCharArray(), offset, length);
    }
}
