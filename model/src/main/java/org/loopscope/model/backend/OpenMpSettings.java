package org.loopscope.model.backend;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be set in this process before native libraries are loaded, on Linux. OpenMP's threads by default wait for
 * their next work by spinning, on the processors that {@link Team}'s threads need meanwhile; {@code OMP_WAIT_POLICY} lets
 * them sleep. A variable that the user has set stays as it is. Source: OpenMP 4.5 §4.4.
 */
final class OpenMpSettings {
    private static final Logger LOG = LoggerFactory.getLogger(OpenMpSettings.class);

    private OpenMpSettings() {}

    /** The call of the C library that is needed. */
    interface System extends Library {
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
        if (!java.lang.System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            apply(Native.load("c", System.class));
        } catch (LinkageError e) { // a C library that JNA does not find: as it was before
            LOG.debug("The C library cannot be called", e);
        }
    }

    static void apply(System system) {
        system.setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    }
}
