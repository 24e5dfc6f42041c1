package org.loopscope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What Linux tells of this process. */
final class ProcessStatus {
    private static final Path FILE = Path.of("/proc/self/status");

    private ProcessStatus() {}

    /** Resident memory that is no file: the Java heap, weights and buffers. Empty on other systems. */
    static OptionalLong anonymousBytes() {
        if (!Files.isReadable(FILE)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(FILE).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
