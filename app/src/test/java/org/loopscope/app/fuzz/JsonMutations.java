package org.loopscope.app.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Damages JSON, or lines of JSON, by its values and keys, so that most of it can still be parsed. */
final class JsonMutations {
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|[-+.\\w]+|[\\[\\]{}:,]|\\s+|.", Pattern.DOTALL);
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1",
            "-1",
            "2",
            "3",
            "0.5",
            "-0.5",
            "1.0",
            "1e-320",
            "1e400",
            "-1e400",
            "1e999999999",
            "65",
            "1000000",
            "2147483647",
            "2147483648",
            "-2147483649",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "99999999999999999999999999999999",
            "0.1234567890123456789012345678901234567890",
            "NaN",
            "Infinity",
            "-Infinity",
            "\"\"",
            "\" \"",
            "\"0\"",
            "\"-1\"",
            "\"NaN\"",
            "\"x\"",
            "\"a.b\"",
            "\"../x\"",
            "\"/etc/passwd\"",
            "\"\\u0000\"",
            "\"\\u001b[31m\"",
            "\"\\u009b31m\"",
            "\"\\r\\n\"",
            "\"\\u202e\u05d0\"",
            "\"\\u2028\"",
            "\"\\ud800\"",
            "\"\ud83d\ude00\"",
            "\"=1+1\"",
            "\"F32\"",
            "\"BF16\"",
            "\"I64\"",
            "\"2026-13-45T99:00:00Z\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "[0]",
            "[-1]",
            "[1,2,3]",
            "[9223372036854775807,2]",
            "[2147483648]",
            "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]",
            "{\"x\":1}",
            "{\"type\":null}");

    private JsonMutations() {}

    static byte[] mutated(byte[] bytes, SplittableRandom random) {
        String text = mutated(new String(bytes, StandardCharsets.UTF_8), random);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String mutated(String json, SplittableRandom random) {
        List<String> tokens = tokens(json);
        for (int n = 1 + random.nextInt(random.nextInt(4) == 0 ? 4 : 1); n > 0 && !tokens.isEmpty(); n--) {
            change(tokens, random);
        }
        return String.join("", tokens);
    }

    private static List<String> tokens(String json) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(json);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    private static void change(List<String> tokens, SplittableRandom random) {
        int at = valueNear(tokens, random.nextInt(tokens.size()));
        int end = end(tokens, at);
        String value = String.join("", tokens.subList(at, end));
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> replace(tokens, at, end, pick(VALUES, random));
            case 5 -> replace(tokens, at, end, "\"" + longText(random) + "\"");
            case 6 -> replace(tokens, at, end, nested(value, random));
            case 7 -> replace(tokens, at, end, value + "," + value);
            case 8 -> replace(tokens, at, end, ""); // and whatever stands around it
            case 9 -> withoutMember(tokens, at, end);
            case 10 -> withMember(tokens, at, random);
            case 11 -> swapped(tokens, at, end, random);
            case 12 -> tokens.set(random.nextInt(tokens.size()), pick(Mutations.TOKENS, random));
            default -> renamed(tokens, at, random);
        }
    }

    private static <T> T pick(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    /** The next place at or after {@code at} where a value begins; names before a colon are none. */
    private static int valueNear(List<String> tokens, int at) {
        for (int i = 0; i < tokens.size(); i++) {
            int place = (at + i) % tokens.size();
            String token = tokens.get(place);
            boolean begins = !token.isBlank() && !"]}:,".contains(token);
            if (begins && !":".equals(nextSolid(tokens, place))) {
                return place;
            }
        }
        return at;
    }

    private static String nextSolid(List<String> tokens, int at) {
        for (int i = at + 1; i < tokens.size(); i++) {
            if (!tokens.get(i).isBlank()) {
                return tokens.get(i);
            }
        }
        return "";
    }

    private static int end(List<String> tokens, int at) {
        int depth = 0;
        for (int i = at; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals("{") || token.equals("[")) {
                depth++;
            } else if (token.equals("}") || token.equals("]")) {
                depth--;
            }
            if (depth <= 0) {
                return i + 1;
            }
        }
        return tokens.size();
    }

    private static void replace(List<String> tokens, int from, int to, String text) {
        tokens.subList(from, to).clear();
        tokens.add(from, text);
    }

    private static String longText(SplittableRandom random) {
        String unit = pick(List.of("a", "\u00e9", "\\u0007", "\\n", "\u202e", " ", "x,", "\ud83d\ude00"), random);
        return unit.repeat(random.nextInt(random.nextInt(40) == 0 ? 100_000 : 500));
    }

    private static String nested(String value, SplittableRandom random) {
        int depth = random.nextInt(30) == 0 ? 50_000 : 1 + random.nextInt(20);
        boolean array = random.nextBoolean();
        return (array ? "[" : "{\"a\":").repeat(depth) + value + (array ? "]" : "}").repeat(depth);
    }

    /** The place of the name of the value at {@code at}; −1 for a value in an array. */
    private static int nameOf(List<String> tokens, int at) {
        int i = at - 1;
        while (i >= 0 && tokens.get(i).isBlank()) {
            i--;
        }
        if (i < 1 || !tokens.get(i).equals(":")) {
            return -1;
        }
        i--;
        while (i > 0 && tokens.get(i).isBlank()) {
            i--;
        }
        return i;
    }

    private static void withoutMember(List<String> tokens, int at, int end) {
        int name = nameOf(tokens, at);
        int to = end;
        while (to < tokens.size() && tokens.get(to).isBlank()) {
            to++;
        }
        if (to < tokens.size() && tokens.get(to).equals(",")) {
            end = to + 1;
        }
        tokens.subList(name < 0 ? at : name, end).clear();
    }

    private static void withMember(List<String> tokens, int at, SplittableRandom random) {
        int name = nameOf(tokens, at);
        if (name >= 0) { // the same name twice, or a new one
            String key = random.nextBoolean() ? tokens.get(name) : "\"" + longText(random) + "\"";
            tokens.add(name, key + ":" + pick(VALUES, random) + ",");
        }
    }

    private static void renamed(List<String> tokens, int at, SplittableRandom random) {
        int name = nameOf(tokens, at);
        if (name >= 0) {
            String old = tokens.get(name);
            String changed = old.length() < 2 ? old : old.substring(0, old.length() - 1);
            List<String> additions = List.of("\\u001b[2J\"", "\\u202e\"", "2\"", " \"", ".weight\"", "\\u0000\"", "\"");
            tokens.set(name, changed + pick(additions, random));
        }
    }

    private static void swapped(List<String> tokens, int at, int end, SplittableRandom random) {
        int other = valueNear(tokens, random.nextInt(tokens.size()));
        if (other < at || other >= end) {
            int otherEnd = end(tokens, other);
            String one = String.join("", tokens.subList(at, end));
            String two = String.join("", tokens.subList(other, otherEnd));
            if (other >= end) {
                replace(tokens, other, otherEnd, one);
                replace(tokens, at, end, two);
            } else if (otherEnd <= at) {
                replace(tokens, at, end, two);
                replace(tokens, other, otherEnd, one);
            }
        }
    }
}
