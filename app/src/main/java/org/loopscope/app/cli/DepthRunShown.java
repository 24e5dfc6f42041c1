package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DraftAcceptance;
import org.loopscope.analysis.depth.DraftAcceptance.Tokens;
import org.loopscope.analysis.depth.DraftReplay;
import org.loopscope.analysis.depth.TokenDepth;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import tech.tablesaw.api.Table;

/** What every number of loops would say of one run, as text, CSV and JSON. */
final class DepthRunShown {
    private final LensGrid lens;
    private final DepthCommand.What what;
    private final int block;

    /** @param block tokens drafted before they are verified */
    DepthRunShown(LensGrid lens, DepthCommand.What what, int block) {
        this.lens = lens;
        this.what = what;
        this.block = block;
    }

    private Table table() {
        return switch (what) {
            case steps -> DepthCurve.ofRun(lens).toTable();
            case tokens -> TokenDepth.table(lens);
            case draft -> draftTable();
        };
    }

    String csv() {
        return TableFormat.csv.text(
                Tables.withComputeDtype(table(), lens.capture().model().computeDtype()));
    }

    String text() {
        String table = what == DepthCommand.What.steps
                ? DepthShown.text(DepthCurve.ofRun(lens), block)
                : TableFormat.table.text(table());
        return statement() + "\n\n" + table + replays();
    }

    private Table draftTable() {
        Table table = DraftAcceptance.of(lens, Tokens.ALL, block).toTable();
        DraftAcceptance generated = DraftAcceptance.of(lens, Tokens.GENERATED, block);
        return generated.n() == 0 ? table : table.append(generated.toTable());
    }

    private String statement() {
        int n = lens.positions();
        return switch (what) {
            case steps ->
                "means over " + n + " tokens of one run, every T up to " + lens.steps() + " read from it, "
                        + lens.statement();
            case tokens -> "every T up to " + lens.steps() + " read from one run, " + lens.statement();
            case draft ->
                "drafts that step " + lens.steps() + " would accept, read from one run; the speed-up is estimated, "
                        + lens.statement();
        };
    }

    /** What drafting would have done on this very text, below the table of drafts. */
    private String replays() {
        if (what != DepthCommand.What.draft) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (int s = 1; s < lens.steps(); s++) {
            Optional<DraftReplay> replay = DraftReplay.of(lens, s, block);
            int step = s;
            replay.ifPresent(r -> text.append(String.format(
                    Locale.ROOT,
                    "%nDrafting this text at step %d, blocks of %d: %d rounds, %d of %s%d drafts accepted, %d passes instead of"
                            + " %d.",
                    step,
                    block,
                    r.rounds(),
                    r.accepted(),
                    r.draftedExactly() ? "" : "at most ",
                    r.drafted(),
                    r.passes(),
                    r.fullDepthLoops())));
        }
        return text.isEmpty() ? "" : text.append(System.lineSeparator()).toString();
    }

    ObjectNode json() {
        Capture capture = lens.capture();
        ObjectNode object = Json.object()
                .put("model", capture.model().id())
                .put("compute_dtype", capture.model().computeDtype())
                .put("max_steps", lens.steps())
                .put("trained_steps", capture.config().trainedSteps());
        ArrayNode rows = object.putArray(what.name());
        Table table = table();
        for (int i = 0; i < table.rowCount(); i++) {
            ObjectNode row = rows.addObject();
            for (var column : table.columns()) {
                Object value = column.isMissing(i) ? null : column.get(i);
                if (value instanceof Double number) {
                    Json.put(row, column.name(), number);
                } else if (value instanceof Integer number) {
                    row.put(column.name(), number);
                } else if (value instanceof Boolean truth) {
                    row.put(column.name(), truth);
                } else {
                    row.put(column.name(), value == null ? null : String.valueOf(value));
                }
            }
        }
        return object;
    }
}
