package org.loopscope.analysis.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.prompts.SetLines;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * A set for probing: JSONL with an object a line, or the published question pairs ({@code .tsv}). An object has {@code prompt},
 * and if known {@code answer}, {@code choices}, {@code label}, {@code split} and {@code unit}; or {@code question1}, {@code
 * question2} and {@code label} (1: they ask the same, 0: they do not), of which a prompt is made with a template.
 *
 * <p>A {@code label} that is one of the choices is the answer, if there is no other; else it is a class and never split into
 * tokens. {@code unit} is what the prompt is about, or an array of such: see {@link ProbeItem#units}. The units of a pair
 * of questions are its questions, unless it names others.
 *
 * @param leftOut lines of a {@code .tsv} that lack fields
 */
public record ProbeSet(List<ProbeItem> items, int leftOut) {
    /** How a pair of questions is asked, in the manner of Zhu et al. 2025 §7.2 (their own wording is not published in full). */
    public static final String TEMPLATE = "Do the following two questions have the same intent?\n1. {question1}\n2."
            + " {question2}\nAnswer with True or False.\nAnswer:";

    /** Answers to {@link #TEMPLATE}: not the same, the same. */
    public static final List<String> CHOICES = List.of("False", "True");

    public ProbeSet {
        items = List.copyOf(items);
    }

    /**
     * Reads at most {@code limit} items.
     *
     * @param template of question pairs, with {@code {question1}} and {@code {question2}}
     * @throws LoopscopeException naming file, line, what was expected and found
     */
    public static ProbeSet read(BufferedReader in, String name, String template, int limit) throws LoopscopeException {
        if (name.toLowerCase(Locale.ROOT).endsWith(".tsv")) {
            QuestionPairs.Pairs read = QuestionPairs.read(in, name, limit);
            List<ProbeItem> items = read.pairs().stream()
                    .map(pair -> item(
                            pair.question1(),
                            pair.question2(),
                            pair.duplicate(),
                            Optional.empty(),
                            List.of(),
                            template))
                    .toList();
            return new ProbeSet(items, read.leftOut());
        }
        try {
            return new ProbeSet(new Reader(in, name, template).read(limit), 0);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
    }

    private static ProbeItem item(
            String question1,
            String question2,
            boolean same,
            Optional<String> split,
            List<String> units,
            String template) {
        String prompt = template.replace("{question1}", question1).replace("{question2}", question2);
        List<String> questions = List.of(question1.strip(), question2.strip());
        return new ProbeItem(
                prompt,
                CHOICES,
                Optional.of(same ? "True" : "False"),
                Optional.empty(),
                split,
                units.isEmpty() ? questions : units);
    }

    private static final class Reader {
        private final String name;
        private final String template;
        private final SetLines lines;

        Reader(BufferedReader in, String name, String template) {
            this.name = SetLines.shown(name);
            this.lines = new SetLines(in, name);
            this.template = template;
        }

        List<ProbeItem> read(int limit) throws IOException, LoopscopeException {
            List<ProbeItem> items = new ArrayList<>();
            while (items.size() < limit && lines.next()) {
                items.add(item(lines.object()));
            }
            if (items.isEmpty()) {
                throw new LoopscopeException(name + ": expected at least one prompt, found none.");
            }
            return items;
        }

        private ProbeItem item(JsonNode node) throws LoopscopeException {
            Optional<String> split = text(node, "split");
            if (split.isPresent()
                    && !split.get().equals("train")
                    && !split.get().equals("test")) {
                throw problem(
                        "expected train or test in the field \"split\", found " + ForeignText.quoted(split.get()));
            }
            if (node.has("question1")) {
                return pair(node, split);
            }
            String prompt = required(node, "prompt");
            List<String> choices = new ArrayList<>();
            node.path("choices").forEach(choice -> choices.add(choice.asText()));
            Optional<String> label = text(node, "label");
            Optional<String> answer = text(node, "answer").or(() -> label.filter(choices::contains));
            if (!choices.isEmpty() && answer.isPresent() && !choices.contains(answer.get())) {
                throw problem("expected the answer to be one of the choices "
                        + ForeignText.shown(choices.toString(), 100) + ", found " + ForeignText.quoted(answer.get()));
            }
            return new ProbeItem(prompt, choices, answer, label, split, units(node));
        }

        private ProbeItem pair(JsonNode node, Optional<String> split) throws LoopscopeException {
            String label = required(node, "label");
            if (!label.equals("0") && !label.equals("1")) {
                throw problem("expected 0 or 1 in the field \"label\", found " + ForeignText.quoted(label));
            }
            return ProbeSet.item(
                    required(node, "question1"),
                    required(node, "question2"),
                    label.equals("1"),
                    split,
                    units(node),
                    template);
        }

        private List<String> units(JsonNode node) throws LoopscopeException {
            JsonNode value = node.path("unit");
            List<String> units = new ArrayList<>();
            for (JsonNode unit : value.isArray() ? value : List.of(value)) {
                if (unit.isContainerNode()) {
                    throw problem("expected a text or an array of texts in the field \"unit\", found other JSON");
                }
                if (!unit.isMissingNode() && !unit.isNull()) {
                    units.add(unit.asText());
                }
            }
            return units;
        }

        private String required(JsonNode node, String field) throws LoopscopeException {
            return text(node, field)
                    .filter(t -> !t.isBlank())
                    .orElseThrow(() -> problem("expected text in the field \"" + field + "\", found none"));
        }

        private static Optional<String> text(JsonNode node, String field) {
            JsonNode value = node.path(field);
            return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
        }

        private LoopscopeException problem(String expectedAndFound) {
            return lines.problem(expectedAndFound);
        }
    }
}
