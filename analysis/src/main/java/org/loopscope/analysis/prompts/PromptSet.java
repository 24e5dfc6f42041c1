package org.loopscope.analysis.prompts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * A file of prompts: JSONL (an object a line) or CSV (a header line, then a prompt a line), UTF-8. The fields are {@code
 * prompt}, {@code answer}, {@code choices} (a JSON array; in CSV separated by {@code |}), {@code label} and {@code group};
 * only {@code prompt} is required.
 *
 * @param name the file it came from
 * @param prompts in the order of the file, at least one
 * @param otherFields fields of the file that are none of the five and were not read, in order of appearance
 */
public record PromptSet(String name, List<Prompt> prompts, List<String> otherFields) {
    public PromptSet {
        prompts = List.copyOf(prompts);
        otherFields = List.copyOf(otherFields);
    }

    /**
     * Reads a {@code .jsonl} or {@code .csv} file.
     *
     * @throws LoopscopeException naming file, line, what was expected and found
     */
    public static PromptSet read(Path file) throws LoopscopeException {
        try (BufferedReader reader = InputFile.reader(file, "a prompt set")) {
            return read(reader, file.toString());
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /**
     * Reads prompts; {@code name} stands for the file in messages and says by its ending which format it is.
     *
     * @throws LoopscopeException naming file, line, what was expected and found
     */
    public static PromptSet read(Reader reader, String name) throws LoopscopeException {
        String lower = name.toLowerCase(Locale.ROOT);
        try {
            if (lower.endsWith(".jsonl")) {
                return new JsonlPrompts(reader, name).read();
            }
            if (lower.endsWith(".csv")) {
                return new CsvPrompts(reader, name).read();
            }
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
        throw new LoopscopeException(SetLines.shown(name) + ": expected a prompt set ending in .jsonl or .csv.");
    }

    /** Groups in order of appearance; prompts without group are in none. */
    public List<String> groups() {
        return prompts.stream()
                .map(Prompt::group)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** Prompts of one group, in the order of the file. */
    public List<Prompt> prompts(String group) {
        return prompts.stream()
                .filter(p -> p.group().filter(group::equals).isPresent())
                .toList();
    }
}
