package org.loopscope.model.tokenizer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.loopscope.model.base.LoopscopeException;

/**
 * The other process: opens one tokenizer and answers on its standard output what it is asked on its standard input. It may
 * be ended at any moment, and ends by itself when there is nobody left to ask. Uses as few classes as it can, to start fast.
 */
final class TokenizerProcess {
    static final int READY = 1;
    static final int NO_LIBRARY = 2;
    static final int OK = 3;
    static final int REFUSED = 4;

    static final int OPEN = 10;
    static final int ENCODE = 11;
    static final int DECODE = 12;

    private static final long LOOK_MILLIS = 500;
    private static final int MAX_NUMBERS = 1 << 26;

    private final DataInputStream in;
    private final DataOutputStream out;

    private TokenizerProcess(DataInputStream in, DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** @param arguments the number of the process that asks */
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(
                new PrintStream(new FileOutputStream(FileDescriptor.err))); // nothing may stand between the answers
        endWith(Long.parseLong(arguments[0]));
        try {
            NativeEngine.checkLibrary();
        } catch (LoopscopeException e) {
            out.writeByte(NO_LIBRARY);
            out.flush();
            return;
        }
        out.writeByte(READY);
        out.flush();
        try {
            new TokenizerProcess(in, out).serve();
        } catch (EOFException e) {
            // nobody asks any more
        }
    }

    /** A call that never returns does not see the end of the input, so the other process is looked for too. */
    private static void endWith(long process) {
        Thread watch = new Thread(
                () -> {
                    while (ProcessHandle.of(process)
                            .filter(ProcessHandle::isAlive)
                            .isPresent()) {
                        pause();
                    }
                    Runtime.getRuntime().halt(0);
                },
                "looks for the process that asks");
        watch.setDaemon(true);
        watch.start();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() throws IOException {
        if (in.readByte() != OPEN) {
            return;
        }
        Engine engine;
        try {
            engine = NativeEngine.open(readText(in));
        } catch (LoopscopeException e) {
            out.writeByte(REFUSED);
            out.flush();
            return;
        }
        out.writeByte(OK);
        out.flush();
        while (true) {
            answer(engine, in.readByte());
            out.flush();
        }
    }

    private void answer(Engine engine, int request) throws IOException {
        try {
            if (request == ENCODE) {
                boolean spans = in.readBoolean();
                Engine.Encoded encoded = engine.encode(readText(in), spans);
                out.writeByte(OK);
                write(out, encoded.ids());
                write(out, encoded.spans());
            } else {
                String text = engine.decode(readIds(in));
                out.writeByte(OK);
                write(out, text);
            }
        } catch (LoopscopeException e) {
            out.writeByte(REFUSED);
        }
    }

    static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String readText(DataInputStream in) throws IOException {
        return new String(bytes(in, in.readInt()), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    static void write(DataOutputStream out, long[] ids) throws IOException {
        out.writeInt(ids.length);
        for (long id : ids) {
            out.writeLong(id);
        }
    }

    static long[] readIds(DataInputStream in) throws IOException {
        long[] ids = new long[length(in)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = in.readLong();
        }
        return ids;
    }

    static void write(DataOutputStream out, int[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (int number : numbers) {
            out.writeInt(number);
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_NUMBERS) {
            throw new IOException("a list of " + length);
        }
        return length;
    }

    static int[] readInts(DataInputStream in) throws IOException {
        int[] numbers = new int[length(in)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readInt();
        }
        return numbers;
    }
}
