package org.loopscope.model;

import org.loopscope.model.base.ByteSize;

/**
 * What a run will take, told before it is run.
 *
 * @param keptBytes states and gate logits of its capture, which stay until the capture is given up
 * @param layers whether layer states are among them
 * @param mapped which of the states will be in a mapped file, {@code layer states} for one; empty if all fit the heap
 * @param workBytes what it takes besides while it runs, the KV cache above all
 */
public record RunMemory(long keptBytes, boolean layers, String mapped, long workBytes) {

    /** {@code 1.2 GB (step and layer states; layer states in a mapped file), and takes 80.0 MB more while it runs}. */
    public String text() {
        return ByteSize.text(keptBytes) + " (" + (layers ? "step and layer states" : "step states")
                + (mapped.isEmpty() ? "" : "; " + mapped + " in a mapped file") + "), and takes "
                + ByteSize.text(workBytes) + " more while it runs";
    }
}
