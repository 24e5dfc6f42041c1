package org.loopscope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.loopscope.bench.WindowTimes;
import org.loopscope.bench.WindowWork;
import org.loopscope.model.base.RunControl;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** That everything is measured, never how fast: the machine of a test may be busy. */
@ExtendWith({NeedsTextDrawing.class, ApplicationExtension.class})
class WindowTimerTest {
    private static final WindowWork SMALL = new WindowWork(60, 3, 2, 2, 0, 2);
    private static final List<String> PICTURES = List.of(
            "logit-lens",
            "exit-tab-tokens",
            "exit-tab-curve",
            "exit-tab-gate",
            "exit-tab-weighted",
            "faithfulness",
            "geometry");

    @Start
    void start(Stage stage) {
        // the toolkit is all that is needed
    }

    @Test
    void everyPictureIsTimedAsOftenAsAsked() {
        WindowTimes times = new WindowTimer(SMALL, RunControl.none()).measure();
        List<String> slider =
                times.slider().stream().map(WindowTimes.Frames::name).toList();
        assertTrue(slider.containsAll(PICTURES), slider.toString());
        assertEquals("logit-lens-layers", slider.get(slider.size() - 1));
        List<String> longest =
                times.longest().stream().map(WindowTimes.Away::name).toList();
        assertEquals("run", longest.get(0));
        assertTrue(longest.containsAll(PICTURES), longest.toString());
        assertTrue(times.longest().stream().allMatch(away -> away.seconds().size() == 2));
        assertTrue(times.first() > 0);
        assertEquals(4, times.scroll().size());
        List.of(times.slider(), times.scroll()).forEach(pictures -> pictures.forEach(WindowTimerTest::wellTimed));
    }

    private static void wellTimed(WindowTimes.Frames picture) {
        assertEquals(2, picture.frames().size(), picture.name());
        for (WindowTimes.Frame frame : picture.frames()) {
            assertTrue(frame.change() > 0 && frame.pulse() > 0 && frame.render() > 0, picture.name() + " " + frame);
            assertEquals(frame.change() + frame.pulse(), frame.work(), 1e-12);
            assertEquals(frame.picture() + frame.render(), frame.painted(), 1e-12);
            assertTrue(frame.picture() >= frame.work(), picture.name() + " " + frame);
        }
    }

    @Test
    void aCancelClosesTheWindow() {
        WindowTimer timer = new WindowTimer(SMALL, RunControl.of(() -> true, (stage, done, total) -> {}));
        assertThrows(CancellationException.class, timer::measure);
        assertTrue(Stage.getWindows().stream().noneMatch(window -> "Loopscope".equals(((Stage) window).getTitle())));
    }
}
