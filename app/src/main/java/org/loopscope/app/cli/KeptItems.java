package org.loopscope.app.cli;

import java.util.function.IntConsumer;

/** How many prompts or pairs the file of a probe holds, as the probe tells it; says at the start how many there were. */
final class KeptItems implements IntConsumer {
    private final IntConsumer atStart;
    private boolean started;
    private int items;

    KeptItems(IntConsumer atStart) {
        this.atStart = atStart;
    }

    @Override
    public void accept(int kept) {
        if (!started) {
            started = true;
            atStart.accept(kept);
        }
        items = kept;
    }

    /** What the file holds now; 0 if it could not be opened. */
    int items() {
        return items;
    }
}
