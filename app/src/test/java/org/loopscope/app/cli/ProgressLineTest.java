package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter written = new StringWriter();
    private long now;

    private ProgressLine line(boolean shown, boolean inPlace) {
        PrintWriter err = new PrintWriter(written, true);
        return new ProgressLine(err, shown, inPlace, ProgressLine.Amount.PERCENT, () -> now);
    }

    private String last() {
        String all = written.toString();
        return all.substring(all.lastIndexOf('\r') + 1).stripTrailing();
    }

    @Test
    void onATerminalTheTimeThatIsLeftFollowsThePercent() {
        ProgressLine line = line(true, true);
        now += 1_000_000_000L;
        line.show("step 1 of 4", 1, 96);
        assertEquals("step 1 of 4  1 %", last());
        now += 3_000_000_000L;
        line.show("step 1 of 4", 8, 96); // 4 s for 8, 44 s for the others
        assertEquals("step 1 of 4  8 %, 45 s left", last());
        now += 9_000_000_000L;
        line.show("step 2 of 4", 26, 96); // 13 s for 26: 35 s, as the clock says too
        assertEquals("step 2 of 4  27 %, 35 s left", last());
    }

    @Test
    void aSentenceInBetweenStandsOnItsOwnLineWhetherProgressIsShownOrNot() {
        ProgressLine line = line(true, true);
        line.show("loading", 1, 2);
        line.tell("This run keeps much.");
        line.show("step 1", 1, 2);
        assertTrue(written.toString().contains("\rThis run keeps much." + System.lineSeparator()), written.toString());
        StringWriter before = written;
        line(false, false).tell("And more.");
        assertTrue(before.toString().endsWith("And more." + System.lineSeparator()));
    }
}
