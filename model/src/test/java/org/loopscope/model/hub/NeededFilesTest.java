package org.loopscope.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NeededFilesTest {
    private static List<String> of(String... names) {
        return NeededFiles.of(Stream.of(names).map(NeededFilesTest::file).toList()).stream()
                .map(HubFile::name)
                .toList();
    }

    private static HubFile file(String name) {
        return new HubFile(name, 10, "0".repeat(40));
    }

    @Test
    void theFilesThatSayHowToTalkAndWhereTextsEndAreFetchedWhereThereAreSome() {
        assertEquals(
                List.of(
                        "config.json",
                        "chat_template.jinja",
                        "chat_template.json",
                        "generation_config.json",
                        "special_tokens_map.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "model.safetensors"),
                of(
                        "model.safetensors",
                        "modeling_ouro.py",
                        "tokenizer_config.json",
                        "tokenizer.json",
                        "special_tokens_map.json",
                        "generation_config.json",
                        "chat_template.json",
                        "chat_template.jinja",
                        "config.json"));
        assertEquals(List.of("config.json", "model.safetensors"), of("model.safetensors", "config.json"));
    }
}
