package org.loopscope.app.panels;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.loopscope.lab.Lab;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.IoReason;
import org.loopscope.plugin.PanelProvider;

/** The jars that a user dropped into a folder of panels, and the classes of panels that they name. */
final class PanelJars {
    private static final String PANELS = "META-INF/services/" + PanelProvider.class.getName();
    private static final String LABS = "META-INF/services/" + Lab.class.getName();
    private static final int MOST_PANELS = 100; // of one jar

    private final BiConsumer<String, Throwable> problems;
    private final Map<Path, List<String>> panels = new LinkedHashMap<>(); // names of classes by jar
    private final Map<Path, List<String>> labs = new LinkedHashMap<>();
    private @Nullable ClassLoader loader;

    private PanelJars(BiConsumer<String, Throwable> problems) {
        this.problems = problems;
    }

    /**
     * The folders: {@code plugins} of the distribution, as its start script says, and the one of {@code LOOPSCOPE_PLUGINS}.
     */
    static List<Path> folders(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        Stream.of(System.getProperty("loopscope.plugins", ""), environment.getOrDefault("LOOPSCOPE_PLUGINS", ""))
                .filter(text -> !text.isBlank())
                .forEach(text -> {
                    try {
                        folders.add(Path.of(text));
                    } catch (InvalidPathException e) {
                        return; // no folder has such a name
                    }
                });
        return folders;
    }

    /** The jars in {@code folders}; what cannot be used is told with the name of its jar. */
    static PanelJars of(List<Path> folders, BiConsumer<String, Throwable> problems) {
        PanelJars jars = new PanelJars(problems);
        folders.forEach(jars::read);
        return jars;
    }

    /** A lab of a jar. */
    record Found(Path jar, Lab lab, ClassLoader loader) {}

    /** Loads every lab that they name. */
    List<Found> labs() {
        List<Found> opened = new ArrayList<>();
        each(labs, (jar, name) -> {
            Lab lab = GuardedProvider.make(jar, name, loader(), Lab.class, "lab");
            GuardedProvider.guarded(jar, name, loader(), () -> requireSaysItsName(lab));
            opened.add(new Found(jar, lab, loader()));
        });
        return opened;
    }

    /** Loads every panel that they name. */
    List<GuardedProvider> panels() {
        List<GuardedProvider> opened = new ArrayList<>();
        each(panels, (jar, name) -> opened.add(GuardedProvider.open(jar, name, loader())));
        return opened;
    }

    private void each(Map<Path, List<String>> named, BiConsumer<Path, String> open) {
        named.forEach((jar, names) -> names.forEach(name -> {
            try {
                open.accept(jar, name);
            } catch (PanelFailure e) {
                problems.accept(String.valueOf(e.getMessage()), e);
            }
        }));
    }

    /** One for all jars; never closed, as panels load classes as long as the program runs. */
    private ClassLoader loader() {
        ClassLoader made = loader;
        if (made == null) {
            made = new PanelClassLoader(urls(), PanelJars.class.getClassLoader());
            loader = made;
        }
        return made;
    }

    private static boolean requireSaysItsName(Lab lab) {
        boolean plain = lab.id().matches("[a-z0-9][a-z0-9-]{0,59}")
                && lab.command().matches("[a-z0-9][a-z0-9-]{0,39}( [a-z0-9][a-z0-9-]{0,39})?");
        if (!plain
                || lab.title().isBlank()
                || lab.summary().isBlank()
                || lab.figures().isEmpty()) {
            throw new PanelFailure.Rule(
                    "a lab needs an id of lower-case words joined by -, a command of one or two such, a title, a summary and a"
                            + " figure");
        }
        lab.settings().forEach(setting -> setting.name());
        return true;
    }

    private void read(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(this::readJar);
        } catch (IOException e) {
            tell(
                    "The folder of panels " + ForeignText.shown(folder.toString()) + " cannot be read ("
                            + IoReason.of(e) + ").",
                    e);
        }
    }

    private void readJar(Path jar) {
        if (!Files.isRegularFile(jar)) { // opening a pipe would wait for ever
            tell(
                    "The jar " + name(jar) + " among the panels cannot be read: it is no file.",
                    new IOException("no file"));
            return;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry services = file.getEntry(PANELS);
            panels.put(
                    jar, services == null ? List.of() : names(file, services)); // without panels: a library of others
            ZipEntry declared = file.getEntry(LABS);
            labs.put(jar, declared == null ? List.of() : names(file, declared));
        } catch (IOException | RuntimeException e) {
            tell("The jar " + name(jar) + " among the panels cannot be read: it is damaged or no jar.", e);
        }
    }

    /** As a failure of a panel, which is the user's to mend and needs no stack trace. */
    private void tell(String sentence, Exception cause) {
        problems.accept(sentence, new PanelFailure(sentence, cause));
    }

    private static List<String> names(JarFile jar, ZipEntry services) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(jar.getInputStream(services), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .distinct()
                    .limit(MOST_PANELS)
                    .toList();
        }
    }

    private URL[] urls() {
        return panels.keySet().stream().map(Path::toFile).map(PanelJars::url).toArray(URL[]::new);
    }

    private static URL url(File jar) {
        try {
            return jar.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file always has a URL", e);
        }
    }

    private static String name(Path jar) {
        return ForeignText.shown(String.valueOf(jar.getFileName()));
    }
}
