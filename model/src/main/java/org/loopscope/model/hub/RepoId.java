package org.loopscope.model.hub;

import java.util.Optional;
import java.util.regex.Pattern;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** Name of a model repository, such as {@code ByteDance/Ouro-1.4B}. */
public record RepoId(String organization, String name) implements Comparable<RepoId> {
    /** As the Hub allows them; {@code --} divides the parts of a folder name in the cache. */
    private static final Pattern PART =
            Pattern.compile("(?!.*(--|\\.\\.))[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");

    private static final String FOLDER_PREFIX = "models--";

    public RepoId {
        if (!isPart(organization) || !isPart(name)) {
            throw new IllegalArgumentException("repository: want ORG/NAME, got " + organization + "/" + name);
        }
    }

    private static boolean isPart(String text) {
        return PART.matcher(text).matches();
    }

    /** The repository called {@code text}; empty if that is no ORG/NAME. */
    public static Optional<RepoId> find(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isPart(text.substring(0, slash)) || !isPart(text.substring(slash + 1))) {
            return Optional.empty();
        }
        return Optional.of(new RepoId(text.substring(0, slash), text.substring(slash + 1)));
    }

    /** As {@link #find}, refused with a sentence where it is none. */
    public static RepoId parse(String text) throws LoopscopeException {
        return find(text)
                .orElseThrow(
                        () -> new LoopscopeException("Model: expected ORG/NAME, such as ByteDance/Ouro-1.4B, found "
                                + ForeignText.quoted(text) + "."));
    }

    /** The repository whose folder in the cache has this name; empty for another kind of folder. */
    static Optional<RepoId> ofFolder(String folderName) {
        if (!folderName.startsWith(FOLDER_PREFIX)) {
            return Optional.empty();
        }
        return find(folderName.substring(FOLDER_PREFIX.length()).replaceFirst("--", "/"));
    }

    String folderName() {
        return FOLDER_PREFIX + organization + "--" + name;
    }

    @Override
    public int compareTo(RepoId other) {
        return toString().compareToIgnoreCase(other.toString());
    }

    @Override
    public String toString() {
        return organization + "/" + name;
    }
}
