package org.loopscope.model.backend;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Linux for pages of 2 MiB for large memory that is written once and then read through again and again: fewer pages
 * to hand out while weights are loaded, and fewer to look up while they are read. Whether it gives them is up to it. Source:
 * Linux, Documentation/admin-guide/mm/transhuge.rst.
 */
public final class HugePages {
    /** Bytes of such a page, and what an address is best a multiple of. */
    public static final long SIZE = 1L << 21;

    private static final Logger LOG = LoggerFactory.getLogger(HugePages.class);
    private static final int MADV_HUGEPAGE = 14;
    private static final Optional<Calls> CALLS = load();

    private HugePages() {}

    /** The call of the C library that is needed. */
    interface Calls extends Library {
        int madvise(long address, long length, int advice);
    }

    private static Optional<Calls> load() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Native.load("c", Calls.class));
        } catch (LinkageError e) { // a C library that JNA does not find: pages as they come
            LOG.debug("The C library cannot be called", e);
            return Optional.empty();
        }
    }

    /** Asks for the pages that lie wholly in memory just taken. */
    public static void ask(long address, long bytes) {
        CALLS.ifPresent(calls -> ask(calls, address, bytes));
    }

    static void ask(Calls calls, long address, long bytes) {
        long first = (address + SIZE - 1) / SIZE * SIZE;
        long end = (address + bytes) / SIZE * SIZE;
        if (end > first && calls.madvise(first, end - first, MADV_HUGEPAGE) != 0) {
            LOG.debug("Linux gives no huge pages");
        }
    }
}
