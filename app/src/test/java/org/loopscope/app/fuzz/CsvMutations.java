package org.loopscope.app.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages tables by their cells and lines. Cells are cut at the separator alone: quotes are not heeded. */
final class CsvMutations {
    private CsvMutations() {}

    static byte[] mutated(byte[] bytes, char separator, SplittableRandom random) {
        List<String> lines = new ArrayList<>(Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("(?<=\n)")));
        for (int n = 1 + random.nextInt(3); n > 0 && !lines.isEmpty(); n--) {
            change(lines, String.valueOf(separator), random);
        }
        return String.join("", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static void change(List<String> lines, String separator, SplittableRandom random) {
        int at = random.nextInt(lines.size());
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5 -> cell(lines, at, separator, Mutations.TOKENS, random);
            case 6 -> swap(lines, separator, random);
            case 7 -> lines.remove(at);
            case 8 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 9 -> lines.set(at, separator.repeat(1 + random.nextInt(700)) + lines.get(at));
            case 10 -> lines.set(at, lines.get(at).replaceFirst(separator, ""));
            case 11 -> lines.set(at, lines.get(at).replaceFirst(separator, separator + separator));
            case 12 -> lines.set(at, lines.get(at).replace("\n", "\r\n"));
            case 13 -> cell(lines, at, separator, List.of("\"", "\"a\nb\"", "\"a\"b", "a\"\"b", "\"\""), random);
            case 14 -> cell(lines, at, separator, List.of("x".repeat(random.nextInt(150_000))), random);
            default -> lines.set(at, lines.get(at).toUpperCase(java.util.Locale.ROOT));
        }
    }

    private static void cell(
            List<String> lines, int at, String separator, List<String> values, SplittableRandom random) {
        String[] cells = cells(lines.get(at), separator);
        int column = random.nextInt(cells.length);
        String end = cells[column].endsWith("\n") ? "\n" : "";
        cells[column] = values.get(random.nextInt(values.size())) + end;
        lines.set(at, String.join(separator, cells));
    }

    private static String[] cells(String line, String separator) {
        return line.split(separator, -1);
    }

    private static void swap(List<String> lines, String separator, SplittableRandom random) {
        int one = random.nextInt(lines.size());
        int two = random.nextInt(lines.size());
        String[] first = cells(lines.get(one), separator);
        String[] second = one == two ? first : cells(lines.get(two), separator);
        int a = random.nextInt(first.length);
        int b = random.nextInt(second.length);
        String kept = first[a];
        first[a] = second[b];
        second[b] = kept;
        lines.set(one, String.join(separator, first));
        lines.set(two, String.join(separator, second));
    }
}
