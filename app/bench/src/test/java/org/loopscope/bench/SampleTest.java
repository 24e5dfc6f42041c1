package org.loopscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

class SampleTest {
    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
        assertEquals(new Sample(2, 1, 9, 3), Sample.of(9, 1, 2));
        assertEquals(2.5, Sample.of(4, 1, 3, 2).median());
        assertEquals(1500, Sample.millis(1.5).median());
    }

    @Test
    void theRatioIsOneAtTheLimitAndLessBelowIt() {
        BenchResult result = new BenchResult("decode", "tiny", Sample.of(8), "ms", 4, "", Map.of(), "");
        assertEquals(0.5, result.ratio());
    }

    @Test
    void worksTakeTurnsAfterWarmingUp() throws LoopscopeException {
        List<String> order = new ArrayList<>();
        double[][] seconds =
                new Timing(1, 0, 2, "test", RunControl.none()).interleaved(List.of(work("a", order), work("b", order)));
        assertEquals(List.of("a", "b", "a", "b", "a", "b"), order);
        assertEquals(2, seconds.length);
        assertEquals(3, seconds[0][0]); // the third thing done; the first two warmed up
        assertEquals(6, seconds[1][1]);
    }

    private static Timing.Timed work(String name, List<String> order) {
        return () -> {
            order.add(name);
            return order.size();
        };
    }

    @Test
    void aCancelStopsBetweenTwoRuns() {
        List<String> order = new ArrayList<>();
        RunControl control = RunControl.of(() -> order.size() >= 3, (stage, done, total) -> {});
        Timing timing = new Timing(1, 0, 100, "test", control);
        assertThrows(CancellationException.class, () -> timing.interleaved(List.of(work("a", order))));
        assertTrue(order.size() == 3, order.toString());
    }
}
