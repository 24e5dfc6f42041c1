package org.loopscope.model.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.base.TemporaryFolder;
import org.loopscope.model.checkpoint.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded model as a folder on disk, so that it goes through the same loader as every other. The files are kept in
 * the cache folder of the user under a name made of their contents, and are compared with the program's own before each
 * use: a file that was damaged is written anew. Several programs may do this at the same time.
 */
public final class EmbeddedModel {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedModel.class);
    private static final List<String> FILES = List.of("config.json", "model.safetensors", "tokenizer.json");

    private EmbeddedModel() {}

    /**
     * The folder, unpacked and complete.
     *
     * @throws LoopscopeException if neither the cache folder nor a temporary one can be written
     */
    public static Path folder() throws LoopscopeException {
        Path cache = CacheFolder.of(
                System.getProperty("os.name", ""), System.getProperty("user.home", "."), System.getenv());
        try {
            return unpack(cache);
        } catch (IOException | LoopscopeException e) {
            LOG.info("The cache folder {} cannot be used; unpacking the embedded model to a temporary one", cache, e);
        }
        try {
            return unpack(TemporaryFolder.ofThisUser());
        } catch (IOException e) {
            throw new LoopscopeException(
                    "The embedded model could not be unpacked: neither " + cache + " nor "
                            + System.getProperty("java.io.tmpdir") + " can be written.",
                    e);
        }
    }

    /** Makes the folder under {@code base} complete and gives it. */
    static Path unpack(Path base) throws IOException, LoopscopeException {
        Map<String, byte[]> contents = contents();
        Path folder = base.resolve("embedded-" + hash(contents).substring(0, 16));
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            Path target = folder.resolve(file.getKey());
            if (!holds(target, file.getValue())) {
                AtomicFile.write(target, channel -> {
                    ByteBuffer bytes = ByteBuffer.wrap(file.getValue());
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
            }
        }
        return folder;
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    private static Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String name : FILES) {
            try (@Nullable InputStream in = EmbeddedModel.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("the program lacks its embedded " + name);
                }
                contents.put(name, in.readAllBytes());
            }
        }
        return contents;
    }

    private static String hash(Map<String, byte[]> contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new ArrayList<>(contents.values()).forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
