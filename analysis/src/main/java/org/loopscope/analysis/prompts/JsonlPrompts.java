package org.loopscope.analysis.prompts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.base.LoopscopeException;

/** Reads prompts from JSONL: an object a line, blank lines skipped. */
final class JsonlPrompts {
    private final PromptFields fields;
    private final SetLines lines;

    JsonlPrompts(Reader reader, String name) {
        this.fields = new PromptFields(name);
        this.lines = new SetLines(reader, name);
    }

    PromptSet read() throws IOException, LoopscopeException {
        while (lines.next()) {
            add(lines.object());
        }
        return fields.set();
    }

    private void add(JsonNode object) throws LoopscopeException {
        object.fieldNames().forEachRemaining(fields::seen);
        if (!object.has(PromptFields.PROMPT)) {
            throw lines.problem("expected a field \"prompt\", found none");
        }
        fields.add(
                lines.line(),
                lines.text(object, PromptFields.PROMPT).orElse(""),
                lines.text(object, PromptFields.ANSWER),
                choices(object),
                lines.text(object, PromptFields.LABEL),
                lines.text(object, PromptFields.GROUP));
    }

    private List<String> choices(JsonNode object) throws LoopscopeException {
        JsonNode value = object.path(PromptFields.CHOICES);
        List<String> choices = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return choices;
        }
        if (!value.isArray()) {
            throw lines.problem("expected an array in the field \"choices\", found " + SetLines.kind(value));
        }
        for (JsonNode choice : value) {
            if (!choice.isValueNode() || choice.isNull()) {
                throw lines.problem("expected texts in the field \"choices\", found " + SetLines.kind(choice));
            }
            choices.add(choice.asText());
        }
        return choices;
    }
}
