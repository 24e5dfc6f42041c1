package org.loopscope.model.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.Intervention;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.Site.Part;

class SiteTest {
    @ParameterizedTest
    @CsvSource({
        "0, PRELUDE, 1, 'prelude layer 1'",
        "2, INPUT, -1, 'step 2, input'",
        "2, BODY, 3, 'step 2, layer 3'",
        "2, OUTPUT, -1, 'step 2, output'",
        "2, CODA, 0, 'step 2, coda layer 0'",
        "2, READOUT, -1, 'step 2, readout'",
    })
    void everyPlaceHasAName(int step, Part part, int layer, String text) {
        assertEquals(text, new Site(step, part, layer).toString());
    }

    @ParameterizedTest
    @CsvSource({"1, PRELUDE, 0", "0, PRELUDE, -1", "0, BODY, 0", "1, BODY, -1", "1, OUTPUT, 0", "0, READOUT, -1"})
    void aPlaceThatNoModelHasIsRefused(int step, Part part, int layer) {
        assertThrows(IllegalArgumentException.class, () -> new Site(step, part, layer));
    }

    @Test
    void whatIsOutsideTheLoopIsNotChanged() {
        LoopConfig config = new LoopConfig(7, 3, 8, 2, 1, 1, 2, 4, 64, 1e-6, 10000, false, java.util.Set.of());
        Intervention change = Intervention.none().replace(new Site(1, Part.CODA, 0), 0, new float[3], "zero");
        String sentence = assertThrows(LoopscopeException.class, () -> change.requireFits(config, 2, 1))
                .getMessage();
        assertEquals("Intervention at step 1, coda layer 0: expected a place within the loop.", sentence);
        assertTrue(Site.stepOutput(3).earlier().equals(Site.stepOutput(2)));
    }
}
