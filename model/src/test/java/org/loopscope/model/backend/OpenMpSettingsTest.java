package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of the system before the native libraries come. */
class OpenMpSettingsTest {
    @Test
    void threadsAreToSleepUnlessTheUserHasSaidOtherwise() {
        List<String> made = new ArrayList<>();
        OpenMpSettings.apply((name, value, overwrite) -> {
            made.add(name + "=" + value + " " + overwrite);
            return 0;
        });
        assertEquals(List.of("OMP_WAIT_POLICY=PASSIVE 0"), made);
    }
}
