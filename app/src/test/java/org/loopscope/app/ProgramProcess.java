package org.loopscope.app;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The program in a process of its own, for what only a process has: its standard output, its locale, its home. */
final class ProgramProcess {
    private final Path folder;
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> variables = new java.util.HashMap<>();
    private File out;

    /** What it left. */
    record Result(int code, String out, String err) {}

    /** @param folder current folder of the process; its outputs are kept there too */
    ProgramProcess(Path folder) {
        this.folder = folder;
        this.out = folder.resolve("stdout").toFile();
    }

    ProgramProcess option(String... more) {
        options.addAll(Arrays.asList(more));
        return this;
    }

    ProgramProcess variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Where standard output goes, instead of into the result. */
    ProgramProcess outTo(Path file) {
        out = file.toFile();
        return this;
    }

    Result run(String... args) throws IOException, InterruptedException {
        Process process = start(args);
        int code = process.waitFor();
        String printed = out.toPath().startsWith(folder) ? Files.readString(out.toPath()) : "";
        return new Result(code, printed, problems());
    }

    Process start(String... args) throws IOException {
        return builder(args).redirectOutput(out).start();
    }

    ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx1g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Launcher.class.getName()));
        command.addAll(Arrays.asList(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().putAll(variables);
        return builder;
    }

    String problems() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }
}
