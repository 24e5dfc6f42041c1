package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
    private static final String[] READ = {"run", "--prompt", "Z\uFFFD\uFFFDrich", ""};

    @Test
    void theLastWordsOfTheProcessAreItsArguments() {
        byte[] line = "java\0-cp\0lib\0Launcher\0run\0--prompt\0Zürich\0\0".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(new String[] {"run", "--prompt", "Zürich", ""}, RawArguments.of(READ, line));
    }

    @Test
    void otherLettersThanUtf8AreLeftToJava() {
        byte[] line = "java\0run\0--prompt\0Zürich\0\0".getBytes(StandardCharsets.ISO_8859_1);
        assertArrayEquals(READ, RawArguments.of(READ, line));
    }

    @Test
    void aLineThatWasCutIsLeftToJava() {
        assertArrayEquals(READ, RawArguments.of(READ, "java\0run\0".getBytes(StandardCharsets.UTF_8)));
    }
}
