package org.loopscope.app.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages safetensors files: the length of the header, its JSON, the JSON inside its metadata, the numbers behind it. */
final class SafetensorsMutations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LENGTH = Long.BYTES;

    private SafetensorsMutations() {}

    static String header(byte[] file) {
        return new String(file, LENGTH, headerLength(file), StandardCharsets.UTF_8);
    }

    private static int headerLength(byte[] file) {
        return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }

    /** The file with another header; the numbers begin at a place that can be mapped. */
    static byte[] withHeader(byte[] file, String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        int data = LENGTH + headerLength(file);
        ByteBuffer out =
                ByteBuffer.allocate(LENGTH + padded + file.length - data).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(json);
        while (out.position() < LENGTH + padded) {
            out.put((byte) ' ');
        }
        return out.put(file, data, file.length - data).array();
    }

    static byte[] mutated(byte[] file, SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> withLength(file, random);
            case 1 -> Arrays.copyOf(file, random.nextInt(file.length));
            case 2 -> Arrays.copyOf(file, file.length + 1 + random.nextInt(64));
            case 3 -> withNumber(file, random);
            case 4, 5, 6, 7 -> withHeader(file, withMetadata(header(file), random));
            default -> withHeader(file, JsonMutations.mutated(header(file), random));
        };
    }

    private static byte[] withLength(byte[] file, SplittableRandom random) {
        long[] lengths = {
            0,
            1,
            2,
            headerLength(file) - 1L,
            headerLength(file) + 1L,
            file.length - 8L,
            file.length,
            100_000_001L,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE + 1L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            -1
        };
        byte[] out = file.clone();
        ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putLong(0, lengths[random.nextInt(lengths.length)]);
        return out;
    }

    private static byte[] withNumber(byte[] file, SplittableRandom random) {
        int data = LENGTH + headerLength(file);
        if (file.length - data < 4) {
            return file;
        }
        int[] bits = {0x7fc00000, 0x7f800000, 0xff800000, 0x7f7fffff, 1, -1, 0, 0x80000000, 0x7fffffff};
        byte[] out = file.clone();
        int at = data + random.nextInt((file.length - data) / 4) * 4;
        ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putInt(at, bits[random.nextInt(bits.length)]);
        return out;
    }

    /** Metadata holds JSON as text: damage in there, not around it. */
    private static String withMetadata(String header, SplittableRandom random) {
        try {
            ObjectNode all = (ObjectNode) JSON.readTree(header);
            if (!(all.get("__metadata__") instanceof ObjectNode metadata) || metadata.isEmpty()) {
                return JsonMutations.mutated(header, random);
            }
            List<String> names = new ArrayList<>();
            metadata.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            String value = metadata.get(name).asText();
            metadata.put(name, JsonMutations.mutated(value, random));
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the header of a seed is JSON", e);
        }
    }
}
