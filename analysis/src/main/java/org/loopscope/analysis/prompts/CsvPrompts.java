package org.loopscope.analysis.prompts;

import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.CsvReader;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * Reads prompts from CSV (RFC 4180): comma, double quotes, quoted cells may hold line breaks. An empty cell is an absent
 * field.
 */
final class CsvPrompts {
    private static final int NAMES_SHOWN = 120;

    private final CsvReader csv;
    private final PromptFields fields;

    CsvPrompts(Reader reader, String name) {
        this.csv = new CsvReader(reader, SetLines.shown(name), SetLines.LONGEST);
        this.fields = new PromptFields(name);
    }

    PromptSet read() throws IOException, LoopscopeException {
        List<String> header = header(csv.next());
        for (@Nullable List<String> cells = csv.next(); cells != null; cells = csv.next()) {
            add(csv.line(), header, cells);
        }
        return fields.set();
    }

    private List<String> header(@Nullable List<String> cells) throws LoopscopeException {
        if (cells == null) {
            throw fields.problem(1, "expected a header line with a column \"prompt\", found an empty file");
        }
        List<String> names = cells.stream().map(String::strip).toList();
        String shown = ForeignText.shown(String.join(", ", names), NAMES_SHOWN);
        if (!names.contains(PromptFields.PROMPT)) {
            throw fields.problem(1, "expected a header line with a column \"prompt\", found " + shown);
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw fields.problem(1, "expected every column once, found " + shown);
        }
        names.forEach(fields::seen);
        return names;
    }

    private void add(long line, List<String> header, List<String> cells) throws LoopscopeException {
        if (cells.size() != header.size()) {
            throw fields.problem(line, "expected " + header.size() + " cells, found " + cells.size());
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

    /** Line ends within a cell are those of the program that wrote the file; a prompt has line feeds. */
    private static Optional<String> cell(List<String> header, List<String> cells, String field) {
        int column = header.indexOf(field);
        return column < 0
                ? Optional.empty()
                : Optional.of(cells.get(column).replace("\r\n", "\n")).filter(cell -> !cell.isEmpty());
    }
}
