package org.loopscope.model.states;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.states.StateSpace.Need;
import org.loopscope.model.states.StateSpace.Plan;

class StatesTest {
    private static final int PLANES = 5;
    private static final int LENGTH = 11; // planes and pieces of 7 numbers begin at different places

    @TempDir
    private Path folder;

    private StateSpace space(long freeHeap, long freeDisk) {
        return new StateSpace(() -> freeHeap, new SmallDisk(folder, freeDisk, true));
    }

    @Test
    void aMappedFileGivesEveryRangeOfEveryPlaneAsTheHeapDoes() throws LoopscopeException {
        StateSpace space = space(0, 1000);
        States heap = filled(space.allocate(false, PLANES, LENGTH)).finish(PLANES, LENGTH);
        States mapped = filled(space.allocate(true, PLANES, LENGTH)).finish(PLANES, LENGTH);
        assertFalse(heap.mapped());
        assertTrue(mapped.mapped());
        assertEquals(heap.sizeBytes(), mapped.sizeBytes());
        for (int plane = 0; plane < PLANES; plane++) {
            for (int from = 0; from < LENGTH; from++) {
                for (int count = 0; count <= LENGTH - from; count++) {
                    assertArrayEquals(read(heap, plane, from, count), read(mapped, plane, from, count));
                }
            }
        }
    }

    private static float[] read(States states, int plane, int from, int count) {
        float[] out = new float[LENGTH + 2];
        states.get(plane, from, count, out, 1);
        return out;
    }

    /** Written in pieces, out of order, some twice, and read back while it is written. */
    private static StateBuffer filled(StateBuffer buffer) {
        Random random = new Random(3);
        float[][] expected = new float[PLANES][LENGTH];
        for (int plane = PLANES - 1; plane >= 0; plane--) {
            buffer.put(plane, 0, new float[LENGTH], 0, LENGTH);
            for (int from = 0; from < LENGTH; from += 4) {
                int count = Math.min(4, LENGTH - from);
                float[] numbers = new float[] {0, random.nextFloat(), random.nextFloat(), -0.0f, Float.MIN_VALUE};
                buffer.put(plane, from, numbers, 1, count);
                System.arraycopy(numbers, 1, expected[plane], from, count);
            }
        }
        for (int plane = 0; plane < PLANES; plane++) {
            float[] read = new float[LENGTH];
            buffer.get(plane, 0, LENGTH, read, 0);
            assertArrayEquals(expected[plane], read);
        }
        return buffer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theBeginningOfAllPlanesCanBeKept(boolean mapped) throws LoopscopeException {
        StateSpace space = space(0, 1000);
        States all = filled(space.allocate(false, PLANES, LENGTH)).finish(PLANES, LENGTH);
        States kept = filled(space.allocate(mapped, PLANES, LENGTH)).finish(3, 6);
        assertEquals(3 * 6 * 4, kept.sizeBytes());
        for (int plane = 0; plane < 3; plane++) {
            assertArrayEquals(read(all, plane, 0, 6), read(kept, plane, 0, 6));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> read(kept, 0, 0, 7));
        assertThrows(IndexOutOfBoundsException.class, () -> read(kept, 3, 0, 1));
    }

    @Test
    void aFileHasNoNameWhileItIsUsedWhereTheSystemAllowsThat() throws LoopscopeException, IOException {
        SmallDisk disk = new SmallDisk(folder, 1000, true);
        States states = filled(new StateSpace(() -> 0, disk).allocate(true, PLANES, LENGTH))
                .finish(PLANES, LENGTH);
        assertEquals(0, disk.files());
        assertEquals(PLANES, states.planes());
    }

    @Test
    void aFileWithANameIsDeletedWhenItsRunGivesItUp() throws LoopscopeException, IOException {
        SmallDisk disk = new SmallDisk(folder, 1000, false);
        StateBuffer buffer = filled(new StateSpace(() -> 0, disk).allocate(true, PLANES, LENGTH));
        assertEquals(1, disk.files());
        assertTrue(StateSpace.openFileBytes() >= PLANES * LENGTH * 4);
        buffer.close();
        buffer.close(); // twice is fine
        assertEquals(0, disk.files());
    }

    @Test
    void aFileThatIsInUseStaysWhenAnotherIsMade() throws LoopscopeException, IOException {
        SmallDisk disk = new SmallDisk(folder, 1000, false);
        StateSpace space = new StateSpace(() -> 0, disk);
        try (StateBuffer first = space.allocate(true, PLANES, LENGTH);
                StateBuffer second = space.allocate(true, PLANES, LENGTH)) {
            first.put(0, 0, new float[LENGTH], 0, LENGTH);
            second.put(0, 0, new float[LENGTH], 0, LENGTH);
            assertEquals(2, disk.files());
        }
        assertEquals(0, disk.files());
    }

    @Test
    void aFileWithANameIsDeletedWhenNobodyCanReachItsStatesAnyMore() throws LoopscopeException, IOException {
        SmallDisk disk = new SmallDisk(folder, 1000, false);
        StateSpace space = new StateSpace(() -> 0, disk);
        States states = filled(space.allocate(true, PLANES, LENGTH)).finish(PLANES, LENGTH);
        assertEquals(1, disk.files());
        assertEquals(PLANES, states.planes());
        states = null;
        for (int i = 0; i < 1000 && disk.files() > 0; i++) {
            System.gc();
            Thread.onSpinWait();
        }
        assertEquals(0, disk.files());
    }

    @Test
    void whatAProgramThatWasKilledLeftIsDeletedByTheNextOne() throws IOException, LoopscopeException {
        Path left = Files.createFile(folder.resolve("loopscope-states-999999999-x.tmp"));
        Path own = Files.createFile(
                folder.resolve("loopscope-states-" + ProcessHandle.current().pid() + "-x.tmp"));
        Path other = Files.createFile(folder.resolve("loopscope-states-999999999-x.txt"));
        space(0, 1000).allocate(true, 1, 1).close();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(own));
        assertTrue(Files.exists(other));
    }

