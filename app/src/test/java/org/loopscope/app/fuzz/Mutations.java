package org.loopscope.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages bytes in ways that need no idea of what they mean, and hands them to those that have one. */
final class Mutations {
    /** Numbers and words that readers stumble over. */
    static final List<String> TOKENS = List.of(
            "",
            "0",
            "-0",
            "1",
            "-1",
            "2",
            "65",
            "0.5",
            "1e-320",
            "1e400",
            "-1e400",
            "9999999",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999999",
            "1.7976931348623157e308",
            "NaN",
            "Infinity",
            "-Infinity",
            "0x1p3",
            "4d",
            "1_000",
            "\uff14",
            "\u0664",
            "null",
            "true",
            "false",
            "TRUE",
            "None",
            "{}",
            "[]",
            "\"",
            "'",
            "\\",
            "\\u0000",
            "\\ud800",
            "=1+1",
            "@x",
            "../x",
            "/etc/passwd",
            "C:\\x",
            "a\tb",
            "\0",
            "\u0007",
            "\u001b[31m",
            "\u009b",
            "\u202e",
            "\u2028",
            "\ufeff",
            "\u0646\u0635",
            "\ud83d\ude00",
            "%s%n",
            "{{",
            "{%",
            "<|im_end|>");

    private Mutations() {}

    /** The bytes of case {@code number}: the same for the same seeds, on every machine. */
    static byte[] of(FuzzReader reader, long number) {
        SplittableRandom random = new SplittableRandom(reader.name().hashCode() * 0x9E3779B97F4A7C15L + number);
        Seed seed = reader.seeds().get(random.nextInt(reader.seeds().size()));
        byte[] bytes = seed.bytes();
        boolean understood = random.nextInt(10) < 7;
        if (understood) {
            bytes = switch (seed.format()) {
                case JSON -> JsonMutations.mutated(bytes, random);
                case CSV -> CsvMutations.mutated(bytes, ',', random);
                case TSV -> CsvMutations.mutated(bytes, '\t', random);
                case SAFETENSORS -> SafetensorsMutations.mutated(bytes, random);
                case TEXT, BYTES -> blind(bytes, random);
            };
        }
        if (!understood || random.nextInt(8) == 0) {
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes = blind(bytes, random);
            }
        }
        boolean text = seed.format() != Seed.Format.SAFETENSORS && seed.format() != Seed.Format.BYTES;
        return text && random.nextInt(20) == 0 ? inOtherCharset(bytes, random) : bytes;
    }

    private static byte[] inOtherCharset(byte[] bytes, SplittableRandom random) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Charset charset =
                switch (random.nextInt(4)) {
                    case 0 -> StandardCharsets.UTF_16LE;
                    case 1 -> StandardCharsets.UTF_16BE;
                    case 2 -> StandardCharsets.ISO_8859_1;
                    default -> StandardCharsets.UTF_8;
                };
        return ((random.nextBoolean() ? "\ufeff" : "") + text.replace("a", "\u00e4")).getBytes(charset);
    }

    private static byte[] blind(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return token(random);
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << (1 + random.nextInt(8))));
        return switch (random.nextInt(10)) {
            case 0 -> flipped(bytes, at, 1 << random.nextInt(8));
            case 1 -> flipped(bytes, at, random.nextInt(256));
            case 2 -> spliced(bytes, at, at + length, new byte[0]);
            case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
            case 4 -> spliced(bytes, at, at, token(random));
            case 5 -> spliced(bytes, at, at + length, token(random));
            case 6 -> Arrays.copyOf(bytes, at);
            case 7 -> swapped(bytes, at, length, random.nextInt(bytes.length));
            case 8 -> spliced(bytes, at, at, notUtf8(random));
            default -> spliced(bytes, at, at, repeated(bytes[at], random));
        };
    }

    static byte[] token(SplittableRandom random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] repeated(byte one, SplittableRandom random) {
        byte[] many = new byte[1 << random.nextInt(random.nextInt(50) == 0 ? 18 : 11)];
        Arrays.fill(many, one);
        return many;
    }

    private static byte[] notUtf8(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> new byte[] {(byte) 0xc3};
            case 1 -> new byte[] {(byte) 0xff, (byte) 0xfe};
            case 2 -> new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}; // half of a pair
            case 3 -> new byte[] {(byte) 0xc0, (byte) 0xaf}; // longer than it need be
            default -> new byte[] {(byte) (0x80 + random.nextInt(64))};
        };
    }

    private static byte[] flipped(byte[] bytes, int at, int bits) {
        byte[] out = bytes.clone();
        out[at] ^= (byte) bits;
        return out;
    }

    private static byte[] swapped(byte[] bytes, int at, int length, int other) {
        byte[] out = bytes.clone();
        for (int i = 0; i < length && at + i < out.length && other + i < out.length; i++) {
            byte kept = out[at + i];
            out[at + i] = out[other + i];
            out[other + i] = kept;
        }
        return out;
    }

    static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + between.length);
        out.write(bytes, 0, from);
        out.writeBytes(between);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}
