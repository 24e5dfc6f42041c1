package org.loopscope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every library of the distribution has its licence beside it. */
class LicencesTest {
    private static final Path LICENCES = Path.of("src/dist/licenses");
    private static final Path LIST = LICENCES.resolve("libraries.txt");

    /** Written by the build: the jars that {@code lib} will hold. */
    private static final Path JARS = Path.of("target/libraries-of-the-distribution.txt");

    private record Library(String jars, String file) {
        boolean covers(String jar) {
            return jar.startsWith(jars) && jar.substring(jars.length()).matches("\\.jar|-[0-9].*\\.jar");
        }
    }

    private static List<Library> libraries() throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+", 3))
                .map(cells -> new Library(cells[0], cells[1]))
                .toList();
    }

    private static List<String> jars() throws IOException {
        return Arrays.stream(Files.readString(JARS).strip().split("\\|"))
                .map(path -> Path.of(path).getFileName().toString())
                .filter(name -> name.endsWith(".jar") && !name.startsWith("loopscope-"))
                .sorted()
                .toList();
    }

    @Test
    void everyJarOfTheDistributionHasALineAndATextOfItsLicence() throws Exception {
        List<String> jars = jars();
        assertTrue(jars.size() > 80, "these are not all: " + jars);
        List<Library> libraries = libraries();
        List<String> without = jars.stream()
                .filter(jar -> libraries.stream().noneMatch(library -> library.covers(jar)))
                .toList();
        assertEquals(List.of(), without, "add a line for each to " + LIST + ", which says how, and name it in NOTICE");
    }

    @Test
    void noLineIsLeftOfALibraryThatIsGone() throws Exception {
        List<String> jars = jars();
        List<Library> gone = libraries().stream()
                .filter(library -> jars.stream().noneMatch(library::covers))
                .toList();
        assertEquals(List.of(), gone, "take these lines out of " + LIST);
    }

    @Test
    void everyTextIsThereWholeAndNamedByALine() throws Exception {
        Set<String> named = libraries().stream().map(Library::file).collect(Collectors.toCollection(TreeSet::new));
        for (String file : named) {
            String text = Files.readString(LICENCES.resolve(file));
            assertTrue(text.length() > 1000, file + " is too short for a licence");
        }
        try (Stream<Path> files = Files.list(LICENCES)) {
            Optional<String> unnamed = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("libraries.txt") && !name.equals("apache-2.0.txt"))
                    .filter(name -> !named.contains(name))
                    .findFirst();
            assertEquals(Optional.empty(), unnamed, "no line names this text");
        }
    }
}
