package org.loopscope.model.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Where the golden sets are. */
public final class Golden {
    private Golden() {}

    /** A folder or file under the test resources, such as {@code golden/mha}. */
    public static Path path(String name) {
        URL url = Objects.requireNonNull(Golden.class.getResource("/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy of the files of {@code golden/SET} in {@code target}, to be damaged. */
    public static Path copy(String set, Path target) {
        try (Stream<Path> files = Files.list(path("golden/" + set))) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            Files.createDirectories(target);
            for (Path file : regular) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
