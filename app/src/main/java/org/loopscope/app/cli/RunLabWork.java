package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.Tables;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.RunTable;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Runs a prompt or reads a capture, and writes a lab's table of it, for the command line. */
final class RunLabWork {
    private final RunLab lab;
    private final CommandEnvironment environment;
    private final Values values;
    private final TableKind kind;

    RunLabWork(RunLab lab, CommandEnvironment environment, Values values, TableKind kind) {
        this.lab = lab;
        this.environment = environment;
        this.values = values;
        this.kind = kind;
    }

    /** How a table is written. */
    enum Format {
        table,
        csv,
        json
    }

    /** Gives the exit code. */
    int run(
            CaptureInput input,
            RunSettings settings,
            ProgressOption progress,
            FigureKind drawn,
            FigureFile figure,
            Format format,
            @Nullable Path out)
            throws LoopscopeException {
        settings.layers |= lab.needsLayers(kind, values);
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = input.open(settings, work, model -> lab.fits(model, values))) {
            Capture capture = run.capture();
            RunInput of = new RunInput(capture, run.model(), settings.shownRule(capture), work.control());
            RunTable table = lab.table(kind, of, values);
            figure.draw(() -> figure(drawn, of));
            work.line().clear();
            write(text(table, format, capture), format, out);
            if (out != null || format == Format.table) {
                figure.told(environment);
            }
            SetWork.outsideTraining(
                    environment, capture.steps(), capture.config().trainedSteps());
            return input.told(capture, environment.err());
        }
    }

    private Figure figure(FigureKind drawn, RunInput run) throws LoopscopeException {
        return lab.figure(drawn, run, values)
                .orElseThrow(() -> new LoopscopeException(
                        "--figure: expected a run with something for the figure " + drawn.name() + ", found none."));
    }

    private String text(RunTable table, Format format, Capture capture) throws LoopscopeException {
        return switch (format) {
            case csv ->
                TableFormat.csv.text(
                        Tables.withComputeDtype(table.data(), capture.model().computeDtype()));
            case json -> Json.write(Json.tree(json(table, capture))) + "\n";
            case table -> people(table);
        };
    }

    private static String people(RunTable table) {
        StringWriter text = new StringWriter();
        try (PrintWriter to = new PrintWriter(text)) {
            to.println(table.statement());
            to.println();
            if (table.people().isPresent()) {
                FindingsText.print(table.people().get(), to);
            } else {
                to.print(TableFormat.table.text(table.data()));
            }
            table.after().forEach(to::println);
        }
        return text.toString();
    }

    private Map<String, @Nullable Object> json(RunTable table, Capture capture) throws LoopscopeException {
        if (table.json().isPresent()) {
            return table.json().get().values();
        }
        Table data = table.data();
        List<Map<String, @Nullable Object>> rows =
                IntStream.range(0, data.rowCount()).mapToObj(i -> row(data, i)).toList();
        return new Findings()
                .put("model", capture.model().id())
                .put("compute_dtype", capture.model().computeDtype())
                .put("max_steps", capture.steps())
                .put("trained_steps", capture.config().trainedSteps())
                .put(kind.name(), rows)
                .data();
    }

    private static Map<String, @Nullable Object> row(Table data, int i) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (Column<?> column : data.columns()) {
            Object value = column.isMissing(i) ? null : column.get(i);
            boolean plain = value == null || value instanceof Number || value instanceof Boolean;
            row.put(
                    column.name(),
                    value instanceof Double number ? Findings.finite(number) : plain ? value : String.valueOf(value));
        }
        return row;
    }

    private void write(String text, Format format, @Nullable Path out) throws LoopscopeException {
        if (out == null) {
            PrintWriter to = format == Format.csv ? environment.exactOut() : environment.out();
            to.print(text);
            to.flush();
        } else {
            OutFile.write(out, text);
            environment.out().println(lab.written() + " written to " + out + ".");
        }
    }
}
