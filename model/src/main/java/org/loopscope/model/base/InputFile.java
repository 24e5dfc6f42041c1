package org.loopscope.model.base;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one way to read a file that somebody names: regular files only (a pipe would be waited for and {@code /dev/zero} never
 * ends), no more than a given size, and text in UTF-8 with or without a byte order mark.
 */
public final class InputFile {
    private static final int BUFFER = 1 << 16;

    private InputFile() {}

    /**
     * Refuses what is no regular file, before anything of it is opened. Links are followed.
     *
     * @param expected what should be there, such as {@code a prompt set}
     */
    public static void requireRegular(Path file, String expected) throws LoopscopeException {
        if (!Files.isRegularFile(file)) {
            throw new LoopscopeException(name(file) + ": expected " + expected + ", found " + kind(file) + ".");
        }
    }

    /** What is there under this name, for a sentence: {@code a file}, {@code a folder}, {@code no such file} … */
    public static String kind(Path file) {
        if (Files.isRegularFile(file)) {
            return "a file";
        }
        if (Files.isDirectory(file)) {
            return "a folder";
        }
        if (Files.exists(file)) {
            return "a device, pipe or socket";
        }
        return Files.isSymbolicLink(file) ? "a link that leads nowhere" : "no such file";
    }

    /**
     * All bytes.
     *
     * @throws LoopscopeException naming the file, if it is no regular file, has more than {@code maxBytes} or cannot be read
     */
    public static byte[] bytes(Path file, String expected, long maxBytes) throws LoopscopeException {
        requireRegular(file, expected);
        try (InputStream in = Files.newInputStream(file)) {
            ByteArrayOutputStream out =
                    new ByteArrayOutputStream((int) Math.min(maxBytes, Math.max(32, Files.size(file))));
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                if (out.size() > maxBytes) {
                    throw new LoopscopeException(
                            name(file) + ": expected " + expected + " of at most " + maxBytes + " bytes, found more.");
                }
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** All text, without a byte order mark; otherwise as {@link #bytes}. */
    public static String text(Path file, String expected, long maxBytes) throws LoopscopeException {
        return text(bytes(file, expected, maxBytes), name(file));
    }

    /**
     * Bytes as text in UTF-8, without a byte order mark.
     *
     * @param name of where they come from, for the sentence
     */
    public static String text(byte[] bytes, String name) throws LoopscopeException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') >= 0) { // what UTF-16 without a mark looks like
                throw new LoopscopeException(name + ": expected text in UTF-8, found zero bytes.");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw notUtf8(name, bytes.length < 2 ? 0 : bytes[0], bytes.length < 2 ? 0 : bytes[1], e);
        }
    }

    /**
     * A reader of text in UTF-8, without a byte order mark, for files that are read bit by bit. It throws {@link
     * CharacterCodingException} where the text is no UTF-8; {@link #unreadable} makes the sentence.
     */
    public static BufferedReader reader(Path file, String expected) throws LoopscopeException {
        requireRegular(file, expected);
        try {
            return new BufferedReader(reader(Files.newInputStream(file)));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The same of a stream, which the reader then owns. */
    public static Reader reader(InputStream in) throws IOException {
        PushbackInputStream start = new PushbackInputStream(in, 3);
        byte[] mark = start.readNBytes(3);
        boolean marked = mark.length == 3 && mark[0] == (byte) 0xEF && mark[1] == (byte) 0xBB && mark[2] == (byte) 0xBF;
        if (!marked) {
            start.unread(mark);
        }
        return new InputStreamReader(start, StandardCharsets.UTF_8.newDecoder());
    }

    /** The sentence for a file that could be opened but not read to its end. */
    public static LoopscopeException unreadable(Path file, IOException e) {
        return unreadable(file.toString(), e);
    }

    /** The same for what comes from elsewhere; {@code name} stands for the file. */
    public static LoopscopeException unreadable(String name, IOException e) {
        String shown = ForeignText.shown(name, 160);
        return e instanceof CharacterCodingException
                ? notUtf8(shown, 0, 0, e)
                : new LoopscopeException(shown + ": cannot be read (" + IoReason.of(e) + ").", e);
    }

    private static LoopscopeException notUtf8(String name, int first, int second, Exception cause) {
        boolean utf16 =
                (first & 0xFF) == 0xFF && (second & 0xFF) == 0xFE || (first & 0xFF) == 0xFE && (second & 0xFF) == 0xFF;
        return new LoopscopeException(
                name + ": expected text in UTF-8, found " + (utf16 ? "UTF-16." : "other bytes."), cause);
    }

    private static String name(Path file) {
        return ForeignText.shown(file.toString(), 160);
    }
}
