package org.loopscope.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/** Reads texts: plain files, folders of them, or sets of prompts. */
final class TextFiles {
    private static final long MOST_BYTES = 256L << 20;

    private TextFiles() {}

    static List<Prompt> read(String name) throws LoopscopeException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".jsonl") || lower.endsWith(".csv")) {
            return SetFile.prompts(name).prompts();
        }
        Path file = path(name);
        if (!Files.isDirectory(file)) {
            return List.of(text(file));
        }
        List<Prompt> texts = new ArrayList<>();
        for (Path one : files(file)) {
            texts.add(text(one));
        }
        if (texts.isEmpty()) {
            throw new LoopscopeException(
                    ForeignText.escaped(name) + ": expected files ending in .txt or .md in this folder, found none.");
        }
        return texts;
    }

    private static Path path(String name) throws LoopscopeException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new LoopscopeException(
                    ForeignText.escaped(name) + ": expected a text file, found a name that no file can have.", e);
        }
    }

    private static List<Path> files(Path folder) throws LoopscopeException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(PromptKind::isText).sorted().toList();
        } catch (IOException e) {
            throw InputFile.unreadable(folder, e);
        }
    }

    private static Prompt text(Path file) throws LoopscopeException {
        String text = InputFile.text(file, "a text", MOST_BYTES);
        if (text.isBlank()) {
            throw new LoopscopeException(ForeignText.escaped(file.toString()) + ": expected text, found none.");
        }
        String name = String.valueOf(file.getFileName());
        return new Prompt(text, Optional.empty(), List.of(), Optional.empty(), Optional.of(name));
    }
}
