package org.loopscope.app.panels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Builds jars with a panel that does one thing which no panel should, in one of its methods. */
public final class HostileJar {
    /** Where it happens: each is a place in {@link #SOURCE}. */
    public static final List<String> PLACES = List.of(
            "static",
            "constructor",
            "id",
            "title",
            "summary",
            "order",
            "help",
            "supports",
            "create",
            "view",
            "dispose",
            "figures");

    /** What happens, as a statement. */
    public static final Map<String, String> DEEDS = Map.ofEntries(
            Map.entry("exception", "if (ON) throw new IllegalStateException(\"boom\");"),
            Map.entry("error", "if (ON) throw new StackOverflowError();"),
            Map.entry("memory", "if (ON) throw new OutOfMemoryError(\"Java heap space\");"),
            Map.entry("checked", "if (ON) P.<RuntimeException>sneak(new java.io.IOException(\"checked\"));"),
            Map.entry("exit", "if (ON) System.exit(7);"),
            Map.entry("halt", "if (ON) Runtime.getRuntime().halt(7);"),
            Map.entry("handed", "if (ON) java.util.stream.IntStream.of(7).forEach(System::exit);"),
            Map.entry("platform", "if (ON) javafx.application.Platform.exit();"),
            Map.entry(
                    "listener",
                    "if (ON) c.exitRuleProperty().addListener((o, a, b) -> { throw new LinkageError(\"listening\"); });"),
            Map.entry("null", "if (ON) return null;"),
            Map.entry(
                    "layout",
                    "if (ON) return new javafx.scene.layout.Pane() { protected void layoutChildren() {"
                            + " throw new IllegalStateException(\"laid out\"); } };"),
            Map.entry("forever", "if (ON) while (ON) { Thread.onSpinWait(); }"),
            Map.entry(
                    "blocked",
                    "if (ON) try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { while (ON) { Thread.onSpinWait(); } }"));

    /** Deeds that are not statements for every place, with the places that they are for. */
    private static final Map<String, List<String>> ONLY_IN = Map.of(
            "layout", List.of("view"),
            "listener", List.of("create"),
            "null", List.of("id", "title", "summary", "help", "create", "view", "figures"));

    /** Whether {@code deed} can be done in {@code place}. */
    public static boolean fits(String deed, String place) {
        return ONLY_IN.getOrDefault(deed, PLACES).contains(place);
    }

    private static final String SOURCE = "package hostile;\n"
            + "import java.util.List; import org.loopscope.analysis.run.Inspection; import org.loopscope.plugin.*;"
            + " import org.loopscope.figure.Figure; import javafx.scene.Node; import javafx.scene.control.Label;\n"
            + "public class P implements PanelProvider {\n"
            + "  static volatile boolean ON = true;\n"
            + "  static { @static@ }\n"
            + "  public P() { @constructor@ }\n"
            + "  public String id() { @id@ return \"@NAME@\"; }\n"
            + "  public String title() { @title@ return \"Title of @NAME@\"; }\n"
            + "  public String summary() { @summary@ return \"A panel\"; }\n"
            + "  public int order() { @order@ return 5000; }\n"
            + "  public String help() { @help@ return \"Help\"; }\n"
            + "  public boolean supports(Inspection i) { @supports@ return true; }\n"
            + "  public Panel create(PanelContext c) { @create@ return new Panel() {\n"
            + "    public Node view() { @view@ return new Label(\"hello\"); }\n"
            + "    public void dispose() { @dispose@ } }; }\n"
            + "  public List<Figure> figures(PanelState s) { @figures@ return List.of(); }\n"
            + "  static <T extends Throwable> void sneak(Throwable t) throws T { throw (T) t; }\n"
            + "}\n";

    private HostileJar() {}

    /** A jar in {@code folder} whose panel does {@code deed} in {@code place}. */
    public static Path build(Path folder, String deed, String place) throws IOException {
        String name = deed + "-" + place;
        String source = SOURCE.replace("@" + place + "@", DEEDS.getOrDefault(deed, ""));
        for (String other : PLACES) {
            source = source.replace("@" + other + "@", "");
        }
        // One package a jar: all share a class loader.
        String id = name.replace('-', '_');
        source = source.replace("@NAME@", name).replace("package hostile", "package hostile." + id + "_");
        return jar(folder.resolve(name + ".jar"), "hostile." + id + "_.P", compile(folder, name, source, List.of()));
    }

    /** Compiles one class named {@code P}; gives the folder of its class files. */
    public static Path compile(Path folder, String name, String source, List<String> options) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources-" + name));
        Path file = Files.writeString(sources.resolve("P.java"), source);
        Path classes = Files.createDirectories(sources.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = new ArrayList<>(List.of(
                "-nowarn", "-XDsuppressNotes", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        arguments.addAll(options);
        arguments.add(file.toString());
        int result = compiler.run(null, null, null, arguments.toArray(String[]::new));
        assertTrue(result == 0, "the panel " + name + " does not compile");
        return classes;
    }

    /** Packs class files with the entry that names the panel {@code provider}. */
    static Path jar(Path jar, String provider, Path classes) throws IOException {
        return jar(jar, "org.loopscope.plugin.PanelProvider", provider, classes);
    }

    /** Packs class files with the entry that names {@code provider} of {@code service}. */
    public static Path jar(Path jar, String service, String provider, Path classes) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            packed.putNextEntry(new ZipEntry("META-INF/services/" + service));
            packed.write(provider.getBytes(StandardCharsets.UTF_8));
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                packed.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }
}
