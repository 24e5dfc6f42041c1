package org.loopscope.analysis.prompts;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopscopeException;

/**
 * Reads prompts from CSV (RFC 4180): comma, double quotes, quoted cells may hold line breaks. An empty cell is an absent
 * field. The parser is the one that the table library brings.
 */
final class CsvPrompts {
    private final String name;
    private final PromptFields fields;

    CsvPrompts(String name) {
        this.name = name;
        this.fields = new PromptFields(name);
    }

    PromptSet read(Reader reader) throws IOException, LoopscopeException {
        String text = text(reader);
        if (text.chars().filter(c -> c == '"').count() % 2 != 0) {
            // The parser would take all that follows a quote which is never closed as one cell.
            throw new LoopscopeException(name + ": expected double quotes in pairs, found an odd number of them.");
        }
        CsvParser parser = new CsvParser(settings());
        try {
            parser.beginParsing(new StringReader(text));
            String[] header = header(parser.parseNext());
            String @Nullable [] cells = parser.parseNext();
            while (cells != null) {
                add(parser.getContext().currentLine(), header, cells);
                cells = parser.parseNext();
            }
            return fields.set();
        } catch (TextParsingException e) {
            throw new LoopscopeException(
                    fields.problem(
                                    e.getLineIndex() + 1,
                                    "expected comma-separated cells, found quotes that do not pair")
                            .getMessage(),
                    e);
        }
    }

    private static CsvParserSettings settings() {
        CsvParserSettings settings = new CsvParserSettings();
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setReadInputOnSeparateThread(false);
        settings.setMaxCharsPerColumn(-1); // prompts may be long
        settings.setIgnoreLeadingWhitespaces(false);
        settings.setIgnoreTrailingWhitespaces(false);
        settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.RAISE_ERROR);
        settings.getFormat().setComment('\0'); // a prompt may begin with #
        return settings;
    }

    /** All of the file, without byte order mark; ends in a line break, as the parser counts lines by those it has passed. */
    private static String text(Reader reader) throws IOException {
        StringWriter out = new StringWriter();
        reader.transferTo(out);
        String text = out.toString();
        return (text.startsWith("\uFEFF") ? text.substring(1) : text) + (text.endsWith("\n") ? "" : "\n");
    }

    private String[] header(String @Nullable [] cells) throws LoopscopeException {
        if (cells == null) {
            throw fields.problem(1, "expected a header line with a column \"prompt\", found an empty file");
        }
        String[] names = Arrays.stream(cells)
                .map(cell -> cell == null ? "" : cell.strip())
                .toArray(String[]::new);
        if (!Arrays.asList(names).contains(PromptFields.PROMPT)) {
            throw fields.problem(
                    1, "expected a header line with a column \"prompt\", found " + String.join(", ", names));
        }
        if (new HashSet<>(Arrays.asList(names)).size() < names.length) {
            throw fields.problem(1, "expected every column once, found " + String.join(", ", names));
        }
        Arrays.stream(names).forEach(fields::seen);
        return names;
    }

    private void add(long line, String[] header, String[] cells) throws LoopscopeException {
        if (cells.length != header.length) {
            throw fields.problem(line, "expected " + header.length + " cells, found " + cells.length);
        }
        List<String> choices = cell(header, cells, PromptFields.CHOICES)
                .map(text -> List.of(text.split("\\|")))
                .orElse(List.of());
        fields.add(
                line,
                cell(header, cells, PromptFields.PROMPT).orElse(""),
                cell(header, cells, PromptFields.ANSWER),
                choices,
                cell(header, cells, PromptFields.LABEL),
                cell(header, cells, PromptFields.GROUP));
    }

    private static Optional<String> cell(String[] header, String[] cells, String field) {
        int column = Arrays.asList(header).indexOf(field);
        return column < 0 ? Optional.empty() : Optional.ofNullable(cells[column]);
    }
}
