package org.loopscope.analysis.prompts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;

/**
 * The prompt sets of a folder, as its {@code index.json} lists them: an array of objects with the fields of {@link
 * SampleSet}. The sets that come with the program are on the class path; a folder of one's own is read the same way.
 */
public final class SampleCatalog {
    /** The prompt that a newcomer sees first; one of the group {@code people k=6}. */
    public static final String WELCOME_PROMPT = "people Ann's friend's boss's teacher's neighbour's boss's friend is";

    private static final String CLASS_PATH_FOLDER = "/sample-prompts";
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
            public InputStream open(String file) throws IOException {
                InputStream stream = SampleCatalog.class.getResourceAsStream(CLASS_PATH_FOLDER + "/" + file);
                if (stream == null) {
                    throw new NoSuchFileException(file);
                }
                return stream;
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
            public InputStream open(String file) throws IOException {
                return Files.newInputStream(folder.resolve(file));
            }

            @Override
            public String name(String file) {
                return folder.resolve(file).toString();
            }
        });
    }

    private static SampleCatalog of(Source source) throws LoopscopeException {
        String name = source.name(INDEX);
        try (InputStream in = source.open(INDEX)) {
            SampleSet[] sets = JSON.readValue(in, SampleSet[].class);
            for (@Nullable SampleSet set : sets) {
                if (set == null) {
                    throw new LoopscopeException(name + ": expected an array of prompt sets, found null among them.");
                }
                checkInside(name, set);
            }
            return new SampleCatalog(source, List.of(sets));
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(
                    name
                            + (e.getLocation() == null
                                    ? ""
                                    : ", line " + e.getLocation().getLineNr())
                            + ": expected an array of prompt sets, found " + e.getOriginalMessage() + ".",
                    e);
        } catch (NoSuchFileException e) {
            throw new LoopscopeException(name + ": expected an index of prompt sets, found no such file.", e);
        } catch (IOException e) {
            throw new LoopscopeException(name + ": cannot be read (" + e.getMessage() + ").", e);
        }
    }

    /** An index may come from anywhere; it names files of its own folder only. */
    private static void checkInside(String index, SampleSet set) throws LoopscopeException {
        Path file = Path.of(set.file());
        if (file.isAbsolute() || !file.equals(file.normalize()) || file.startsWith("..")) {
            throw new LoopscopeException(
                    index + ": expected a file inside its own folder, found \"" + set.file() + "\".");
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
        try (InputStreamReader reader =
                new InputStreamReader(source.open(set.file()), StandardCharsets.UTF_8.newDecoder())) {
            return PromptSet.read(reader, name);
        } catch (NoSuchFileException e) {
            throw new LoopscopeException(name + ": expected a prompt set, found no such file.", e);
        } catch (IOException e) {
            throw new LoopscopeException(name + ": cannot be read (" + e.getMessage() + ").", e);
        }
    }

    /** Where the files of a catalog are. */
    private interface Source {
        InputStream open(String file) throws IOException;

        /** How the file is called in messages. */
        String name(String file);
    }
}
