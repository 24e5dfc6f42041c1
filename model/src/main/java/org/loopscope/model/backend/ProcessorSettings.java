package org.loopscope.model.backend;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be set in this process before ND4J loads its native libraries, on Linux. A variable that the user has set
 * stays as it is.
 *
 * <ul>
 *   <li>The matrix units of newer x86_64 processors (AMX) multiply bfloat16 several times as fast. Linux lets a process
 *       use them when it has asked to, and oneDNN, in the version that ND4J brings, when {@code DNNL_MAX_CPU_ISA} says
 *       so; with the one and without the other the process would end with an illegal instruction.
 *   <li>OpenMP's threads, which oneDNN works with, by default wait for their next work by spinning, on the processors
 *       that the BLAS and Java's threads need meanwhile; {@code OMP_WAIT_POLICY} lets them sleep.
 * </ul>
 *
 * <p>Sources: Linux, Documentation/arch/x86/xstate.rst; oneDNN 2.3, "CPU Dispatcher Control"; OpenMP 4.5 §4.4.
 */
final class ProcessorSettings {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorSettings.class);

    private static final long ARCH_PRCTL = 158; // system call of x86_64
    private static final long REQUEST_PERMISSION = 0x1023; // ARCH_REQ_XCOMP_PERM
    private static final long TILE_DATA = 18; // XFEATURE_XTILEDATA

    private ProcessorSettings() {}

    /** The calls of the C library that are needed. */
    interface System extends Library {
        long syscall(long number, Object... arguments);

        int setenv(String name, String value, int overwrite);
    }

    private static final class Once {
        private static final boolean MATRIX_UNITS = applyToThisProcess();

        private Once() {}
    }

    /** Makes the settings if that has not been done; returns whether products may use the matrix units. */
    static boolean apply() {
        return Once.MATRIX_UNITS;
    }

    private static boolean applyToThisProcess() {
        if (!java.lang.System.getProperty("os.name").equals("Linux")) {
            return false;
        }
        try {
            boolean amd64 = java.lang.System.getProperty("os.arch").equals("amd64");
            return apply(Native.load("c", System.class), amd64 ? processorFlags() : Set.of());
        } catch (LinkageError e) { // a C library that JNA does not find: as it was before
            LOG.debug("The C library cannot be called", e);
            return false;
        }
    }

    static boolean apply(System system, Set<String> processorFlags) {
        system.setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
        if (!processorFlags.containsAll(Set.of("amx_tile", "amx_bf16"))) {
            return false;
        }
        if (system.syscall(ARCH_PRCTL, REQUEST_PERMISSION, TILE_DATA) != 0) {
            LOG.debug("Linux does not let this process use the matrix units");
            return false;
        }
        system.setenv("DNNL_MAX_CPU_ISA", "AVX512_CORE_AMX", 0);
        return true;
    }

    private static Set<String> processorFlags() {
        Path file = Path.of("/proc/cpuinfo");
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line ->
                            Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                    .orElse(Set.of());
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
            return Set.of();
        }
    }
}
