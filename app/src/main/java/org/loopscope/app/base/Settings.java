package org.loopscope.app.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.Precision;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.FileAccess;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/** What the program remembers between starts, as a small JSON file. A damaged file is told, put aside and replaced. */
public final class Settings {
    private static final int RECENT = 10;

    private static final long MOST_BYTES = 4 << 20;
    private static final String DAMAGED = "settings.json.damaged";

    private final Optional<Path> file;
    private final List<String> problems = new ArrayList<>();
    private boolean keepOld;
    private boolean dark;
    private int fontSize = 13;
    private final List<String> recentModels = new ArrayList<>();
    private final List<String> modelFolders = new ArrayList<>();

    private Generation generation = Generation.DEFAULT;
    private final Map<String, Precision> precisions = new TreeMap<>();

    /**
     * How tokens were sampled last.
     *
     * @param temperature 0 to 100
     * @param topP above 0, up to 1
     * @param chat whether prompts are put into the model's chat form
     */
    public record Generation(double temperature, double topP, long seed, boolean chat) {
        /** Greedy, as on the command line. */
        public static final Generation DEFAULT = new Generation(0, 1, 0, false);

        boolean usable() {
            return temperature >= 0 && temperature <= 100 && topP > 0 && topP <= 1;
        }
    }

    private Settings(Optional<Path> file) {
        this.file = file;
    }

    /** Settings that are forgotten at the end. */
    public static Settings inMemory() {
        return new Settings(Optional.empty());
    }

