package org.loopscope.model.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.checkpoint.ConfigReader;
import org.loopscope.model.checkpoint.StandIn;
import org.loopscope.model.checkpoint.WeightIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Hugging Face cache folder as all programs share it: {@code models--org--name/} with {@code blobs/}, named by
 * content; {@code snapshots/COMMIT/}, whose files point into blobs; and {@code refs/}, which name commits. Only Ouro
 * models are looked at; nothing here uses the network or writes.
 */
public final class HubCache {
    static final String MAIN = "main";
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final long MAX_REF_BYTES = 256;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Logger LOG = LoggerFactory.getLogger(HubCache.class);

    private final Path folder;

    public HubCache(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    Path repoFolder(RepoId repo) {
        return folder.resolve(repo.folderName());
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Every snapshot of an Ouro model, by name, main first. A cache that is not there or cannot be read has none. */
    public List<CachedModel> models() {
        List<CachedModel> models = new ArrayList<>();
        Map<RepoId, Path> repos = new TreeMap<>();
        for (Path child : children(folder)) {
            RepoId.ofFolder(child.getFileName().toString()).ifPresent(repo -> repos.put(repo, child));
        }
        repos.keySet().forEach(repo -> models.addAll(snapshots(repo)));
        return models;
    }

    /** The snapshots of {@code repo} that hold the configuration of a looped model, main first. */
    private List<CachedModel> snapshots(RepoId repo) {
        Map<String, String> names = refNames(repo);
        List<CachedModel> found = new ArrayList<>();
        for (Path snapshot : children(repoFolder(repo).resolve("snapshots"))) {
            if (isLooped(snapshot)) {
                String commit = snapshot.getFileName().toString();
                found.add(new CachedModel(repo, names.getOrDefault(commit, commit), snapshot, missing(snapshot)));
            }
        }
        found.sort(Comparator.comparing((CachedModel m) -> !m.revision().equals(MAIN))
                .thenComparing(CachedModel::revision));
        return found;
    }

    private static boolean isLooped(Path snapshot) {
        try {
            ConfigReader.read(FolderFile.of(snapshot, CONFIG, "a configuration"));
            return true;
        } catch (LoopscopeException e) {
            LOG.debug("{}: {}", snapshot, e.getMessage());
            return false;
        }
    }

    /** Names by commit; main where several point to one. */
    private Map<String, String> refNames(RepoId repo) {
        Map<String, String> names = new TreeMap<>();
        Path refs = repoFolder(repo).resolve("refs");
        for (Path ref : children(refs)) {
            readRef(ref).ifPresent(commit -> {
                String name = ref.getFileName().toString();
                names.merge(commit, name, (a, b) -> a.equals(MAIN) ? a : b);
            });
        }
        return names;
    }

    private static Optional<String> readRef(Path ref) {
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InputFile.text(ref, "a commit", MAX_REF_BYTES).strip())
                    .filter(HubCache::isCommit);
        } catch (LoopscopeException e) {
            LOG.debug("{}", ref, e);
            return Optional.empty();
        }
    }

    /** Which file a model needs and {@code snapshot} does not have, for a link that leads nowhere too. */
    static Optional<String> missing(Path snapshot) {
        Optional<String> config = missing(snapshot, CONFIG);
        if (config.isPresent()) {
            return config;
        }
        if (FolderFile.exists(snapshot, WEIGHTS) || !FolderFile.exists(snapshot, WeightIndex.FILE)) {
            return missing(snapshot, WEIGHTS);
        }
        return missing(snapshot, WeightIndex.FILE).or(() -> missingShards(snapshot));
    }

    private static Optional<String> missing(Path snapshot, String name) {
        Path file = snapshot.resolve(name);
        if (!Files.exists(file)) {
            return Optional.of(name + " is missing");
        }
        return StandIn.in(file).isPresent()
                ? Optional.of(name + " is the text of a link, as copies without links leave it")
                : Optional.empty();
    }

    private static Optional<String> missingShards(Path snapshot) {
        try {
            Set<String> needed = ConfigReader.readWithWarnings(snapshot.resolve(CONFIG))
                    .tensors()
                    .keySet();
            Set<String> shards = WeightIndex.read(snapshot, needed).filesOf(needed);
            List<String> absent = shards.stream()
                    .filter(shard -> missing(snapshot, shard).isPresent())
                    .toList();
            return absent.isEmpty()
                    ? Optional.empty()
                    : Optional.of(absent.size() + " of " + shards.size() + " weight files are missing");
        } catch (LoopscopeException e) {
            LOG.debug("{}", snapshot, e);
            return Optional.empty(); // opening the model tells what is wrong
        }
    }

    /**
     * The snapshot that {@code text}, {@code ORG/NAME} or {@code ORG/NAME@REVISION}, means. Without a revision it is
     * that of main, or the only one. Empty if {@code text} is no such name or the cache has no such repository.
     *
     * @throws LoopscopeException if it has the repository but not that revision, or several and none is main
     */
    public Optional<CachedModel> resolve(String text) throws LoopscopeException {
        int at = text.indexOf('@');
        Optional<RepoId> repo = RepoId.find(at < 0 ? text : text.substring(0, at));
        if (repo.isEmpty()) {
            return Optional.empty();
        }
        List<CachedModel> snapshots = snapshots(repo.get());
        if (snapshots.isEmpty()) {
            return other(repo.get());
        }
        String revision = at < 0 ? MAIN : text.substring(at + 1);
        Optional<CachedModel> found = snapshots.stream()
                .filter(model -> matches(model, revision))
                .findFirst()
                .or(() -> at < 0 && snapshots.size() == 1 ? Optional.of(snapshots.get(0)) : Optional.empty());
        if (found.isEmpty()) {
            throw new LoopscopeException("Model " + ForeignText.shown(text)
                    + ": expected a revision that is in the Hugging Face cache, found "
                    + String.join(
                            ", ", snapshots.stream().map(CachedModel::modelName).toList()) + ".");
        }
        return found;
    }

    /** A snapshot without the configuration of a looped model, for opening it to say what it is. */
    private Optional<CachedModel> other(RepoId repo) {
        return children(repoFolder(repo).resolve("snapshots")).stream()
                .filter(Files::isDirectory)
                .findFirst()
                .map(snapshot -> new CachedModel(repo, MAIN, snapshot, missing(snapshot)));
    }

    /** A name of it, its commit, or the beginning of that. */
    private boolean matches(CachedModel model, String revision) {
        String commit = model.folder().getFileName().toString();
        if (revision.equals(model.revision()) || (revision.length() >= 7 && commit.startsWith(revision))) {
            return true;
        }
        try {
            Path refs = repoFolder(model.repo()).resolve("refs").normalize();
            Path ref = refs.resolve(revision).normalize();
            return ref.startsWith(refs) && readRef(ref).equals(Optional.of(commit));
        } catch (InvalidPathException e) {
            return false; // no name that a file could have
        }
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{}", folder, e);
            return List.of();
        }
    }
}
