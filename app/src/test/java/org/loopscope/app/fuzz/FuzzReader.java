package org.loopscope.app.fuzz;

import java.nio.file.Path;
import java.util.List;

/**
 * One reader of the program.
 *
 * @param name in reports and for the command that repeats one case
 * @param share of all cases, in thousandths of what a cheap reader takes
 * @param seeds valid inputs
 * @param file where its input is written
 * @param read gives the file to the reader, and uses what it accepts as the program would
 */
record FuzzReader(String name, int share, List<Seed> seeds, Path file, Read read) {
    /** Refuses with a LoopscopeException; anything else that is thrown is a mistake of the program. */
    @FunctionalInterface
    interface Read {
        void read(Path file, long number) throws Exception;
    }

    FuzzReader {
        seeds = List.copyOf(seeds);
    }
}
