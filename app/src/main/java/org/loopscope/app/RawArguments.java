package org.loopscope.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments as they were typed. Java reads them in the letters of the system's locale; where that knows no letters beyond
 * ASCII (a locale that is not installed, and none that the start script could take in its place), they are read again, in
 * UTF-8, from where Linux keeps them.
 */
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private RawArguments() {}

    /** {@code args}, or what was typed where Java could not read it. */
    static String[] of(String[] args) {
        if (Arrays.stream(args).noneMatch(arg -> arg.indexOf('\uFFFD') >= 0) || !Files.isReadable(COMMAND_LINE)) {
            return args;
        }
        try {
            return of(args, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return args;
        }
    }

    /** @param commandLine all words of the process, each with a zero behind it, {@code args} last */
    static String[] of(String[] args, byte[] commandLine) {
        List<String> words = new ArrayList<>();
        int start = 0;
        try {
            for (int i = 0; i < commandLine.length; i++) {
                if (commandLine[i] == 0) {
                    words.add(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(commandLine, start, i - start))
                            .toString());
                    start = i + 1;
                }
            }
        } catch (CharacterCodingException e) {
            return args; // other letters than UTF-8: Java's reading is as good as any
        }
        return words.size() < args.length
                ? args
                : words.subList(words.size() - args.length, words.size()).toArray(String[]::new);
    }
}
