package org.loopscope.analysis.prompts;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/** A set of prompts: a file, or one of the sets that come with the program, by its name ({@code embedded/cups.jsonl}). */
public final class SetFile {
    private static final long MOST_BYTES = 1 << 30;
    private static final String BUNDLED = "/sample-prompts/";

    private final String name;
    private final byte[] content;

    private SetFile(String name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    /** @throws LoopscopeException if there is no such file and no such set, or it cannot be read */
    public static SetFile open(String name) throws LoopscopeException {
        try {
            Path file = Path.of(name);
            if (Files.exists(file) || name.contains("..")) {
                return new SetFile(name, InputFile.bytes(file, "a set of prompts", MOST_BYTES));
            }
            try (InputStream bundled = SampleCatalog.class.getResourceAsStream(BUNDLED + name)) {
                if (bundled != null) {
                    return new SetFile(name, bundled.readAllBytes());
                }
            }
        } catch (InvalidPathException e) {
            throw new LoopscopeException(
                    SetLines.shown(name) + ": expected a set of prompts, found a name that no file can have.", e);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
        throw new LoopscopeException(SetLines.shown(name)
                + ": expected a set of prompts, found no such file, and none of this name comes with the program.");
    }

    /** The prompts of such a file, JSONL or CSV. */
    public static PromptSet prompts(String name) throws LoopscopeException {
        SetFile file = open(name);
        return PromptSet.read(file.reader(), file.name());
    }

    /** The last part of a name. */
    public static String shortName(String name) {
        return name.substring(1 + Math.max(name.lastIndexOf('/'), name.lastIndexOf(File.separatorChar)));
    }

    public String name() {
        return name;
    }

    /** The text, without a byte order mark. */
    public BufferedReader reader() throws LoopscopeException {
        try {
            return new BufferedReader(InputFile.reader(new ByteArrayInputStream(content)));
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
    }
}
