package org.loopscope.bench;

import org.loopscope.model.base.RunControl;

/** The program's window, as far as it is measured; whoever has a window lends it. */
@FunctionalInterface
public interface TimedWindow {
    /**
     * Opens the window, measures, and closes it.
     *
     * @throws Missing if there is none to open
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    WindowTimes time(WindowWork work, RunControl control) throws Missing;

    /** No window can be opened here. The message is the reason as a part of a sentence. */
    final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        public Missing(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }
}
