package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** Continuations of one prefix are what runs of the whole would be. */
class ContinuationsTest {
    private static final int[] TEXT =
            IntStream.range(0, 40).map(i -> 1 + (7 * i) % 50).toArray();

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 4", "17, 1", "17, 6", "30, 4"})
    void statesAndGatesAreThoseOfWholeRuns(int length, int steps) throws LoopscopeException {
        int[] prefix = Arrays.copyOf(TEXT, length);
        List<int[]> tails = List.of(new int[] {3}, new int[] {9, 8, 7, 6, 5}, new int[] {3, 4});
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            List<Capture> captures = model.continuations(prefix, tails, steps, RunControl.none());
            assertEquals(3, captures.size());
            for (int i = 0; i < tails.size(); i++) {
                int[] whole = IntStream.concat(IntStream.of(prefix), IntStream.of(tails.get(i)))
                        .toArray();
                Capture expected = model.run(whole, RunOptions.steps(steps), RunControl.none());
                Capture found = captures.get(i);
                int shift = expected.length() - found.length();
                assertEquals(length - 1, shift, "the last token of the prefix and the continuation");
                for (int p = 0; p < found.length(); p++) {
                    assertEquals(whole[p + shift], found.tokenId(p));
                    for (int t = 1; t <= steps; t++) {
                        assertArrayEquals(
                                expected.hiddenState(t, p + shift), found.hiddenState(t, p), 2e-5f, "step " + t);
                        assertEquals(expected.gateLogit(t, p + shift), found.gateLogit(t, p), 2e-5f);
                    }
                }
            }
        }
    }

    @Test
    void aTokenOutOfRangeIsRefused() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            assertThrows(
                    LoopscopeException.class,
                    () -> model.continuations(new int[] {1, 2}, List.of(new int[] {99_999}), 4, RunControl.none()));
        }
    }
}
