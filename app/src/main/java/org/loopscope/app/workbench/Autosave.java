package org.loopscope.app.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javafx.beans.InvalidationListener;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.FileAccess;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.plugin.Selection;

/**
 * Keeps what a window holds on disk while it is open, so that a crash loses nothing, and finds what windows before it left.
 * Closing in good order deletes it again. Snapshots are taken on the FX thread, files written elsewhere.
 */
public final class Autosave {
    /** Captures kept together, at most; the newest come first. */
    static final long MOST_BYTES = 2L << 30;

    private final Workbench workbench;
    private final Path base;
    private final Executor writer;
    private final Executor soon;
    private final Executor fx;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean toldProblem = new AtomicBoolean();
    private @Nullable SessionFolder folder; // of the writer
    private boolean ended;

    /**
     * @param base where sessions are kept, one folder each
     * @param writer writes files, one task after the other
     * @param soon runs what it is given a little later, so that a drag becomes one write
     * @param fx the FX thread
     */
    public Autosave(Workbench workbench, Path base, Executor writer, Executor soon, Executor fx) {
        this.workbench = workbench;
        this.base = base;
        this.writer = writer;
        this.soon = soon;
        this.fx = fx;
    }

    /** A snapshot: runs oldest first, and the session without those that found no room. */
    private record Snapshot(List<RunEntry> runs, SavedSession session) {}

    /** Saves now and whenever something changes. */
    public void start() {
        InvalidationListener changed = o -> change();
        workbench.runs().addListener(changed);
        workbench.currentRunProperty().addListener(changed);
        workbench.selectionProperty().addListener(changed);
        workbench.exitRuleProperty().addListener(changed);
        workbench.pinnedTokensProperty().addListener(changed);
        workbench.compared().ticked().addListener(changed);
    }

    private void change() {
        if (!asked.getAndSet(true)) {
            soon.execute(() -> fx.execute(this::save));
        }
    }

    private void save() {
        asked.set(false);
        if (ended) {
            return; // asked for just before the window closed
        }
        if (workbench.unsaved().list().isEmpty() && !Files.isDirectory(base)) {
            return; // nothing has been kept, and nothing need be
        }
        Snapshot snapshot = snapshot();
        writer.execute(() -> write(snapshot));
    }

    private Snapshot snapshot() {
        List<RunEntry> kept = new ArrayList<>();
        List<RunEntry> unsaved = workbench.unsaved().list();
        long bytes = 0;
        if (!unsaved.isEmpty()) {
            for (RunEntry run : workbench.runs()) { // newest first
                bytes += run.capture().sizeBytes();
                if (bytes <= MOST_BYTES) {
                    kept.add(0, run);
                }
            }
        }
        RunEntry shown = workbench.currentRunProperty().get();
        Selection selection = workbench.selectionProperty().get();
        return new Snapshot(
                List.copyOf(kept),
                new SavedSession(
                        SavedSession.VERSION,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        workbench.form().promptProperty().get(),
                        shown == null ? 0 : shown.number(),
                        selection.position(),
                        selection.step(),
                        workbench.exitRuleProperty().get().spec(),
                        workbench.pinnedTokensProperty().get(),
                        kept.stream()
                                .map(run -> new SavedSession.Run(
                                        run.number(),
                                        run.modelName(),
                                        CaptureOfModel.precision(run.capture().model())
                                                .cliName(),
                                        run.source(),
                                        fileName(run.number()),
                                        unsaved.contains(run)))
                                .toList(),
                        workbench.compared().ticked().stream()
                                .filter(kept::contains)
                                .map(RunEntry::number)
                                .toList()));
    }

    private static String fileName(int number) {
        return "run-" + number + ".safetensors";
    }

    private void write(Snapshot snapshot) {
        try {
            if (snapshot.runs().isEmpty()) {
                drop();
                return;
            }
            if (folder == null) {
                folder = SessionFolder.create(base);
            }
            Path path = folder.path();
            for (RunEntry run : snapshot.runs()) {
                Path file = path.resolve(fileName(run.number()));
                if (!Files.exists(file)) {
                    CaptureFile.write(run.capture(), file, Optional.empty(), RunControl.none());
                    FileAccess.onlyOurs(file); // in a folder that nobody else can enter
                }
            }
            snapshot.session().write(path);
            removeOthers(path, snapshot.session());
        } catch (IOException | LoopscopeException e) {
            tellOnce("This session is not kept for the case of a crash: " + e.getMessage());
        }
    }

    /** After the new session names them no more. */
    private static void removeOthers(Path path, SavedSession session) throws IOException {
        List<String> named = session.runs().stream().map(SavedSession.Run::file).toList();
        try (var files = Files.list(path)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                if (!named.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    private void drop() throws IOException {
        if (folder != null) {
            folder.delete();
            folder = null;
        }
    }

    private void tellOnce(String sentence) {
        if (!toldProblem.getAndSet(true)) {
            fx.execute(() -> workbench.log().warning(sentence));
        }
    }

    /** The window was closed in good order: what was kept is not needed any more. */
    public void end() {
        ended = true;
        writer.execute(() -> {
            try {
                drop();
            } catch (IOException e) {
                tellOnce("The kept session could not be removed: " + e.getMessage());
            }
        });
    }

    /** Leaves what is kept on disk to the next start, as the end of the process would. */
    void abandon() throws IOException {
        ended = true;
        if (folder != null) {
            folder.close();
        }
    }

    /** Looks for sessions that were left behind, and gives the newest to {@code onFound} on the FX thread. */
    public void findLeft(Consumer<LeftSession> onFound) {
        writer.execute(() -> {
            try {
                newest(SessionFolder.leftBehind(base)).ifPresent(left -> fx.execute(() -> onFound.accept(left)));
            } catch (IOException e) {
                tellOnce("Sessions that were left behind could not be read: " + e.getMessage());
            }
        });
    }

    /** Keeps one, a damaged one too; older ones wait for a later start. */
    private Optional<LeftSession> newest(List<SessionFolder> folders) throws IOException {
        LeftSession best = null;
        for (SessionFolder left : folders) {
            LeftSession found = read(left).orElse(null);
            if (found == null) {
                continue;
            }
            boolean newer = best == null
                    || found.session().savedAt().compareTo(best.session().savedAt()) > 0;
            LeftSession loser = newer ? best : found;
            best = newer ? found : best;
            if (loser != null) {
                loser.folder().close();
            }
        }
        return Optional.ofNullable(best);
    }

    private static Optional<LeftSession> read(SessionFolder left) throws IOException {
        if (!Files.exists(left.path().resolve(SavedSession.FILE))
                && SavedSession.ofCaptures(left.path()).runs().isEmpty()) {
            left.delete(); // its window ended before it had anything to keep
            return Optional.empty();
        }
        return Optional.of(LeftSession.read(left));
    }

    /** What {@code left} held is in this window now: it is kept here first, and only then deleted there. */
    public void restored(LeftSession left) {
        save();
        discard(left);
    }

    /** Deletes a session that was restored or is not wanted; after what is being written. */
    public void discard(LeftSession left) {
        writer.execute(() -> {
            try {
                left.folder().delete();
            } catch (IOException e) {
                tellOnce("A session that was left behind could not be removed: " + e.getMessage());
            }
        });
    }
}
