package org.loopscope.model.states;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.loopscope.model.base.ByteSize;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;

/**
 * Chooses where the states of one capture go. They stay on the Java heap if they take at most half of what is free
 * there: the other half is for looking at them. If not, layer states go to a mapped file, and with them the step
 * states if those alone take more than that half.
 */
public final class StateSpace {
    private final LongSupplier freeHeap;
    private final StateFolder folder;

    /** @param freeHeap bytes that can still be taken on the Java heap */
    public StateSpace(LongSupplier freeHeap, StateFolder folder) {
        this.freeHeap = freeHeap;
        this.folder = folder;
    }

    public static StateSpace ofThisMachine() {
        return new StateSpace(StateSpace::freeHeapBytes, StateFolder.ofThisMachine());
    }

    /** Bytes that can still be taken on the Java heap of this process. */
    public static long freeHeapBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    /**
     * What one capture needs.
     *
     * @param gates bytes of gate logits, always on the heap
     * @param hidden bytes of step states
     * @param layers bytes of layer states, 0 for none
     */
    public record Need(long gates, long hidden, long layers) {
        public long total() {
            return gates + hidden + layers;
        }
    }

    /** Which of the states are in a mapped file. */
    public record Plan(boolean hiddenMapped, boolean layersMapped) {
        static final Plan HEAP = new Plan(false, false);

        public long mappedBytes(Need need) {
            return (hiddenMapped ? need.hidden : 0) + (layersMapped ? need.layers : 0);
        }

        /** {@code layer states}, {@code step states}, {@code all states}, or empty for none. */
        public String mapped() {
            return name(hiddenMapped, layersMapped, layersMapped);
        }
    }

    /** What the mapped ones of step states and layer states are called; empty for none. */
    public static String name(boolean hiddenMapped, boolean layersMapped, boolean hasLayers) {
        if (!hiddenMapped) {
            return layersMapped ? "layer states" : "";
        }
        return hasLayers ? "all states" : "step states";
    }

    /** What {@link #reserve} would choose now, without making room first. */
    public Plan plan(Need need) {
        long half = freeHeap.getAsLong() / 2;
        if (need.total() <= half) {
            return Plan.HEAP;
        }
        boolean hiddenMapped = need.gates + need.hidden > half;
        return new Plan(hiddenMapped, need.layers > 0);
    }

    /**
     * Chooses, and checks that there is room.
     *
     * @param what begins the sentence, {@code States of this run}
     * @param advice what the user can reduce
     * @throws LoopscopeException if neither heap nor disk has room, with the numbers
     */
    public Plan reserve(String what, Need need, String advice) throws LoopscopeException {
        Plan plan = plan(need);
        if (plan.mappedBytes(need) == 0) {
            return plan;
        }
        System.gc(); // captures that nobody sees any more may hold the heap, or their files the disk
        plan = plan(need);
        long mapped = plan.mappedBytes(need);
        long disk = mapped == 0 ? 0 : freeDisk();
        if (mapped <= disk) {
            return plan;
        }
        if (need.total() <= freeHeap.getAsLong()) {
            return Plan.HEAP;
        }
        throw new LoopscopeException(what + ": " + ByteSize.text(need.total()) + " are needed, "
                + ByteSize.text(freeHeap.getAsLong()) + " are free on the Java heap and " + ByteSize.text(disk)
                + " on the disk, in " + folder.folder() + "; " + advice + ", or name a folder with more room by "
                + StateFolder.VARIABLE + ".");
    }

    private long freeDisk() throws LoopscopeException {
        Path path = folder.folder();
        if (!Files.isDirectory(path)) {
            throw new LoopscopeException("Folder for states (" + StateFolder.VARIABLE + "): expected a folder, found "
                    + (Files.exists(path) ? "a file" : "nothing") + " at " + path + ".");
        }
        try {
            return folder.freeBytes();
        } catch (IOException e) {
            throw new LoopscopeException("The free space of " + path + " could not be asked for.", e);
        }
    }

    /**
     * Memory for [planes, length] numbers.
     *
     * @throws LoopscopeException if the file cannot be made
     */
    public StateBuffer allocate(boolean mapped, int planes, int length) throws LoopscopeException {
        if (!mapped || planes == 0) {
            return new HeapStates.Buffer(planes, length);
        }
        try {
            return new StateFile(folder, planes, length);
        } catch (IOException e) {
            throw new LoopscopeException(
                    "The file of states could not be made in " + folder.folder() + " (" + IoReason.of(e) + ").", e);
        }
    }

    /** The sentence for a disk that stopped taking or giving states. */
    public LoopscopeException diskProblem(IOException cause) {
        return new LoopscopeException(
                "The file of states in " + folder.folder() + " could not be written or read (" + IoReason.of(cause)
                        + "); make room there, or name another folder by " + StateFolder.VARIABLE + ".",
                cause);
    }

    /** Bytes of all files of states that are in use, in the whole process. */
    public static long openFileBytes() {
        return StateFile.openBytes();
    }
}
