package org.loopscope.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.loopscope.model.base.RunControl;

/**
 * One file of a repository as the Hub lists it.
 *
 * @param name without folder
 * @param sizeBytes of its content
 * @param etag what its blob in the cache is called: SHA-256 of the content for a file in large file storage, the git
 *     object id (SHA-1) for any other
 */
public record HubFile(String name, long sizeBytes, String etag) {
    private static final int SHA_256_DIGITS = 64;

    private boolean isLarge() {
        return etag.length() == SHA_256_DIGITS;
    }

    /** How the checksum is called. */
    String checksumName() {
        return isLarge() ? "SHA-256" : "git object id";
    }

    /** The checksum of {@code content}, of the kind that {@link #etag} is; reports progress as {@code stage}. */
    String checksum(Path content, String stage, RunControl control) throws IOException {
        MessageDigest digest = digest();
        long size = Files.size(content);
        if (!isLarge()) { // a git object begins with its kind and size
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.UTF_8));
        }
        byte[] buffer = new byte[1 << 20];
        long done = 0;
        try (InputStream in = Files.newInputStream(content)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                control.checkCancelled();
                digest.update(buffer, 0, count);
                done += count;
                control.progress(stage, done, size);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(isLarge() ? "SHA-256" : "SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
        }
    }
}
