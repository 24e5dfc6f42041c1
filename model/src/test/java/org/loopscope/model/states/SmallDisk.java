package org.loopscope.model.states;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder for states with as much room as a test wants. */
public final class SmallDisk implements StateFolder {
    private final Path folder;
    private final long free;
    private final boolean deletesAtOnce;
    private final long segmentBytes;

    /** Mapped in pieces of 7 numbers: for small states only, the system maps a limited number of pieces. */
    public SmallDisk(Path folder, long free, boolean deletesAtOnce) {
        this(folder, free, deletesAtOnce, 28);
    }

    public SmallDisk(Path folder, long free, boolean deletesAtOnce, long segmentBytes) {
        this.segmentBytes = segmentBytes;
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
        return segmentBytes;
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
