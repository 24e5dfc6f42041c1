package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.LoopscopeException;

/** States in a file, also when writing them was broken off. */
class StateStoreTest {
    @TempDir
    private Path folder;

    private StateStore open() throws LoopscopeException {
        return StateStore.open(folder.resolve("s.states"), "this", 2, 3, 1);
    }

    private void fill(int records) throws LoopscopeException {
        try (StateStore store = open()) {
            for (int i = store.count(); i < records; i++) {
                store.append(new float[][] {{i, 1, 2}, {10 * i, -1, 0.5f}}, new int[] {100 + i});
            }
        }
    }

    @Test
    void onePlaceOfAllRecordsIsReadBack() throws LoopscopeException {
        fill(3);
        try (StateStore store = open()) {
            assertEquals(3, store.count());
            assertArrayEquals(new float[][] {{0, -1, 0.5f}, {10, -1, 0.5f}, {20, -1, 0.5f}}, store.states(1));
            assertArrayEquals(new int[] {100, 101, 102}, store.numbers(0));
        }
    }

    @Test
    void aRecordCutShortOrDamagedIsDroppedAndWrittenAgain() throws LoopscopeException, IOException {
        fill(4);
        Path file = folder.resolve("s.states");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));
        try (StateStore store = open()) {
            assertEquals(3, store.count());
        }
        byte[] zeros = Arrays.copyOf(Files.readAllBytes(file), whole.length); // as after a power cut
        Files.write(file, zeros);
        fill(4);
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void statesOfAnotherProbeAreRefusedAndLeftAlone() throws LoopscopeException, IOException {
        fill(2);
        byte[] before = Files.readAllBytes(folder.resolve("s.states"));
        LoopscopeException e = assertThrows(
                LoopscopeException.class, () -> StateStore.open(folder.resolve("s.states"), "that", 2, 3, 1));
        assertTrue(e.getMessage().contains("expected the states of this probe, found those of another one"));
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("s.states")));
    }

    @Test
    void aFileInUseIsRefusedAndADeletedOneIsGone() throws LoopscopeException {
        StateStore store = open();
        assertThrows(LoopscopeException.class, this::open);
        store.delete();
        assertFalse(Files.exists(folder.resolve("s.states")));
    }
}
