package org.loopscope.app.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;

/** Which runs of the window exist nowhere else, and saving them together. Used on the FX thread but for {@link #write}. */
public final class UnsavedRuns {
    private static final int NAMED = 3;

    private final Workbench workbench;
    private final Set<RunEntry> unsaved = Collections.newSetFromMap(new IdentityHashMap<>());

    UnsavedRuns(Workbench workbench) {
        this.workbench = workbench;
    }

    void made(RunEntry entry) {
        unsaved.add(entry);
    }

    /** Saved to a file, or removed from the history by its owner. */
    void settled(RunEntry entry) {
        unsaved.remove(entry);
    }

    /** Unsaved runs, newest first. */
    public List<RunEntry> list() {
        return workbench.runs().stream().filter(unsaved::contains).toList();
    }

    /** What would be lost, in one or two sentences; for the question before closing. */
    public String question() {
        List<RunEntry> lost = list();
        String names = lost.stream()
                .limit(NAMED)
                .map(run -> "#" + run.number() + " “" + Workbench.shorten(run.title()) + "”")
                .collect(Collectors.joining(", "));
        String rest = lost.size() > NAMED ? " and " + (lost.size() - NAMED) + " more" : "";
        return (lost.size() == 1 ? "One run is not saved: " : lost.size() + " runs are not saved: ") + names + rest
                + ".";
    }

    /**
     * Saves every unsaved run as a file of its own in {@code folder}, replacing none that is there.
     *
     * @param afterwards called when all are on disk; if one fails the problem is told and it is not called
     */
    public void saveAll(Path folder, Runnable afterwards) {
        List<RunEntry> entries = list();
        workbench
                .tasks()
                .start(
                        "Save " + entries.size() + (entries.size() == 1 ? " run" : " runs"),
                        control -> write(entries, folder, control),
                        files -> {
                            entries.forEach(this::settled);
                            workbench.log().info("Saved " + files + " to " + folder + ".");
                            afterwards.run();
                        },
                        workbench::problem);
    }

    private static String write(List<RunEntry> entries, Path folder, RunControl control) throws LoopscopeException {
        StringBuilder files = new StringBuilder();
        for (RunEntry entry : entries) {
            Path file = freeName(folder, entry);
            CaptureFile.write(entry.capture(), file, Optional.empty(), control);
            files.append(files.isEmpty() ? "" : ", ").append(file.getFileName());
        }
        return files.toString();
    }

    private static Path freeName(Path folder, RunEntry entry) {
        Path file = folder.resolve("run-" + entry.number() + ".safetensors");
        for (int other = 2; Files.exists(file); other++) {
            file = folder.resolve("run-" + entry.number() + "-" + other + ".safetensors");
        }
        return file;
    }
}
