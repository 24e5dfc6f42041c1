package org.loopscope.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;

/**
 * A Hugging Face folder with a looped model: its configuration, and its weights memory-mapped from one or several
 * safetensors files. Opening it reads config.json and headers only and checks every tensor the model needs; weights are
 * read when they are asked for. Safe to use from several threads.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final int HASH_CHUNK_BYTES = 8 << 20;
    private static final int COMPARED = 1 << 20; // numbers
    private static final int MAX_TOLD = 5;

    private final Path folder;
    private final LoopFamily family;
    private final LoopConfig config;
    private final CheckpointFiles files;
    private final Map<String, TensorInfo> tensors = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    private Checkpoint(Path folder, ConfigReader.Result read, CheckpointFiles files) {
        this.folder = folder;
        this.family = read.family();
        this.config = read.config();
        this.files = files;
        this.warnings.addAll(read.warnings());
        this.warnings.addAll(files.warnings());
    }

    /**
     * Opens the model in {@code folder}.
     *
     * @throws LoopscopeException with file, tensor, expected and found, if a file is missing or damaged, the
     *     architecture is not supported, or a tensor is missing, misshapen or of a type that is no weight; no memory
     *     was taken for weights then
     */
    public static Checkpoint open(Path folder) throws LoopscopeException {
        if (!Files.isDirectory(folder)) {
            throw new LoopscopeException(shown(folder) + ": expected a folder with config.json, found "
                    + (Files.exists(folder) ? InputFile.kind(folder) + "." : "nothing."));
        }
        if (!FolderFile.exists(folder, CONFIG)) {
            throw new LoopscopeException(shown(folder) + ": expected config.json in it, found none.");
        }
        ConfigReader.Result read = ConfigReader.readWithWarnings(FolderFile.of(folder, CONFIG, "a configuration"));
        Map<String, List<Long>> needed = read.tensors();
        Checkpoint checkpoint = new Checkpoint(
                folder,
                read,
                CheckpointFiles.open(folder, needed.keySet(), read.family().title()));
        boolean valid = false;
        try {
            checkpoint.checkTensors(needed);
            read.statedType().ifPresent(checkpoint::tellOtherType);
            checkpoint.tellTokenizerThatIsNone();
            valid = true;
            return checkpoint;
        } finally {
            if (!valid) {
                checkpoint.close();
            }
        }
    }

    private static String shown(Path folder) {
        return "Model folder " + ForeignText.shown(folder.toString(), 160);
    }

    private void tellOtherType(DType stated) {
        if (stated != dtype()) {
            warnings.add("config.json says that weights are " + stated + ", found " + dtype()
                    + "; they are taken as they are stored.");
        }
    }

    private void checkTensors(Map<String, List<Long>> needed) throws LoopscopeException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, List<Long>> entry : needed.entrySet()) {
            if (files.holds(entry.getKey())) {
                check(entry.getKey(), entry.getValue());
            } else {
                missing.add(entry.getKey());
            }
        }
        if (!missing.isEmpty()) {
            String first = missing.get(0);
            throw new LoopscopeException(first + " in " + files.description() + ": expected a tensor of shape "
                    + needed.get(first) + ", found none"
                    + (missing.size() == 1 ? "" : "; " + (missing.size() - 1) + " more are missing")
                    + WeightsInstead.inNames(first, 2 * missing.size() > needed.size(), files.statedNames()) + ".");
        }
        List<String> ignored = new ArrayList<>();
        for (String name : files.names()) {
            if (!needed.containsKey(name) && !family.ignores(name, config)) {
                checkUnneeded(name);
                ignored.add(name);
            }
        }
        tellIgnored(ignored);
    }

    private void tellIgnored(List<String> names) {
        int told = names.size() > MAX_TOLD ? 1 : names.size();
        for (String name : names.subList(0, told)) {
            warnings.add(ForeignText.shown(name) + " in " + files.fileOf(name).name() + " is not part of "
                    + family.title() + " and is ignored.");
        }
        if (told < names.size()) {
            warnings.add(
                    (names.size() - told) + " more tensors are not part of " + family.title() + " and are ignored.");
        }
    }

    private void check(String name, List<Long> shape) throws LoopscopeException {
        SafetensorsFile file = files.fileOf(name);
        TensorInfo info = file.tensor(name);
        if (!info.shape().equals(shape)) {
            throw new LoopscopeException(name + " in " + file.name() + ": expected shape " + shape + ", found "
                    + ForeignText.shown(info.shape().toString()) + ".");
        }
        file.checkWeightType(info);
        file.checkMappable(info);
        tensors.put(name, info);
    }

    /**
     * A tensor that the forward pass would leave out. One that it should not, such as a bias, means that the weights are of a
     * different model than config.json says, and the result would be wrong without a word. Others are told and left out.
     */
    private void checkUnneeded(String name) throws LoopscopeException {
        if (family.wouldMiss(name)) {
            throw new LoopscopeException(
                    ForeignText.shown(name) + " in " + files.fileOf(name).name()
                            + ": expected the tensors of " + family.title() + " of " + config.layers()
                            + " layers as config.json says, found this one, which such a model does not have.");
        }
    }

    public Path folder() {
        return folder;
    }

    /** Name of the folder, to call the model by. */
    public String name() {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }

    /** Which models it is one of, and so who loads it. */
    public LoopFamily family() {
        return family;
    }

    public LoopConfig config() {
        return config;
    }

    /** Name of the tensor that states are unembedded with. */
    public String unembedding() {
        return config.tiedEmbeddings() ? family.embedding() : family.unembedding();
    }

    /** What the user should know about this checkpoint, one sentence each; usually none. */
    public List<String> warnings() {
        return warnings.stream().map(ForeignText::sentence).toList();
    }

    /** The folder's tokenizer.json, if it has one that may be read. */
    public Optional<Path> tokenizerFile() {
        try {
            return FolderFile.exists(folder, TOKENIZER)
                    ? Optional.of(FolderFile.of(folder, TOKENIZER, "a tokenizer"))
                    : Optional.empty();
        } catch (LoopscopeException e) {
            return Optional.empty(); // told by a warning
        }
    }

    private void tellTokenizerThatIsNone() {
        try {
            if (FolderFile.exists(folder, TOKENIZER)) {
                FolderFile.of(folder, TOKENIZER, "a tokenizer");
            }
        } catch (LoopscopeException e) {
            warnings.add(e.getMessage() + " The model is run with token ids.");
        }
    }

    /** The tensors that the model uses, in name order. */
    public Collection<TensorInfo> tensors() {
        return List.copyOf(tensors.values());
    }

    /** Number of weights that the model uses; a tied embedding counts once. */
    public long parameterCount() {
        return tensors.values().stream().mapToLong(TensorInfo::elements).sum();
    }

    /** Bytes of the stored weights that the model uses. */
    public long weightBytes() {
        return tensors.values().stream().mapToLong(TensorInfo::sizeBytes).sum();
    }

    /** Type of the stored weights; where several are mixed, that of most weights. */
    public DType dtype() {
        Map<DType, Long> counts = new EnumMap<>(DType.class);
        tensors.values().forEach(t -> counts.merge(t.dtype(), t.elements(), Long::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    /**
     * A tensor that the model uses.
     *
     * @throws IllegalArgumentException if it uses none of that name
     */
    public TensorInfo tensor(String name) {
        TensorInfo info = tensors.get(name);
        if (info == null) {
            throw new IllegalArgumentException("tensor: want one of this model, got " + name);
        }
        return info;
    }

    /** The stored bytes of one tensor: read-only, little-endian, a view of the file. */
    public ByteBuffer bytes(String name) throws LoopscopeException {
        return files.fileOf(tensor(name).name()).bytes(name);
    }

    /** Widens one tensor to float32 into {@code target}, row-major, advancing its position; in chunks, without a copy. */
    public void readFloat32(String name, FloatBuffer target) throws LoopscopeException {
        files.fileOf(tensor(name).name()).readFloat32(name, target);
    }

    /** Widens one tensor to float32 into {@code target} from {@code offset}. */
    public void readFloat32(String name, float[] target, int offset) throws LoopscopeException {
        files.fileOf(tensor(name).name()).readFloat32(name, target, offset);
    }

    /** Widens {@code count} elements of one tensor from element {@code first} to float32 into {@code target}. */
    public void readFloat32(String name, long first, int count, float[] target, int offset) throws LoopscopeException {
        files.fileOf(tensor(name).name()).readFloat32(name, first, count, target, offset);
    }

    /** One tensor widened to float32, row-major, in a new array. */
    public float[] readFloat32(String name) throws LoopscopeException {
        float[] values = new float[Math.toIntExact(tensor(name).elements())];
        readFloat32(name, values, 0);
        return values;
    }

    /**
     * SHA-256 in hex over the tensors the model uses, in name order. For each: name, line feed, dtype, line feed, shape
     * as {@code [57, 96]}, line feed, SHA-256 in hex of its stored bytes, line feed. How they are spread over files does
     * not matter.
     *
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public String weightHash(RunControl control) throws LoopscopeException {
        Map<String, String> hashes = new ConcurrentHashMap<>();
        long total = weightBytes();
        AtomicLong done = new AtomicLong();
        List<ParallelTasks.Task> tasks = new ArrayList<>();
        for (TensorInfo tensor : tensors.values()) {
            tasks.add(() -> {
                hashes.put(tensor.name(), tensorHash(tensor.name(), control));
                control.progress("hashing weights", done.addAndGet(tensor.sizeBytes()), total);
            });
        }
        ParallelTasks.run(tasks);
        return weightHash(hashes);
    }

    /** {@link #weightHash(RunControl)} from the {@link #tensorHash} of every tensor that the model uses, by name. */
    public String weightHash(Map<String, String> tensorHashes) {
        MessageDigest digest = sha256();
        for (TensorInfo tensor : tensors.values()) {
            String line = tensor.name() + "\n" + tensor.dtype() + "\n" + tensor.shape() + "\n"
                    + Objects.requireNonNull(tensorHashes.get(tensor.name()), tensor.name()) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * SHA-256 in hex of the stored bytes of one tensor.
     *
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public String tensorHash(String name, RunControl control) throws LoopscopeException {
        MessageDigest digest = sha256();
        ByteBuffer bytes = bytes(name);
        while (bytes.hasRemaining()) {
            control.checkCancelled();
            int count = Math.min(HASH_CHUNK_BYTES, bytes.remaining());
            digest.update(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Refuses tied embeddings beside an unembedding with other numbers: published loaders differ in which of the two they
     * take. Reads both.
     *
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public void requireOneUnembedding(RunControl control) throws LoopscopeException {
        String second = family.unembedding();
        if (!config.tiedEmbeddings() || !files.holds(second)) {
            return;
        }
        SafetensorsFile file = files.fileOf(second);
        TensorInfo embedding = tensor(family.embedding());
        if (!file.tensor(second).shape().equals(embedding.shape()) || !isCopy(file, embedding, control)) {
            throw new LoopscopeException(second + " in " + file.name() + ": expected none, or a copy of "
                    + embedding.name() + ", since tie_word_embeddings in config.json is true, found other numbers;"
                    + " set it to false to use them, or remove them.");
        }
    }

    private boolean isCopy(SafetensorsFile file, TensorInfo embedding, RunControl control) throws LoopscopeException {
        float[] ours = new float[(int) Math.min(COMPARED, embedding.elements())];
        float[] theirs = new float[ours.length];
        for (long first = 0; first < embedding.elements(); first += ours.length) {
            control.checkCancelled();
            int count = (int) Math.min(ours.length, embedding.elements() - first);
            readFloat32(embedding.name(), first, count, ours, 0);
            file.readFloat32(family.unembedding(), first, count, theirs, 0);
            if (!Arrays.equals(ours, 0, count, theirs, 0, count)) {
                return false;
            }
        }
        return true;
    }

    /** Closes the files. Buffers already given out stay readable. */
    @Override
    public void close() {
        files.close();
    }
}
