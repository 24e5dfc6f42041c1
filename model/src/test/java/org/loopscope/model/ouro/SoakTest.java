package org.loopscope.model.ouro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.Precision;
import org.loopscope.model.ProcessMemory;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.states.SmallDisk;
import org.loopscope.model.states.StateSpace;

/** Two hundred runs of every kind in a row, every third cancelled on its way, leave nothing behind. */
class SoakTest {
    private static final int RUNS = 200;
    private static final int WARM_UP = 40; // classes, thread pools and the JIT take theirs in the first runs

    @TempDir
    private Path folder;

    private final List<WeakReference<Capture>> captures = new ArrayList<>();
    private OuroModel model;
    private OuroModel mapped;
    private SmallDisk disk;
    private int cancelled;

    private void load() throws LoopscopeException, IOException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(RandomCheckpoint.config(61, 64, 96, 3, 4, 2, 16), 13);
        model = checkpoint.load(folder.resolve("model"), new HostKernels());
        disk = new SmallDisk(Files.createDirectory(folder.resolve("states")), 1 << 30, false, 1 << 16);
        MemoryBudget budget = new MemoryBudget() {
            @Override
            public long nativeBytes() {
                return 1L << 40;
            }

            @Override
            public long heapBytes() {
                return 1 << 20;
            }

            @Override
            public StateSpace states() {
                return new StateSpace(this::heapBytes, disk);
            }
        };
        try (Checkpoint open = Checkpoint.open(folder.resolve("model"))) {
            mapped = OuroModel.load(
                    open, Precision.FLOAT32, Optional.empty(), "m", RunControl.none(), new HostKernels(), budget);
        }
    }

    @Test
    void twoHundredRunsAndCancelsLeaveNoMemoryNoFileAndNoCaptureBehind() throws LoopscopeException, IOException {
        load();
        long nativeBefore = Matrix.openBytes();
        long heapBefore = 0;
        long residentBefore = 0;
        for (int i = 0; i < RUNS; i++) {
            if (i == WARM_UP) {
                heapBefore = heapAfterCollection();
                residentBefore = ProcessMemory.residentBytes();
            }
            run(i);
            assertEquals(nativeBefore, Matrix.openBytes(), "off the heap after run " + i);
        }
        long heapAfter = heapAfterCollection();
        long residentAfter = ProcessMemory.residentBytes();
        System.out.printf(
                "soak: heap %,d to %,d bytes, resident %,d to %,d, from run %d to run %d%n",
                heapBefore, heapAfter, residentBefore, residentAfter, WARM_UP, RUNS);
        assertTrue(cancelled >= RUNS / 4, "cancelled " + cancelled);
        assertEquals(0, captures.stream().filter(c -> c.get() != null).count(), "captures that are still reachable");
        assertEquals(0, disk.files(), "files of states");
        assertTrue(
                heapAfter - heapBefore < 1 << 20, "the heap grew by " + (heapAfter - heapBefore)); // a capture: 1 MiB
        model.close();
        mapped.close();
    }

    /** Collects until all captures are gone, or it is plain that one will not go; a leak shows in what is left. */
    private long heapAfterCollection() throws IOException {
        for (int i = 0; i < 3 || (disk.files() > 0 && i < 40); i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void run(int i) throws LoopscopeException {
        Random random = new Random(i);
        int[] ids = random.ints(200 + random.nextInt(400), 0, 61).toArray();
        RunOptions options = options(random);
        OuroModel of = i % 4 == 0 ? mapped : model;
        if (i % 3 > 0) {
            captures.add(new WeakReference<>(of.run(ids, options, RunControl.none())));
            return;
        }
        int limit = random.nextInt(options.steps() * 3); // layers of the prompt alone; the generation follows
        int[] reports = {0};
        RunControl control = RunControl.of(() -> reports[0] > limit, (stage, done, total) -> reports[0]++);
        assertThrows(CancellationException.class, () -> of.run(ids, options, control));
        cancelled++;
    }

    private static RunOptions options(Random random) {
        RunOptions options = RunOptions.steps(2 + random.nextInt(4))
                .withLayers(random.nextBoolean())
                .withGenerate(1 + random.nextInt(8));
        return switch (random.nextInt(4)) {
            case 0 ->
                options.withKvPolicy(KvPolicy.values()[random.nextInt(KvPolicy.values().length)])
                        .withSampling(new Sampling(1, 0.9, 3));
            case 1 ->
                options.withKvPolicy(KvPolicy.values()[random.nextInt(KvPolicy.values().length)])
                        .withExitRule(ExitRule.q(0.5))
                        .withDecoding(Decoding.skipLoops());
            case 2 -> options.withDecoding(Decoding.draftAndVerify(1, 3));
            default -> options;
        };
    }
}
