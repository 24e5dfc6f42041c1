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
import org.loopscope.model.checkpoint.OuroTensors;

class ModelsCommandTest {
    @TempDir
    Path folder;

    @Test
    void theEmbeddedModelIsAlwaysThere() {
        Cli.Result result = Cli.run("models");
        assertEquals(0, result.code());
        List<String> lines = result.out().lines().toList();
        assertEquals(2, lines.size());
        assertTrue(
                lines.get(1).matches("embedded +196,225 +0\\.8 MB +F32 +4 +2 +96 +57 +256 +yes +embedded"),
                lines.get(1));
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

    @Test
    void whatIsWrongIsToldWithTheFolderItIsIn() throws Exception { // tests have a family of their own, without a gate
        Path broken = RandomCheckpoint.write(folder.resolve("b\u001b[31m"));
        Files.writeString(broken.resolve("config.json"), "{}");
        assertEquals(
                folder + "/b\\u001b[31m: config.json: model_type: expected \"gateless\" or \"ouro\", found none.",
                Cli.run("models", folder.toString()).problem());
    }

    /** A snapshot in the cache of {@code folder}. */
    private Path cached(String repo, boolean complete) throws Exception {
        Path repoFolder = folder.resolve("hub/models--" + repo.replace("/", "--"));
        Path snapshot = RandomCheckpoint.write(repoFolder.resolve("snapshots/" + "a".repeat(40)));
        Files.createDirectories(repoFolder.resolve("refs"));
        Files.writeString(repoFolder.resolve("refs/main"), "a".repeat(40));
        if (!complete) {
            Files.delete(snapshot.resolve("model.safetensors"));
        }
        return snapshot;
    }

    @Test
    void modelsOfTheCacheAreListedByNameAndIncompleteOnesMarked() throws Exception {
        Path whole = cached("org/whole", true);
        cached("org/half", false);
        Cli.Result result =
                Cli.in(folder).variable("HF_HOME", folder.toString()).execute("models");
        List<String> lines = result.out().lines().toList();
        assertEquals(4, lines.size());
        assertTrue(lines.get(2).matches("org/half +- .* cache, cannot be used"), lines.get(2));
        assertTrue(lines.get(3).matches("org/whole +1,\\d+ .* cache"), lines.get(3));
        String problem =
                "org/half is not complete in the Hugging Face cache: model.safetensors is missing; loopscope models"
                        + " download org/half fetches the rest.";
        assertEquals(problem, result.problem());
        JsonNode models = new ObjectMapper()
                .readTree(Cli.in(folder)
                        .variable("HF_HOME", folder.toString())
                        .execute("models", "--json")
                        .out());
        assertEquals(problem, models.get(1).get("problem").asText());
        assertEquals("org/whole", models.get(2).get("model").asText());
        assertEquals("cache", models.get(2).get("source").asText());
        assertEquals(whole.toString(), models.get(2).get("folder").asText());
        assertTrue(models.get(2).get("problem").isNull());
    }

    @Test
    void anAddedFolderIsListedUntilItIsRemoved() throws Exception {
        Path mine = RandomCheckpoint.write(folder.resolve("mine/a")).getParent();
        assertEquals(0, in("models", "add", mine.toString()).code());
        assertEquals(0, in("models", "add", mine + "/.").code());
        assertEquals(3, in("models").out().lines().count());
        assertTrue(in("models").out().contains(mine.resolve("a").toString()));
        assertEquals(0, in("models", "remove", mine.toString()).code());
        assertEquals(2, in("models").out().lines().count());
        assertEquals(
                mine + ": expected a folder that was added, found [].",
                in("models", "remove", mine.toString()).problem());
        assertEquals(
                folder.resolve("gone") + ": expected a folder, found nothing.",
                in("models", "add", folder.resolve("gone").toString()).problem());
    }

    private Cli.Result in(String... args) {
        return Cli.in(folder).home(folder).execute(args);
    }

    @Test
    void theSelfChecksOfAModelAreListed() throws Exception {
        Cli.Result embedded = Cli.run("models", "check", "embedded");
        assertEquals(0, embedded.code());
        assertEquals(7, embedded.out().lines().count());
        assertTrue(
                embedded.out().contains("finite weights        passed   196,225 weights are finite."), embedded.out());
        Path model = RandomCheckpoint.writeDamaged(folder.resolve("nan"), OuroTensors.EMBEDDING);
        Cli.Result damaged = Cli.run("models", "check", model.toString(), "--json");
        assertEquals(2, damaged.code());
        JsonNode results = new ObjectMapper().readTree(damaged.out());
        assertEquals("failed", results.get(1).get("outcome").asText());
        assertEquals(
                "model.embed_tokens.weight: expected finite numbers, found NaN or infinity at element 0 of 88.",
                results.get(1).get("sentence").asText());
        Cli.Result run = Cli.run("run", "--model", model.toString(), "--token-ids", "1");
        assertEquals(2, run.code());
        assertEquals(
                "nan was not opened, its self-check \"finite weights\" failed: "
                        + results.get(1).get("sentence").asText(),
                run.problem());
    }
}
