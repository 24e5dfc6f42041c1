package org.loopscope.analysis.lens.tuned;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.checkpoint.TensorInfo;

/**
 * A tuned lens as a safetensors file: {@code A} [slots, d, d] and {@code b} [slots, d] in float32, slot = layer, or (step − 1) ·
 * L + layer for one translator per step; a state x is read as x + A x + b. What it belongs to is JSON under the metadata
 * key {@code loopscope_tuned_lens}; {@code compute_dtype} is missing in files of older versions.
 */
public final class TunedLensFile {
    static final String METADATA_KEY = "loopscope_tuned_lens";
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private TunedLensFile() {}

    /** Writes beside {@code file} and moves it into place. */
    public static void write(TunedLens lens, Path file, RunControl control) throws LoopscopeException {
        TunedLens.Info info = lens.info();
        int d = info.hiddenSize();
        ObjectNode json = JSON.createObjectNode();
        json.put("format", FORMAT);
        json.put("model", info.modelId());
        json.put("weight_hash", info.weightHash());
        json.put("hidden_size", d);
        json.put("layers", info.layers());
        json.put("steps", info.steps());
        json.put("per_step", info.perStep());
        json.put("trained_on", info.trainedOn());
        json.put("tokens", info.tokens());
        info.computeDtype().ifPresent(dtype -> json.put("compute_dtype", dtype));
        new SafetensorsWriter()
                .metadata(METADATA_KEY, json.toString())
                .floats(
                        "A",
                        (first, rows, out) -> {
                            for (int row = 0; row < rows; row++) {
                                long at = first + row;
                                System.arraycopy(lens.matrix((int) (at / d)), (int) (at % d) * d, out, row * d, d);
                            }
                        },
                        info.slots(),
                        d,
                        d)
                .floats(
                        "b",
                        (first, rows, out) -> {
                            for (int row = 0; row < rows; row++) {
                                System.arraycopy(lens.bias((int) first + row), 0, out, row * d, d);
                            }
                        },
                        info.slots(),
                        d)
                .write(file, control);
    }

    /**
     * @throws LoopscopeException with file, expected and found, if it is not such a file, or damaged
     */
    public static TunedLens read(Path path) throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            TunedLens.Info info = info(file);
            int d = info.hiddenSize();
            requireShape(file, "A", List.of((long) info.slots(), (long) d, (long) d));
            requireShape(file, "b", List.of((long) info.slots(), (long) d));
            float[][] matrices = new float[info.slots()][d * d];
            float[][] biases = new float[info.slots()][d];
            for (int slot = 0; slot < info.slots(); slot++) {
                file.readFloat32("A", (long) slot * d * d, d * d, matrices[slot], 0);
                file.readFloat32("b", (long) slot * d, d, biases[slot], 0);
            }
            return new TunedLens(info, matrices, biases);
        }
    }

    private static TunedLens.Info info(SafetensorsFile file) throws LoopscopeException {
        String text = file.metadata().get(METADATA_KEY);
        if (text == null) {
            throw new LoopscopeException(file.name()
                    + ": expected a tuned lens, as loopscope train tuned-lens writes it, found another file.");
        }
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("format").asInt() != FORMAT) {
                throw new LoopscopeException(file.name() + ": expected a tuned lens of format " + FORMAT + ", found "
                        + json.path("format") + ".");
            }
            TunedLens.Info info = new TunedLens.Info(
                    json.path("model").asText(),
                    json.path("weight_hash").asText(),
                    json.path("hidden_size").asInt(),
                    json.path("layers").asInt(),
                    json.path("steps").asInt(),
                    json.path("per_step").asBoolean(),
                    json.path("trained_on").asText(),
                    json.path("tokens").asLong(),
                    Optional.of(json.path("compute_dtype").asText("")).filter(s -> !s.isEmpty()));
            if (info.hiddenSize() < 1 || info.hiddenSize() > 1 << 15 || info.layers() < 1 || info.steps() < 1) {
                throw new LoopscopeException(file.name() + ": expected hidden size, layers and steps above 0, found "
                        + info.hiddenSize() + ", " + info.layers() + " and " + info.steps() + ".");
            }
            return info;
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(file.name() + ": its description is damaged, it is not JSON.", e);
        }
    }

    private static void requireShape(SafetensorsFile file, String name, List<Long> shape) throws LoopscopeException {
        TensorInfo found = file.tensor(name);
        if (!found.shape().equals(shape)) {
            throw new LoopscopeException(
                    name + " in " + file.name() + ": expected shape " + shape + ", found " + found.shape() + ".");
        }
    }
}
