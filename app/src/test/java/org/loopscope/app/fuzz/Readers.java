package org.loopscope.app.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.base.LoopscopeException;

/** Every reader of files or answers of others that the program has; each worker has its own, in its own folder. */
final class Readers implements AutoCloseable {
    private final List<FuzzReader> all = new ArrayList<>();
    private final ModelReaders models;
    private final OtherReaders others;

    Readers(Path folder, Seeds seeds) throws IOException, LoopscopeException {
        models = new ModelReaders(folder, seeds);
        others = new OtherReaders(folder, seeds);
        all.addAll(models.list());
        all.addAll(new SetReaders(folder).list());
        all.addAll(new TableReaders(folder, seeds).list());
        all.addAll(others.list());
    }

    List<FuzzReader> all() {
        return List.copyOf(all);
    }

    FuzzReader named(String name) {
        return all.stream()
                .filter(reader -> reader.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "want one of " + all.stream().map(FuzzReader::name).toList() + ", got " + name));
    }

    @Override
    public void close() {
        models.close();
        others.close();
    }
}
