package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
    @TempDir
    Path folder;

    @Test
    void theEmbeddedModelIsAlwaysThere() {
        Cli.Result result = Cli.run("models");
        assertEquals(0, result.code());
        List<String> lines = result.out().lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).matches("embedded +196,225 +0\\.8 MB +F32 +4 +2 +96 +57 +256 +yes"), lines.get(1));
    }

    @Test
    void aFolderOfModelsIsListedAndABrokenOneIsToldAndLeftOut() throws Exception {
        RandomCheckpoint.write(folder.resolve("a"));
        Path broken = RandomCheckpoint.write(folder.resolve("b"));
        Files.delete(broken.resolve("model.safetensors"));
        Cli.Result result = Cli.run("models", folder.toString(), "--json");
        assertEquals(0, result.code());
        JsonNode models = new ObjectMapper().readTree(result.out());
        assertEquals(2, models.size());
        assertEquals(folder.resolve("a").toString(), models.get(1).get("model").asText());
        assertEquals(3, models.get(1).get("trained_steps").asInt());
        assertTrue(result.problem().contains(broken.toString()), result.problem());
    }
}
