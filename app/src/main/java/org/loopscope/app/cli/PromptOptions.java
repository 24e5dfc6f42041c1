package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;
import picocli.CommandLine.Option;

/** Where the tokens of a run come from: exactly one of a text, a file with one text, or token ids. */
final class PromptOptions {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt.")
    @Nullable
    String text;

    @Option(
            names = "--token-ids",
            paramLabel = "IDS",
            description = "The prompt as token ids: 1,2,3. Works for a model without tokenizer too.")
    @Nullable
    String ids;

    @Option(
            names = "--prompt-file",
            paramLabel = "FILE",
            description = "A UTF-8 text file that holds one prompt; one line end at its end is left out.")
    @Nullable
    Path file;

    /** The prompt's text; empty if the prompt is given as token ids. */
    Optional<String> readText() throws LoopscopeException {
        if (ids != null) {
            return Optional.empty();
        }
        if (file == null && text == null) {
            throw new LoopscopeException(
                    "Prompt: expected one of --prompt, --token-ids and --prompt-file, found none.");
        }
        String prompt = file != null ? read(file) : String.valueOf(text);
        if (prompt.isBlank()) {
            throw new LoopscopeException(
                    (file != null ? file.toString() : "Prompt") + ": expected some text, found none.");
        }
        return Optional.of(prompt);
    }

    /** The token ids, if they were given instead of a text. */
    Optional<int[]> readIds() throws LoopscopeException {
        if (ids == null) {
            return Optional.empty();
        }
        String[] parts = ids.strip().split("\\s*,\\s*", -1);
        try {
            return Optional.of(Arrays.stream(parts).mapToInt(Integer::parseInt).toArray());
        } catch (NumberFormatException e) {
            throw new LoopscopeException(
                    "Token ids: expected whole numbers with commas between them, such as 1,2,3, found \"" + ids + "\".",
                    e);
        }
    }

    private static String read(Path file) throws LoopscopeException {
        try {
            String text = Files.readString(file);
            if (text.endsWith("\n")) {
                text = text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new LoopscopeException(file + ": there is no such file.", e);
        } catch (MalformedInputException e) {
            throw new LoopscopeException(file + ": expected text in UTF-8, found other bytes.", e);
        } catch (IOException e) {
            throw new LoopscopeException(file + ": could not be read (" + e.getMessage() + ").", e);
        }
    }
}
