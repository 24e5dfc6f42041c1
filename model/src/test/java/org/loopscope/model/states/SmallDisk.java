package org.loopscope.model.states;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder for states with as much room as a test wants, mapped in tiny pieces. */
public final class SmallDisk implements StateFolder {
    private final Path folder;
    private final long free;
    private final boolean deletesAtOnce;

    public SmallDisk(Path folder, long free, boolean deletesAtOnce) {
        this.folder = folder;
        this.free = free;
        this.deletesAtOnce = deletesAtOnce;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public long freeBytes() {
        return free;
    }

    @Override
    public long segmentBytes() {
        return 28; // 7 numbers
    }

    @Override
    public boolean deletesAtOnce() {
        return deletesAtOnce;
    }

    /** Files in the folder now. */
    public long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
