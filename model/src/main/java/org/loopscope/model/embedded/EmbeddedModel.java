package org.loopscope.model.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.loopscope.model.base.LoopscopeException;

/** The embedded model as a folder on disk, so that it goes through the same loader as every other. */
public final class EmbeddedModel {
    private static final String NAME = "embedded";
    private static final List<String> FILES = List.of("config.json", "model.safetensors", "tokenizer.json");

    private EmbeddedModel() {}

    /**
     * The folder, unpacked and complete.
     *
     * @throws LoopscopeException if neither the cache folder nor a temporary one can be written
     */
    public static Path folder() throws LoopscopeException {
        return UnpackedFiles.folder(NAME, EmbeddedModel.class, FILES);
    }

    /** Makes the folder under {@code base} complete and gives it. */
    static Path unpack(Path base) throws IOException, LoopscopeException {
        return UnpackedFiles.unpack(base, NAME, UnpackedFiles.contents(EmbeddedModel.class, FILES));
    }
}
