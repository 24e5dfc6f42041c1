package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.checkpoint.RandomCheckpoint;

/** A model with Ouro's three special tokens and a token for each byte. */
class ChatCommandTest {
    private static final String OWN =
            "{% for m in messages %}{{ '<|im_start|>Q ' + m.content + '<|im_end|>' }}{% endfor %}";

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void write() throws Exception {
        model = RandomCheckpoint.TINY.in(folder, RunControl.none());
    }

    private JsonNode run(String... args) throws Exception {
        String[] all = new String[args.length + 4];
        System.arraycopy(new String[] {"run", "--json", "--model", model.toString()}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        Cli.Result result = Cli.run(all);
        assertEquals(0, result.code(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    private static String text(JsonNode json) {
        StringBuilder text = new StringBuilder();
        json.path("token_texts").forEach(t -> text.append(t.asText()));
        return text.toString();
    }

    @Test
    void withoutATemplateChatMlIsWrittenAndBothEndsAreTold() throws Exception {
        JsonNode json = run("--prompt", "Hi", "--chat");
        assertTrue(text(json).startsWith("<|im_start|>user"), text(json));
        assertEquals(
                "{\"used\":true,\"template\":\"ChatML\"}", json.path("chat").toString());
        assertEquals(
                "[{\"id\":0,\"text\":\"<|endoftext|>\",\"from\":\"config.json\"},{\"id\":2,\"text\":\"<|im_end|>\","
                        + "\"from\":\"the vocabulary, as in ChatML\"}]",
                json.path("end_tokens").toString());
    }

    @Test
    void theOwnTemplateIsUsedAndTheCaptureSaysSo() throws Exception {
        Files.writeString(model.resolve("chat_template.jinja"), OWN);
        Path file = folder.resolve("c.safetensors");
        JsonNode json = run("--prompt", "Hi", "--chat", "--out", file.toString());
        assertEquals("<|im_start|>Q Hi<|im_end|>", text(json));
        assertEquals("chat_template.jinja", json.path("chat").path("template").asText());
        assertEquals("chat_template.jinja", CaptureFile.read(file).chat().orElseThrow());
        assertEquals(
                "{\"used\":false,\"template\":null}",
                run("--prompt", "Hi").path("chat").toString());
    }

    @Test
    void generatingEndsWhereGenerationConfigSays() throws Exception {
        int first = run("--prompt", "Hi", "--generate", "3", "--no-stop")
                .path("generated_ids")
                .get(0)
                .asInt();
        Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": [" + first + "]}");
        JsonNode json = run("--prompt", "Hi", "--generate", "3");
        assertEquals("[" + first + "]", json.path("generated_ids").toString());
        assertEquals(first, json.path("end_tokens").get(2).path("id").asInt());
        assertEquals("[]", run("--prompt", "Hi", "--no-stop").path("end_tokens").toString());
    }

    @Test
    void aTemplateThatCannotBeUsedIsRefusedInASentence() throws Exception {
        Files.writeString(
                model.resolve("chat_template.jinja"), "{{ raise_exception('A system turn must come first.') }}");
        Cli.Result result = Cli.run("run", "--model", model.toString(), "--prompt", "Hi", "--chat");
        assertEquals(2, result.code());
        assertTrue(
                result.err()
                        .contains(
                                "The chat template chat_template.jinja cannot be used: line 1: it says \"A system turn"
                                        + " must come first.\"."),
                result.err());
    }

    @Test
    void theChecksTellWhatWasTaken() throws Exception {
        Cli.Result result = Cli.run("models", "check", model.toString());
        assertTrue(
                result.out()
                        .contains(
                                "No chat template; chats are written in ChatML. Texts end at 0 <|endoftext|> (config.json),"),
                result.out());
    }

    @Test
    void aByteOrderMarkAndALineEndAreNoPartOfAPromptFile() throws Exception {
        Path file = Files.write(folder.resolve("p.txt"), "\uFEFFred cat\r\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "red cat", run("--prompt-file", file.toString()).path("prompt").asText());
    }

    @Test
    void aPromptFileInAnotherEncodingOrNoFileIsRefused() throws Exception {
        Files.write(folder.resolve("a.txt"), "Zürich".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(folder.resolve("a.txt"), "expected text in UTF-8, found other bytes.");
        Files.write(folder.resolve("b.txt"), "Zurich".getBytes(StandardCharsets.UTF_16));
        assertRefused(folder.resolve("b.txt"), "expected text in UTF-8, found UTF-16.");
        Files.write(folder.resolve("c.txt"), "Zurich".getBytes(StandardCharsets.UTF_16LE));
        assertRefused(folder.resolve("c.txt"), "expected text in UTF-8, found zero bytes.");
        assertRefused(folder, "expected a text file with one prompt, found a folder.");
    }

    private void assertRefused(Path file, String why) {
        Cli.Result result = Cli.run("run", "--model", model.toString(), "--prompt-file", file.toString());
        assertEquals(2, result.code());
        assertTrue(result.err().contains(why), result.err());
    }
}
