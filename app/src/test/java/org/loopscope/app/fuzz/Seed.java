package org.loopscope.app.fuzz;

import java.nio.charset.StandardCharsets;

/** A valid input that is damaged, and what it is made of. */
record Seed(Format format, byte[] bytes) {
    enum Format {
        JSON,
        CSV,
        TSV,
        TEXT,
        SAFETENSORS,
        BYTES
    }

    static Seed of(Format format, String text) {
        return new Seed(format, text.getBytes(StandardCharsets.UTF_8));
    }
}
