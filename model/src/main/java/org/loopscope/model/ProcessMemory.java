package org.loopscope.model;

import org.bytedeco.javacpp.Pointer;

/** Memory of this process as the operating system sees it: the Java heap, weights, and everything off the heap. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** Resident bytes now; 0 where the system does not tell. */
    public static long residentBytes() {
        return Pointer.physicalBytes();
    }
}
