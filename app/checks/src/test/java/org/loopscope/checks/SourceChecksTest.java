package org.loopscope.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Error Prone and NullAway say of the source of all modules: nothing. A warning is an error here; a check that is switched off
 * stands in the list with its reason.
 */
class SourceChecksTest {
    private static final Path ROOT = Path.of("..", "..");

    /** The newest Java whose compiler the pinned Error Prone is known to work in. */
    private static final int NEWEST_JAVA = 25;

    private static final List<String> OPTIONS = List.of(
            "-Xep:NullAway:ERROR",
            "-XepOpt:NullAway:AnnotatedPackages=org.loopscope",
            // mixins that picocli reads, and bounds that annotations of record components name
            "-XepOpt:Unused:exemptNames=common,MAX_TOKENS,ABOUT_ONE",
            "-Xep:MissingSummary:OFF", // a comment may begin with what it returns
            "-Xep:InvalidParam:OFF", // takes a word in braces for a parameter
            "-Xep:OperatorPrecedence:OFF", // a && b || c is read here as it is computed
            "-Xep:ArrayRecordComponent:OFF", // records of arrays are values of one thread or say who owns them
            "-Xep:ReferenceEquality:OFF", // this very run, this very rule
            "-Xep:StringSplitter:OFF", // limits are given where they matter
            "-Xep:EnumOrdinal:OFF", // the order of constants is documented where it is used
            "-Xep:ImmutableEnumChecker:OFF", // would want an annotation of Google on functional interfaces
            "-Xep:NonApiType:OFF", // TreeMap says that an order is needed
            "-Xep:DoNotCallSuggester:OFF", // what replaces System.exit in foreign jars
            "-Xep:ThreadPriorityCheck:OFF", // the team of threads yields, see decision 9
            "-Xep:ThreadLocalUsage:OFF", // kept by a kernel that owns it
            "-Xep:FloatingPointLiteralPrecision:OFF", // exact on purpose
            "-Xep:JavaTimeDefaultTimeZone:OFF", // the user's own clock is meant
            "-Xep:ByteBufferBackingArray:OFF", // buffers that the method has just made
            "-Xep:FutureReturnValueIgnored:OFF"); // handed on by whenComplete

    private static final List<String> OPENED = List.of("code", "comp");
    private static final List<String> EXPORTED =
            List.of("api", "file", "main", "model", "parser", "processing", "tree", "util");

    @TempDir
    Path folder;

    @Test
    void errorProneAndNullAwayFindNothing() throws Exception {
        int java = Runtime.version().feature();
        assumeTrue(java <= NEWEST_JAVA, "Error Prone is not tried with Java " + java + " yet: skipped");
        List<Path> sources = sources();
        assertTrue(sources.size() > 500, "the source is there: " + sources.size());
        assertEquals("", compiled(sources), "what Error Prone and NullAway say");
    }

    /** The checks themselves work: a null where none may be, and a comparison that is always false. */
    @Test
    void aFaultIsFound() throws Exception {
        int java = Runtime.version().feature();
        assumeTrue(java <= NEWEST_JAVA, "Error Prone is not tried with Java " + java + " yet: skipped");
        Path fault = Files.writeString(
                Files.createDirectories(folder.resolve("org/loopscope")).resolve("Fault.java"),
                "package org.loopscope; class Fault { static String none() { return null; }"
                        + " static boolean same(int[] a, int[] b) { return a.equals(b); } }");
        String said = compiled(List.of(fault));
        assertTrue(said.contains("[NullAway]") && said.contains("[ArrayEquals]"), said);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        List<Path> modules = new ArrayList<>();
        for (String module : List.of("model", "analysis", "app/bench", "app")) {
            modules.add(ROOT.resolve(module));
        }
        try (Stream<Path> plugins = Files.list(ROOT.resolve("plugins"))) {
            plugins.filter(Files::isDirectory).sorted().forEach(modules::add);
        }
        for (Path module : modules) {
            Path main = module.resolve("src/main/java");
            if (Files.isDirectory(main)) {
                try (Stream<Path> files = Files.walk(main)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    /** What the compiler says of these files; the empty text for nothing. */
    private String compiled(List<Path> sources) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        List<String> arguments = new ArrayList<>(List.of(
                "-d",
                folder.resolve("classes").toString(),
                "--release",
                "17",
                "--add-modules",
                "jdk.incubator.vector",
                "-proc:none",
                "-XDcompilePolicy=simple",
                "--should-stop=ifError=FLOW",
                "-XDaddTypeAnnotationsToSymbol=true",
                "-Xmaxwarns",
                "200",
                "-processorpath",
                classPath,
                "-cp",
                classPath,
                "-Xplugin:ErrorProne " + String.join(" ", OPTIONS)));
        sources.forEach(file -> arguments.add(file.toString()));
        Path file = Files.write(
                folder.resolve("arguments"),
                arguments.stream().map(SourceChecksTest::quoted).toList());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        EXPORTED.forEach(
                part -> command.add("-J--add-exports=jdk.compiler/com.sun.tools.javac." + part + "=ALL-UNNAMED"));
        OPENED.forEach(part -> command.add("-J--add-opens=jdk.compiler/com.sun.tools.javac." + part + "=ALL-UNNAMED"));
        command.add("-J-Xmx2g");
        command.add("@" + file);
        Path log = folder.resolve("log");
        Process javac = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = javac.waitFor();
        List<String> said = Files.readAllLines(log);
        boolean found = code != 0 || said.stream().anyMatch(line -> line.contains("warning: ["));
        return found ? String.join("\n", said) : "";
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
