package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Matrices whose numbers lie on another device, as seen through the copy that Java gets. */
class HostCopyTest {
    private final TwoMemories memories = new TwoMemories();
    private final Kernels kernels = memories.kernels();

    @AfterEach
    void close() {
        memories.close();
    }

    @Test
    void aReadIsPrecededByARefreshAndAWriteFollowedByItsMark() {
        try (Matrix x = kernels.allocate(3, 2)) {
            x.put(0, 3, new float[] {1, 2, 3, 4, 5, 6}, 0); // all of it: nothing around it to keep
            assertEquals(List.of("pointer", "written"), memories.accesses());
            x.get(1, 1, new float[2], 0);
            assertEquals(List.of("refresh", "pointer"), memories.accesses().subList(2, 4));
            x.putNumbers(3, 1, new float[] {9}, 0);
            assertEquals(
                    List.of("refresh", "pointer", "written"),
                    memories.accesses().subList(4, 7));
            assertEquals(7, memories.accesses().size());
        }
    }

    @Test
    void writingARowLeavesWhatTheDeviceComputedAroundIt() {
        try (Matrix x = kernels.allocate(3, 2)) {
            x.put(0, 3, new float[] {1, 2, 3, 4, 5, 6}, 0);
            kernels.scaleInPlace(x, 10); // on the device; the copy is now the older one
            x.rows(1, 2).put(0, 1, new float[] {-3, -4}, 0);
            kernels.scaleInPlace(x, 2);
            float[] all = new float[6];
            x.get(0, 3, all, 0);
            assertArrayEquals(new float[] {20, 40, -6, -8, 100, 120}, all);
        }
    }

    @Test
    void aWindowOverSomeRowsKeepsTheOthers() {
        try (Matrix x = kernels.allocate(3, 1)) {
            x.put(0, 3, new float[] {1, 2, 3}, 0);
            Matrix last = x.rows(2, 1);
            last.window().put(7);
            last.written();
            float[] all = new float[3];
            x.get(0, 3, all, 0);
            assertArrayEquals(new float[] {1, 2, 7}, all);
        }
    }

    @Test
    void thereIsNoAddressOfNumbersOnAnotherDevice() {
        try (Matrix x = kernels.allocate(1, 1)) {
            assertThrows(IllegalStateException.class, x::pointer);
        }
    }

    @Test
    void theProcessorsOwnMatricesNeedNoCopy() {
        assertTrue(HostCopy.ofBackend().isEmpty());
        assertTrue(memories.accesses().isEmpty());
        try (Matrix x = new Nd4jKernels(false, Optional.empty()).allocate(2, 2)) {
            x.put(0, 2, new float[] {1, 2, 3, 4}, 0);
            assertEquals(4, x.pointer(3).get());
        }
    }

    @Test
    void aModelReachesEachMatrixOfADeviceThroughItsCopy(@TempDir Path folder) throws LoopscopeException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(29, 15, 8, 3, 6, 2, 4), 5);
        try (OuroModel model = checkpoint.load(folder, kernels)) {
            int tensors = 5 + 11 * 3; // embedding, unembedding, final norm, gate, its bias; eleven a layer
            assertEquals(tensors, memories.arrays());
            assertEquals(
                    tensors,
                    memories.accesses().stream().filter("written"::equals).count());
            model.run(new int[] {1, 2, 3}, RunOptions.steps(2).withGenerate(2), RunControl.none());
            assertTrue(memories.arrays() > tensors, "arrays of the run: " + memories.arrays());
        }
    }
}
