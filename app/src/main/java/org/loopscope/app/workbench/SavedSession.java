package org.loopscope.app.workbench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.checkpoint.SafetensorsFile;

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
    private static final long MOST_BYTES = 16 << 20;
    private static final Pattern RUN_FILE = Pattern.compile("run-(\\d{1,9})\\.safetensors");

    /**
     * One run.
     *
     * @param model as {@link Workbench#openModel} takes it; empty where it is not known, for the one that is open
     * @param precision as the command line writes it; empty with an empty model
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
        AtomicFile.writePrivate(folder.resolve(FILE), channel -> {
            ByteBuffer rest = ByteBuffer.wrap(json);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }

    /**
     * Reads the session of {@code folder}.
     *
     * @throws LoopscopeException with one sentence if its file is damaged or of another version
     */
    static SavedSession read(Path folder) throws LoopscopeException {
        Path file = folder.resolve(FILE);
        @Nullable SavedSession read;
        try {
            read = new JsonMapper().readValue(InputFile.bytes(file, "a session", MOST_BYTES), SavedSession.class);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(FILE + ": expected a session, found " + JsonProblem.found(e) + ".", e);
        } catch (IOException e) {
            throw new LoopscopeException(FILE + ": cannot be read (" + IoReason.of(e) + ").", e);
        }
        if (read == null || read.version != VERSION) {
            throw new LoopscopeException(FILE + ": expected a session of version " + VERSION + ", found "
                    + (read == null ? "none" : "version " + read.version) + ".");
        }
        if (!read.complete()) {
            throw new LoopscopeException(FILE + ": expected a whole session, found one with values that are missing.");
        }
        return read;
    }

    /** The same session with those of its runs whose captures are in {@code folder} and can be opened. */
    SavedSession intact(Path folder) {
        return new SavedSession(
                version,
                savedAt,
                prompt,
                shown,
                position,
                step,
                rule,
                pins,
                runs.stream()
                        .filter(run -> isCapture(folder.resolve(run.file())))
                        .toList(),
                compared);
    }

    /** What can be told of a session whose file is damaged: its captures, of whichever model is open. */
    static SavedSession ofCaptures(Path folder) throws IOException {
        List<Run> runs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                Matcher name = RUN_FILE.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && isCapture(file)) {
                    runs.add(new Run(Integer.parseInt(name.group(1)), "", "", "kept", name.group(), true));
                }
            }
        }
        runs.sort(Comparator.comparingInt(Run::number));
        String savedAt = Files.getLastModifiedTime(folder)
                .toInstant()
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        return new SavedSession(VERSION, savedAt, "", 0, 0, 1, "q:0.5", List.of(), runs, List.of());
    }

    private static boolean isCapture(Path file) {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            return !opened.tensors().isEmpty();
        } catch (LoopscopeException e) { // cut short by the end of the process
            return false;
        }
    }

    private boolean complete() {
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
                                && RUN_FILE.matcher(run.file()).matches());
    }
}
