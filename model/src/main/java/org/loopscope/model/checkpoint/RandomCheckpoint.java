package org.loopscope.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.loopscope.model.base.AtomicFile;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;

/**
 * A checkpoint folder of a given shape with random weights: for measuring speed and memory where real weights are not
 * at hand. It says nothing sensible. The same shape and seed give the same bytes.
 *
 * <p>Weights are scaled so that states stay of moderate size and gates differ between tokens: projections N(0, 1/in), the
 * norms before a sub-layer around 1, those after it around 0.3, the embedding N(0, 1). They are drawn from one block of
 * normal numbers, at random places of it, which is much faster than drawing each and makes no difference to timings.
 */
public final class RandomCheckpoint {
    /** 4 layers, d = 128, a vocabulary of 512; float32, 3.7 MB. */
    public static final RandomCheckpoint TINY = new RandomCheckpoint(
            "tiny",
            new LoopConfig(512, 128, 352, 4, 4, 4, 32, 4, 8192, 1e-6, 1_000_000, false, Set.of(0)),
            DType.F32,
            0);
    /** The shape of Ouro-1.4B: 24 layers, d = 2048, a vocabulary of 49,152, T = 4; bfloat16, 2.9 GB. */
    public static final RandomCheckpoint OURO_1_4B = new RandomCheckpoint(
            "ouro-1.4b",
            new LoopConfig(49_152, 2048, 5632, 24, 16, 16, 128, 4, 65_536, 1e-6, 1_000_000, false, Set.of(0)),
            DType.BF16,
            0);

    private static final String WEIGHTS = "model.safetensors";
    private static final int VERSION =
            1; // part of the folder's name; to be raised when the same seed gives other weights
    private static final int POOL = 1 << 20;
    private static final long SPARE_BYTES = 64L << 20; // disk space that is left for others

    private final String name;
    private final LoopConfig config;
    private final DType dtype;
    private final long seed;

    /**
     * @param name what the shape is called, a part of the folder's name
     * @param dtype {@link DType#F32} or {@link DType#BF16}
     */
    public RandomCheckpoint(String name, LoopConfig config, DType dtype, long seed) {
        if (dtype != DType.F32 && dtype != DType.BF16) {
            throw new IllegalArgumentException("dtype: want F32 or BF16, got " + dtype);
        }
        this.name = name;
        this.config = config;
        this.dtype = dtype;
        this.seed = seed;
    }

    /** Bytes of its weights on disk. */
    public long weightBytes() {
        return dtype.sizeBytes()
                * OuroTensors.needed(config).values().stream()
                        .mapToLong(RandomCheckpoint::elements)
                        .sum();
    }

    /**
     * The folder, written under {@code base} if it is not there yet. Its name is made of the contents, so that one that is
     * complete is used again; one that was left incomplete or damaged is written anew. Weights go to disk block by block.
     *
     * @throws LoopscopeException if the disk has no room for it, with the numbers, or cannot be written
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; no weights file is left then
     */
    public Path in(Path base, RunControl control) throws LoopscopeException {
        Path folder = base.resolve(folderName());
        if (complete(folder)) {
            return folder;
        }
        createFolder(folder);
        requireRoom(folder);
        write(folder.resolve("config.json"), configJson());
        if (config.vocabSize() >= RandomTokenizer.MIN_VOCABULARY) {
            write(folder.resolve("tokenizer.json"), RandomTokenizer.json());
        }
        writeWeights(folder.resolve(WEIGHTS), control); // last: whoever finds it finds the others too
        return folder;
    }

    private String folderName() {
        String content = VERSION + "\n" + seed + "\n" + configJson() + "\n" + RandomTokenizer.json();
        return name + "-" + dtype.name().toLowerCase(Locale.ROOT) + "-"
                + sha256(content).substring(0, 12);
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether all files are there and are what would be written, as far as headers and sizes tell. */
    private boolean complete(Path folder) {
        if (!Files.exists(folder.resolve(WEIGHTS))) {
            return false;
        }
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            boolean tokenizer = config.vocabSize() < RandomTokenizer.MIN_VOCABULARY
                    || holds(folder.resolve("tokenizer.json"), RandomTokenizer.json());
            return tokenizer && checkpoint.config().equals(config) && checkpoint.dtype() == dtype;
        } catch (LoopscopeException e) {
            return false; // damaged: it is written anew
        }
    }

    private static boolean holds(Path file, String content) {
        try {
            return Files.isRegularFile(file) && Files.readString(file).equals(content);
        } catch (IOException e) {
            return false;
        }
    }

