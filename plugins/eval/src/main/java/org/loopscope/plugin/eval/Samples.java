package org.loopscope.plugin.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.choice.ChoiceData;
import org.loopscope.analysis.choice.ChoiceItem;
import org.loopscope.analysis.choice.ChoiceRow;
import org.loopscope.analysis.choice.ChoiceScore;

/** Lines as lm-evaluation-harness writes them with {@code --log_samples}: what was asked, what came back, what was right. */
final class Samples {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Samples() {}

    static String of(ChoiceData data, List<ChoiceItem> items) {
        StringBuilder lines = new StringBuilder();
        Map<Integer, List<ChoiceRow>> choices = data.choices("fixed:" + data.steps());
        choices.forEach((number, rows) -> {
            if (number <= items.size()) {
                lines.append(line(number, items.get(number - 1), rows)).append('\n');
            }
        });
        return lines.toString();
    }

    private static ObjectNode line(int number, ChoiceItem item, List<ChoiceRow> rows) {
        ObjectNode line = MAPPER.createObjectNode().put("doc_id", number - 1);
        line.putObject("doc").put("id", item.id()).put("group", item.group());
        line.put("target", item.right());
        ArrayNode asked = line.putArray("arguments");
        item.options().forEach(option -> asked.addArray().add(option.context()).add(option.continuation()));
        ArrayNode answered = line.putArray("resps");
        ArrayNode filtered = line.putArray("filtered_resps");
        for (ChoiceRow row : rows) {
            answered.addArray().addArray().add(row.logLikelihood()).add(row.greedy());
            filtered.addArray().add(row.logLikelihood()).add(row.greedy());
        }
        line.put("acc", ChoiceScore.SUM.isRight(rows) ? 1.0 : 0.0);
        line.put("acc_norm", ChoiceScore.PER_CHARACTER.isRight(rows) ? 1.0 : 0.0);
        return line;
    }
}
