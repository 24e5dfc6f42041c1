package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.base.ProgramVersion;

/** A lens as text: a table for people, CSV (the same columns as in the window) and JSON for programs. */
final class LensText {
    private static final int FORMAT = 1;

    private final LensGrid lens;

    LensText(LensGrid lens) {
        this.lens = lens;
    }

    String as(LensCommand.Format format) {
        return switch (format) {
            case table -> table();
            case csv -> csv();
            case json -> Json.write(json()) + "\n";
        };
    }

    private String table() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        out.println(lens.statement() + "; p and KL against the last step, entropy and KL in nats");
        out.println();
        TextTable table = new TextTable()
                .right("pos")
                .left("token")
                .left("at")
                .right("rank of final")
                .right("entropy")
                .right("KL");
        for (int k = 1; k <= lens.topK(); k++) {
            table.left("top " + k).right("p");
        }
        for (int p = 0; p < lens.positions(); p++) {
            for (int row = 0; row < lens.rows().size(); row++) {
                table.row(cells(row, p));
            }
        }
        table.print(out);
        return text.toString();
    }

    private List<String> cells(int row, int position) {
        List<String> cells = new ArrayList<>(List.of(
                String.valueOf(position),
                Shown.token(lens.capture().tokenText(position)),
                lens.rows().get(row).label(),
                String.valueOf(lens.rankOfFinal(row, position)),
                Shown.number(lens.entropy(row, position), 3),
                Shown.number(lens.klToLast(row, position), 3)));
        for (int k = 0; k < lens.topK(); k++) {
            cells.add(Shown.token(lens.topText(row, position, k)));
            cells.add(Shown.probability(lens.topProbability(row, position, k)));
        }
        return cells;
    }

    private String csv() {
        return Tables.csv(
                Tables.withComputeDtype(lens.toTable(), lens.capture().model().computeDtype()));
    }

    private ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("program_version", ProgramVersion.get());
        json.set("model", RunJson.model(lens.capture().model()));
        json.put("lens", lens.statement());
        json.set("token_ids", Json.integers(lens.capture().tokenIds()));
        json.set("token_texts", Json.texts(lens.capture().tokenTexts()));
        ArrayNode rows = json.putArray("rows");
        for (int p = 0; p < lens.positions(); p++) {
            for (int row = 0; row < lens.rows().size(); row++) {
                rows.add(row(row, p));
            }
        }
        return json;
    }

    private ObjectNode row(int row, int position) {
        DepthPoint point = lens.rows().get(row);
        ObjectNode json = Json.object().put("position", position).put("step", point.step());
        if (point.layer().isPresent()) {
            json.put("layer", point.layer().getAsInt());
        } else {
            json.putNull("layer");
        }
        Json.put(json, "entropy", lens.entropy(row, position));
        Json.put(json, "kl_to_last", lens.klToLast(row, position));
        json.put("final_id", lens.finalId(position));
        json.put("rank_of_final", lens.rankOfFinal(row, position));
        Json.put(json, "log_probability_of_final", lens.logProbabilityOfFinal(row, position));
        Json.put(json, "probability_of_next", lens.probabilityOfNext(row, position));
        ArrayNode top = json.putArray("top");
        for (int k = 0; k < lens.topK(); k++) {
            ObjectNode entry = top.addObject();
            entry.put("id", lens.topId(row, position, k)).put("text", lens.topText(row, position, k));
            Json.put(entry, "probability", lens.topProbability(row, position, k));
            Json.put(entry, "log_probability", lens.topLogProbability(row, position, k));
        }
        return json;
    }
}
