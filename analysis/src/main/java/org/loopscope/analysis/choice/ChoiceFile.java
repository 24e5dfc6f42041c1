package org.loopscope.analysis.choice;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.choice.ChoiceItem.Option;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.prompts.SetLines;
import org.loopscope.analysis.table.CsvReader;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;

/**
 * Reads questions from files as they are published.
 *
 * @param task whose form the file has
 * @param delimiter between a context and a choice
 * @param context name of the field for {@link ChoiceTask#FIELDS}
 * @param choices name of the field that is a list of texts
 * @param answer name of the field that is the right one: its text, its number from 0, or its letter
 */
public record ChoiceFile(ChoiceTask task, String delimiter, String context, String choices, String answer) {
    private static final int LONGEST_CELL = 1_000_000;
    private static final int MMLU_CELLS = 6;

    /**
     * The questions of a file, or of a set that comes with the program.
     *
     * @throws LoopscopeException naming file and line, expected and found
     */
    public List<ChoiceItem> read(String name) throws LoopscopeException {
        SetFile file = SetFile.open(name);
        List<ChoiceItem> items;
        try (BufferedReader reader = file.reader()) {
            items = name.toLowerCase(Locale.ROOT).endsWith(".csv") && task != ChoiceTask.PROMPTS
                    ? mmlu(reader, name)
                    : jsonl(reader, name);
        } catch (IOException e) {
            throw InputFile.unreadable(name, e);
        }
        if (items.isEmpty()) {
            throw new LoopscopeException(SetLines.shown(name) + ": expected at least one question, found none.");
        }
        return items;
    }

    private List<ChoiceItem> mmlu(BufferedReader reader, String name) throws IOException, LoopscopeException {
        CsvReader csv = new CsvReader(reader, name, LONGEST_CELL);
        String subject = subject(name);
        List<ChoiceItem> items = new ArrayList<>();
        for (@Nullable List<String> cells = csv.next(); cells != null; cells = csv.next()) {
            if (items.isEmpty() && cells.size() == MMLU_CELLS && cells.get(5).equalsIgnoreCase("answer")) {
                continue; // copies with a line of names
            }
            int right = cells.size() == MMLU_CELLS ? "ABCD".indexOf(cells.get(5).strip()) : -1;
            if (right < 0 || cells.get(5).isBlank()) {
                throw new LoopscopeException(SetLines.shown(name) + ", line " + csv.line()
                        + ": expected a question, four options and the letter of the right one, found " + cells.size()
                        + " cells.");
            }
            String question = cells.get(0).strip() + "\nA. " + cells.get(1) + "\nB. " + cells.get(2) + "\nC. "
                    + cells.get(3) + "\nD. " + cells.get(4) + "\nAnswer:";
            items.add(item(items.size(), subject, question, List.of("A", "B", "C", "D"), right));
        }
        return items;
    }

    /** {@code college physics} of {@code college_physics_test.csv}. */
    private static String subject(String name) {
        return SetFile.shortName(name)
                .replaceFirst("\\.csv$", "")
                .replaceFirst("_(test|val|dev)$", "")
                .replace('_', ' ');
    }

    /** What lm-evaluation-harness writes before the questions of a subject of MMLU; nothing for others. */
    public static String description(ChoiceTask task, String group) {
        return task == ChoiceTask.MMLU
                ? "The following are multiple choice questions (with answers) about " + group + ".\n\n"
                : "";
    }

    private List<ChoiceItem> jsonl(BufferedReader reader, String name) throws IOException, LoopscopeException {
        SetLines lines = new SetLines(reader, name);
        List<ChoiceItem> items = new ArrayList<>();
        List<String> labels = readLabels(name);
        ChoiceTask form = task;
        while (lines.next()) {
            JsonNode object = lines.object();
            form = form == ChoiceTask.AUTO ? form(object, lines) : form;
            items.add(
                    switch (form) {
                        case ARC -> arc(object, lines, items.size());
                        case HELLASWAG -> hellaSwag(object, lines, items.size());
                        case WINOGRANDE -> winoGrande(object, lines, items.size());
                        case PIQA -> piqa(object, lines, items.size(), labels);
                        case BOOLQ -> boolQ(object, lines, items.size());
                        case SAMPLES -> sample(object, lines, items.size());
                        case FIELDS -> fields(object, lines, items.size(), context, choices, answer);
                        case MMLU -> throw lines.problem("expected CSV for MMLU, found JSON");
                        default -> fields(object, lines, items.size(), "prompt", "choices", "answer");
                    });
        }
        return items;
    }

