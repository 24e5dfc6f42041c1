package org.loopscope.model.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.checkpoint.TensorInfo;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.states.StateBuffer;
import org.loopscope.model.states.StateSpace;
import org.loopscope.model.states.States;

/** Checks one capture file completely, then reads it. */
final class CaptureReader {
    private static final int BLOCK = 1 << 20; // numbers, 4 MiB

    private final SafetensorsFile file;
    private final CaptureMetadata metadata;
    private final LoopConfig config;
    private final int steps;
    private final int length;
    private final StateSpace space;
    private final RunControl control;

    private CaptureReader(
            SafetensorsFile file,
            CaptureMetadata metadata,
            int steps,
            int length,
            StateSpace space,
            RunControl control) {
        this.space = space;
        this.control = control;
        this.file = file;
        this.metadata = metadata;
        this.config = metadata.loopConfig();
        this.steps = steps;
        this.length = length;
    }

    static Capture read(Path path, StateSpace space, RunControl control) throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            CaptureMetadata metadata = metadata(file);
            long steps = size(file, stepsOf(metadata), 0, RunOptions.MAX_STEPS);
            long length = size(file, "token_ids", 0, Integer.MAX_VALUE);
            try {
                metadata.checkRanges();
                return new CaptureReader(file, metadata, (int) steps, (int) length, space, control).read();
            } catch (UncheckedIOException e) { // the capture's own file is read through a mapping
                throw space.diskProblem(Objects.requireNonNull(e.getCause()));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new LoopscopeException(
                        file.name() + ": expected a complete capture, found one that is damaged ("
                                + ForeignText.shown(String.valueOf(e.getMessage()), 160) + ").",
                        e);
            }
        }
    }

    /** The tensor that says how many steps there are. */
    private static String stepsOf(CaptureMetadata metadata) {
        return metadata.config().loop().gate() ? "gate_logits" : "hidden_states";
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
                            + JsonProblem.found(e) + ").",
                    e);
        }
    }

    /** Looked at before anything else is: a newer format may have other keys. */
    private static void checkVersion(String name, JsonNode json) throws LoopscopeException {
        JsonNode version = json.path("format_version");
        if (version.isInt() && version.asInt() > CaptureFile.FORMAT_VERSION) {
            throw new LoopscopeException(name + ": expected capture format " + CaptureFile.FORMAT_VERSION + ", found "
                    + version.asInt() + ", written by the newer program version "
                    + ForeignText.shown(json.path("program_version").asText("unknown"))
                    + "; update Loopscope to open it.");
        }
        if (!version.isInt() || version.asInt() < 1) {
            throw new LoopscopeException(name + ": expected capture format " + CaptureFile.FORMAT_VERSION + ", found "
                    + (version.isMissingNode() ? "none" : ForeignText.shown(version.toString())) + ".");
        }
    }

    private static long size(SafetensorsFile file, String tensor, int dimension, int max) throws LoopscopeException {
        List<Long> shape = file.tensor(tensor).shape();
        if (shape.size() <= dimension || shape.get(dimension) < 1 || shape.get(dimension) > max) {
            throw new LoopscopeException(tensor + " in " + file.name() + ": expected a size of 1 to " + max
                    + " in dimension " + dimension + ", found shape " + ForeignText.shown(shape.toString()) + ".");
        }
        return shape.get(dimension);
    }

    private Capture read() throws LoopscopeException {
        checkSteps();
        boolean layers = file.find("layer_states").isPresent();
        checkTensors(layers);
        StateSpace.Plan plan = space.reserve(
                "States of " + file.name(), need(layers), "close other runs or give Java more memory (-Xmx)");
        Capture.Builder builder = new Capture.Builder(metadata.modelInfo(), config, metadata.runOptions())
                .prompt(metadata.prompt())
                .tokens(tokenIds(), metadata.tokenTexts(), metadata.promptLength())
                .addedTokens(
                        metadata.specialTokens().before(),
                        metadata.specialTokens().after())
                .states(gates(), states("hidden_states", steps, plan.hiddenMapped()))
                .generationExitSteps(exitSteps())
                .timing(metadata.startTime(), metadata.elapsedMillis());
        if (layers) {
            builder.layerStates(states("layer_states", steps * (config.layers() + 1), plan.layersMapped()));
        }
        if (!config.shape().normed()) {
            builder.readouts(states("readout_states", steps, plan.hiddenMapped()));
        }
        metadata.problemSentence().ifPresent(builder::problem);
        metadata.generationReport().ifPresent(builder::generationReport);
        builder.interventions(metadata.interventions()).chat(metadata.chatTemplate());
        return builder.build();
    }

    /** A run that did not stop early has all the steps that it was asked for. */
    private void checkSteps() throws LoopscopeException {
        int asked = metadata.runOptions().steps();
        if (steps > asked || steps < asked && metadata.problemSentence().isEmpty()) {
            throw new IllegalArgumentException(
                    "options.steps: want " + steps + ", as " + stepsOf(metadata) + " has, got " + asked);
        }
    }

    private StateSpace.Need need(boolean layers) throws LoopscopeException {
        return new StateSpace.Need(
                config.hasGate() ? file.tensor("gate_logits").sizeBytes() : 0,
                file.tensor("hidden_states").sizeBytes() * (config.shape().normed() ? 1 : 2),
                layers ? file.tensor("layer_states").sizeBytes() : 0);
    }

    private void checkTensors(boolean layers) throws LoopscopeException {
        int width = config.hiddenSize();
        check("token_ids", DType.I64, length);
        check("hidden_states", DType.F32, steps, length, width);
        if ((long) length * width > Integer.MAX_VALUE) {
            throw new LoopscopeException("hidden_states in " + file.name() + ": expected at most " + Integer.MAX_VALUE
                    + " numbers a step, found " + (long) length * width + ".");
        }
        if (config.hasGate()) {
            check("gate_logits", DType.F32, steps, length);
            check("exit_pdf", DType.F64, steps, length);
            check("exit_cdf", DType.F64, steps, length);
        }
        if (!config.shape().normed()) {
            check("readout_states", DType.F32, steps, length, width);
        }
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
                    + ", found " + info.dtype() + " "
                    + ForeignText.shown(info.shape().toString()) + ".");
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

    private float[][] gates() throws LoopscopeException {
        float[][] gates = new float[config.hasGate() ? steps : 0][length];
        for (int step = 0; step < gates.length; step++) {
            file.readFloat32("gate_logits", (long) step * length, length, gates[step], 0);
            requireFinite("gate_logits", (long) step * length, gates[step], length);
        }
        return gates;
    }

    /** A tensor [planes, length, d], a block at a time. */
    private States states(String tensor, int planes, boolean mapped) throws LoopscopeException {
        int plane = length * config.hiddenSize();
        float[] block = new float[Math.min(plane, BLOCK)];
        try (StateBuffer buffer = space.allocate(mapped, planes, plane)) {
            for (int i = 0; i < planes; i++) {
                int count;
                for (int from = 0; from < plane; from += count) {
                    control.checkCancelled();
                    count = Math.min(block.length, plane - from);
                    long first = (long) i * plane + from;
                    file.readFloat32(tensor, first, count, block, 0);
                    requireFinite(tensor, first, block, count);
                    buffer.put(i, from, block, 0, count);
                }
                control.progress("reading " + tensor, i + 1, planes);
            }
            return buffer.finish(planes, plane);
        }
    }

    /** A run stops at a state that is not finite and keeps none: such a number is damage. */
    private void requireFinite(String tensor, long first, float[] numbers, int count) throws LoopscopeException {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw new LoopscopeException(tensor + " in " + file.name() + ": expected finite numbers, found "
                        + numbers[i] + " as number " + (first + i) + ".");
            }
        }
    }
}
