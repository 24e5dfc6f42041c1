package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A tokenizer.json for a model that has learned nothing: byte-level BPE without merges, so every byte of the UTF-8 text
 * is one token, after the three special tokens of Ouro's own vocabulary.
 */
final class RandomTokenizer {
    private static final String[] SPECIAL = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    /** Tokens it has; a model with fewer ids cannot use it. */
    static final int MIN_VOCABULARY = SPECIAL.length + 256;

    private RandomTokenizer() {}

    static String json() {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        addSpecial(root.putArray("added_tokens"));
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer")).put("use_regex", true);
        root.putNull("post_processor");
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < SPECIAL.length; id++) {
            vocabulary.put(SPECIAL[id], id);
        }
        int next = SPECIAL.length;
        int stranger = 256;
        for (int b = 0; b < 256; b++) {
            // as GPT-2 shows bytes: printable ones as themselves, the others as characters from U+0100 on
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            vocabulary.put(String.valueOf((char) (printable ? b : stranger++)), next++);
        }
        model.putArray("merges");
        try {
            return mapper.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // trees of plain values always can be written
        }
    }

    private static ObjectNode byteLevel(ObjectNode node) {
        return node.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", false);
    }

    private static void addSpecial(ArrayNode tokens) {
        for (int id = 0; id < SPECIAL.length; id++) {
            tokens.addObject()
                    .put("id", id)
                    .put("content", SPECIAL[id])
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
    }
}
