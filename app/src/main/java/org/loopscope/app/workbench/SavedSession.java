package org.loopscope.app.workbench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.checkpoint.AtomicFile;

/**
 * What a window held, beside the capture files of its runs: enough to show the same picture again.
 *
 * @param version of this shape
 * @param savedAt when, ISO 8601
 * @param prompt text in the prompt editor
 * @param shown number of the run that was shown, 0 for none
 * @param position selected token, 0-based
 * @param step selected step, 1-based
 * @param rule exit rule, as the command line writes it
 * @param pins ids of pinned tokens
 * @param runs oldest first
 * @param compared numbers of the runs that were ticked for comparison; files of earlier programs have none
 */
record SavedSession(
        int version,
        String savedAt,
        String prompt,
        int shown,
        int position,
        int step,
        String rule,
        List<Integer> pins,
        List<Run> runs,
        List<Integer> compared) {

    static final int VERSION = 1;

    SavedSession {
        compared = Objects.requireNonNullElse(compared, List.of());
    }

    static final String FILE = "session.json";

    /**
     * One run.
     *
     * @param model as {@link Workbench#openModel} takes it
     * @param precision as the command line writes it
     * @param file name of its capture beside the session file
     * @param unsaved whether it existed nowhere else
     */
    record Run(int number, String model, String precision, String source, String file, boolean unsaved) {}

    /** Writes it into {@code folder}; the file that was there is replaced in one step. */
    void write(Path folder) throws LoopscopeException {
        byte[] json;
        try {
            json = new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a session can always be written as JSON", e);
        }
        AtomicFile.write(folder.resolve(FILE), channel -> {
            ByteBuffer rest = ByteBuffer.wrap(json);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }

    /** Reads the session of {@code folder}; what is damaged, incomplete or of another version is refused. */
    static SavedSession read(Path folder) throws LoopscopeException {
        Path file = folder.resolve(FILE);
        @Nullable SavedSession read;
        try {
            read = new JsonMapper().readValue(Files.readAllBytes(file), SavedSession.class);
        } catch (IOException e) {
            throw new LoopscopeException(file + ": this session cannot be read (" + e.getMessage() + ").", e);
        }
        if (read == null || read.version != VERSION) {
            throw new LoopscopeException(file + ": expected a session of version " + VERSION + ", found "
                    + (read == null ? "none" : "version " + read.version) + ".");
        }
        if (!read.complete(folder)) {
            throw new LoopscopeException(file + ": this session names runs or settings that are not there.");
        }
        return read;
    }

    private boolean complete(Path folder) {
        return Objects.nonNull(runs)
                && Objects.nonNull(pins)
                && Objects.nonNull(rule)
                && Objects.nonNull(prompt)
                && Objects.nonNull(savedAt)
                && position >= 0
                && step >= 1
                && pins.stream().allMatch(Objects::nonNull)
                && compared.stream().allMatch(Objects::nonNull)
                && runs.stream()
                        .allMatch(run -> run != null
                                && run.model() != null
                                && run.precision() != null
                                && run.source() != null
                                && run.file() != null
                                && run.file().matches("run-\\d+\\.safetensors")
                                && Files.isRegularFile(folder.resolve(run.file())));
    }
}