    /** Settings kept in {@code file}; defaults when it does not exist or cannot be read. */
    public static Settings in(Path file) {
        Settings settings = new Settings(Optional.of(file));
        if (Files.exists(file)) {
            try {
                @Nullable
                Stored stored =
                        new ObjectMapper().readValue(InputFile.bytes(file, "settings", MOST_BYTES), Stored.class);
                if (stored != null) { // the file may hold nothing but the word null
                    settings.read(stored);
                }
            } catch (JsonProcessingException e) {
                settings.damaged(file + ": expected settings, found " + JsonProblem.found(e));
            } catch (IOException e) {
                settings.damaged(file + ": cannot be read (" + IoReason.of(e) + ")");
            } catch (LoopscopeException e) {
                settings.damaged(String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
            }
        }
        return settings;
    }

    /** The next save puts its own file there, so what could be mended by hand is put aside before. */
    private void damaged(String sentence) {
        keepOld = true;
        problems.add(ForeignText.sentence(
                sentence + "; the usual settings are used, and the file is kept as " + DAMAGED + "."));
    }

    /** A sentence for each thing of the file that could not be used. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** {@code $XDG_CONFIG_HOME/loopscope}, {@code ~/.config/loopscope}, or {@code %APPDATA%\loopscope}. */
    public static Path defaultFile(Map<String, String> environment, Path home) {
        String base = environment.getOrDefault("XDG_CONFIG_HOME", environment.getOrDefault("APPDATA", ""));
        Path folder = base.isBlank() ? home.resolve(".config") : Path.of(base);
        return folder.resolve("loopscope").resolve("settings.json");
    }

    /** The file's shape. */
    record Stored(
            boolean dark,
            int fontSize,
            @Nullable List<@Nullable String> recentModels,
            @Nullable List<@Nullable String> modelFolders,
            @Nullable Generation generation,
            @Nullable Map<String, String> precisions) {}

    private void read(Stored stored) {
        dark = stored.dark();
        if (stored.fontSize() > 0) {
            fontSize = clampFont(stored.fontSize());
        }
        List<@Nullable String> recent = stored.recentModels();
        if (recent != null) {
            recent.stream().filter(this::possible).limit(RECENT).forEach(recentModels::add);
        }
        List<@Nullable String> folders = stored.modelFolders();
        if (folders != null) {
            folders.stream().filter(this::possible).forEach(modelFolders::add);
        }
        Map<String, String> opened = stored.precisions();
        if (opened != null) {
            readPrecisions(opened);
        }
        Generation sampled = stored.generation();
        if (sampled != null && sampled.usable()) {
            generation = sampled;
        }
    }

    /** Whether a path of the file can be one; one that cannot is left out and told. */
    @SuppressWarnings("ReturnValueIgnored") // whether it throws is what is asked
    private boolean possible(@Nullable String path) {
        if (path == null) {
            return false;
        }
        try {
            Path.of(path);
            return true;
        } catch (InvalidPathException e) {
            problems.add("Settings: expected the path of a folder, found " + ForeignText.quoted(path)
                    + ", which no folder can have; it is left out.");
            return false;
        }
    }

    /** Where open windows keep what they hold for the case of a crash; none for settings that are forgotten. */
    public Optional<Path> sessionsFolder() {
        return file.map(path -> path.resolveSibling("sessions"));
    }

    public boolean dark() {
        return dark;
    }

    public int fontSize() {
        return fontSize;
    }

    public List<String> recentModels() {
        return List.copyOf(recentModels);
    }

    public void setDark(boolean value) throws IOException {
        dark = value;
        save();
    }

    public void setFontSize(int pixels) throws IOException {
        fontSize = clampFont(pixels);
        save();
    }

    private void readPrecisions(Map<String, String> stored) {
        for (Precision precision : Precision.values()) {
            stored.forEach((model, name) -> {
                if (precision.cliName().equals(name)) {
                    precisions.put(model, precision);
                }
            });
        }
    }

    private Map<String, String> precisionNames() {
        Map<String, String> names = new TreeMap<>();
        precisions.forEach((model, precision) -> names.put(model, precision.cliName()));
        return names;
    }

    /** The precision that a model was open in last, by the name it is opened with; float32 for one never opened. */
    public Precision precision(String model) {
        return precisions.getOrDefault(model, Precision.FLOAT32);
    }

    /** Remembers a precision that a model could be opened in. */
    public void setPrecision(String model, Precision precision) throws IOException {
        Precision before = precision(model);
        if (precision == Precision.FLOAT32) {
            precisions.remove(model);
        } else {
            precisions.put(model, precision);
        }
        if (before != precision) {
            save();
        }
    }

    /** How tokens were sampled last. */
    public Generation generation() {
        return generation;
    }

    public void setGeneration(Generation value) throws IOException {
        if (!value.equals(generation)) {
            generation = value;
            save();
        }
    }

    private static int clampFont(int pixels) {
        return Math.max(10, Math.min(20, pixels));
    }

    public void addRecentModel(String folder) throws IOException {
        recentModels.remove(folder);
        recentModels.add(0, folder);
        while (recentModels.size() > RECENT) {
            recentModels.remove(recentModels.size() - 1);
        }
        save();
    }

    /** Checkpoint folders, and folders that hold some, in which the user wants models to be found. */
    public List<Path> modelFolders() {
        return modelFolders.stream().map(Path::of).toList();
    }

    /** Adds a folder of models; one that is there already stays where it is. */
    public void addModelFolder(Path folder) throws IOException {
        String text = folder.toAbsolutePath().normalize().toString();
        if (!modelFolders.contains(text)) {
            modelFolders.add(text);
            save();
        }
    }

    /** Forgets a folder of models; its files stay. False if it was not among them. */
    public boolean removeModelFolder(Path folder) throws IOException {
        boolean known = modelFolders.remove(folder.toAbsolutePath().normalize().toString());
        if (known) {
            save();
        }
        return known;
    }

    private void save() throws IOException {
        if (file.isEmpty()) {
            return;
        }
        Path target = file.get();
        FileAccess.privateFolder(Objects.requireNonNull(target.toAbsolutePath().getParent()));
        if (keepOld && Files.isRegularFile(target)) {
            Files.move(target, target.resolveSibling(DAMAGED), StandardCopyOption.REPLACE_EXISTING);
        }
        keepOld = false;
        byte[] json = new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(new Stored(
                        dark,
                        fontSize,
                        new ArrayList<>(recentModels),
                        new ArrayList<>(modelFolders),
                        generation,
                        precisionNames()));
        try {
            AtomicFile.writePrivate(target, channel -> channel.write(ByteBuffer.wrap(json)));
        } catch (LoopscopeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
