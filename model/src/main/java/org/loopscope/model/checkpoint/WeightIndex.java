package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.LoopscopeException;

/** The index of a folder with several weight files: which of them should hold which tensor. */
public final class WeightIndex {
    public static final String FILE = "model.safetensors.index.json";
    private static final long MAX_BYTES = 64L << 20;

    private final Map<String, String> shards = new TreeMap<>(); // file name by tensor name
    private final List<String> warnings = new ArrayList<>();

    private WeightIndex() {}

    /**
     * The index in {@code folder}.
     *
     * @param needed names of tensors whose entries must be right; others are told and left out
     * @throws LoopscopeException with file, tensor, expected and found, if it is no index, or names a file out of the folder
     */
    public static WeightIndex read(Path folder, Set<String> needed) throws LoopscopeException {
        JsonFields json =
                JsonFields.read(FolderFile.of(folder, FILE, "an index of weight files"), "an index", MAX_BYTES);
        JsonNode map = json.get("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw json.refused("weight_map", "a JSON object from tensor names to file names");
        }
        WeightIndex index = new WeightIndex();
        json.warning().ifPresent(index.warnings::add);
        List<String> unusable = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            Optional<String> shard =
                    entry.getValue().isTextual() ? inFolder(entry.getValue().asText()) : Optional.empty();
            if (shard.isPresent()) {
                index.shards.put(entry.getKey(), shard.get());
            } else if (needed.contains(entry.getKey())) {
                throw json.refused(entry.getKey(), "the name of a file in the same folder", entry.getValue());
            } else {
                unusable.add(entry.getKey());
            }
        }
        Told.add(index.warnings, unusable, name -> FILE + " names no file of the folder for " + name, "ignored");
        return index;
    }

    /** The file name without {@code ./}, if it leads to a file in the folder or below it. */
    private static Optional<String> inFolder(String name) {
        if (name.startsWith("/") || name.chars().anyMatch(c -> c == '\\' || c == ':' || c < ' ')) {
            return Optional.empty();
        }
        List<String> parts = Arrays.stream(name.split("/", -1))
                .filter(part -> !part.equals("."))
                .toList();
        if (parts.isEmpty() || parts.stream().anyMatch(part -> part.isBlank() || part.equals(".."))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(String.join("/", parts)).toString());
        } catch (InvalidPathException e) {
            return Optional.empty(); // no name that a file could have here
        }
    }

    /** The file that should hold a tensor; null if the index does not name the tensor. */
    @Nullable
    String shardOf(String tensor) {
        return shards.get(tensor);
    }

    Set<String> tensors() {
        return shards.keySet();
    }

    /** All files that it names, in name order. */
    public Set<String> files() {
        return new TreeSet<>(shards.values());
    }

    /** The files that should hold one of {@code tensors}, in name order. */
    public Set<String> filesOf(Collection<String> tensors) {
        Set<String> files = new TreeSet<>();
        tensors.stream().filter(shards::containsKey).map(shards::get).forEach(files::add);
        return files;
    }

    /** What the user should know about it. */
    List<String> warnings() {
        return warnings;
    }
}
