package org.loopscope.model.backend;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be set in this process before native libraries are loaded, on Linux. A variable that the user has set stays
 * as it is.
 *
 * <ul>
 *   <li>OpenMP's threads by default wait for their next work by spinning, on the processors that {@link Team}'s threads need
 *       meanwhile; {@code OMP_WAIT_POLICY} lets them sleep. Source: OpenMP 4.5 §4.4.
 *   <li>Where there is no session bus, the window's toolkit forks to start one, and OpenBLAS, of which ND4J loads two copies,
 *       answers every fork with complaints on stdout. An address where nothing is spares both.
 * </ul>
 */
final class ProcessSettings {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSettings.class);

    private ProcessSettings() {}

    /** The call of the C library that is needed. */
    interface CLibrary extends Library {
        int setenv(String name, String value, int overwrite);
    }

    private static final class Once {
        static {
            applyToThisProcess();
        }

        private Once() {}

        static void done() {}
    }

    /** Makes the setting if that has not been done. */
    static void apply() {
        Once.done();
    }

    private static void applyToThisProcess() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            apply(Native.load("c", CLibrary.class), hasBus());
        } catch (LinkageError e) { // a C library that JNA does not find: as it was before
            LOG.debug("The C library cannot be called", e);
        }
    }

    static void apply(CLibrary system, boolean bus) {
        system.setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
        if (!bus) {
            system.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/dev/null", 0);
        }
    }

    /** Whether a session bus is where it is looked for without an address. */
    private static boolean hasBus() {
        String folder = System.getenv("XDG_RUNTIME_DIR");
        return folder != null && Files.exists(Path.of(folder, "bus"));
    }
}
