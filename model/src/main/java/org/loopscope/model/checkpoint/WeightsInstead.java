package org.loopscope.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.loopscope.model.base.ForeignText;

/** What stands where weights are missing, and what to do about it: the ends of sentences that refuse a folder. */
final class WeightsInstead {
    private static final List<String> WRAPPERS = List.of("_orig_mod.", "module.", "base_model.model.", "model.model.");
    private static final String INNER = "model.";

    private WeightsInstead() {}

    /** The weights of a folder that has neither {@code model.safetensors} nor an index. */
    static String inFolder(Path folder) {
        List<String> names = names(folder);
        return first(names, name -> name.startsWith("adapter_model."))
                .map(name -> "found " + name
                        + ", an adapter without its model; merge it into the model it was trained on and save that")
                .or(() -> first(names, name -> name.matches("model-\\d+-of-\\d+\\.safetensors"))
                        .map(name ->
                                "found " + name + " without the index that says which file holds what; fetch that too"))
                .or(() -> first(names, name -> name.endsWith(".safetensors"))
                        .map(name ->
                                "found " + name + "; if it is the whole model, give it the name model.safetensors"))
                .or(() -> first(names, WeightsInstead::isPickle)
                        .map(name -> "found " + name
                                + ", a pickle file, which can run code and is not read; save the model as safetensors"))
                .or(() -> first(names, name -> name.endsWith(".gguf") || name.endsWith(".npz") || name.endsWith(".h5"))
                        .map(name -> "found " + name + ", another format; save the model as safetensors"))
                .or(() -> first(names, WeightsInstead::isHalf)
                        .map(name -> "found " + name + ", a download that did not end; go on with it"))
                .orElse("found neither");
    }

    private static boolean isPickle(String name) {
        return Set.of("bin", "pt", "pth", "ckpt", "pkl").contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static boolean isHalf(String name) {
        return Set.of("incomplete", "part", "partial", "crdownload", "download", "aria2", "tmp")
                .contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // then nothing can be said about it
        }
    }

    private static Optional<String> first(List<String> names, Predicate<String> kind) {
        return names.stream()
                .filter(name -> kind.test(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(ForeignText::shown);
    }

    /**
     * Why tensors are not among {@code names}, beginning with a semicolon; empty if the names do not tell.
     *
     * @param missing the first of them
     * @param most whether most of the tensors that are needed are missing
     */
    static String inNames(String missing, boolean most, Set<String> names) {
        for (String wrapper : WRAPPERS) {
            if (names.contains(wrapper + missing)) {
                return "; the names begin with \"" + wrapper
                        + "\", as those of a wrapped model do: save it without that";
            }
        }
        if (missing.startsWith(INNER) && names.contains(missing.substring(INNER.length()))) {
            return "; the names lack \"" + INNER + "\" at their beginning, as those of a model without its head do";
        }
        Optional<String> longer =
                names.stream().filter(name -> name.endsWith("." + missing)).findFirst();
        if (longer.isPresent()) {
            String before = longer.get().substring(0, longer.get().length() - missing.length());
            return "; the names begin with " + ForeignText.quoted(before) + ": save the model without that";
        }
        if (names.stream().anyMatch(name -> name.contains("lora_"))) {
            return "; the file holds an adapter, merge it into its model and save that";
        }
        return names.stream()
                .filter(name -> most && !name.startsWith(INNER) && !name.startsWith("lm_head."))
                .findFirst()
                .map(name -> "; there are others, such as " + ForeignText.shown(name))
                .orElse("");
    }
}
