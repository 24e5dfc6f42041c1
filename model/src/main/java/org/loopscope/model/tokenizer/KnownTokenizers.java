package org.loopscope.model.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.loopscope.model.embedded.CacheFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokenizers that stood their trial, by the SHA-256 of their file: one empty file each in the cache folder of the user. A
 * new version of the library or of the trial has a folder of its own, so that all are tried again.
 */
final class KnownTokenizers {
    private static final Logger LOG = LoggerFactory.getLogger(KnownTokenizers.class);
    private static final String FOLDER = "tokenizers-tried-0.38.0-1";
    /** The embedded model's, and that of checkpoints that the program makes up itself. */
    private static final Set<String> OWN = Set.of(
            "5b23557b706c77a68c29574946a986b278dfcf17ccbd7d84ac37f311713861b7",
            "b1f002cc40fa1f3e8e7e68546d71e697f74fc8e0f1f05c53e268a70c208344a7");

    private final Path folder;

    KnownTokenizers(Path cache) {
        this.folder = cache.resolve(FOLDER);
    }

    static KnownTokenizers ofThisUser() {
        return new KnownTokenizers(CacheFolder.ofThisUser());
    }

    boolean holds(String hash) {
        return OWN.contains(hash) || Files.isRegularFile(folder.resolve(hash));
    }

    void remember(String hash) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(hash), new byte[0]);
        } catch (IOException e) {
            LOG.debug("{} cannot be written: the tokenizer is tried again next time", folder, e);
        }
    }
}
