package org.loopscope.model.hub;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files of a repository a model needs to run here, and which tell about it. */
final class NeededFiles {
    private static final String SINGLE = "model.safetensors";
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");
    private static final Set<String> EXACT = Set.of(
            "config.json",
            "generation_config.json",
            "model.safetensors.index.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json");
    private static final long SMALL = 1 << 20;

    private NeededFiles() {}

    /** Those of {@code all}: config.json first, weights last. */
    static List<HubFile> of(List<HubFile> all) {
        boolean single = all.stream().anyMatch(file -> file.name().equals(SINGLE));
        return all.stream()
                .filter(file -> isNeeded(file, single))
                .sorted(Comparator.comparing((HubFile file) -> !file.name().equals("config.json"))
                        .thenComparing(NeededFiles::isWeights)
                        .thenComparing(HubFile::name))
                .toList();
    }

    private static boolean isNeeded(HubFile file, boolean single) {
        String name = file.name();
        if (!SAFE.matcher(name).matches()) { // files in folders, and names that could lead out of the snapshot
            return false;
        }
        if (isWeights(file)) {
            return !single || name.equals(SINGLE); // beside a single file, shards are a second copy
        }
        String upper = name.toUpperCase(Locale.ROOT);
        boolean about = upper.startsWith("LICENSE") || upper.startsWith("LICENCE") || upper.equals("README.MD");
        return EXACT.contains(name)
                || (name.startsWith("tokenizer") && name.endsWith(".json"))
                || (about && file.sizeBytes() <= SMALL);
    }

    static boolean isWeights(HubFile file) {
        return file.name().endsWith(".safetensors");
    }
}
