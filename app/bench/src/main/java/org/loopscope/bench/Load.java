package org.loopscope.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;

/** Opening a model, hash of its weights included, against reading its files; and the memory that it takes. */
final class Load {
    private static final int BLOCK = 8 << 20;

    private Load() {}

    static BenchResult measure(Bench bench, String name) throws LoopscopeException {
        bench.release();
        List<Path> files = weightFiles(bench.folder());
        long bytes = 0;
        for (Path file : files) {
            bytes += size(file);
        }
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        Memory memory = new Memory();
        double[][] seconds = bench.timing(name)
                .interleaved(List.of(
                        () -> {
                            bench.release();
                            return memory.around(Timing.whole(() -> bench.open(bench.quiet())));
                        },
                        Timing.whole(() -> read(files, block, bench))));
        double rate = bytes / Sample.median(seconds[1]);
        Sample sample = Sample.millis(seconds[0]);
        LoopedModel model = bench.model();
        double inMemory = (double) model.info().parameters() * bench.precision().bytesPerWeight();
        Map<String, Double> details = new LinkedHashMap<>();
        details.put("file_gb", bytes / 1e9);
        details.put("disk_read_gb_per_s", rate / 1e9);
        details.put("weights_in_memory_gb", inMemory / 1e9);
        memory.largestGrowth().ifPresent(growth -> {
            details.put("memory_growth_gb", growth / 1e9);
            details.put("memory_growth_of_weights", growth / inMemory);
        });
        return new BenchResult(
                name,
                bench.shape().id(),
                sample,
                "ms",
                1000 * bytes / rate,
                "bytes of the weights / rate of reading the files",
                details,
                "files in the page cache for both; hashing the weights is part of it");
    }

    private static List<Path> weightFiles(Path folder) throws LoopscopeException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LoopscopeException(folder + ": could not be read (" + e.getMessage() + ").", e);
        }
    }

    private static long size(Path file) throws LoopscopeException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new LoopscopeException(file + ": could not be read (" + e.getMessage() + ").", e);
        }
    }

    private static void read(List<Path> files, ByteBuffer block, Bench bench) throws LoopscopeException {
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                do {
                    bench.quiet().checkCancelled();
                    block.clear();
                } while (channel.read(block) >= 0);
            } catch (IOException e) {
                throw new LoopscopeException(file + ": could not be read (" + e.getMessage() + ").", e);
            }
        }
    }

    /** How much more memory the process holds after loading; files that are mapped are not counted. */
    private static final class Memory {
        private long largest = -1;

        double around(Timing.Timed loading) throws LoopscopeException {
            OptionalLong before = ProcessStatus.anonymousBytes();
            double seconds = loading.seconds();
            OptionalLong after = ProcessStatus.anonymousBytes();
            if (before.isPresent() && after.isPresent()) {
                largest = Math.max(largest, after.getAsLong() - before.getAsLong());
            }
            return seconds;
        }

        /** Empty where the system does not tell, or nothing grew. */
        OptionalLong largestGrowth() {
            return largest > 0 ? OptionalLong.of(largest) : OptionalLong.empty();
        }
    }
}
