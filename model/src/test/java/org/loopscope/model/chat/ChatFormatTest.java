package org.loopscope.model.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

class ChatFormatTest {
    private static final String OWN = "{% for m in messages %}<turn>{{ m.role }}: {{ m.content }}<stop>\n{% endfor %}";

    @TempDir
    Path folder;

    /** Words with blanks between; those in angle brackets are added tokens. Ids are places in the list. */
    private record Words(String... pieces) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            String[] words = text.replace("<", " <").replace(">", "> ").strip().split("\\s+");
            return Arrays.stream(words).mapToInt(w -> tokenId(w).orElse(0)).toArray();
        }

        @Override
        public String decode(int... ids) {
            return "";
        }

        @Override
        public String tokenText(int id) {
            return pieces[id];
        }

        @Override
        public OptionalInt tokenId(String piece) {
            int id = List.of(pieces).indexOf(piece);
            return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
        }

        @Override
        public boolean isAdded(int id) {
            return pieces[id].startsWith("<");
        }
    }

    private static final Tokenizer PLAIN = new Words("<unk>", "a", "<turn>", "<stop>", "<s>");
    private static final Tokenizer CHATTY = new Words("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<stop>");

    private static LoopConfig endsAt(Integer... ids) {
        return new LoopConfig(100, 8, 8, 1, 1, 1, 8, 4, 64, 1e-6, 1e6, false, Set.of(ids));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private ChatFormat format(Tokenizer tokenizer) {
        return ChatFormat.of(folder, endsAt(1), Optional.of(tokenizer));
    }

    private ChatFormat format() {
        return format(PLAIN);
    }

    private static String quoted(String template) {
        return "\"" + template.replace("\n", "\\n") + "\"";
    }

    @Test
    void aFolderWithoutFilesHasTheEndsOfItsConfigurationAndNoChat() {
        ChatFormat format = format();
        assertEquals("1 a (config.json)", format.endTokens(true).text());
        assertFalse(format.isAvailable());
        assertEquals(List.of(), format.warnings());
        assertThrows(LoopscopeException.class, () -> format.prompt("a"));
    }

    @Test
    void chatMlTokensInTheVocabularyGiveChatMlAndBothEnds() throws Exception {
        ChatFormat format = ChatFormat.of(folder, endsAt(0), Optional.of(CHATTY));
        assertEquals(Optional.of("ChatML"), format.template());
        assertEquals("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", format.prompt("Hi"));
        assertEquals(Set.of(0, 2), format.endTokens(false).ids());
        assertEquals(
                "0 <|endoftext|> (config.json), 2 <|im_end|> (the vocabulary, as in ChatML)",
                format.endTokens(true).text());
    }

    @Test
    void thePublishedVocabularyEndsAtBothWithoutATokenizerToo() {
        var published = new LoopConfig(49_152, 8, 8, 1, 1, 1, 8, 4, 64, 1e-6, 1e6, false, Set.of(0));
        assertEquals(
                Set.of(0, 2),
                ChatFormat.of(published, Optional.empty()).endTokens(false).ids());
        assertEquals(
                Set.of(1),
                ChatFormat.of(endsAt(1), Optional.empty()).endTokens(false).ids());
    }

    @Test
    void theOwnTemplateGoesBeforeChatMlAndItsTurnEndsAChat() throws Exception {
        write("chat_template.jinja", OWN);
        ChatFormat format = format();
        assertEquals("<turn>user: Hi<stop>\n", format.prompt("Hi"));
        assertEquals(Set.of(1), format.endTokens(false).ids());
        assertEquals(
                "1 a (config.json), 3 <stop> (the end of a turn in chat_template.jinja)",
                format.endTokens(true).text());
        assertEquals(Optional.of("chat_template.jinja"), format(CHATTY).template());
        assertEquals(Set.of(0, 1, 2, 3), format(CHATTY).endTokens(true).ids());
    }

    @Test
    void aTurnThatEndsOnlyBeforeTheNextOneIsFoundToo() throws Exception {
        write(
                "chat_template.jinja",
                "{% for m in messages %}{{ m.content }}{% if not loop.last %}<stop>{% endif %}{% endfor %}");
        assertEquals(Set.of(1, 3), format().endTokens(true).ids());
    }

    @Test
    void aWordThatIsUnknownOrPlainEndsNoTurn() throws Exception {
        write("chat_template.jinja", "{% for m in messages %}{{ m.content }} strange {% endfor %}");
        assertEquals(Set.of(1), format().endTokens(true).ids());
    }

    @Test
    void threePlacesHaveTheirRankAndADifferenceIsTold() throws Exception {
        write("chat_template.json", "{\"chat_template\": \"old\"}");
        assertEquals("old", format().prompt("a"));
        write("tokenizer_config.json", "{\"chat_template\": \"middle\"}");
        assertEquals("middle", format().prompt("a"));
        write("chat_template.jinja", "new");
        assertEquals("new", format().prompt("a"));
        assertEquals(
                List.of(
                        "chat_template.jinja and tokenizer_config.json hold different chat templates; chat_template.jinja is"
                                + " taken, as published loaders do."),
                format().warnings());
        write("tokenizer_config.json", "{\"chat_template\": \"new\"}");
        assertEquals(List.of(), format().warnings());
    }

    @Test
    void ofSeveralNamedTemplatesTheDefaultIsTaken() throws Exception {
        String tools = "{\"name\": \"tool_use\", \"template\": \"no\"}";
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [" + tools + ", {\"name\": \"default\", \"template\": \"yes\"}]}");
        assertEquals("yes", format().prompt("a"));
        write("tokenizer_config.json", "{\"chat_template\": [" + tools + "]}");
        assertFalse(format(CHATTY).isAvailable());
        assertTrue(format(CHATTY).problem().orElseThrow().contains("one named \"default\""));
    }

    @Test
    void namedTemplatesMayBeAnObject() throws Exception {
        write("tokenizer_config.json", "{\"chat_template\":{\"tool_use\":\"no\",\"default\":" + quoted(OWN) + "}}");
        assertEquals("<turn>user: Hi<stop>\n", format().prompt("Hi"));
    }

    /** A folder from anybody could otherwise bring a private file into a prompt and its capture. */
    @ParameterizedTest
    @ValueSource(strings = {"chat_template.jinja", "tokenizer_config.json", "chat_template.json"})
    void aFileOfAnotherKindBehindALinkIsNotRead(String name, @TempDir Path elsewhere) throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "{\"chat_template\":\"secret\"}");
        Files.createSymbolicLink(folder.resolve(name), secret);
        ChatFormat format = format();
        assertFalse(format.isAvailable());
        assertTrue(format.warnings().get(0).contains("it is not followed"), format.warnings()::toString);
    }

    @Test
    void templatesSeeTheNamedTokens() throws Exception {
        write("chat_template.jinja", "{{ bos_token }}|{{ eos_token }}|{{ pad_token }}|{{ tools is none }}");
        String names = "\"bos_token\": {\"content\": \"<s>\"}, \"eos_token\": null, \"x\": NaN";
        write("tokenizer_config.json", "{\"added_tokens_decoder\": {}, " + names + "}");
        write("special_tokens_map.json", "{\"bos_token\": \"<other>\", \"eos_token\": \"</s>\"}");
        assertEquals("<s>|</s>||True", format().prompt("a"));
        write("tokenizer_config.json", "{" + names + "}"); // of the older kind
        assertEquals("<other>|</s>||True", format().prompt("a"));
        assertEquals(Set.of(1), format().endTokens(true).ids()); // what the tokenizer calls its end stops nothing
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 2",
                "[2, 3] | 2 3",
                "null | 1",
                "[] | 1",
                "\"2\" | 1",
                "-1 | 1",
                "100 | 1",
                "[2, 100, -3] | 2",
                "[2, \"x\", 1e3, true] | 2",
                "{\"a\": 2} | 1",
                "99999999999999999999 | 1"
            })
    void generationConfigIsAboveConfig(String value, String ids) throws Exception {
        write("generation_config.json", "{\"eos_token_id\": " + value + "}");
        List<Integer> expected =
                Arrays.stream(ids.split(" ")).map(Integer::valueOf).toList();
        assertEquals(expected, List.copyOf(format().endTokens(false).ids()));
    }

    @Test
    void contradictionsAndValuesThatAreNoIdsAreToldOnce() throws Exception {
        write("generation_config.json", "{\"eos_token_id\": [2, 700]}");
        assertEquals(
                List.of(
                        "generation_config.json: eos_token_id: expected token ids from 0 to 99, found [2,700]; what is no"
                                + " token id is left out.",
                        "config.json ends a text at [1], generation_config.json at [2]; generation_config.json is taken, as"
                                + " published loaders do."),
                format().warnings());
        write("generation_config.json", "{\"eos_token_id\": [1, 2]}");
        assertEquals(List.of(), format().warnings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generation_config.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "chat_template.json"
            })
    void aDamagedFileIsAWarningAndNeverAnotherTemplate(String file) throws Exception {
        for (String content :
                List.of("", "{", "[]", "null", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")) {
            write(file, content);
            ChatFormat format = format(CHATTY);
            assertTrue(format.warnings().get(0).contains(file), file + content);
            boolean mayHoldTemplate = file.equals("tokenizer_config.json") || file.equals("chat_template.json");
            assertEquals(mayHoldTemplate, format.problem().isPresent(), file + content);
            assertEquals(!mayHoldTemplate, format.isAvailable());
            assertEquals(Set.of(0, 1, 2), format.endTokens(true).ids());
        }
    }

    @Test
    void aDamagedTemplateFileIsNotReplacedByAnother() throws Exception {
        write("tokenizer_config.json", "{\"chat_template\": " + quoted(OWN) + "}");
        for (byte[] content : List.of(
                "é".getBytes(StandardCharsets.ISO_8859_1),
                "{{ x }}".getBytes(StandardCharsets.UTF_16LE),
                "{{ x".getBytes(StandardCharsets.UTF_8),
                "{% include 'x' %}".getBytes(StandardCharsets.UTF_8),
                "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8))) {
            Files.write(folder.resolve("chat_template.jinja"), content);
            ChatFormat format = format(CHATTY);
            assertFalse(format.isAvailable());
            String problem = format.problem().orElseThrow();
            assertTrue(format.warnings().contains(problem), problem);
            assertEquals(
                    problem,
                    assertThrows(LoopscopeException.class, () -> format.prompt("a"))
                            .getMessage());
        }
    }

    @Test
    void aByteOrderMarkIsNoPartOfATemplate() throws Exception {
        write("chat_template.jinja", "\uFEFF" + OWN);
        assertEquals("<turn>user: Hi<stop>\n", format().prompt("Hi"));
    }

    @Test
    void aTemplateThatWritesNothingIsRefused() throws Exception {
        write("chat_template.jinja", "  {# nothing #}\n");
        ChatFormat format = format();
        assertTrue(assertThrows(LoopscopeException.class, () -> format.prompt("a"))
                .getMessage()
                .endsWith("it writes nothing for a question."));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void devicesAndLinksThatLeadNowhereAreNotOpened() throws Exception {
        Files.createSymbolicLink(folder.resolve("generation_config.json"), Path.of("/dev/zero"));
        Files.createSymbolicLink(folder.resolve("chat_template.jinja"), folder.resolve("gone"));
        ChatFormat format = format();
        assertEquals(2, format.warnings().size());
        assertTrue(format.problem().orElseThrow().endsWith("found a link that leads nowhere."));
        assertEquals(Set.of(1), format.endTokens(true).ids());
    }

    @Test
    void aWarningWithAnEndTokenOfManyInvisibleCharactersStaysShort() throws IOException {
        Files.writeString(
                folder.resolve("generation_config.json"), "{\"eos_token_id\": [\"" + "\\u202e".repeat(400) + "\"]}");
        List<String> warnings =
                ChatFormat.of(folder, endsAt(1), Optional.of(PLAIN)).warnings();
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).length() <= 300, warnings.get(0));
    }
}
