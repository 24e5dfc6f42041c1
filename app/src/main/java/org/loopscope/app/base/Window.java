package org.loopscope.app.base;

import org.loopscope.bench.WindowTimes;
import org.loopscope.bench.WindowWork;
import org.loopscope.model.base.RunControl;

/** Opens the window; an interface so that the command line can be tested where there is none. */
public interface Window {
    /**
     * Opens the window and returns when it has been closed.
     *
     * @throws NoDisplayException if this machine has no display that can be opened; nothing was shown then
     */
    void open(GuiOptions options) throws NoDisplayException;

    /**
     * Measures what the window costs its FX thread, with a run that is made up; the window is open meanwhile.
     *
     * @throws NoDisplayException if this machine has no display that can be opened
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    default WindowTimes time(WindowWork work, RunControl control) throws NoDisplayException {
        throw new NoDisplayException("this program was started without a window");
    }
}
