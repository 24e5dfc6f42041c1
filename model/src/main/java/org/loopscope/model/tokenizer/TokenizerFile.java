package org.loopscope.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.loopscope.model.base.FolderFile;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.JsonProblem;
import org.loopscope.model.base.LoopscopeException;

/**
 * A tokenizer.json as it was read once: what is hashed, tried and opened is one and the same text.
 *
 * @param text exactly what stands in the file, without a byte order mark
 * @param hash SHA-256 of the file, in hexadecimal
 */
record TokenizerFile(String name, String text, String hash, JsonNode root) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonMapper OF_PYTHON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
            .build();
    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final String POINTER = "version https://git-lfs.github.com/spec/";
    private static final List<String> TYPES = List.of("BPE", "WordLevel", "WordPiece", "Unigram");

    static TokenizerFile read(Path file) throws LoopscopeException {
        byte[] bytes = bytes(file);
        String name = name(file);
        String text = InputFile.text(bytes, name);
        JsonNode root = parse(JSON, text, name);
        if (!(root instanceof ObjectNode) || !(root.path("model") instanceof ObjectNode)) {
            throw new LoopscopeException(name + ": expected a JSON object with a model, found none.");
        }
        String type = root.path("model").path("type").asText();
        if (!type.isEmpty() && !TYPES.contains(type)) { // older files have none
            throw new LoopscopeException(name + ": expected a tokenizer of the kind " + String.join(", ", TYPES)
                    + ", found " + ForeignText.quoted(type) + ".");
        }
        JsonNode dropout = root.path("model").path("dropout");
        if (dropout.asDouble() > 0) { // a training aid that the library would apply to every text
            throw new LoopscopeException(
                    name + ": expected a tokenizer that gives one text the same tokens each time, found" + " dropout "
                            + ForeignText.shown(dropout.toString()) + " in it; set it to null.");
        }
        return new TokenizerFile(name, text, hash(bytes), root);
    }

    /** A small file of the folder that is one JSON object, such as tokenizer_config.json; a missing node if there is none. */
    static JsonNode object(Path folder, String fileName) throws LoopscopeException {
        if (!FolderFile.exists(folder, fileName)) {
            return MissingNode.getInstance();
        }
        Path file = FolderFile.of(folder, fileName, "a JSON object");
        byte[] bytes = bytes(file);
        JsonNode root = parse(OF_PYTHON, InputFile.text(bytes, name(file)), name(file));
        if (!root.isObject()) {
            throw new LoopscopeException(name(file) + ": expected a JSON object, found none.");
        }
        return root;
    }

    private static String name(Path file) {
        return ForeignText.shown(String.valueOf(file.getFileName()));
    }

    private static byte[] bytes(Path file) throws LoopscopeException {
        byte[] bytes = InputFile.bytes(file, "a tokenizer", MAX_FILE_BYTES);
        if (bytes.length == 0) {
            throw new LoopscopeException(name(file) + ": expected JSON, found an empty file.");
        }
        if (new String(bytes, 0, Math.min(bytes.length, POINTER.length()), StandardCharsets.ISO_8859_1)
                .equals(POINTER)) {
            throw new LoopscopeException(name(file) + ": expected JSON, found a Git LFS pointer of " + bytes.length
                    + " bytes; fetch the file itself with \"git lfs pull\".");
        }
        return bytes;
    }

    private static JsonNode parse(JsonMapper json, String text, String name) throws LoopscopeException {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new LoopscopeException(name + ": expected JSON, found " + JsonProblem.found(e) + ".", e);
        }
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
