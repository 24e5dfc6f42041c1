package org.loopscope.app.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The user guide, as it is packed into the program. */
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
}
