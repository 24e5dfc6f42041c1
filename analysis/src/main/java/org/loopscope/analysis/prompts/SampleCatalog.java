package org.loopscope.analysis.prompts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/**
 * The prompt sets of a folder, as its {@code index.json} lists them: an array of objects with the fields of {@link
 * SampleSet}. The sets that come with the program are on the class path; a folder of one's own is read the same way.
 */
public final class SampleCatalog {
    /** The prompt that a newcomer sees first; one of the group {@code people k=6}. */
    public static final String WELCOME_PROMPT = "people Ann's friend's boss's teacher's neighbour's boss's friend is";

    private static final String CLASS_PATH_FOLDER = "/sample-prompts";
    private static final long MOST_OF_INDEX = 10_000_000;
    private static final long MOST_BYTES = 1 << 30;
    private static final String INDEX = "index.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Source source;
    private final List<SampleSet> sets;

    private SampleCatalog(Source source, List<SampleSet> sets) {
        this.source = source;
        this.sets = sets;
    }

    /**
     * The sets that come with the program.
     *
     * @throws LoopscopeException if they are damaged
     */
    public static SampleCatalog builtIn() throws LoopscopeException {
        return of(new Source() {
            @Override
            public byte[] bytes(String file) throws LoopscopeException {
                try (InputStream in = SampleCatalog.class.getResourceAsStream(CLASS_PATH_FOLDER + "/" + file)) {
                    if (in == null) {
                        throw new LoopscopeException(name(file) + ": expected a prompt set, found no such file.");
                    }
                    return in.readAllBytes();
                } catch (IOException e) {
                    throw InputFile.unreadable(name(file), e);
                }
            }

            @Override
            public String name(String file) {
                return "sample-prompts/" + file;
            }
        });
    }

    /**
     * The sets of a folder.
     *
     * @throws LoopscopeException if it has no index.json, or that is not as documented
     */
    public static SampleCatalog read(Path folder) throws LoopscopeException {
        return of(new Source() {
            @Override
            public byte[] bytes(String file) throws LoopscopeException {
                boolean index = file.equals(INDEX);
                return InputFile.bytes(
                        folder.resolve(file),
                        index ? "an index of prompt sets" : "a prompt set",
                        index ? MOST_OF_INDEX : MOST_BYTES);
            }

            @Override
            public String name(String file) {
                return folder.resolve(file).toString();
            }
        });
    }

    private static SampleCatalog of(Source source) throws LoopscopeException {
        String name = SetLines.shown(source.name(INDEX));
        String expected = ": expected an array of prompt sets, found ";
        try {
            @Nullable
            SampleSet @Nullable [] sets = JSON.readValue(InputFile.text(source.bytes(INDEX), name), SampleSet[].class);
            if (sets == null) {
                throw new LoopscopeException(name + expected + "null.");
            }
            List<SampleSet> checked = new ArrayList<>();
            for (@Nullable SampleSet set : sets) {
                if (set == null) {
                    throw new LoopscopeException(name + expected + "null among them.");
                }
                checkInside(name, set);
                checked.add(set);
            }
            return new SampleCatalog(source, List.copyOf(checked));
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(name + expected + JsonProblem.found(e) + ".", e);
        }
    }

    /** An index may come from anywhere; it names files of its own folder only. */
    private static void checkInside(String index, SampleSet set) throws LoopscopeException {
        boolean inside;
        try {
            Path file = Path.of(set.file());
            inside = !set.file().isBlank()
                    && !file.isAbsolute()
                    && file.equals(file.normalize())
                    && !file.startsWith("..");
        } catch (InvalidPathException e) {
            inside = false;
        }
        if (!inside) {
            throw new LoopscopeException(
                    index + ": expected a file inside its own folder, found " + ForeignText.quoted(set.file()) + ".");
        }
    }

    /** All sets, in the order of the index. */
    public List<SampleSet> sets() {
        return sets;
    }

    /** Sets offered among the sample prompts of a model family, {@code embedded} or {@code ouro}. */
    public List<SampleSet> shown(String model) {
        return sets.stream()
                .filter(set -> set.shown() && set.model().equals(model))
                .toList();
    }

    /**
     * Reads one of the sets.
     *
     * @throws LoopscopeException if the file is missing or damaged
     */
    public PromptSet read(SampleSet set) throws LoopscopeException {
        String name = source.name(set.file());
        byte[] bytes = source.bytes(set.file());
        try (Reader reader = InputFile.reader(new ByteArrayInputStream(bytes))) {
            return PromptSet.read(reader, name);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
    }

    /** Where the files of a catalog are. */
    private interface Source {
        byte[] bytes(String file) throws LoopscopeException;

        /** How the file is called in messages. */
        String name(String file);
    }
}
