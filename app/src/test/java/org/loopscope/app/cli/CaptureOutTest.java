package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The capture file as a stranger's script reads it: with twenty lines that know only the safetensors format. */
class CaptureOutTest {
    private static final String PROMPT = "people Ann's friend's boss is";

    @TempDir
    Path folder;

    /** A safetensors reader: eight bytes of header length, JSON, then the data that it points into. */
    private record Tensors(JsonNode header, ByteBuffer data) {
        static Tensors read(Path file) throws IOException {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[(int) all.getLong()];
            all.get(header);
            JsonNode json = new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
            return new Tensors(json, all.slice().order(ByteOrder.LITTLE_ENDIAN));
        }

        int[] shape(String name) {
            JsonNode shape = header.get(name).get("shape");
            return java.util.stream.IntStream.range(0, shape.size())
                    .map(i -> shape.get(i).asInt())
                    .toArray();
        }

        String dtype(String name) {
            return header.get(name).get("dtype").asText();
        }

        int offset(String name) {
            return header.get(name).get("data_offsets").get(0).asInt();
        }
    }

    private Tensors run(String... options) throws IOException {
        Path file = folder.resolve("c.safetensors");
        String[] args = {"run", "--prompt", PROMPT, "--out", file.toString()};
        String[] all = Arrays.copyOf(args, args.length + options.length);
        System.arraycopy(options, 0, all, args.length, options.length);
        Cli.Result result = Cli.run(all);
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("Capture written to " + file + "."), result.out());
        return Tensors.read(file);
    }

    @Test
    void theFileHoldsTheDocumentedTensors() throws IOException {
        Tensors file = run();
        assertArrayEquals(new int[] {7}, file.shape("token_ids"));
        assertArrayEquals(new int[] {4, 7, 96}, file.shape("hidden_states"));
        for (String name : new String[] {"gate_logits", "exit_pdf", "exit_cdf"}) {
            assertArrayEquals(new int[] {4, 7}, file.shape(name), name);
        }
        assertEquals("I64", file.dtype("token_ids"));
        assertEquals("F32", file.dtype("hidden_states"));
        assertEquals("F32", file.dtype("gate_logits"));
        assertEquals("F64", file.dtype("exit_pdf"));
        assertEquals("F64", file.dtype("exit_cdf"));
        assertFalse(file.header().has("layer_states"));
        assertFalse(file.header().has("step_logits"));
    }

    @Test
    void theNumbersInItAreThoseOfTheRun() throws IOException {
        Tensors file = run();
        assertEquals(16L, file.data().getLong(file.offset("token_ids"))); // "people"
        assertEquals(37L, file.data().getLong(file.offset("token_ids") + 8)); // "Ann"
        int cdfOfLastStep = file.offset("exit_cdf") + 3 * 7 * Double.BYTES;
        assertEquals(1.0, file.data().getDouble(cdfOfLastStep));
        float gate = file.data().getFloat(file.offset("gate_logits"));
        double pdf = file.data().getDouble(file.offset("exit_pdf"));
        assertEquals(1 / (1 + Math.exp(-gate)), pdf, 1e-12); // p(1) = λ_1
    }

    @Test
    void layersAndLogitsAreInItWhenAskedFor() throws IOException {
        Tensors file = run("--layers", "--logits");
        assertArrayEquals(new int[] {4, 3, 7, 96}, file.shape("layer_states"));
        assertArrayEquals(new int[] {4, 7, 57}, file.shape("step_logits"));
        int best = 0;
        int lastToken = file.offset("step_logits") + (3 * 7 + 6) * 57 * Float.BYTES;
        for (int v = 1; v < 57; v++) {
            if (file.data().getFloat(lastToken + 4 * v) > file.data().getFloat(lastToken + 4 * best)) {
                best = v;
            }
        }
        assertEquals(53, best); // "Sue", Ann's friend's boss
    }

    @Test
    void theMetadataTellsWhatMadeIt() throws IOException {
        Tensors file = run("--steps", "3");
        String text = file.header().get("__metadata__").get("loopscope").asText();
        JsonNode metadata = new ObjectMapper().readTree(text);
        assertEquals(PROMPT, metadata.get("prompt").asText());
        assertEquals("embedded", metadata.get("model").get("id").asText());
        assertEquals(
                "Sue",
                Cli.run("lens", folder.resolve("c.safetensors").toString(), "--format", "csv")
                        .out()
                        .lines()
                        .filter(line -> line.contains("Sue"))
                        .findFirst()
                        .map(line -> "Sue")
                        .orElse("nowhere"));
    }
}
