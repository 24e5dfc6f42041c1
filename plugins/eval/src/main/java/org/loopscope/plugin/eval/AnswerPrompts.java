package org.loopscope.plugin.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.prompts.SetLines;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/** Reads prompts with answers: those of the other labs, and gsm8k as it is published. */
final class AnswerPrompts {
    private static final String MARK = "####";

    private AnswerPrompts() {}

    static List<Prompt> read(String name) throws LoopscopeException {
        if (!name.toLowerCase(Locale.ROOT).endsWith(".jsonl")) {
            return SetFile.prompts(name).prompts();
        }
        List<Prompt> prompts = new ArrayList<>();
        try (BufferedReader reader = SetFile.open(name).reader()) {
            SetLines lines = new SetLines(reader, name);
            while (lines.next()) {
                JsonNode line = lines.object();
                if (!line.has("question") || !line.path("answer").asText().contains(MARK)) {
                    return SetFile.prompts(name).prompts();
                }
                String answer = line.path("answer").asText();
                prompts.add(new Prompt(
                        "Question: " + lines.required(line, "question").strip() + "\nAnswer:",
                        Optional.of(answer.substring(answer.lastIndexOf(MARK) + MARK.length())
                                .strip()),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()));
            }
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
        return prompts.isEmpty() ? SetFile.prompts(name).prompts() : prompts;
    }
}