    private static ChoiceTask form(JsonNode object, SetLines lines) throws LoopscopeException {
        if (object.has("arguments")) {
            return ChoiceTask.SAMPLES;
        }
        if (object.has("answerKey")) {
            return ChoiceTask.ARC;
        }
        if (object.has("endings")) {
            return ChoiceTask.HELLASWAG;
        }
        if (object.has("option1")) {
            return ChoiceTask.WINOGRANDE;
        }
        if (object.has("sol1")) {
            return ChoiceTask.PIQA;
        }
        if (object.has("passage")) {
            return ChoiceTask.BOOLQ;
        }
        if (object.has("prompt") && object.has("choices")) {
            return ChoiceTask.PROMPTS;
        }
        throw lines.problem(
                "expected the fields of a known benchmark, or --task fields with the names of its fields, found "
                        + String.join(
                                ", ",
                                StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                                        .toList()));
    }

    // ---- one question

    private ChoiceItem item(int number, String group, String question, List<String> texts, int right) {
        List<Option> options = texts.stream()
                .map(text -> new Option(question, delimiter + text, text))
                .toList();
        return new ChoiceItem(Integer.toString(number + 1), group, options, right);
    }

    private static List<String> texts(JsonNode array, SetLines lines, String field) throws LoopscopeException {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : array) {
            if (!text.isValueNode() || text.isNull()) {
                throw lines.problem("expected texts in \"" + field + "\", found other values");
            }
            texts.add(text.asText());
        }
        if (texts.size() < 2) {
            throw lines.problem("expected two choices or more in \"" + field + "\", found " + texts.size());
        }
        return texts;
    }

    private ChoiceItem arc(JsonNode object, SetLines lines, int number) throws LoopscopeException {
        JsonNode question = object.path("question");
        boolean published = question.isObject();
        JsonNode all = published ? question.path("choices") : object.path("choices");
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        if (all.isArray()) {
            all.forEach(choice -> {
                texts.add(choice.path("text").asText());
                labels.add(choice.path("label").asText());
            });
        } else {
            all.path("text").forEach(text -> texts.add(text.asText()));
            all.path("label").forEach(label -> labels.add(label.asText()));
        }
        int right = labels.indexOf(lines.required(object, "answerKey"));
        String stem = published ? lines.required(question, "stem") : lines.required(object, "question");
        if (texts.size() < 2 || right < 0) {
            throw lines.problem("expected choices, the one of \"answerKey\" among them, found labels " + labels);
        }
        return item(number, "", "Question: " + stem + "\nAnswer:", texts, right);
    }

    private ChoiceItem hellaSwag(JsonNode object, SetLines lines, int number) throws LoopscopeException {
        String second = lines.required(object, "ctx_b");
        String capital = second.isEmpty()
                ? ""
                : second.substring(0, 1).toUpperCase(Locale.ROOT)
                        + second.substring(1).toLowerCase(Locale.ROOT);
        String activity = lines.required(object, "activity_label");
        String before = cleaned(activity + ": " + lines.required(object, "ctx_a") + " " + capital);
        List<String> endings = texts(object.path("endings"), lines, "endings").stream()
                .map(ChoiceFile::cleaned)
                .toList();
        return item(number, activity, before, endings, index(object, "label", endings.size(), 0, lines));
    }

    /** Without the marks that WikiHow's texts have, as the harness takes them out. */
    private static String cleaned(String text) {
        return text.strip()
                .replace(" [title]", ". ")
                .replaceAll("\\[.*?\\]", "")
                .replace("  ", " ");
    }

    /** The two names stand in the context; what is scored is the rest of the sentence (partial evaluation). */
    private ChoiceItem winoGrande(JsonNode object, SetLines lines, int number) throws LoopscopeException {
        String sentence = lines.required(object, "sentence");
        int gap = sentence.indexOf('_');
        if (gap < 0) {
            throw lines.problem("expected a _ in \"sentence\", found none");
        }
        String rest = sentence.substring(gap + 1).strip();
        List<Option> options = new ArrayList<>();
        for (String field : List.of("option1", "option2")) {
            options.add(new Option(sentence.substring(0, gap) + lines.required(object, field), delimiter + rest, rest));
        }
        return new ChoiceItem(
                Integer.toString(number + 1), "", options, index(object, "answer", options.size(), 1, lines));
    }

    private ChoiceItem piqa(JsonNode object, SetLines lines, int number, List<String> labels)
            throws LoopscopeException {
        int right = object.has("label")
                ? index(object, "label", 2, 0, lines)
                : number < labels.size() ? labels.get(number).strip().equals("1") ? 1 : 0 : -1;
        if (right < 0) {
            throw lines.problem("expected a \"label\", or a line for it in the file of labels beside, found none");
        }
        return item(
                number,
                "",
                "Question: " + lines.required(object, "goal") + "\nAnswer:",
                List.of(lines.required(object, "sol1"), lines.required(object, "sol2")),
                right);
    }

    /** The name of the file with the labels of PIQA: {@code valid-labels.lst} beside {@code valid.jsonl}. */
    public static String labels(String name) {
        return name.replaceFirst("\\.jsonl$", "") + "-labels.lst";
    }

    /** Lines of it; none where there is no such file. */
    private static List<String> readLabels(String name) throws LoopscopeException {
        Path file = Path.of(labels(name));
        return Files.isRegularFile(file)
                ? InputFile.text(file, "the labels of a set", 1 << 24).lines().toList()
                : List.of();
    }

    private ChoiceItem boolQ(JsonNode object, SetLines lines, int number) throws LoopscopeException {
        String question =
                lines.required(object, "passage") + "\nQuestion: " + lines.required(object, "question") + "?\nAnswer:";
        JsonNode answer = object.has("answer") ? object.path("answer") : object.path("label");
        boolean yes = answer.asBoolean() || answer.asInt() == 1;
        return item(number, "", question, List.of("no", "yes"), yes ? 1 : 0);
    }

    private ChoiceItem fields(JsonNode object, SetLines lines, int number, String in, String of, String which)
            throws LoopscopeException {
        List<String> texts = texts(object.path(of), lines, of);
        JsonNode answer = object.path(which);
        String text = answer.asText();
        int right = answer.isTextual() ? texts.indexOf(text) : -1;
        if (right < 0 && answer.isTextual() && text.matches("[A-Z]")) {
            right = text.charAt(0) - 'A';
        }
        if (right < 0 && text.matches("\\d{1,3}")) {
            right = Integer.parseInt(text);
        }
        if (right < 0 || right >= texts.size()) {
            throw lines.problem(
                    "expected in \"" + which + "\" one of the choices, its number from 0 or its letter, found "
                            + (answer.isMissingNode() ? "nothing" : "\"" + text + "\""));
        }
        return item(number, lines.text(object, "group").orElse(""), lines.required(object, in), texts, right);
    }

    /** A line of a samples file: what was asked, word for word. */
    private static ChoiceItem sample(JsonNode object, SetLines lines, int number) throws LoopscopeException {
        List<Option> options = new ArrayList<>();
        for (JsonNode asked : object.path("arguments")) {
            JsonNode before = asked.isArray() ? asked.path(0) : asked.path("arg_0");
            JsonNode after = asked.isArray() ? asked.path(1) : asked.path("arg_1");
            if (!before.isTextual() || !after.isTextual()) {
                throw lines.problem(
                        "expected a context and a continuation in each of \"arguments\", found other values");
            }
            options.add(
                    new Option(before.asText(), after.asText(), after.asText().strip()));
        }
        JsonNode target = object.path("target");
        int right = target.isInt() ? target.asInt() : target.asText().matches("\\d{1,3}") ? target.asInt() : -1;
        for (int i = 0; right < 0 && i < options.size(); i++) {
            right = options.get(i).choice().equals(target.asText().strip()) ? i : right;
        }
        if (options.size() < 2 || right < 0 || right >= options.size()) {
            throw lines.problem(
                    "expected two \"arguments\" or more and a \"target\" among them, found " + options.size());
        }
        String id = object.path("doc_id").asText(Integer.toString(number + 1));
        return new ChoiceItem(id, "", options, right);
    }

    private static int index(JsonNode object, String field, int size, int first, SetLines lines)
            throws LoopscopeException {
        String text = object.path(field).asText();
        int index = text.matches("\\d{1,3}") ? Integer.parseInt(text) - first : -1;
        if (index < 0 || index >= size) {
            throw lines.problem("expected a number from " + first + " to " + (first + size - 1) + " in \"" + field
                    + "\", found \"" + text + "\"");
        }
        return index;
    }
}