    private void createFolder(Path folder) throws LoopscopeException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LoopscopeException(
                    "Random checkpoint " + name + ": expected to be able to make the folder " + folder + ", found "
                            + IoReason.of(e) + ".",
                    e);
        }
    }

    private void requireRoom(Path folder) throws LoopscopeException {
        long free;
        try {
            free = Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return; // the system does not tell; writing will
        }
        requireRoom(folder, free);
    }

    void requireRoom(Path folder, long free) throws LoopscopeException {
        long needed = weightBytes() + SPARE_BYTES;
        if (needed > free) {
            throw new LoopscopeException(String.format(
                    Locale.ROOT,
                    "Random checkpoint %s: %.1f GB of disk space are needed in %s, %.1f GB are free; choose another folder.",
                    name,
                    needed / 1e9,
                    folder.getParent(),
                    free / 1e9));
        }
    }

    private static void write(Path file, String text) throws LoopscopeException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private void writeWeights(Path file, RunControl control) throws LoopscopeException {
        float[] pool = new float[POOL];
        Random random = new Random(seed);
        for (int i = 0; i < POOL; i++) {
            pool[i] = (float) random.nextGaussian();
        }
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (Map.Entry<String, List<Long>> tensor : OuroTensors.needed(config).entrySet()) {
            long[] shape = tensor.getValue().stream().mapToLong(Long::longValue).toArray();
            Source source = new Source(pool, tensor.getKey(), shape, seed);
            if (dtype == DType.BF16) {
                writer.bfloat16(tensor.getKey(), source::fill, shape);
            } else {
                writer.floats(tensor.getKey(), source::fill, shape);
            }
        }
        String stage = "writing the random checkpoint " + name;
        writer.write(
                file,
                RunControl.of(control::isCancelled, (ignored, done, total) -> control.progress(stage, done, total)));
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private String configJson() {
        return String.format(
                Locale.ROOT,
                """
                {
                  "architectures": ["OuroForCausalLM"],
                  "model_type": "ouro",
                  "hidden_act": "silu",
                  "vocab_size": %d,
                  "hidden_size": %d,
                  "intermediate_size": %d,
                  "num_hidden_layers": %d,
                  "num_attention_heads": %d,
                  "num_key_value_heads": %d,
                  "head_dim": %d,
                  "total_ut_steps": %d,
                  "early_exit_threshold": 1.0,
                  "max_position_embeddings": %d,
                  "rms_norm_eps": %s,
                  "rope_theta": %s,
                  "tie_word_embeddings": %s,
                  "eos_token_id": %s,
                  "torch_dtype": "%s"
                }
                """,
                config.vocabSize(),
                config.hiddenSize(),
                config.intermediateSize(),
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.trainedSteps(),
                config.contextLength(),
                config.normEps(),
                config.ropeTheta(),
                config.tiedEmbeddings(),
                config.eosIds().stream().sorted().toList(),
                dtype == DType.BF16 ? "bfloat16" : "float32");
    }

    /** The numbers of one tensor, block by block, whatever the blocks of the others. */
    private static final class Source {
        private final float[] pool;
        private final int columns;
        private final float mean;
        private final float deviation;
        private final Random random;

        Source(float[] pool, String name, long[] shape, long seed) {
            this.pool = pool;
            this.columns = Math.toIntExact(shape[shape.length - 1]);
            this.mean = mean(name, shape);
            this.deviation = deviation(name, shape);
            this.random = new Random(seed * 31 + name.hashCode());
        }

        private static float mean(String name, long[] shape) {
            if (name.equals(OuroTensors.GATE_BIAS)) {
                return -0.6f; // gates of about a third: tokens leave at different steps
            }
            if (shape.length > 1) {
                return 0;
            }
            return isPostNorm(name) ? 0.3f : 1;
        }

        private static float deviation(String name, long[] shape) {
            if (shape.length == 1) {
                return name.equals(OuroTensors.GATE_BIAS) ? 0 : isPostNorm(name) ? 0.03f : 0.1f;
            }
            float scale = (float) (1 / Math.sqrt((double) shape[1]));
            return switch (name) {
                case OuroTensors.EMBEDDING -> 1;
                case OuroTensors.UNEMBEDDING -> 2 * scale;
                default -> scale;
            };
        }

        private static boolean isPostNorm(String name) {
            return name.endsWith("_2.weight");
        }

        void fill(long firstRow, int rows, float[] out) {
            int count = rows * columns;
            int done = 0;
            while (done < count) {
                int from = random.nextInt(POOL);
                int length = Math.min(count - done, POOL - from);
                for (int i = 0; i < length; i++) {
                    out[done + i] = pool[from + i] * deviation + mean;
                }
                done += length;
            }
            if (count < out.length) {
                Arrays.fill(out, count, out.length, 0);
            }
        }
    }

    /** The shape that is called {@code name}, if it is one of the named ones. */
    public static Optional<RandomCheckpoint> named(String name) {
        return List.of(TINY, OURO_1_4B).stream()
                .filter(shape -> shape.name.equals(name))
                .findFirst();
    }
}
