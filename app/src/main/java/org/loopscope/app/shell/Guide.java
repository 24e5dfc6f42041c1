package org.loopscope.app.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The user guide and the version, as they are packed into the program. */
final class Guide {
    private Guide() {}

    static String text() {
        try (InputStream in = Guide.class.getResourceAsStream("/org/loopscope/guide/guide.md")) {
            if (in == null) {
                throw new IllegalStateException("the user guide is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String version() {
        return Optional.ofNullable(Guide.class.getPackage().getImplementationVersion())
                .orElse("0.1.0 (from source)");
    }
}
