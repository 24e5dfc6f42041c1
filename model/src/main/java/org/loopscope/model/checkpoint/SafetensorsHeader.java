package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/** Reads and checks a safetensors header. As strict as the format's own library: data without overlaps or holes. */
final class SafetensorsHeader {
    static final int MAX_BYTES = 100_000_000; // the format's own limit
    private static final int LENGTH_BYTES = 8;
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_]{1,24}");
    private static final String METADATA = "__metadata__";
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final String file;
    private final long dataStart;
    private final long dataBytes;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, String> foreignTypes = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader(String file, long dataStart, long dataBytes) {
        this.file = file;
        this.dataStart = dataStart;
        this.dataBytes = dataBytes;
    }

    Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Types that this program does not know, such as F4, by the names of the tensors that have them. */
    Map<String, String> foreignTypes() {
        return Collections.unmodifiableMap(foreignTypes);
    }

    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    static SafetensorsHeader read(String file, FileChannel channel) throws IOException, LoopscopeException {
        long fileBytes = channel.size();
        if (fileBytes < LENGTH_BYTES) {
            throw new LoopscopeException(
                    file + ": expected at least 8 bytes of a safetensors file, found " + fileBytes + ".");
        }
        long length = readFully(file, channel, 0, LENGTH_BYTES).getLong();
        refuseStandIn(file, channel, fileBytes);
        refuseOtherFormat(file, length);
        if (length < 2 || length > Math.min(fileBytes - LENGTH_BYTES, MAX_BYTES)) {
            throw new LoopscopeException(file + ": expected a header of 2 to "
                    + Math.min(fileBytes - LENGTH_BYTES, MAX_BYTES) + " bytes, found a header length of "
                    + Long.toUnsignedString(length) + ".");
        }
        ByteBuffer bytes = readFully(file, channel, LENGTH_BYTES, (int) length);
        long dataStart = LENGTH_BYTES + length;
        SafetensorsHeader header = new SafetensorsHeader(file, dataStart, fileBytes - dataStart);
        header.parse(bytes.array());
        return header;
    }

    private static void refuseStandIn(String file, FileChannel channel, long fileBytes)
            throws IOException, LoopscopeException {
        if (fileBytes <= StandIn.MAX_BYTES) {
            byte[] all = readFully(file, channel, 0, (int) fileBytes).array();
            Optional<String> instead = StandIn.of(new String(all, StandardCharsets.UTF_8));
            if (instead.isPresent()) {
                throw new LoopscopeException(file + ": expected tensors, found " + instead.get() + ".");
            }
        }
    }

    /** Names what other kinds of files begin with, where a length of a header would be out of all bounds. */
    private static void refuseOtherFormat(String file, long length) throws LoopscopeException {
        byte[] start = ByteBuffer.allocate(LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        String text = new String(start, StandardCharsets.ISO_8859_1);
        String found = text.startsWith("PK\3\4")
                ? "a ZIP archive, as pickle files are; save the model as safetensors"
                : text.startsWith("GGUF")
                        ? "a GGUF file; save the model as safetensors"
                        : text.matches("[\\x20-\\x7e\\s]{8}") ? "text, as a page that tells of an error" : "";
        if (!found.isEmpty()) {
            throw new LoopscopeException(file + ": expected tensors, found " + found + ".");
        }
    }

    private static ByteBuffer readFully(String file, FileChannel channel, long position, int length)
            throws IOException, LoopscopeException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new LoopscopeException(file + ": expected " + length + " bytes from byte " + position
                        + ", found the end of the file.");
            }
        }
        return buffer.flip();
    }

    private void parse(byte[] bytes) throws IOException, LoopscopeException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(file + ": expected a header in JSON, found " + JsonProblem.found(e) + ".", e);
        }
        if (!root.isObject()) {
            throw new LoopscopeException(file + ": expected the header to be a JSON object, found "
                    + root.getNodeType().name().toLowerCase(Locale.ROOT) + ".");
        }
        List<Span> spans = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                parseMetadata(field.getValue());
            } else {
                spans.add(parseTensor(field.getKey(), field.getValue()));
            }
        }
        checkLayout(spans);
    }

    /** Where the data of one tensor lies, counted from the start of the data. */
    private record Span(String name, long start, long end) {}

    private void parseMetadata(JsonNode node) throws LoopscopeException {
        if (node.isNull()) {
            return; // the format's own library reads it as none
        }
        if (!node.isObject()) {
            throw new LoopscopeException(
                    file + ": expected " + METADATA + " to be a JSON object, found " + JsonFields.shown(node) + ".");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new LoopscopeException(file + ": expected a text under " + METADATA + "."
                        + ForeignText.shown(field.getKey()) + ", found " + JsonFields.shown(field.getValue()) + ".");
            }
            metadata.put(field.getKey(), field.getValue().asText());
        }
    }

    private Span parseTensor(String name, JsonNode node) throws LoopscopeException {
        String type = node.path("dtype").asText();
        if (!TYPE.matcher(type).matches()) {
            throw refused(name, "a dtype", node.path("dtype"));
        }
        List<Long> shape = wholeNumbers(name, "a shape of whole numbers from 0", node.path("shape"));
        List<Long> offsets = wholeNumbers(name, "two data_offsets from 0", node.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw refused(name, "two data_offsets, the first not after the second", node.path("data_offsets"));
        }
        Span span = new Span(name, offsets.get(0), offsets.get(1));
        if (span.end() > dataBytes) {
            throw new LoopscopeException(place(name) + ": expected its data to end by byte " + dataBytes
                    + " of the data, found that it ends at " + span.end()
                    + "; the file is cut short or its header is wrong.");
        }
        Optional<DType> dtype = DType.named(type);
        if (dtype.isPresent()) {
            checkSize(name, dtype.get(), shape, span.end() - span.start());
            tensors.put(name, new TensorInfo(name, dtype.get(), shape, dataStart + span.start()));
        } else {
            foreignTypes.put(name, type); // refused only where somebody needs the tensor
        }
        return span;
    }

    private String place(String tensor) {
        return ForeignText.shown(tensor) + " in " + file;
    }

    private List<Long> wholeNumbers(String name, String expected, JsonNode node) throws LoopscopeException {
        if (!node.isArray()) {
            throw refused(name, expected, node);
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : node) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
                throw refused(name, expected, node);
            }
            numbers.add(number.asLong());
        }
        return numbers;
    }

    private void checkSize(String name, DType dtype, List<Long> shape, long bytes) throws LoopscopeException {
        long wanted = dtype.sizeBytes();
        try {
            for (long size : shape) {
                wanted = Math.multiplyExact(wanted, size);
            }
        } catch (ArithmeticException e) {
            throw new LoopscopeException(
                    place(name) + ": expected a shape that fits the file, found " + ForeignText.shown(shape.toString())
                            + ".",
                    e);
        }
        if (wanted != bytes) {
            throw new LoopscopeException(place(name) + ": expected " + wanted + " bytes for " + dtype + " "
                    + ForeignText.shown(shape.toString()) + ", found " + bytes + ".");
        }
    }

    /** Tensors must lie one after the other and fill the data exactly. */
    private void checkLayout(List<Span> spans) throws LoopscopeException {
        spans.sort(Comparator.comparingLong(Span::start).thenComparingLong(Span::end));
        Map<String, TensorInfo> unsorted = new LinkedHashMap<>(tensors);
        tensors.clear();
        long next = 0;
        for (Span span : spans) {
            if (span.start() != next) {
                throw new LoopscopeException(place(span.name()) + ": expected its data to start at byte " + next
                        + " of the data, found " + span.start()
                        + (span.start() < next ? "; it overlaps another tensor." : "; there is a hole before it."));
            }
            next = span.end();
            if (unsorted.containsKey(span.name())) {
                tensors.put(span.name(), unsorted.get(span.name()));
            }
        }
        if (next != dataBytes) {
            throw new LoopscopeException(
                    file + ": expected " + next + " bytes of data after the header, found " + dataBytes + ".");
        }
    }

    private LoopscopeException refused(String tensor, String expected, JsonNode found) {
        return new LoopscopeException(
                place(tensor) + ": expected " + expected + ", found " + JsonFields.shown(found) + ".");
    }
}
