package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaFxWindowTest {
    private static final Map<String, String> XVFB = Map.of("DISPLAY", ":77");

    @Test
    void linuxWithoutDisplayCannotOpenAWindow() {
        assertEquals(
                Optional.of("the environment variable DISPLAY is not set"),
                JavaFxWindow.obstacle("Linux", "", Map.of("WAYLAND_DISPLAY", "wayland-0")));
        assertTrue(JavaFxWindow.obstacle("Linux", "", Map.of("DISPLAY", "")).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Windows 11", "Mac OS X"})
    void otherSystemsNeedNoDisplayVariable(String system) {
        assertEquals(Optional.empty(), JavaFxWindow.obstacle(system, "", Map.of()));
    }

    @Test
    void aDisplayOrAHeadlessPlatformMayBeTried() {
        assertEquals(Optional.empty(), JavaFxWindow.obstacle("Linux", "", XVFB));
        assertEquals(Optional.empty(), JavaFxWindow.obstacle("Linux", "Monocle", Map.of()));
    }

    @Test
    void aDisplayThatDoesNotAnswerIsNamed() {
        RuntimeException thrown = new RuntimeException(new UnsupportedOperationException("Unable to open DISPLAY"));
        assertEquals("the display :77 cannot be opened", JavaFxWindow.reason(thrown, XVFB));
    }

    @Test
    void missingSystemLibrariesAreNamed() {
        String expected =
                "a system library that JavaFX needs is missing; on Debian and Ubuntu they come with libgtk-3-0,"
                        + " libxtst6, libxxf86vm1 and libgl1";
        assertEquals(expected, JavaFxWindow.reason(new UnsatisfiedLinkError("no glassgtk3"), XVFB));
        assertEquals(
                expected,
                JavaFxWindow.reason(new UnsupportedOperationException("Unable to load glass GTK library."), XVFB));
    }

    @Test
    void anythingElseKeepsItsMessage() {
        assertEquals(
                "JavaFX could not start (No toolkit found)",
                JavaFxWindow.reason(new RuntimeException("No toolkit found"), XVFB));
    }
}
