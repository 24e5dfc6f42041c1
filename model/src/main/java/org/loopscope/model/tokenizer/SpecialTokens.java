package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * What the published loaders put around a prompt: the post-processor of tokenizer.json, and above it {@code add_bos_token}
 * and {@code add_eos_token} of tokenizer_config.json. Tokenizers of the Llama and Gemma classes have their {@code bos_token}
 * in front unless the second file says no. Source: transformers, update_post_processor of tokenization_llama_fast.py and
 * tokenization_gemma_fast.py (4.57), and tokenization_utils_tokenizers.py (5.0), where given flags go above the file.
 */
final class SpecialTokens {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String NAMES = "special_tokens_map.json";
    private static final Pattern BEGINS_BY_ITSELF = Pattern.compile("(Code)?(Llama|Gemma)Tokenizer(Fast)?");

    private final TokenizerFile file;
    private final Vocabulary vocabulary;
    private final List<Integer> before = new ArrayList<>();
    private final List<Integer> after = new ArrayList<>();

    private SpecialTokens(TokenizerFile file, Vocabulary vocabulary) {
        this.file = file;
        this.vocabulary = vocabulary;
    }

    /**
     * @param folder of the file, where tokenizer_config.json and special_tokens_map.json may lie
     * @throws LoopscopeException if either file asks for a token that there is not, or for a kind of template that is not
     *     one prompt with tokens around it
     */
    static AddedTokens of(TokenizerFile file, Path folder, Vocabulary vocabulary) throws LoopscopeException {
        SpecialTokens tokens = new SpecialTokens(file, vocabulary);
        tokens.process(file.root().path("post_processor"));
        JsonNode config = TokenizerFile.object(folder, CONFIG);
        if (config.isObject()) {
            tokens.configure(config, names(folder, config));
        }
        return new AddedTokens(tokens.before, tokens.after);
    }

    private void process(JsonNode processor) throws LoopscopeException {
        switch (processor.path("type").asText()) {
            case "Sequence" -> {
                for (JsonNode inner : processor.path("processors")) {
                    process(inner);
                }
            }
            case "TemplateProcessing" -> template(processor);
            case "BertProcessing", "RobertaProcessing" -> {
                before.add(0, id(processor.path("cls").path(1)));
                after.add(id(processor.path("sep").path(1)));
            }
            default -> {} // ByteLevel changes no token
        }
    }

    private void template(JsonNode processor) throws LoopscopeException {
        List<Integer> front = new ArrayList<>();
        List<Integer> behind = new ArrayList<>();
        int sequences = 0;
        for (JsonNode piece : pieces(processor.path("single"))) {
            if (piece.has("Sequence")) {
                sequences++;
            } else {
                String name = piece.path("SpecialToken").path("id").asText();
                JsonNode ids = processor.path("special_tokens").path(name).path("ids");
                if (ids.isEmpty()) {
                    throw new LoopscopeException(file.name() + ": expected the ids of the special token "
                            + ForeignText.quoted(name) + " in post_processor, found none.");
                }
                for (JsonNode id : ids) {
                    (sequences == 0 ? front : behind).add(id(id));
                }
            }
        }
        if (sequences != 1) {
            throw new LoopscopeException(file.name()
                    + ": expected a template (post_processor) with the prompt in it once, found it " + sequences
                    + " times.");
        }
        before.addAll(0, front);
        after.addAll(behind);
    }

    private Iterable<JsonNode> pieces(JsonNode single) throws LoopscopeException {
        if (!single.isArray()) {
            throw new LoopscopeException(
                    file.name() + ": expected a template (post_processor) that is a list, found none.");
        }
        return single;
    }

    private int id(JsonNode id) throws LoopscopeException {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0) {
            throw new LoopscopeException(file.name() + ": expected the id of a special token in post_processor, found "
                    + ForeignText.shown(id.toString()) + ".");
        }
        return id.asInt();
    }

    /** The file that names tokens above {@code config} where that is of the older kind, without the tokens themselves. */
    private static JsonNode names(Path folder, JsonNode config) {
        try {
            return config.has("added_tokens_decoder") ? config : TokenizerFile.object(folder, NAMES);
        } catch (LoopscopeException e) {
            return config; // what reads the chat form tells of it
        }
    }

    /** @param names where tokens are named above {@code config}: the file for it, if that is of the older kind */
    private void configure(JsonNode config, JsonNode names) throws LoopscopeException {
        boolean byItself = BEGINS_BY_ITSELF
                .matcher(config.path("tokenizer_class").asText())
                .matches();
        Optional<Boolean> begins = flag(config, "add_bos_token");
        Optional<Integer> bos = token(names.has("bos_token") ? names : config, "bos_token");
        if (bos.isEmpty() && byItself && !config.has("bos_token")) { // what the class itself calls it
            bos = id(config.path("tokenizer_class").asText().contains("Gemma") ? "<bos>" : "<s>");
        }
        if (begins.orElse(byItself && bos.isPresent())) {
            int id = bos.orElseThrow(() -> lacks("add_bos_token", "bos_token"));
            if (before.isEmpty() || before.get(0) != id) {
                before.add(0, id);
            }
        } else if (begins.isPresent()
                && bos.isPresent()
                && !before.isEmpty()
                && before.get(0).equals(bos.get())) {
            before.remove(0);
        }
        Optional<Boolean> ends = flag(config, "add_eos_token");
        Optional<Integer> eos = token(names.has("eos_token") ? names : config, "eos_token");
        boolean ended = !after.isEmpty() && eos.equals(Optional.of(after.get(after.size() - 1)));
        if (ends.orElse(ended)) {
            int id = eos.orElseThrow(() -> lacks("add_eos_token", "eos_token"));
            if (!ended) {
                after.add(id);
            }
        } else if (ended) {
            after.remove(after.size() - 1);
        }
    }

    private static Optional<Boolean> flag(JsonNode config, String key) throws LoopscopeException {
        JsonNode flag = config.path(key);
        if (!flag.isBoolean() && !flag.isMissingNode() && !flag.isNull()) {
            throw new LoopscopeException(CONFIG + ": expected true, false or null for " + key + ", found "
                    + ForeignText.shown(flag.toString()) + ".");
        }
        return config.path(key).isBoolean() ? Optional.of(config.path(key).asBoolean()) : Optional.empty();
    }

    /** Given as its text, or as an object that holds it. */
    private Optional<Integer> token(JsonNode config, String key) {
        JsonNode token = config.path(key);
        String text = token.isObject() ? token.path("content").asText() : token.asText();
        return token.isNull() || text.isEmpty() ? Optional.empty() : id(text);
    }

    private Optional<Integer> id(String token) {
        return vocabulary.id(token).stream().boxed().findFirst();
    }

    private static LoopscopeException lacks(String flag, String token) {
        return new LoopscopeException(
                CONFIG + ": " + flag + " is true, so expected a " + token + " that the vocabulary has, found none.");
    }
}
