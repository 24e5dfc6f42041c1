package org.loopscope.app.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.loopscope.model.base.LoopscopeException;

/**
 * Many cases on several threads. Reader and number of the case in work stand in a mapped file, which is still there when a
 * case ends the whole process.
 */
final class Fuzz {
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();
    static final Duration LONGEST = Duration.ofSeconds(5);
    private static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(60); // does not end any more
    private static final int MOST_TOLD = 20;
    private static final int NOW_BYTES = 200;
    private static final int CHUNK = 25;

    private final Path folder;
    private final Seeds seeds;
    private final Path now;
    private final Counts counts = new Counts();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong next = new AtomicLong();
    private final long longestNanos;
    private final List<Worker> workers = new ArrayList<>();

    /** Cases {@code from} to {@code to}, without the latter, of one reader. */
    private record Chunk(String reader, long from, long to) {}

    /**
     * @param now where the files with the cases in work go
     * @param longest what takes longer is a hang
     */
    Fuzz(Path folder, Path now, Duration longest) throws IOException, LoopscopeException {
        this.longestNanos = longest.toNanos();
        this.folder = folder;
        this.now = Files.createDirectories(now);
        this.seeds = new Seeds(Files.createDirectories(folder.resolve("seeds")));
    }

    Seeds seeds() {
        return seeds;
    }

    Counts counts() {
        return counts;
    }

    /** At most twenty, each with the way to repeat it. */
    List<String> failures() {
        return failures.stream().limit(MOST_TOLD).toList();
    }

    /**
     * Runs about {@code cases} cases, shared out among the readers; from {@code first} on, so that runs may go on with
     * others.
     */
    void run(long cases, long first, int threads) throws IOException, LoopscopeException, InterruptedException {
        List<Chunk> chunks = new ArrayList<>();
        try (Readers readers = new Readers(Files.createDirectories(folder.resolve("plan")), seeds)) {
            double shares = readers.all().stream().mapToInt(FuzzReader::share).sum();
            for (FuzzReader reader : readers.all()) {
                warmUp(reader);
                long all = Math.max(1, Math.round(cases * reader.share() / shares));
                for (long from = 0; from < all; from += CHUNK) {
                    chunks.add(new Chunk(reader.name(), first + from, first + Math.min(all, from + CHUNK)));
                }
                counts.begin(reader.name());
            }
        }
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Worker worker = new Worker(i, chunks, done);
            workers.add(worker);
            worker.start();
        }
        while (!done.await(1, TimeUnit.SECONDS)) {
            workers.forEach(Worker::watch);
        }
    }

    /**
     * Loads what the reader needs, so that the first case is not the slow one; and shows that it accepts what it should, for
     * cases that are all refused show nothing.
     */
    private void warmUp(FuzzReader reader) throws IOException {
        for (Seed seed : reader.seeds()) {
            Outcome outcome = Cases.run(reader, seed.bytes(), 0);
            if (outcome.kind() != Outcome.Kind.ACCEPTED) {
                failures.add(reader.name() + ", a valid input: " + outcome.kind() + ": " + outcome.told());
            }
        }
    }

    private final class Worker extends Thread {
        private final int index;
        private final List<Chunk> chunks;
        private final CountDownLatch done;
        private volatile String at = "";
        private volatile long since = Long.MAX_VALUE;

        Worker(int index, List<Chunk> chunks, CountDownLatch done) {
            super("fuzz-" + index);
            this.index = index;
            this.chunks = chunks;
            this.done = done;
            setDaemon(true);
        }

        @Override
        public void run() {
            Path own = folder.resolve("worker-" + index);
            try (Readers readers = new Readers(Files.createDirectories(own), seeds);
                    FileChannel channel = FileChannel.open(
                            now.resolve("case-" + index + ".txt"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                MappedByteBuffer shown = channel.map(FileChannel.MapMode.READ_WRITE, 0, NOW_BYTES);
                for (int i = (int) next.getAndIncrement(); i < chunks.size(); i = (int) next.getAndIncrement()) {
                    Chunk chunk = chunks.get(i);
                    FuzzReader reader = readers.named(chunk.reader());
                    for (long number = chunk.from(); number < chunk.to(); number++) {
                        one(reader, number, shown);
                    }
                }
            } catch (IOException | LoopscopeException | RuntimeException e) {
                failures.add("the test itself, at " + at + ": " + e);
            } finally {
                since = Long.MAX_VALUE;
                done.countDown();
            }
        }

        private void one(FuzzReader reader, long number, MappedByteBuffer shown) throws IOException {
            at = Cases.name(reader, number);
            shown.put(
                    0,
                    ByteBuffer.allocate(NOW_BYTES)
                            .put(at.getBytes(StandardCharsets.UTF_8))
                            .array());
            since = System.nanoTime();
            long begin = PROCESSOR.getCurrentThreadCpuTime(); // a busy machine makes no case a suspect
            Outcome outcome = Cases.run(reader, number);
            long nanos = PROCESSOR.getCurrentThreadCpuTime() - begin;
            since = Long.MAX_VALUE;
            if (nanos > longestNanos) {
                outcome = new Outcome(Outcome.Kind.HANG, nanos / 1_000_000 + " ms of the processor, then " + outcome);
            }
            counts.add(reader.name(), outcome.kind(), nanos);
            if (outcome.isFailure()) {
                failures.add(at + ": " + outcome.kind() + ": " + outcome.told());
            }
        }

        /** A case that never ends cannot be stopped: it is told, and the whole run with it. */
        void watch() {
            if (System.nanoTime() - since > HUNG_NANOS) {
                StringBuilder where = new StringBuilder();
                for (StackTraceElement frame : getStackTrace()) {
                    where.append("\n    ").append(frame);
                }
                failures.add(at + ": HANG, stopped waiting" + where);
                counts.add(at.replaceFirst(".*reader=(\\S+).*", "$1"), Outcome.Kind.HANG, HUNG_NANOS);
                while (done.getCount() > 0) {
                    done.countDown();
                }
            }
        }
    }
}
