package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of the system before the native libraries come. */
class ProcessSettingsTest {
    private static List<String> made(boolean bus) {
        List<String> made = new ArrayList<>();
        ProcessSettings.apply(
                (name, value, overwrite) -> {
                    made.add(name + "=" + value + " " + overwrite);
                    return 0;
                },
                bus);
        return made;
    }

    @Test
    void threadsAreToSleepUnlessTheUserHasSaidOtherwise() {
        assertEquals(List.of("OMP_WAIT_POLICY=PASSIVE 0"), made(true));
    }

    @Test
    void whereThereIsNoSessionBusNobodyIsToStartOne() {
        assertEquals(
                "DBUS_SESSION_BUS_ADDRESS=unix:path=/dev/null 0", made(false).get(1));
    }
}
