package org.loopscope.analysis.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.analysis.prompts.SetLines;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * Reads pairs for patching: JSONL, an object a line with {@code prompt} (the clean one), {@code answer}, {@code
 * corrupted}, and if known {@code corrupted_answer} and {@code group}. Other fields are not read.
 */
public final class PatchPairs {
    private PatchPairs() {}

    /**
     * The pairs of a file, at least one.
     *
     * @throws LoopscopeException naming file, line, what was expected and found
     */
    public static List<PatchPair> read(Path file) throws LoopscopeException {
        try (BufferedReader lines = InputFile.reader(file, "a set of prompt pairs")) {
            return read(lines, file.toString());
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /** The same; {@code name} stands for the file in messages. */
    public static List<PatchPair> read(BufferedReader reader, String name) throws LoopscopeException {
        try {
            SetLines lines = new SetLines(reader, name);
            List<PatchPair> pairs = new ArrayList<>();
            while (lines.next()) {
                pairs.add(pair(lines, lines.object()));
            }
            if (pairs.isEmpty()) {
                throw new LoopscopeException(
                        SetLines.shown(name) + ": expected at least one pair of prompts, found none.");
            }
            return List.copyOf(pairs);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
    }

    private static PatchPair pair(SetLines lines, JsonNode node) throws LoopscopeException {
        return new PatchPair(
                lines.required(node, "prompt"),
                lines.required(node, "corrupted"),
                lines.required(node, "answer"),
                lines.text(node, "corrupted_answer"),
                lines.text(node, "group"));
    }
}
