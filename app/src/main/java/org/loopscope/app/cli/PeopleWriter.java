package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import org.loopscope.model.base.ForeignText;

/**
 * The last net between files of others and a terminal: hands on what a person reads, with every character that could drive
 * a terminal or turn a line round as an escape. Texts of others are escaped where they are put into a sentence, see {@link
 * Shown#text}; this one is for the place that was forgotten, and for words of libraries.
 */
final class PeopleWriter extends PrintWriter {
    PeopleWriter(PrintWriter to) {
        super(to, true);
    }

    @Override
    public void write(String text, int from, int length) {
        String safe = ForeignText.lines(text.substring(from, from + length));
        super.write(safe, 0, safe.length());
    }

    @Override
    public void write(char[] text, int from, int length) {
        write(new String(Arrays.copyOfRange(text, from, from + length)), 0, length);
    }

    @Override
    public void write(int c) {
        write(String.valueOf((char) c), 0, 1);
    }
}
