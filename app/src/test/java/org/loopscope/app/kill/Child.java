package org.loopscope.app.kill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The program in a process of its own, with the class path and the Java of this test. */
final class Child {
    private static final long LONGEST_MINUTES = 3;

    private final Path home;

    /** @param home user's home of the process: caches, settings and temporary files go there */
    Child(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("tmp"));
    }

    private Process start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // most of the time goes into starting
                "-Djava.awt.headless=true",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + home.resolve("tmp")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.loopscope.app.Launcher"));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("XDG_") || name.startsWith("LOOPSCOPE"));
        builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
        builder.redirectError(home.resolve("err.txt").toFile());
        builder.redirectOutput(home.resolve("out.txt").toFile());
        return builder.start();
    }

    /** Runs to the end, which must be a good one; gives what it printed. */
    String run(List<String> words) throws IOException, InterruptedException {
        Process process = start(words);
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError(words + " did not end");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(words + " ended with " + process.exitValue() + ": " + text("err.txt"));
        }
        return text("out.txt");
    }

    /** Kills the process, as by kill -9, once {@code moment} has come; false if it ended before. */
    boolean killAt(BooleanSupplier moment, List<String> words) throws IOException, InterruptedException {
        Process process = start(words);
        try {
            while (process.isAlive() && !moment.getAsBoolean()) {
                process.waitFor(1, TimeUnit.MILLISECONDS); // asked again at once
            }
            boolean killed = process.isAlive();
            process.destroyForcibly().waitFor();
            return killed && process.exitValue() != 0;
        } finally {
            process.destroyForcibly();
        }
    }

    private String text(String file) throws IOException {
        return new String(Files.readAllBytes(home.resolve(file)), StandardCharsets.UTF_8);
    }
}
