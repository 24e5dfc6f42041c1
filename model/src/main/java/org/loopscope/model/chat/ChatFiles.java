package org.loopscope.model.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/**
 * What the small files of a model folder say about chat and about the ends of texts. A damaged file is told in a warning and
 * never stops a model; what it would have said is then not guessed.
 *
 * <p>Order of rank, as the loaders of the transformers library have it: chat_template.jinja, then {@code chat_template} in
 * tokenizer_config.json, then the older chat_template.json. {@code eos_token_id} of generation_config.json is above that of
 * config.json; the tokenizer's {@code eos_token} names a token for templates and ends nothing.
 */
final class ChatFiles {
    static final String TEMPLATE = "chat_template.jinja";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final String OLD_TEMPLATE = "chat_template.json";
    static final String GENERATION_CONFIG = "generation_config.json";
    static final String SPECIAL_TOKENS = "special_tokens_map.json";

    private static final long MAX_BYTES = 64L << 20; // added tokens are listed in them
    private static final String POINTER = "version https://git-lfs.github.com/spec/";
    private static final List<String> TOKEN_NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
            .build();

    private final Path folder;
    private final List<String> warnings = new ArrayList<>();
    private Optional<Source> template = Optional.empty();
    private Optional<String> templateProblem = Optional.empty();
    private final Map<String, Object> specialTokens = new LinkedHashMap<>();
    private final Set<Integer> endIds = new TreeSet<>();

    /** A chat template as written, and the file that it is from. */
    record Source(String file, String text) {}

    private ChatFiles(Path folder) {
        this.folder = folder;
    }

    /** @param vocabSize ids from it on are told and left out */
    static ChatFiles read(Path folder, int vocabSize) {
        ChatFiles files = new ChatFiles(folder);
        Optional<JsonNode> tokenizerConfig = files.json(TOKENIZER_CONFIG, true);
        files.readTemplate(tokenizerConfig);
        Optional<JsonNode> names = files.json(SPECIAL_TOKENS, false);
        if (tokenizerConfig.filter(config -> config.has("added_tokens_decoder")).isEmpty()) {
            names.ifPresent(files::readSpecialTokens); // above a configuration of the older kind
        }
        tokenizerConfig.ifPresent(files::readSpecialTokens);
        names.ifPresent(files::readSpecialTokens);
        files.json(GENERATION_CONFIG, false).ifPresent(json -> files.readEndIds(json, vocabSize));
        return files;
    }

    /** The template in use; empty where there is none, or {@link #templateProblem} says why it cannot be used. */
    Optional<Source> template() {
        return template;
    }

    /** Why what the folder says about its chat template cannot be known. */
    Optional<String> templateProblem() {
        return templateProblem;
    }

    /** What transformers gives to a template beside the messages: {@code bos_token} and its like. */
    Map<String, Object> specialTokens() {
        return specialTokens;
    }

    /** {@code eos_token_id} of generation_config.json, possibly none. */
    Set<Integer> endIds() {
        return endIds;
    }

    List<String> warnings() {
        return warnings;
    }

    private boolean has(String file) {
        return FolderFile.exists(folder, file);
    }

    private String text(String file, String expected) throws LoopscopeException {
        String text = InputFile.text(FolderFile.of(folder, file, expected), expected, MAX_BYTES);
        if (text.startsWith(POINTER)) {
            throw new LoopscopeException(
                    file + ": expected " + expected + ", found a Git LFS pointer; the file itself was not fetched.");
        }
        return text;
    }

    /** The object in a file; empty where there is none, or with a warning where it is damaged. */
    private Optional<JsonNode> json(String file, boolean holdsTemplate) {
        if (!has(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(object(file));
        } catch (LoopscopeException e) {
            warnings.add(e.getMessage() + " The file is left out.");
            if (holdsTemplate && !has(TEMPLATE)) {
                templateProblem = Optional.of(String.valueOf(e.getMessage()));
            }
            return Optional.empty();
        }
    }

    private JsonNode object(String file) throws LoopscopeException {
        String text = text(file, "a JSON object");
        try {
            JsonNode root = JSON.readTree(text);
            if (root instanceof ObjectNode) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(file + ": expected a JSON object, found " + JsonProblem.found(e) + ".", e);
        }
        throw new LoopscopeException(file + ": expected a JSON object, found another value.");
    }

    private void readTemplate(Optional<JsonNode> tokenizerConfig) {
        Optional<Source> inConfig = Optional.empty();
        if (tokenizerConfig.isPresent()) {
            inConfig = templateIn(TOKENIZER_CONFIG, tokenizerConfig.get().path("chat_template"));
        }
        if (has(TEMPLATE)) {
            readTemplateFile(inConfig);
        } else if (inConfig.isPresent() || templateProblem.isPresent()) {
            template = inConfig;
        } else if (has(OLD_TEMPLATE)) {
            readOldTemplate();
        }
    }

    private void readTemplateFile(Optional<Source> inConfig) {
        templateProblem = Optional.empty();
        try {
            Source own = new Source(TEMPLATE, text(TEMPLATE, "a chat template"));
            template = Optional.of(own);
            inConfig.filter(other -> !other.text().equals(own.text()))
                    .ifPresent(other -> warnings.add(TEMPLATE + " and " + other.file()
                            + " hold different chat templates; " + TEMPLATE + " is taken, as published loaders do."));
        } catch (LoopscopeException e) {
            refuseTemplate(String.valueOf(e.getMessage()));
        }
    }

    private void readOldTemplate() {
        try {
            template = templateIn(OLD_TEMPLATE, object(OLD_TEMPLATE).path("chat_template"));
        } catch (LoopscopeException e) {
            refuseTemplate(String.valueOf(e.getMessage()));
        }
    }

    private void refuseTemplate(String why) {
        warnings.add(why);
        templateProblem = Optional.of(why);
    }

    /** A text, or several named ones, as a list or an object, of which "default" is meant. */
    private Optional<Source> templateIn(String file, JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(new Source(file, node.asText()));
        }
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (node.path("default").isTextual()) {
            return Optional.of(new Source(file, node.path("default").asText()));
        }
        for (JsonNode named : node) {
            if (named.path("name").asText().equals("default")
                    && named.path("template").isTextual()) {
                return Optional.of(new Source(file, named.path("template").asText()));
            }
        }
        refuseTemplate(file + ": chat_template: expected a text, or named ones with one named \"default\","
                + " found neither.");
        return Optional.empty();
    }

    /** Those that no file before has named. */
    private void readSpecialTokens(JsonNode json) {
        for (String name : TOKEN_NAMES) {
            JsonNode token = json.path(name);
            JsonNode content = token.isObject() ? token.path("content") : token;
            if (content.isTextual()) {
                specialTokens.putIfAbsent(name, content.asText());
            }
        }
    }

    private void readEndIds(JsonNode json, int vocabSize) {
        JsonNode node = json.path("eos_token_id");
        if (node.isMissingNode() || node.isNull()) {
            return;
        }
        boolean sound = true;
        for (JsonNode id : node.isArray() ? node : List.of(node)) {
            if (id.isIntegralNumber() && id.canConvertToInt() && id.asInt() >= 0 && id.asInt() < vocabSize) {
                endIds.add(id.asInt());
            } else {
                sound = false;
            }
        }
        if (!sound) {
            warnings.add(GENERATION_CONFIG + ": eos_token_id: expected token ids from 0 to " + (vocabSize - 1)
                    + ", found " + ForeignText.shown(node.toString()) + "; what is no token id is left out.");
        }
    }
}
