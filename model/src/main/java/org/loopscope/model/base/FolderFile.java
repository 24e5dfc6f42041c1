package org.loopscope.model.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The files of a model folder, which may have come from anybody: regular files only, and no link that leads to a file of
 * another kind. A link is followed inside the folder; inside the repository of the Hugging Face cache that the folder is a
 * snapshot of; and elsewhere to a file of the same ending, or one that is named by a checksum, as stores of weights on
 * another disk have them.
 */
public final class FolderFile {
    private static final Pattern CHECKSUM = Pattern.compile("(.*[-_:])?[0-9a-f]{30,128}");

    private FolderFile() {}

    /** Whether there is something of that name, be it a link that leads nowhere. */
    public static boolean exists(Path folder, String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The file called {@code name}, checked.
     *
     * @param name with {@code /} between the parts of its path in the folder
     * @param expected what should be there, such as {@code a configuration}
     * @throws LoopscopeException if it is no regular file, or a link that is not followed
     */
    public static Path of(Path folder, String name, String expected) throws LoopscopeException {
        Path file = folder.resolve(name);
        InputFile.requireRegular(file, expected);
        try {
            Path real = file.toRealPath();
            if (!isFollowed(folder.toRealPath(), name, real)) {
                throw new LoopscopeException(ForeignText.shown(file.toString(), 100) + ": expected " + expected
                        + ", found a link out of the model folder to a file of another kind, "
                        + ForeignText.shown(real.toString()) + "; it is not followed.");
            }
            return file;
        } catch (IOException e) {
            throw new LoopscopeException(
                    ForeignText.shown(file.toString(), 160) + ": cannot be read (" + IoReason.of(e) + ").", e);
        }
    }

    private static boolean isFollowed(Path folder, String name, Path real) {
        return real.startsWith(folder)
                || isInRepository(folder, real)
                || ending(String.valueOf(real.getFileName())).equals(ending(name))
                || CHECKSUM.matcher(String.valueOf(real.getFileName())).matches();
    }

    /** Whether {@code folder} is {@code REPO/snapshots/COMMIT} and {@code real} is a blob of it. */
    private static boolean isInRepository(Path folder, Path real) {
        Path snapshots = folder.getParent();
        return snapshots != null
                && snapshots.endsWith("snapshots")
                && snapshots.getParent() != null
                && real.startsWith(snapshots.getParent().resolve("blobs"));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
