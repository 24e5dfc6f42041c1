package org.loopscope.app;

/** Opens the window; an interface so that the command line can be tested where there is none. */
public interface Window {
    /**
     * Opens the window and returns when it has been closed.
     *
     * @throws NoDisplayException if this machine has no display that can be opened; nothing was shown then
     */
    void open(GuiOptions options) throws NoDisplayException;
}
