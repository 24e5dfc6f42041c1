package org.loopscope.model.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks after another process while it answers, and ends it when it takes more time of the processor or more memory than it
 * may. Time of the processor, since a busy machine makes nobody a suspect; by the clock it may take several times as long.
 */
final class ProcessWatch {
    private static final int CLOCK_FACTOR = 6;
    private static final long FIRST_LOOKS_MILLIS = 5;
    private static final long OTHER_SYSTEMS_LOOK_MILLIS = 100; // each look there is a process of its own
    private static final Path PROC = Path.of("/proc");

    /** What ended the process. */
    enum End {
        TOO_SLOW,
        TOO_LARGE
    }

    private final Process process;
    private final long maxBytes;
    private volatile @Nullable End end;
    private volatile boolean over;

    ProcessWatch(Process process, long maxBytes) {
        this.process = process;
        this.maxBytes = maxBytes;
    }

    /** Something that waits for the process. */
    @FunctionalInterface
    interface Answer<T> {
        T get() throws IOException;
    }

    /** Why this watch ended the process, if it did. */
    Optional<End> end() {
        return Optional.ofNullable(end);
    }

    /** Waits for an answer that may take so much time of the processor. */
    <T> T during(Duration limit, Answer<T> answer) throws IOException {
        Looks looks = new Looks(limit);
        Thread thread = new Thread(looks, "looks after a tokenizer");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer.get();
        } finally {
            looks.stop();
        }
    }

    private final class Looks implements Runnable {
        private final long limitNanos;
        private final long startNanos = System.nanoTime();
        private final long cpuNanos = cpuNanos();
        private boolean stopped;

        Looks(Duration limit) {
            this.limitNanos = limit.toNanos();
        }

        synchronized void stop() {
            stopped = true;
            notifyAll();
        }

        @Override
        public void run() {
            try {
                while (waitedFor(Files.isDirectory(PROC) ? FIRST_LOOKS_MILLIS : OTHER_SYSTEMS_LOOK_MILLIS)) {
                    look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @SuppressWarnings("WaitNotInLoop") // woken early it looks once more
        private synchronized boolean waitedFor(long millis) throws InterruptedException {
            if (!stopped) {
                wait(millis);
            }
            return !stopped && !over;
        }

        private void look() {
            if (residentBytes() > maxBytes) {
                finish(End.TOO_LARGE);
            } else if (cpuNanos() - cpuNanos > limitNanos
                    || System.nanoTime() - startNanos > CLOCK_FACTOR * limitNanos) {
                finish(End.TOO_SLOW);
            }
        }

        private void finish(End reason) {
            end = reason;
            over = true;
            process.destroyForcibly();
        }
    }

    private long cpuNanos() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Memory of the process, 0 where the system does not tell. */
    private long residentBytes() {
        try {
            Path status = PROC.resolve(Long.toString(process.pid())).resolve("status");
            if (Files.isDirectory(PROC)) {
                return Files.exists(status) ? kilobytes(Files.readString(status)) << 10 : 0;
            }
            return fromPs();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long kilobytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private long fromPs() throws IOException {
        if (!Files.isExecutable(Path.of("/bin/ps"))) {
            return 0;
        }
        Process ps = new ProcessBuilder("/bin/ps", "-o", "rss=", "-p", Long.toString(process.pid()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(ps.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = lines.readLine();
            return line == null || line.isBlank() ? 0 : Long.parseLong(line.strip()) << 10;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
