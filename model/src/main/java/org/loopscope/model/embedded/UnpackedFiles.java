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
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.TemporaryFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of the program as files on disk, for what reads nothing else. They are kept in the cache folder of the user under a
 * name made of their contents, and are compared with the program's own before each use: a file that was damaged is written
 * anew. Several programs may do this at the same time.
 */
public final class UnpackedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UnpackedFiles.class);
    private static final int HASH_DIGITS = 16;

    private UnpackedFiles() {}

    /**
     * The folder with all files, complete.
     *
     * @param name begin of its name
     * @param owner class that finds the files
     * @param files their names, as the class finds them; the last part of each is its name in the folder
     * @throws LoopscopeException if neither the cache folder nor a temporary one can be written
     */
    public static Path folder(String name, Class<?> owner, List<String> files) throws LoopscopeException {
        Path cache = CacheFolder.of(
                System.getProperty("os.name", ""), System.getProperty("user.home", "."), System.getenv());
        try {
            return unpack(cache, name, contents(owner, files));
        } catch (IOException | LoopscopeException e) {
            LOG.info("The cache folder {} cannot be used; unpacking {} to a temporary one", cache, name, e);
        }
        try {
            return unpack(TemporaryFolder.ofThisUser(), name, contents(owner, files));
        } catch (IOException e) {
            throw new LoopscopeException(
                    "Files of the program could not be unpacked (" + name + "): neither " + cache + " nor "
                            + System.getProperty("java.io.tmpdir") + " can be written.",
                    e);
        }
    }

    /** Makes the folder under {@code base} complete and gives it. */
    static Path unpack(Path base, String name, Map<String, byte[]> contents) throws IOException, LoopscopeException {
        Path folder = base.resolve(name + "-" + hash(contents).substring(0, HASH_DIGITS));
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

    static Map<String, byte[]> contents(Class<?> owner, List<String> files) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String file : files) {
            try (@Nullable InputStream in = owner.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("the program lacks its own " + file);
                }
                contents.put(file.substring(file.lastIndexOf('/') + 1), in.readAllBytes());
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
