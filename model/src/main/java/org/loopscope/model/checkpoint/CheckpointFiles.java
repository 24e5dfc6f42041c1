package org.loopscope.model.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** The safetensors files of one folder, and which of them holds which tensor. */
final class CheckpointFiles implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String WEIGHTS = "a safetensors file";

    private final String description;
    private final Map<String, SafetensorsFile> files = new TreeMap<>(); // by file name
    private final Map<String, SafetensorsFile> owners = new TreeMap<>(); // by tensor name
    private final Set<String> indexed = new TreeSet<>(); // names that only the index has
    private final List<String> warnings = new ArrayList<>();

    private CheckpointFiles(String description) {
        this.description = description;
    }

    /**
     * Opens the single file or, where there is none, the shards that the index names; as published loaders do, what is
     * wrong in the index counts only for tensors that are {@code needed}.
     *
     * @param model what warnings call it, {@link LoopFamily#title}
     */
    static CheckpointFiles open(Path folder, Set<String> needed, String model) throws LoopscopeException {
        boolean single = FolderFile.exists(folder, SINGLE);
        if (!single && !FolderFile.exists(folder, WeightIndex.FILE)) {
            throw new LoopscopeException("Model folder " + ForeignText.shown(folder.toString(), 100) + ": expected "
                    + SINGLE + " or " + WeightIndex.FILE + " in it, " + WeightsInstead.inFolder(folder) + ".");
        }
        CheckpointFiles opened = new CheckpointFiles(single ? SINGLE : WeightIndex.FILE);
        boolean complete = false;
        try {
            if (single) {
                opened.openSingle(folder);
            } else {
                opened.openShards(folder, needed, model);
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
        SafetensorsFile file = open(folder, SINGLE);
        file.names().forEach(name -> owners.put(name, file));
        if (FolderFile.exists(folder, WeightIndex.FILE) && !namesOnlySingle(folder)) {
            warnings.add(WeightIndex.FILE + " beside " + SINGLE + " names other files; they are not read.");
        }
    }

    private static boolean namesOnlySingle(Path folder) {
        try {
            return WeightIndex.read(folder, Set.of()).files().equals(Set.of(SINGLE));
        } catch (LoopscopeException e) {
            return false; // not needed, so its faults do not matter
        }
    }

    private SafetensorsFile open(Path folder, String name) throws LoopscopeException {
        SafetensorsFile file = SafetensorsFile.open(FolderFile.of(folder, name, WEIGHTS));
        files.put(name, file);
        return file;
    }

    private void openShards(Path folder, Set<String> needed, String model) throws LoopscopeException {
        WeightIndex index = WeightIndex.read(folder, needed);
        warnings.addAll(index.warnings());
        Set<String> neededFiles = index.filesOf(needed);
        checkPresent(folder, neededFiles);
        List<String> unread = new ArrayList<>();
        for (String shard : index.files()) {
            try {
                open(folder, shard);
            } catch (LoopscopeException e) {
                if (neededFiles.contains(shard)) {
                    throw e;
                }
                unread.add(shard);
            }
        }
        Told.add(
                warnings,
                unread,
                name -> WeightIndex.FILE + " names " + name + ", which cannot be read",
                "no tensor of " + model + " should be there");
        assignOwners(index, needed, model);
    }

    private static void checkPresent(Path folder, Set<String> shards) throws LoopscopeException {
        List<String> absent = shards.stream()
                .filter(shard -> !FolderFile.exists(folder, shard))
                .toList();
        if (!absent.isEmpty()) {
            throw new LoopscopeException(WeightIndex.FILE + ": expected " + shards.size()
                    + " files beside it, found no " + ForeignText.shown(absent.get(0))
                    + (absent.size() == 1 ? "." : "; " + (absent.size() - 1) + " more are absent."));
        }
    }

    /** A tensor belongs to the file that the index says, if it is there, else to a file that has it. */
    private void assignOwners(WeightIndex index, Set<String> needed, String model) throws LoopscopeException {
        List<String> twice = new ArrayList<>();
        for (SafetensorsFile file : files.values()) {
            for (String name : file.names()) {
                if (owners.put(name, file) != null && needed.contains(name)) {
                    twice.add(name);
                }
            }
        }
        List<String> elsewhere = new ArrayList<>();
        for (String name : index.tensors()) {
            @Nullable SafetensorsFile stated = files.get(index.shardOf(name));
            if (stated != null && stated.names().contains(name)) {
                owners.put(name, stated);
            } else if (!owners.containsKey(name)) {
                requireUnneeded(name, index, needed);
                indexed.add(name);
            } else if (needed.contains(name)) {
                elsewhere.add(name);
            }
        }
        Told.add(
                warnings,
                List.copyOf(indexed),
                name -> WeightIndex.FILE + " names " + name + ", which no file holds",
                model.replaceFirst("^an? ", "no ") + " has it");
        Told.add(
                warnings,
                elsewhere,
                name -> WeightIndex.FILE + " names another file for " + name + " than the one that holds it",
                "it is taken from there");
        Told.add(warnings, twice, name -> name + " is in two files", "the one that the index names is taken");
    }

    private static void requireUnneeded(String name, WeightIndex index, Set<String> needed) throws LoopscopeException {
        if (needed.contains(name)) {
            throw new LoopscopeException(name + " in " + ForeignText.shown(String.valueOf(index.shardOf(name)))
                    + ": expected this tensor, as " + WeightIndex.FILE + " says, found none.");
        }
    }

    /** The file that says which tensors there are, as errors name it. */
    String description() {
        return description;
    }

    /** What the user should know about them, one sentence each. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** All tensors that are there. */
    Set<String> names() {
        return owners.keySet();
    }

    /** All tensors that are there or should be. */
    Set<String> statedNames() {
        Set<String> names = new TreeSet<>(owners.keySet());
        names.addAll(indexed);
        return names;
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
