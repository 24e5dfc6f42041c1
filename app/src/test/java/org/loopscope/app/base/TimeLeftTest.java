package org.loopscope.app.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLeftTest {
    private long now = 1_000_000_000_000L;
    private final TimeLeft time = new TimeLeft(() -> now);

    private void pass(double seconds) {
        now += Math.round(seconds * 1e9);
    }

    @Test
    void nothingIsSaidInTheFirstTwoSecondsNorAtTheEnd() {
        pass(1.9);
        assertEquals("", time.after(10, 100));
        pass(0.1);
        assertEquals("20 s left", time.after(10, 100)); // 2 s for 10, 18 s for the other 90
        pass(20);
        assertEquals("", time.after(100, 100));
    }

    @Test
    void nothingIsSaidAboutWorkOfUnknownLength() {
        pass(10);
        assertEquals("", time.after(10, 0));
        assertEquals("", time.after(0, 10));
    }

    @Test
    void aStageIsMeasuredFromTheEndOfTheOneBefore() {
        pass(100);
        time.after(24, 24); // loading took 100 s
        pass(3);
        assertEquals("6 s left", time.after(1, 3));
    }

    @Test
    void aCountThatStartsAgainIsANewStage() {
        pass(50);
        time.after(5, 10);
        pass(4);
        assertEquals("15 s left", time.after(2, 10)); // 4 s for 2, 16 s for the other 8
    }

    @Test
    void anUnevenRateDoesNotMakeTheTimeJump() {
        Random random = new Random(4);
        double shownBefore = Double.NaN;
        for (int done = 1; done <= 96; done++) {
            pass(0.8 + 0.4 * random.nextDouble());
            String text = time.after(done, 96);
            if (text.isEmpty() || text.contains("min")) {
                continue;
            }
            double shown = Double.parseDouble(text.split(" ")[0]);
            assertTrue(!(shown > shownBefore), "rises from " + shownBefore + " to " + shown + " at " + done);
            double truth = 96 - done;
            assertTrue(
                    Math.abs(shown - truth) <= truth / 4 + 4, "at " + done + ": " + shown + ", really about " + truth);
            shownBefore = shown;
        }
        assertTrue(shownBefore <= 2, "ends at " + shownBefore);
    }

    @Test
    void aRateThatReallyChangesIsFollowed() {
        for (int done = 1; done <= 10; done++) {
            pass(1);
            time.after(done, 100);
        }
        for (int done = 11; done <= 20; done++) {
            pass(5);
            time.after(done, 100);
        }
        pass(5);
        // 65 s for 21: 79 more take 244 s at the mean rate; what is shown is within a sixth of it.
        assertEquals("4 min left", time.after(21, 100));
    }

    @ParameterizedTest
    @CsvSource({
        "0.2, 1 s",
        "9.4, 9 s",
        "12.6, 15 s",
        "57.4, 55 s",
        "58, 1 min",
        "80, 1 min 30 s",
        "130, 2 min",
        "599, 10 min",
        "3540, 59 min",
        "3599, 1 h 0 min",
        "7300, 2 h 2 min"
    })
    void timesAreRoundedTheMoreTheLargerTheyAre(double seconds, String text) {
        assertEquals(text, TimeLeft.text(seconds));
    }
}
