package org.loopscope.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.loopscope.model.base.ForeignText;

/**
 * Small texts that stand where a file should be: the target of a link that a copy could not make (a disk or an archive
 * without links), and what a clone without large file storage leaves.
 */
public final class StandIn {
    static final int MAX_BYTES = 4096; // the longest path of a link
    private static final Pattern LINK = Pattern.compile("(\\.\\.?/[^\\p{Cntrl}{}\"]{1,4000})\\s*");

    private StandIn() {}

    /** What {@code text} is, to stand behind "found", with what to do about it; empty for any other text. */
    static Optional<String> of(String text) {
        if (text.length() > MAX_BYTES) {
            return Optional.empty();
        }
        if (text.startsWith("version https://git-lfs")) {
            return Optional.of(
                    "a Git LFS pointer of " + text.length() + " bytes; fetch the file itself with \"git lfs pull\"");
        }
        Matcher link = LINK.matcher(text);
        return link.matches()
                ? Optional.of("a link written out as text (" + ForeignText.shown(link.group(1))
                        + "), as a copy without links leaves it; copy the file itself")
                : Optional.empty();
    }

    /** The same for a file; empty also if it cannot be read. */
    public static Optional<String> in(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                return of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Optional.empty(); // whoever reads it tells why
        }
    }
}
