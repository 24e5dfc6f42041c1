package org.loopscope.plugin;

import javafx.scene.Node;

/** One open panel. Created, used and disposed on the FX thread. */
public interface Panel {
    /** The panel's view; always the same node. It shows an instruction while there is no run. */
    Node view();

    /** Stops background work and drops every listener that the panel added to its context. */
    void dispose();
}
