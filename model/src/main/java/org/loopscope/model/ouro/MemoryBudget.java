package org.loopscope.model.ouro;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.loopscope.model.base.ByteSize;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.states.StateFolder;
import org.loopscope.model.states.StateSpace;

/** How much memory there is for weights and runs. */
interface MemoryBudget {
    /** Bytes that can still be taken outside the Java heap. */
    long nativeBytes();

    /** Bytes that can still be taken on the Java heap. */
    long heapBytes();

    /**
     * @param what {@code Weights of NAME}, {@code This run}
     * @param advice what the user can reduce
     * @throws LoopscopeException with both numbers, if {@code needed} bytes outside the heap are not available
     */
    default void requireNative(String what, long needed, String advice) throws LoopscopeException {
        require(what, "memory", needed, nativeBytes(), advice);
    }

    private static void require(String what, String kind, long needed, long available, String advice)
            throws LoopscopeException {
        if (needed > available) {
            throw new LoopscopeException(what + ": " + size(needed) + " of " + kind + " are needed, " + size(available)
                    + " are free; " + advice + ".");
        }
    }

    /** {@code 5.7 GB}, {@code 12.0 MB}, {@code 3.5 kB}, in powers of ten. */
    static String size(long bytes) {
        return ByteSize.text(bytes);
    }

    /** Where states of runs go. */
    default StateSpace states() {
        return new StateSpace(this::heapBytes, StateFolder.ofThisMachine());
    }

    /**
     * This machine now: what the system says is available, within the limits of the container and of {@code
     * org.bytedeco.javacpp.maxphysicalbytes}. ND4J's arrays do not count against {@code org.bytedeco.javacpp.maxbytes}
     * (tried with 1.0.0-M2.1), so that limit is not looked at.
     */
    static MemoryBudget ofThisMachine() {
        return new MemoryBudget() {
            @Override
            public long nativeBytes() {
                long used = Pointer.physicalBytes();
                long available = Math.min(systemAvailable(), systemBean().getTotalMemorySize() - used);
                long limit = Pointer.maxPhysicalBytes();
                return Math.max(0, limit > 0 ? Math.min(available, limit - used) : available);
            }

            @Override
            public long heapBytes() {
                return StateSpace.freeHeapBytes();
            }
        };
    }

    private static OperatingSystemMXBean systemBean() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }

    /** MemAvailable of Linux, which counts caches that can be dropped; elsewhere the free memory. */
    private static long systemAvailable() {
        Path file = Path.of("/proc/meminfo");
        try {
            if (Files.isReadable(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith("MemAvailable:")) {
                        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            return systemBean().getFreeMemorySize(); // not Linux as we know it
        }
        return systemBean().getFreeMemorySize();
    }
}
