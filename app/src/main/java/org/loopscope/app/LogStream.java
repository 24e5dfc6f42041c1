package org.loopscope.app;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.loopscope.model.base.ForeignText;

/**
 * Stands for {@code System.err} while the program runs: what a logger or a library prints there may hold names out of a
 * file, and must not drive the terminal. Bytes are kept until they are flushed, which a print stream does after each text.
 */
final class LogStream extends OutputStream {
    private final PrintWriter to;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    private LogStream(PrintWriter to) {
        this.to = to;
    }

    /** A stream that escapes what it is given and prints it to {@code to}. */
    static PrintStream to(PrintWriter to) {
        return new PrintStream(new LogStream(to), true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) {
        kept.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        kept.write(bytes, from, length);
    }

    @Override
    public synchronized void flush() {
        String text = kept.toString(StandardCharsets.UTF_8);
        kept.reset();
        to.print(ForeignText.lines(text));
        to.flush();
    }
}
