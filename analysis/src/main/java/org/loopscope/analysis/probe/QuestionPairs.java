package org.loopscope.analysis.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.prompts.SetLines;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * Reads the Quora question pairs as they are published: tab-separated, header {@code id qid1 qid2 question1 question2
 * is_duplicate}, fields in double quotes where they hold quotes, tabs or line breaks, a quote doubled within; and in the
 * layout of GLUE ({@code train.tsv}, {@code dev.tsv}: the same columns without quoting; {@code test.tsv} has no labels and
 * is refused). A quote that does not begin a field is a character like any other. Where a quoted field would not end
 * before a tab, a line break or the end, the quotes are taken as characters: GLUE's files have such lines.
 *
 * <p>A few lines of the published files lack fields; they are left out and counted.
 */
public final class QuestionPairs {
    private static final int LONGEST_RECORD = 10_000; // characters; the published ones stay far below
    private static final int READ_AHEAD = 1 << 20;

    private final BufferedReader in;
    private final String name;
    private int first;
    private int second;
    private int label;
    private int columns;
    private int leftOut;

    private QuestionPairs(BufferedReader in, String name) {
        this.in = in;
        this.name = SetLines.shown(name);
    }

    /**
     * What a file holds.
     *
     * @param leftOut lines that lack fields
     */
    public record Pairs(List<QuestionPair> pairs, int leftOut) {}

    /**
     * Two questions.
     *
     * @param duplicate whether they ask the same
     */
    public record QuestionPair(String question1, String question2, boolean duplicate, Optional<String> split) {}

    /**
     * Reads at most {@code limit} pairs, without holding more of the file.
     *
     * @throws LoopscopeException naming the file, what was expected and found
     */
    public static Pairs read(BufferedReader in, String name, int limit) throws LoopscopeException {
        try {
            return new QuestionPairs(in, name).pairs(limit);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
    }

    private Pairs pairs(int limit) throws IOException, LoopscopeException {
        header();
        List<QuestionPair> pairs = new ArrayList<>();
        while (pairs.size() < limit) {
            List<String> fields = record();
            if (fields == null) {
                break;
            }
            add(fields, pairs);
        }
        if (pairs.isEmpty()) {
            throw new LoopscopeException(name + ": expected at least one pair of questions, found none.");
        }
        return new Pairs(List.copyOf(pairs), leftOut);
    }

    private void header() throws IOException, LoopscopeException {
        List<String> header = record();
        if (header == null) {
            throw new LoopscopeException(name + ": expected a header line, found an empty file.");
        }
        header = header.stream().map(h -> h.replace("\uFEFF", "").strip()).toList();
        columns = header.size();
        first = header.indexOf("question1");
        second = header.indexOf("question2");
        label = header.indexOf("is_duplicate");
        if (first < 0 || second < 0 || label < 0) {
            throw new LoopscopeException(name
                    + ": expected tab-separated columns question1, question2 and is_duplicate, found "
                    + ForeignText.shown(String.join(", ", header)) + ".");
        }
    }

    private void add(List<String> fields, List<QuestionPair> pairs) {
        boolean whole = fields.size() == columns
                && (fields.get(label).equals("0") || fields.get(label).equals("1"))
                && !fields.get(first).isBlank()
                && !fields.get(second).isBlank();
        if (whole) {
            pairs.add(new QuestionPair(
                    oneLine(fields.get(first)),
                    oneLine(fields.get(second)),
                    fields.get(label).equals("1"),
                    Optional.empty()));
        } else {
            leftOut++;
        }
    }

    /** Line breaks and tabs within a question would look like the end of it in a prompt. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** Fields of the next record; null at the end. Empty lines are skipped. */
    private @Nullable List<String> record() throws IOException, LoopscopeException {
        String line = in.readLine();
        while (line != null && line.isEmpty()) {
            line = in.readLine();
        }
        if (line == null) {
            return null;
        }
        if (line.length() > SetLines.LONGEST) {
            throw new LoopscopeException(
                    name + ": expected lines of at most " + SetLines.LONGEST + " characters, found more.");
        }
        List<String> fields = quoted(line);
        if (fields == null && line.length() < LONGEST_RECORD && opensField(line)) {
            fields = acrossLines(line);
        }
        return fields != null ? fields : Arrays.asList(line.split("\t", -1));
    }

    private static boolean opensField(String line) {
        return line.startsWith("\"") || line.contains("\t\"");
    }

    /** A field may go on in the next lines; if it does not come to a proper end, the first line stands for itself. */
    private @Nullable List<String> acrossLines(String line) throws IOException {
        if (line.split("\t", -1).length == columns && columns > 0) {
            return null; // all fields are there: the quotes are characters
        }
        in.mark(READ_AHEAD);
        StringBuilder all = new StringBuilder(line);
        String next = in.readLine();
        while (next != null && all.length() + next.length() < LONGEST_RECORD) {
            all.append('\n').append(next);
            List<String> fields = quoted(all.toString());
            if (fields != null) {
                if (fields.size() == columns) {
                    return fields;
                }
                break;
            }
            next = in.readLine();
        }
        in.reset();
        return null;
    }

    /** Fields of a text with quoting; null if a quoted field does not end before a tab or the end. */
    private static @Nullable List<String> quoted(String text) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (true) {
            int end;
            if (at < text.length() && text.charAt(at) == '"') {
                end = closing(text, at + 1);
                if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != '\t')) {
                    return null;
                }
                fields.add(text.substring(at + 1, end).replace("\"\"", "\""));
                end++;
            } else {
                end = text.indexOf('\t', at);
                end = end < 0 ? text.length() : end;
                fields.add(text.substring(at, end));
            }
            if (end >= text.length()) {
                return fields;
            }
            at = end + 1;
        }
    }

    /** Place of the quote that ends a field whose text begins at {@code at}; −1 if there is none. */
    private static int closing(String text, int at) {
        int quote = text.indexOf('"', at);
        while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }
}
