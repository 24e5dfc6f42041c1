package org.loopscope.model.ouro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.SafetensorsFile;

/** One golden checkpoint with what the reference implementation computed from it. */
final class GoldenSet {
    final Path folder;
    final JsonNode json;
    private final Path expected;

    /** @param weights folder of the checkpoint, such as {@code gqa/sharded}; what is expected lies in its first folder */
    GoldenSet(String weights) {
        Path root = resource("golden");
        this.folder = root.resolve(weights);
        Path set = root.resolve(weights.split("/")[0]);
        this.expected = set.resolve("expected.safetensors");
        try {
            this.json = new ObjectMapper().readTree(set.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path resource(String name) {
        try {
            return Path.of(GoldenSet.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    OuroModel load(Kernels kernels) throws LoopscopeException {
        return load(folder, kernels);
    }

    static OuroModel load(Path folder, Kernels kernels) throws LoopscopeException {
        return load(folder, Precision.FLOAT32, kernels);
    }

    static OuroModel load(Path folder, Precision precision, Kernels kernels) throws LoopscopeException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return OuroModel.load(
                    checkpoint,
                    precision,
                    Optional.empty(),
                    checkpoint.name(),
                    RunControl.none(),
                    kernels,
                    MemoryBudget.ofThisMachine());
        }
    }

    float[] tensor(String name) throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(expected)) {
            float[] values = new float[Math.toIntExact(file.tensor(name).elements())];
            file.readFloat32(name, values, 0);
            return values;
        }
    }

    int[] inputIds() throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(expected)) {
            ByteBuffer bytes = file.bytes("input_ids");
            int[] ids = new int[bytes.remaining() / Long.BYTES];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = Math.toIntExact(bytes.getLong());
            }
            return ids;
        }
    }

    int[] prompt() throws LoopscopeException {
        return Arrays.copyOf(inputIds(), json.get("prompt_length").asInt());
    }

    int steps() {
        return json.get("total_ut_steps").asInt();
    }

    static int[] ints(JsonNode array) {
        int[] result = new int[array.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = array.get(i).asInt();
        }
        return result;
    }

    @Override
    public String toString() {
        return folder.getParent().getFileName() + "/" + folder.getFileName();
    }
}
