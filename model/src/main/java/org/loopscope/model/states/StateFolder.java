package org.loopscope.model.states;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The folder that mapped files of states are made in, and how much there is room for. */
public interface StateFolder {
    /** System property, and environment variable, that name the folder. */
    String PROPERTY = "loopscope.states";

    String VARIABLE = "LOOPSCOPE_STATES";

    Path folder();

    /** Bytes that this program may still write there. */
    long freeBytes() throws IOException;

    /** Bytes that are mapped as one piece, a multiple of 4. */
    default long segmentBytes() {
        return 1L << 30;
    }

    /**
     * Whether a file can lose its name while it is in use, and goes when nobody uses it any more, whatever happens to
     * the program. Where that is not so it is deleted when the states are given up, or by the next start.
     */
    default boolean deletesAtOnce() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** {@code folder} with the room that its disk has. */
    static StateFolder of(Path folder) {
        return new StateFolder() {
            @Override
            public Path folder() {
                return folder;
            }

            @Override
            public long freeBytes() throws IOException {
                return Files.getFileStore(folder).getUsableSpace();
            }
        };
    }

    /**
     * The folder that the property or the variable names, else the system's folder for temporary files. On systems that
     * keep the latter in memory, where a file would save none, it is {@code /var/tmp} if that is on a disk.
     */
    static StateFolder ofThisMachine() {
        String named = System.getProperty(PROPERTY, System.getenv().getOrDefault(VARIABLE, ""));
        if (!named.isEmpty()) {
            return of(Path.of(named));
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path other = Path.of("/var/tmp");
        return of(inMemory(temporary) && Files.isWritable(other) && !inMemory(other) ? other : temporary);
    }

    private static boolean inMemory(Path folder) {
        try {
            return Set.of("tmpfs", "ramfs").contains(Files.getFileStore(folder).type());
        } catch (IOException e) {
            return false; // not there: told when it is used
        }
    }
}
