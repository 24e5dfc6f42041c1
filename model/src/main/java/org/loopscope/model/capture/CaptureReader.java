package org.loopscope.model.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.checkpoint.TensorInfo;

/** Checks one capture file completely, then reads it. */
final class CaptureReader {
    private final SafetensorsFile file;
    private final CaptureMetadata metadata;
    private final LoopConfig config;
    private final int steps;
    private final int length;

    private CaptureReader(SafetensorsFile file, CaptureMetadata metadata, int steps, int length) {
        this.file = file;
        this.metadata = metadata;
        this.config = metadata.loopConfig();
        this.steps = steps;
        this.length = length;
    }

    static Capture read(Path path) throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            CaptureMetadata metadata = metadata(file);
            long steps = size(file, "gate_logits", 0, RunOptions.MAX_STEPS);
            long length = size(file, "token_ids", 0, Integer.MAX_VALUE);
            try {
                return new CaptureReader(file, metadata, (int) steps, (int) length).read();
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new LoopscopeException(
                        file.name() + ": expected a complete capture, found one that is damaged (" + e.getMessage()
                                + ").",
                        e);
            }
        }
    }

    private static CaptureMetadata metadata(SafetensorsFile file) throws LoopscopeException {
        @Nullable String json = file.metadata().get(CaptureWriter.METADATA_KEY);
        if (json == null) {
            throw new LoopscopeException(file.name() + ": expected a capture, found a safetensors file without \""
                    + CaptureWriter.METADATA_KEY + "\" in its metadata.");
        }
        try {
            checkVersion(file.name(), new JsonMapper().readTree(json));
            return CaptureMetadata.parse(json);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(
                    file.name() + ": expected the metadata of a capture, found text that is damaged ("
                            + e.getOriginalMessage() + ").",
                    e);
        }
    }

    /** Looked at before anything else is: a newer format may have other keys. */
    private static void checkVersion(String name, JsonNode json) throws LoopscopeException {
        JsonNode version = json.path("format_version");
        if (version.isInt() && version.asInt() > CaptureFile.FORMAT_VERSION) {
            throw new LoopscopeException(name + ": expected capture format " + CaptureFile.FORMAT_VERSION + ", found "
                    + version.asInt() + ", written by the newer program version "
                    + json.path("program_version").asText("unknown") + "; update Loopscope to open it.");
        }
        if (!version.isInt() || version.asInt() < 1) {
            throw new LoopscopeException(name + ": expected capture format " + CaptureFile.FORMAT_VERSION + ", found "
                    + (version.isMissingNode() ? "none" : version) + ".");
        }
    }

    private static long size(SafetensorsFile file, String tensor, int dimension, int max) throws LoopscopeException {
        List<Long> shape = file.tensor(tensor).shape();
        if (shape.size() <= dimension || shape.get(dimension) < 1 || shape.get(dimension) > max) {
            throw new LoopscopeException(tensor + " in " + file.name() + ": expected a size of 1 to " + max
                    + " in dimension " + dimension + ", found shape " + shape + ".");
        }
        return shape.get(dimension);
    }

    private Capture read() throws LoopscopeException {
        boolean layers = file.find("layer_states").isPresent();
        checkTensors(layers);
        checkMemory(layers);
        Capture.Builder builder = new Capture.Builder(metadata.modelInfo(), config, metadata.runOptions())
                .prompt(metadata.prompt())
                .tokens(tokenIds(), metadata.tokenTexts(), metadata.promptLength())
                .states(rows("gate_logits", steps, length), rows("hidden_states", steps, length * config.hiddenSize()))
                .generationExitSteps(exitSteps())
                .timing(metadata.startTime(), metadata.elapsedMillis());
        if (layers) {
            builder.layerStates(layerStates());
        }
        metadata.problemSentence().ifPresent(builder::problem);
        metadata.generationReport().ifPresent(builder::generationReport);
        builder.interventions(metadata.interventions());
        return builder.build();
    }

    private void checkTensors(boolean layers) throws LoopscopeException {
        int width = config.hiddenSize();
        check("token_ids", DType.I64, length);
        check("gate_logits", DType.F32, steps, length);
        check("hidden_states", DType.F32, steps, length, width);
        if ((long) length * width > Integer.MAX_VALUE) {
            throw new LoopscopeException("hidden_states in " + file.name() + ": expected at most " + Integer.MAX_VALUE
                    + " numbers a step, found " + (long) length * width + ".");
        }
        check("exit_pdf", DType.F64, steps, length);
        check("exit_cdf", DType.F64, steps, length);
        if (layers) {
            check("layer_states", DType.F32, steps, config.layers() + 1, length, width);
        }
        if (file.find("step_logits").isPresent()) {
            check("step_logits", DType.F32, steps, length, config.vocabSize());
        }
        if (file.find("lens_top_ids").isPresent()) {
            List<Long> shape = file.tensor("lens_top_ids").shape();
            long k = shape.isEmpty() ? 0 : shape.get(shape.size() - 1);
            check("lens_top_ids", DType.I32, steps, length, k);
            check("lens_top_log_probs", DType.F32, steps, length, k);
        }
    }

    private void check(String name, DType dtype, long... shape) throws LoopscopeException {
        TensorInfo info = file.tensor(name);
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        if (info.dtype() != dtype || !info.shape().equals(expected)) {
            throw new LoopscopeException(name + " in " + file.name() + ": expected " + dtype + " " + expected
                    + ", found " + info.dtype() + " " + info.shape() + ".");
        }
    }

    private void checkMemory(boolean layers) throws LoopscopeException {
        long needed = file.tensor("hidden_states").sizeBytes()
                + (layers ? file.tensor("layer_states").sizeBytes() : 0);
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (needed > free) {
            throw new LoopscopeException(file.name() + ": expected a capture of at most " + (free >> 20)
                    + " MiB, the memory that is free, found " + (needed >> 20)
                    + " MiB; close other runs or start the program with more memory (-Xmx).");
        }
    }

    private int[] tokenIds() throws LoopscopeException {
        LongBuffer stored = file.bytes("token_ids").asLongBuffer();
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            long id = stored.get(i);
            if (id < 0 || id >= config.vocabSize()) {
                throw new IllegalArgumentException(
                        "token " + i + ": want an id from 0 to " + (config.vocabSize() - 1) + ", got " + id);
            }
            ids[i] = (int) id;
        }
        return ids;
    }

    private int[] exitSteps() {
        for (int step : metadata.generationExitSteps()) {
            if (step < 1 || step > steps) {
                throw new IllegalArgumentException("generation exit step: want 1 to " + steps + ", got " + step);
            }
        }
        return metadata.generationExitSteps();
    }

    private float[][] rows(String tensor, int count, int rowLength) throws LoopscopeException {
        float[][] rows = new float[count][rowLength];
        for (int row = 0; row < count; row++) {
            file.readFloat32(tensor, (long) row * rowLength, rowLength, rows[row], 0);
            requireFinite(tensor, row, rows[row]);
        }
        return rows;
    }

    /** A run stops at a state that is not finite and keeps none: such a number is damage. */
    private void requireFinite(String tensor, int row, float[] numbers) throws LoopscopeException {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw new LoopscopeException(tensor + " in " + file.name() + ": expected finite numbers, found "
                        + numbers[i] + " as number " + ((long) row * numbers.length + i) + ".");
            }
        }
    }

    private float[][][] layerStates() throws LoopscopeException {
        int depth = config.layers() + 1;
        int plane = length * config.hiddenSize();
        float[][] all = rows("layer_states", steps * depth, plane);
        float[][][] states = new float[steps][depth][];
        for (int i = 0; i < all.length; i++) {
            states[i / depth][i % depth] = all[i];
        }
        return states;
    }
}
