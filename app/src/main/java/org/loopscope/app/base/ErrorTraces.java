package org.loopscope.app.base;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.loopscope.model.base.FileAccess;
import org.loopscope.model.base.ProgramVersion;

/** The stack traces of the program's own defects: one file each, for this user alone, and only the newest ten. */
public final class ErrorTraces {
    static final int KEPT = 10;
    private static final String NAME = "loopscope-error-.*\\.txt";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path folder;

    /** @param folder where they go; made when the first comes */
    public ErrorTraces(Path folder) {
        this.folder = folder;
    }

    /** Writes the trace down; empty where that is not possible, since the failure of a failure helps nobody. */
    public Optional<Path> keep(Throwable defect) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            out.println("Loopscope " + ProgramVersion.get() + ", Java " + System.getProperty("java.version"));
            defect.printStackTrace(out);
        }
        try {
            FileAccess.privateFolder(folder);
            Path file = folder.resolve("loopscope-error-" + TIME.format(Instant.now()) + "-"
                    + UUID.randomUUID().toString().substring(0, 8) + ".txt");
            try (var channel = Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    FileAccess.ofNewFile(file, true))) {
                channel.write(StandardCharsets.UTF_8.encode(text.toString()));
            }
            removeOlder();
            return Optional.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void removeOlder() throws IOException {
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            newestFirst = files.filter(file -> file.getFileName().toString().matches(NAME))
                    .sorted(Comparator.comparing(Path::getFileName).reversed()) // the name begins with the time
                    .toList();
        }
        for (Path old : newestFirst.stream().skip(KEPT).toList()) {
            Files.deleteIfExists(old);
        }
    }
}
