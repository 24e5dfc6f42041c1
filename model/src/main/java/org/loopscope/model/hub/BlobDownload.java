package org.loopscope.model.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one file of a repository into the blobs of the cache: into {@code ETAG.incomplete}, from where an earlier
 * download stopped, checked, then moved to {@code ETAG}.
 */
final class BlobDownload {
    /** Fewer new bytes than this are no progress, so that a server cannot keep us here for ever. */
    static final long PROGRESS_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(BlobDownload.class);

    private final HubClient client;
    private final HubRepository repository;
    private final URI address;
    private final HubFile file;
    private final Path blob;
    private final Path incomplete;
    private final LongConsumer progress;

    /** @param progress is told how many bytes of the file are there */
    BlobDownload(
            HubClient client,
            HubRepository repository,
            HubListing listing,
            HubFile file,
            Path blobs,
            LongConsumer progress) {
        this.client = client;
        this.repository = repository;
        this.file = file;
        this.blob = blobs.resolve(file.etag());
        this.incomplete = blobs.resolve(file.etag() + ".incomplete");
        this.progress = progress;
        this.address = client.at("/" + listing.repo() + "/resolve/" + listing.commit() + "/" + file.name());
    }

    /** Bytes that are there, of the whole file or of a part. */
    static long present(HubFile file, Path blobs) {
        for (String name : List.of(file.etag(), file.etag() + ".incomplete")) {
            try {
                long size = Files.size(blobs.resolve(name));
                if (name.equals(file.etag()) ? size == file.sizeBytes() : size <= file.sizeBytes()) {
                    return size;
                }
            } catch (IOException e) {
                // not there
            }
        }
        return 0;
    }

    /**
     * Fetches what is not there.
     *
     * @return the blob
     * @throws LoopscopeException with one sentence if it cannot be had, written, or is not what it should be
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; what came is kept
     */
    Path fetch(RunControl control) throws LoopscopeException {
        try {
            if (Files.isRegularFile(blob) && Files.size(blob) == file.sizeBytes()) {
                progress.accept(file.sizeBytes());
                return blob;
            }
            try (FileChannel out = FileChannel.open(
                            incomplete, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = lock(out)) {
                LOG.debug("{}: {}", incomplete, lock);
                fetchAll(out, control);
                out.force(true);
            }
            check(control);
            Files.move(incomplete, blob, StandardCopyOption.REPLACE_EXISTING);
            return blob;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private FileLock lock(FileChannel out) throws IOException, LoopscopeException {
        @Nullable FileLock lock;
        try {
            lock = out.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new LoopscopeException(file.name() + " is being downloaded already.", e);
        }
        if (lock == null) {
            throw new LoopscopeException(file.name() + " is being downloaded already, by another program.");
        }
        return lock;
    }

    private void fetchAll(FileChannel out, RunControl control) throws LoopscopeException {
        int failures = 0;
        while (true) {
            long before = position(out);
            try {
                if (position(out) == file.sizeBytes()) {
                    return;
                }
                fetchRest(out, control);
                if (position(out) == file.sizeBytes()) {
                    return;
                }
                throw new IOException("the connection ended early");
            } catch (IOException e) {
                boolean moved = position(out) - before >= PROGRESS_BYTES;
                failures = moved ? 1 : failures + 1;
                if (failures >= client.patience().attempts()) {
                    throw given(position(out), e);
                }
                client.patience().afterFailure(failures, ServerBusyException.waitAsked(e), control);
            }
        }
    }

    /** Bytes that are there; more than the file has cannot be its beginning and are dropped. */
    private long position(FileChannel out) throws LoopscopeException {
        try {
            if (out.size() > file.sizeBytes()) {
                out.truncate(0);
            }
            return out.size();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void fetchRest(FileChannel out, RunControl control) throws IOException, LoopscopeException {
        long from = position(out);
        HttpResponse<Body> response = client.get(address, from, control);
        try (Body body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> truncate(out, 0); // also where a server does not know ranges: all of it again
                case 206 -> checkRange(response, from, out);
                case 416 -> {
                    truncate(out, 0);
                    throw new IOException("the server has no byte " + from);
                }
                default -> throw repository.refused(response);
            }
            for (List<ByteBuffer> piece = body.next(control); !piece.isEmpty(); piece = body.next(control)) {
                for (ByteBuffer buffer : piece) {
                    append(out, buffer);
                }
                progress.accept(out.size());
            }
        }
    }

    private void checkRange(HttpResponse<?> response, long from, FileChannel out)
            throws IOException, LoopscopeException {
        String expected = "bytes " + from + "-" + (file.sizeBytes() - 1) + "/" + file.sizeBytes();
        String found = response.headers().firstValue("Content-Range").orElse("");
        if (!found.equals(expected)) {
            truncate(out, 0);
            throw new IOException("asked for " + expected + ", the server offers " + ForeignText.quoted(found));
        }
    }

    private void truncate(FileChannel out, long size) throws LoopscopeException {
        try {
            out.truncate(size);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void append(FileChannel out, ByteBuffer buffer) throws LoopscopeException {
        try {
            long position = out.size();
            if (position + buffer.remaining() > file.sizeBytes()) {
                out.truncate(0);
                throw new LoopscopeException(file.name() + ": expected " + file.sizeBytes()
                        + " bytes, as the list of files says, found more; what came was deleted.");
            }
            while (buffer.hasRemaining()) {
                position += out.write(buffer, position);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void check(RunControl control) throws IOException, LoopscopeException {
        String found = file.checksum(incomplete, "checking " + file.name(), control);
        if (!found.equals(file.etag())) {
            Files.deleteIfExists(incomplete);
            throw new LoopscopeException(file.name() + ": expected the " + file.checksumName() + " " + file.etag()
                    + ", found " + found + "; the downloaded file was deleted, download it again.");
        }
    }

    private LoopscopeException given(long present, IOException e) {
        if (present == 0) {
            return client.given(file.name(), e);
        }
        return new LoopscopeException(
                file.name() + ": " + present + " of " + file.sizeBytes() + " bytes came, then " + HubClient.reason(e)
                        + ", " + client.patience().attempts()
                        + " times in a row; what came is kept, and the next download goes on from there.",
                e);
    }

    private LoopscopeException unwritable(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean full = message.contains("No space left") || message.contains("not enough space");
        return new LoopscopeException(
                full
                        ? "The disk of " + blob.getParent()
                                + " is full; make room and download again, what came is kept."
                        : file.name() + ": could not be written to " + blob.getParent() + " (" + IoReason.of(e) + ").",
                e);
    }
}
