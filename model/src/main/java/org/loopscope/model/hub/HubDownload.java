package org.loopscope.model.hub;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * Downloads a model from the Hugging Face Hub into its cache, in the layout that all programs share. The network is used
 * by {@link #look} and {@link #fetch} and by nothing else in the program. A download that was cancelled or failed goes
 * on where it stopped.
 *
 * <p>Source of the layout and of the addresses: the Hub's documentation, "Hub Local Cache" and "Hub API Endpoints".
 */
public final class HubDownload {
    /** Room that stays free on the disk. */
    private static final long SPARE_BYTES = 64L << 20;

    private final HubCache cache;
    private final HubEnvironment environment;
    private final HubClient client;
    private final Snapshot.Linker linker;
    private final FreeSpace freeSpace;

    /** Tells the bytes that can be written where a folder is. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes(Path folder) throws IOException;
    }

    HubDownload(HubEnvironment environment, Patience patience, Snapshot.Linker linker, FreeSpace freeSpace)
            throws LoopscopeException {
        this.environment = environment;
        this.cache = environment.cache();
        this.client = new HubClient(environment, patience);
        this.linker = linker;
        this.freeSpace = freeSpace;
    }

    /** Downloads with the cache, the Hub and the token of {@code environment}. */
    public static HubDownload of(HubEnvironment environment) throws LoopscopeException {
        return new HubDownload(environment, Patience.usual(), Files::createSymbolicLink, HubDownload::usableBytes);
    }

    private static long usableBytes(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return store.getUsableSpace();
    }

    /**
     * What a download of {@code revision} (a branch, a tag or a commit) would fetch. Reads the list of files and
     * config.json, and refuses what could not be run.
     *
     * @throws LoopscopeException with one sentence: no such model, no permission, no connection, no Ouro model
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public HubListing look(RepoId repo, String revision, RunControl control) throws LoopscopeException {
        if (environment.offline()) {
            throw new LoopscopeException(
                    "HF_HUB_OFFLINE is set: expected permission to use the network; unset it to" + " download.");
        }
        return new HubRepository(client, repo, revision).listing(control);
    }

    /** Bytes of {@code listing} that are not in the cache yet. */
    public long missingBytes(HubListing listing) {
        Path blobs = cache.repoFolder(listing.repo()).resolve("blobs");
        Set<String> counted = new HashSet<>();
        long missing = 0;
        for (HubFile file : listing.files()) {
            if (counted.add(file.etag())) {
                missing += file.sizeBytes() - BlobDownload.present(file, blobs);
            }
        }
        return missing;
    }

    /**
     * Fetches what is not there, checks it, and makes it a snapshot; the name of the revision is written last. Progress
     * is in bytes of all files.
     *
     * @return the snapshot, a folder that can be opened
     * @throws LoopscopeException with one sentence; what came is kept unless the sentence says otherwise
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; what came is kept
     */
    public Path fetch(HubListing listing, RunControl control) throws LoopscopeException {
        Snapshot snapshot = new Snapshot(cache.repoFolder(listing.repo()), listing.commit(), linker);
        checkSpace(listing, snapshot.blobs());
        HubRepository repository = new HubRepository(client, listing.repo(), listing.revision());
        long total = listing.sizeBytes();
        long done = 0;
        List<HubFile> files = listing.files();
        for (int i = 0; i < files.size(); i++) {
            HubFile file = files.get(i);
            String stage = "downloading " + file.name() + " (" + (i + 1) + " of " + files.size() + " files)";
            long before = done;
            control.checkCancelled();
            BlobDownload download = new BlobDownload(
                    client,
                    repository,
                    listing,
                    file,
                    snapshot.blobs(),
                    here -> control.progress(stage, before + here, total));
            snapshot.add(file.name(), download.fetch(control));
            done += file.sizeBytes();
        }
        snapshot.name(listing.revision());
        return snapshot.folder();
    }

    private void checkSpace(HubListing listing, Path blobs) throws LoopscopeException {
        long needed = missingBytes(listing);
        try {
            long free = freeSpace.bytes(blobs);
            if (needed > 0 && needed + SPARE_BYTES > free) {
                throw new LoopscopeException("Disk of " + cache.folder() + ": expected " + megabytes(needed)
                        + " of free space for " + listing.repo() + " and " + megabytes(SPARE_BYTES)
                        + " to spare, found " + megabytes(free) + "; make room, or set HF_HOME to another disk.");
            }
        } catch (IOException e) {
            throw new LoopscopeException(blobs + ": its free space cannot be read (" + IoReason.of(e) + ").", e);
        }
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }
}
