package org.loopscope.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Platform;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;

/** How {@link TokenizerProcess} is started: a small Java with the few jars that it needs, where this program has them. */
final class ProcessCommand {
    private static final List<String> LEAN = List.of(
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xss1m",
            "-XX:ReservedCodeCacheSize=24m",
            "-XX:CompressedClassSpaceSize=32m",
            "-Xlog:disable",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + (File.separatorChar == '\\' ? "NUL" : "/dev/null"),
            "-XX:+DisplayVMOutputToStderr",
            "-Dai.djl.offline=true");
    /** What a user may have set that decides where the native library is unpacked. */
    private static final List<String> PASSED_ON =
            List.of("user.home", "java.io.tmpdir", "DJL_CACHE_DIR", "ENGINE_CACHE_DIR");

    private static final List<String> JAVA_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");
    /** Sets the limit of memory where there is one, leaves no memory image behind, and becomes the program. */
    private static final String LIMITED = "ulimit -c 0 2>/dev/null; ulimit -v \"$0\" 2>/dev/null; exec \"$@\"";

    private static final int NATIVE_ACCESS_IS_ASKED = 24;
    private static final Path SHELL = Path.of("/bin/sh");

    private ProcessCommand() {}

    /**
     * Starts it; what it and the library write to standard error is thrown away.
     *
     * @param heapBytes of Java
     * @param addressBytes that it may take in all, where the system can limit that
     */
    static Process start(long heapBytes, long addressBytes) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            command.addAll(List.of(SHELL.toString(), "-c", LIMITED, Long.toString(addressBytes >> 10)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LEAN);
        if (Runtime.version().feature() >= NATIVE_ACCESS_IS_ASKED) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-Xms8m");
        command.add("-Xmx" + (heapBytes >> 20) + "m");
        for (String name : PASSED_ON) {
            String value = System.getProperty(name);
            if (value != null) {
                command.add("-D" + name + "=" + value);
            }
        }
        command.addAll(List.of("-cp", classPath(), TokenizerProcess.class.getName()));
        command.add(Long.toString(ProcessHandle.current().pid()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        JAVA_VARIABLES.forEach(builder.environment()::remove);
        builder.environment().put("MALLOC_ARENA_MAX", "2"); // each one of glibc's reserves 64 MB
        return builder.start();
    }

    private static String classPath() throws IOException {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> needed : List.of(TokenizerProcess.class, TokenizersLibrary.class, Platform.class, Logger.class)) {
            places.add(place(needed));
        }
        return String.join(File.pathSeparator, places);
    }

    private static String place(Class<?> needed) throws IOException {
        CodeSource source = needed.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IOException("the place of " + needed.getSimpleName() + " is not known");
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("the place of " + needed.getSimpleName() + " is no file", e);
        }
    }
}
