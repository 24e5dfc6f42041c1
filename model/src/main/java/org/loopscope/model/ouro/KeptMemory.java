package org.loopscope.model.ouro;

import java.util.function.LongFunction;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory off the heap that each thread keeps from one product to the next, as large as its largest so far: a few MB. Memory
 * fresh from the system would cost more than what is done with it. Freed when its thread has ended.
 */
final class KeptMemory<P extends Pointer> {
    private final LongFunction<P> allocate;
    private final ThreadLocal<P> kept = new ThreadLocal<>();

    KeptMemory(LongFunction<P> allocate) {
        this.allocate = allocate;
    }

    /** This thread's memory for at least {@code count} numbers, whatever they are now. */
    P of(long count) {
        P memory = kept.get();
        if (memory == null || memory.capacity() < count) {
            if (memory != null) {
                memory.close();
            }
            kept.remove();
            memory = allocate.apply(count);
            kept.set(memory);
        }
        return memory;
    }
}
