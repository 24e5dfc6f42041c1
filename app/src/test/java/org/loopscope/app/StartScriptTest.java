package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start script of the distribution with a Java that only tells how it was called. */
@DisabledOnOs(OS.WINDOWS)
class StartScriptTest {
    private static final Path SCRIPT = Path.of("src/dist/bin/loopscope");

    @TempDir
    Path folder;

    private Path home;

    private record Result(int code, List<String> out, String err) {}

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.resolve("my programs/loopscope"));
        Files.createDirectories(home.resolve("bin"));
        executable(home.resolve("bin/loopscope"), Files.readString(SCRIPT));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * A JAVA_HOME whose java prints one argument a line. Of locales it has {@code C.UTF-8}, {@code de_DE.UTF-8} and {@code
     * de_DE}, which has Latin letters; it takes every other for {@code C}, as a real one does.
     */
    private Path java(String versionLine) throws IOException {
        Path javaHome = folder.resolve("java home");
        executable(javaHome.resolve("bin/java"), """
                #!/bin/sh
                case ${LC_ALL:-${LC_CTYPE:-$LANG}} in
                    C.UTF-8 | de_DE.UTF-8) letters=UTF-8 ;;
                    de_DE) letters=ISO-8859-1 ;;
                    *) letters=ANSI_X3.4-1968 ;;
                esac
                if [ "$1" = -XshowSettings:properties ] && [ "$2" = -version ]; then
                    echo "Property settings:" >&2
                    echo "    sun.jnu.encoding = $letters" >&2
                    echo 'VERSION' >&2
                    exit 0
                fi
                echo "LC_ALL=$LC_ALL"
                for a in "$@"; do printf '%s\n' "$a"; done
                exit 7
                """.replace("VERSION", versionLine));
        return javaHome;
    }

    private Result start(Path script, Map<String, String> environment, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().keySet().removeIf(name -> name.startsWith("LOOPSCOPE_") || name.equals("JAVA_HOME"));
        builder.environment().putAll(environment);
        int code = builder.redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Result(code, Files.readAllLines(out), Files.readString(err));
    }

    private Result startWith(String versionLine, String... args) throws Exception {
        return start(
                home.resolve("bin/loopscope"),
                Map.of("JAVA_HOME", java(versionLine).toString()),
                args);
    }

    @Test
    void argumentsAndTheExitCodeArePassedOnThroughPathsWithSpaces() throws Exception {
        Result result = startWith("openjdk version \"17.0.15\" 2025-04-15", "run", "--prompt", "a  b 'c' *");
        assertEquals(7, result.code());
        int end = result.out().size();
        assertEquals(
                List.of("org.loopscope.app.Launcher", "run", "--prompt", "a  b 'c' *"),
                result.out().subList(end - 4, end));
        String classpath = result.out().get(result.out().indexOf("-classpath") + 1);
        assertEquals(home.toRealPath() + "/lib/*", classpath, "jars of panels are loaded by the program");
        assertTrue(result.out().contains("-Dloopscope.plugins=" + home.toRealPath() + "/plugins"));
        assertTrue(result.out().contains("-Dorg.bytedeco.javacpp.maxbytes=0"));
        assertTrue(result.out().contains("-Dloopscope.terminal=false"));
    }

    @Test
    void theFlagsOfNewerJavaAreGivenToNewerJavaOnly() throws Exception {
        String flag = "--sun-misc-unsafe-memory-access=allow";
        assertFalse(startWith("openjdk version \"17.0.15\" 2025-04-15").out().contains(flag));
        assertFalse(startWith("openjdk version \"23.0.1\" 2024-10-15").out().contains(flag));
        assertTrue(startWith("openjdk version \"24\" 2025-03-18").out().contains(flag));
        assertTrue(startWith("openjdk version \"26-ea\" 2026-03-17").out().contains(flag));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"java version \"1.8.0_392\" | 8", "openjdk version \"11.0.20\" 2023-07-18 | 11"})
    void anOlderJavaIsRefusedWithOneSentence(String versionLine, String version) throws Exception {
        Result result = startWith(versionLine);
        assertEquals(2, result.code());
        assertEquals(
                "loopscope: Java 17 or later is needed, but " + folder.resolve("java home/bin/java") + " is Java "
                        + version + ".\n",
                result.err());
    }

    @Test
    void aJavaHomeWithoutJavaIsNamed() throws Exception {
        Result result = start(home.resolve("bin/loopscope"), Map.of("JAVA_HOME", "/nowhere"));
        assertEquals(2, result.code());
        assertEquals("loopscope: JAVA_HOME is /nowhere, but there is no bin/java in it.\n", result.err());
    }

    @Test
    void aLinkToTheScriptFindsTheProgram() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path first = Files.createSymbolicLink(bin.resolve("first"), Path.of("../my programs/loopscope/bin/loopscope"));
        Path link = Files.createSymbolicLink(bin.resolve("loopscope"), first.getFileName());
        Result result = start(
                link,
                Map.of(
                        "JAVA_HOME",
                        java("openjdk version \"17.0.15\" 2025-04-15").toString()));
        assertTrue(
                result.out().get(result.out().indexOf("-classpath") + 1).startsWith(home.toRealPath() + "/lib/*"),
                result.out().toString());
    }

    @Test
    void optionsAndLocaleComeFromTheEnvironment() throws Exception {
        String javaHome = java("openjdk version \"17.0.15\" 2025-04-15").toString();
        Result plain = start(home.resolve("bin/loopscope"), Map.of("JAVA_HOME", javaHome));
        assertEquals("LC_ALL=C.UTF-8", plain.out().get(0));
        Result told = start(
                home.resolve("bin/loopscope"),
                Map.of(
                        "JAVA_HOME", javaHome,
                        "LOOPSCOPE_OPTS", "-Xmx12g -Da=b",
                        "LANG", "de_DE.UTF-8"));
        assertEquals("LC_ALL=", told.out().get(0));
        int options = told.out().indexOf("-Xmx12g");
        assertTrue(options > told.out().indexOf("-XX:MaxRAMPercentage=40"), "the user's options come last");
        assertEquals("-Da=b", told.out().get(options + 1));
    }

    @ParameterizedTest
    @CsvSource({
        "LANG, xx_XX.UTF-8, C.UTF-8", // named well, but not installed
        "LC_CTYPE, UTF-8, C.UTF-8", // of a desktop that one came from
        "LC_ALL, nonsense, C.UTF-8",
        "LC_ALL, POSIX, C.UTF-8",
        "LC_ALL, de_DE.UTF-8, de_DE.UTF-8",
        "LANG, de_DE, ''" // other letters than UTF-8 are the user's wish
    })
    void aLocaleIsReplacedByWhatJavaMakesOfItNotByItsName(String variable, String locale, String expected)
            throws Exception {
        Result result = start(
                home.resolve("bin/loopscope"),
                Map.of(
                        "JAVA_HOME",
                        java("openjdk version \"17.0.15\" 2025-04-15").toString(),
                        variable,
                        locale));
        assertEquals("LC_ALL=" + expected, result.out().get(0));
    }
}
