package org.loopscope.app.gateless;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.ConfigReader;
import org.loopscope.model.checkpoint.SafetensorsWriter;
import org.loopscope.model.checkpoint.TensorInfo;
import org.loopscope.model.embedded.EmbeddedModel;
import org.loopscope.model.ouro.OuroFamily;
import org.loopscope.model.shape.LoopConfig;

/** The Ouro stack without its gate, as a family of its own: found by the line in META-INF/services of these tests. */
public final class GatelessFamily extends OuroFamily {
    @Override
    public String title() {
        return "a gateless model";
    }

    @Override
    public String architecture() {
        return "GatelessForCausalLM";
    }

    @Override
    public String modelType() {
        return "gateless";
    }

    @Override
    public LoopConfig config(ConfigReader reader) throws LoopscopeException {
        LoopConfig gated = super.config(reader);
        return gated.withShape(gated.shape().withoutGate());
    }

    /** The embedded model with its gate left out: the same words, weights and states. */
    public static Path write(Path folder) throws IOException, LoopscopeException {
        Path from = EmbeddedModel.folder();
        Files.createDirectories(folder);
        Files.copy(from.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("config.json"),
                Files.readString(from.resolve("config.json"))
                        .replace("OuroForCausalLM", "GatelessForCausalLM")
                        .replace("\"ouro\"", "\"gateless\""));
        try (Checkpoint checkpoint = Checkpoint.open(from)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (TensorInfo tensor : checkpoint.tensors()) {
                if (!tensor.name().contains("early_exit_gate")) {
                    add(writer, tensor.name(), tensor.shape(), checkpoint.readFloat32(tensor.name()));
                }
            }
            writer.write(folder.resolve("model.safetensors"), RunControl.none());
        }
        return folder;
    }

    private static void add(SafetensorsWriter writer, String name, List<Long> shape, float[] values) {
        int columns = shape.get(shape.size() - 1).intValue();
        writer.floats(
                name,
                (first, rows, out) -> System.arraycopy(values, (int) first * columns, out, 0, rows * columns),
                shape.stream().mapToLong(Long::longValue).toArray());
    }
}
