package org.loopscope.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.loopscope.app.cli.LostOutputException;

/**
 * Standard output for results: the first write that fails ends the command, as does every later one, since a writer above
 * would swallow the exception of a stream.
 */
final class ResultStream extends OutputStream {
    private final OutputStream out;
    private final boolean toReader;
    private @Nullable LostOutputException failure;

    /** @param toReader whether another program reads it: a write can then fail only because that program ended */
    ResultStream(OutputStream out, boolean toReader) {
        this.out = out;
        this.toReader = toReader;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        requireWhole();
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void flush() {
        requireWhole();
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void requireWhole() {
        if (failure != null) {
            throw failure;
        }
    }

    private LostOutputException failed(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean pipe = message.contains("broken pipe") || message.contains("pipe is being closed");
        LostOutputException lost = new LostOutputException(pipe || toReader, e);
        failure = lost;
        return lost;
    }

    /** Whether this process's standard output is a pipe or socket, as far as the system tells; its words may be translated. */
    static boolean readByAnother() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) { // no such place on this system
            return false;
        }
    }
}