    @Test
    void statesStayOnTheHeapAsLongAsTheyTakeAtMostHalfOfWhatIsFree() {
        Need need = new Need(10, 100, 1000);
        assertEquals(new Plan(false, false), space(2220, 0).plan(need));
        assertEquals(new Plan(false, true), space(2219, 0).plan(need));
        assertEquals(new Plan(false, true), space(220, 0).plan(need));
        assertEquals(new Plan(true, true), space(219, 0).plan(need));
        assertEquals(new Plan(true, false), space(219, 0).plan(new Need(10, 100, 0)));
        assertEquals(1000, new Plan(false, true).mappedBytes(need));
        assertEquals(1100, new Plan(true, true).mappedBytes(need));
    }

    @Test
    void withoutRoomOnTheDiskTheWholeHeapIsUsedAndThenTheRunIsRefusedWithTheNumbers() throws LoopscopeException {
        Need need = new Need(10, 100, 1000);
        assertEquals(new Plan(false, true), space(1110, 1000).reserve("States", need, "reduce them"));
        assertEquals(new Plan(false, false), space(1110, 999).reserve("States", need, "reduce them"));
        assertEquals(
                "States: 1.1 kB are needed, 1.1 kB are free on the Java heap and 1.0 kB on the disk, in " + folder
                        + "; reduce them, or name a folder with more room by LOOPSCOPE_STATES.",
                assertThrows(LoopscopeException.class, () -> space(1109, 999).reserve("States", need, "reduce them"))
                        .getMessage());
    }

    @Test
    void aFolderThatIsNotThereIsToldInOneSentence() {
        Path nowhere = folder.resolve("nowhere");
        StateSpace space = new StateSpace(() -> 0, new SmallDisk(nowhere, 1000, true));
        assertEquals(
                "Folder for states (LOOPSCOPE_STATES): expected a folder, found nothing at " + nowhere + ".",
                assertThrows(LoopscopeException.class, () -> space.reserve("States", new Need(1, 1, 1), "x"))
                        .getMessage());
    }
}
