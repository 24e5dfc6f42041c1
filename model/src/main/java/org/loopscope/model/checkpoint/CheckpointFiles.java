package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;

/** The safetensors files of one folder, and which of them holds which tensor. */
final class CheckpointFiles implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_INDEX_BYTES = 64L << 20;

    private final String description;
    private final Map<String, SafetensorsFile> files = new TreeMap<>(); // by file name
    private final Map<String, SafetensorsFile> owners = new TreeMap<>(); // by tensor name

    private CheckpointFiles(String description) {
        this.description = description;
    }

    /** Opens the single file or, where there is none, the shards that the index names. */
    static CheckpointFiles open(Path folder) throws LoopscopeException {
        boolean single = Files.exists(folder.resolve(SINGLE));
        if (!single && !Files.exists(folder.resolve(INDEX))) {
            throw new LoopscopeException(
                    "Model folder " + folder + ": expected " + SINGLE + " or " + INDEX + " in it, found neither.");
        }
        CheckpointFiles opened = new CheckpointFiles(single ? SINGLE : INDEX);
        boolean complete = false;
        try {
            if (single) {
                opened.openSingle(folder);
            } else {
                opened.openShards(folder);
            }
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                opened.close();
            }
        }
    }

    private void openSingle(Path folder) throws LoopscopeException {
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(SINGLE));
        files.put(SINGLE, file);
        file.tensors().forEach(tensor -> owners.put(tensor.name(), file));
    }

    private void openShards(Path folder) throws LoopscopeException {
        Map<String, String> weightMap = weightMap(JsonFields.read(folder.resolve(INDEX), MAX_INDEX_BYTES));
        checkPresent(folder, weightMap);
        for (Map.Entry<String, String> entry : weightMap.entrySet()) {
            String shard = entry.getValue();
            SafetensorsFile file = files.get(shard);
            if (file == null) {
                file = SafetensorsFile.open(folder.resolve(shard));
                files.put(shard, file);
            }
            if (file.find(entry.getKey()).isEmpty()) {
                throw new LoopscopeException(
                        entry.getKey() + " in " + shard + ": expected this tensor, as " + INDEX + " says, found none.");
            }
            owners.put(entry.getKey(), file);
        }
        addUnindexed();
    }

    /** Tensors that shards hold but the index leaves out are the folder's too. */
    private void addUnindexed() {
        for (SafetensorsFile file : files.values()) {
            file.tensors().forEach(tensor -> owners.putIfAbsent(tensor.name(), file));
        }
    }

    private static Map<String, String> weightMap(JsonFields index) throws LoopscopeException {
        JsonNode map = index.get("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw index.refused("weight_map", "a JSON object from tensor names to file names");
        }
        Map<String, String> shards = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isTextual()
                    || !isPlainFileName(entry.getValue().asText())) {
                throw new LoopscopeException(index.file() + ": " + entry.getKey()
                        + ": expected the name of a file in the same folder, found "
                        + JsonFields.shown(entry.getValue()) + ".");
            }
            shards.put(entry.getKey(), entry.getValue().asText());
        }
        return shards;
    }

    private static boolean isPlainFileName(String name) {
        return !name.isBlank()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    }

    private static void checkPresent(Path folder, Map<String, String> weightMap) throws LoopscopeException {
        Set<String> shards = new TreeSet<>(weightMap.values());
        List<String> absent = new ArrayList<>();
        for (String shard : shards) {
            if (!Files.exists(folder.resolve(shard))) {
                absent.add(shard);
            }
        }
        if (!absent.isEmpty()) {
            throw new LoopscopeException(INDEX + ": expected " + shards.size() + " files beside it, found no "
                    + absent.get(0) + (absent.size() == 1 ? "." : "; " + (absent.size() - 1) + " more are absent."));
        }
    }

    /** The file that says which tensors there are, as errors name it. */
    String description() {
        return description;
    }

    Set<String> names() {
        return owners.keySet();
    }

    boolean holds(String tensor) {
        return owners.containsKey(tensor);
    }

    SafetensorsFile fileOf(String tensor) {
        @Nullable SafetensorsFile file = owners.get(tensor);
        if (file == null) {
            throw new IllegalArgumentException("tensor: want one of this folder, got " + tensor);
        }
        return file;
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}
