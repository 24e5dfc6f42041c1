package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Option;

/** Where the tokens of a run come from: exactly one of a text, a file with one text, or token ids. */
final class PromptOptions {
    private static final long MAX_FILE_BYTES = 16L << 20; // millions of tokens, more than any context

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
            throw new LoopscopeException((file != null ? ForeignText.shown(file.toString(), 160) : "Prompt")
                    + ": expected some text, found none.");
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
        String text = InputFile.text(file, "a text file with one prompt", MAX_FILE_BYTES);
        int lineEnd = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
        return text.substring(0, text.length() - lineEnd);
    }
}
