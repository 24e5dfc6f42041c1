package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ScreenWriterTest {
    @Test
    void nothingThatDrivesATerminalPasses() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(new ScreenWriter(text));
        out.print("a\u001b[31m\tb\u009b2J\r\u0007\u007f");
        out.print('\0');
        out.print("日本 😀\n");
        out.flush();
        assertEquals("a\\u001b[31m\tb\\u009b2J\\u000d\\u0007\\u007f\\u0000日本 😀\n", text.toString());
    }
}
