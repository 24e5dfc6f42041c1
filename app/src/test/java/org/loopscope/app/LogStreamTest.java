package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LogStreamTest {
    private final StringWriter terminal = new StringWriter();
    private final PrintStream log = LogStream.to(new PrintWriter(terminal));

    @Test
    void aLoggedNameCannotDriveTheTerminal() {
        log.println("WARN unused tensor evil\u001b]0;owned\u0007\u009b2J\u202e");
        assertEquals(
                "WARN unused tensor evil\\u001b]0;owned\\u0007\\u009b2J\\u202e" + System.lineSeparator(),
                terminal.toString());
    }

    @Test
    void whatIsNotEndedByALineIsPrintedAtOnce() {
        log.print("Zürich 中");
        log.flush();
        assertEquals("Zürich 中", terminal.toString());
    }
}
