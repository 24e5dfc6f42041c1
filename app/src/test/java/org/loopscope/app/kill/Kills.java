package org.loopscope.app.kill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Kills one command at moments drawn with a seed, lets it go on, and compares with a run that nobody disturbed. */
final class Kills {
    private final KillCase of;
    private final Path folder;
    private final Child child;
    private final List<Integer> killsWithRows = new ArrayList<>();
    private byte[] whole = {};
    private TreeSet<String> files = new TreeSet<>();
    private long wholeMillis;
    private int kills;
    private int compared;

    Kills(KillCase of, Path folder, Path home) throws IOException {
        this.of = of;
        this.folder = Files.createDirectories(folder);
        this.child = new Child(home);
    }

    /** A line of the table in docs/reliability.md. */
    String line() {
        return "| " + of.name() + " | " + kills + " | " + killsWithRows.size() + " | " + compared + " | 0 |\n";
    }

    int kills() {
        return kills;
    }

    /** Kills until {@code wanted} have hit the command at work; every other time twice before it may end. */
    void run(int wanted, long seed) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed * 31 + of.name().hashCode());
        reference();
        int tries = 0;
        while (kills < wanted) {
            assertTrue(++tries <= 4 * wanted, of.name() + ": it ends before it can be killed");
            Path work = Files.createDirectories(folder.resolve("try-" + tries));
            Child own = of.kind() == KillCase.Kind.FIRST_START ? new Child(work) : child;
            int times = tries % 2 == 0 && of.kind() == KillCase.Kind.RESUMED && kills + 1 < wanted ? 2 : 1;
            for (int i = 0; i < times; i++) {
                killOnce(own, work, random, (i + random.nextDouble()) / times);
            }
            goOn(own, work);
        }
    }

    private List<String> words(Path work) {
        List<String> words = new ArrayList<>(of.words());
        if (!of.file().isEmpty()) {
            words.addAll(List.of("--out", work.resolve(of.file()).toString()));
        }
        return words;
    }

    private void reference() throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve("whole"));
        Child own = of.kind() == KillCase.Kind.FIRST_START ? new Child(work) : child;
        long begin = System.nanoTime();
        String printed = own.run(words(work));
        wholeMillis = (System.nanoTime() - begin) / 1_000_000;
        whole = result(work, printed);
        files = names(work);
    }

    private byte[] result(Path work, String printed) throws IOException {
        if (of.file().isEmpty()) {
            return printed.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = Files.readAllBytes(work.resolve(of.file()));
        return of.file().endsWith(".safetensors") ? withoutClock(bytes) : bytes;
    }

    /** A capture tells when it was made and how long that took; all else must be equal. */
    private static byte[] withoutClock(byte[] file) {
        int data = Math.toIntExact(
                8 + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
        String text = new String(file, StandardCharsets.ISO_8859_1);
        String header = text.substring(8, data)
                .strip()
                .replaceAll("\\\\\"(started_?[aA]t|elapsed_?[mM]illis)\\\\\":[^,}]*", "");
        return (header + text.substring(data)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void killOnce(Child own, Path work, SplittableRandom random, double share)
            throws IOException, InterruptedException {
        Path part = work.resolve(of.file() + ".part");
        BooleanSupplier moment;
        if (of.kind() == KillCase.Kind.RESUMED) {
            long bytes = (long) (share * whole.length);
            moment = () -> size(part) > bytes;
        } else if (random.nextInt(3) > 0) { // while something is being written
            long after = System.nanoTime() + random.nextLong(1_000_000);
            moment = () -> hasNewFile(own, work) && System.nanoTime() > after;
        } else {
            long after = System.nanoTime() + (long) (random.nextDouble() * wholeMillis * 1e6);
            moment = () -> System.nanoTime() > after;
        }
        if (own.killAt(moment, words(work))) {
            kills++;
            if (size(part) > 0) {
                killsWithRows.add(kills);
            }
        }
        if (of.kind() == KillCase.Kind.REPLACED && Files.exists(work.resolve(of.file()))) {
            assertArrayEquals(whole, result(work, ""), of.name() + ": half a file");
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) { // not there yet, or not any more
            return 0;
        }
    }

    private boolean hasNewFile(Child own, Path work) {
        Path place = own == child ? work : work.resolve("cache");
        try (Stream<Path> there = Files.walk(place)) {
            return there.anyMatch(Files::isRegularFile);
        } catch (IOException | java.io.UncheckedIOException e) { // not there yet, or renamed meanwhile
            return false;
        }
    }

    private void goOn(Child own, Path work) throws IOException, InterruptedException {
        if (of.kind() == KillCase.Kind.RESUMED && Files.exists(work.resolve(of.file()))) {
            Files.delete(work.resolve(of.file())); // it had ended
        }
        String printed = own.run(words(work));
        assertArrayEquals(whole, result(work, printed), of.name() + ": another result after the kill");
        assertEquals(files, names(work), of.name() + ": something is left behind");
        compared++;
        delete(work);
    }

    private static TreeSet<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            TreeSet<String> names = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .forEach(names::add);
            return names;
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(folder)) {
            all = new ArrayList<>(walked.toList());
        }
        java.util.Collections.reverse(all);
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
