package org.loopscope.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.KnownModel;
import org.loopscope.model.open.Models;
import org.loopscope.model.support.Golden;

class HubCacheTest {
    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);

    @TempDir
    Path home;

    private HubEnvironment hub() {
        return HubEnvironment.of(Map.of("HF_HUB_CACHE", home.toString()), home);
    }

    /** A snapshot as the Hub's own library leaves it: every file a link to a blob. */
    private Path snapshot(String repo, String commit, Optional<String> ref) throws IOException {
        Path folder = home.resolve("models--" + repo.replace("/", "--"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(commit));
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Path blob = blobs.resolve(commit.charAt(0) + name.replace('.', '0'));
            Files.copy(Golden.path("golden/mha/" + name), blob);
            Files.createSymbolicLink(
                    snapshot.resolve(name),
                    Path.of("../../blobs", blob.getFileName().toString()));
        }
        if (ref.isPresent()) {
            Path file = folder.resolve("refs").resolve(ref.get());
            Files.createDirectories(file.getParent());
            Files.writeString(file, commit);
        }
        return snapshot;
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', '', '', home/.cache/huggingface/hub",
        "'', '', '', /x, /x/huggingface/hub",
        "'', '', /h, /x, /h/hub",
        "'', /old, /h, /x, /old",
        "/c, /old, /h, /x, /c",
        "~/c, '', '', '', home/c",
        "' ', '', /h, '', /h/hub"
    })
    void theVariablesOfTheHubsOwnLibraryNameTheCache(
            String cache, String oldCache, String hfHome, String xdg, String expected) {
        Map<String, String> variables = Map.of(
                "HF_HUB_CACHE", cache, "HUGGINGFACE_HUB_CACHE", oldCache, "HF_HOME", hfHome, "XDG_CACHE_HOME", xdg);
        assertEquals(
                Path.of(expected),
                HubEnvironment.of(variables, Path.of("home")).cache().folder());
    }

    @Test
    void aModelOpensByItsNameFromTheSnapshotOfMain() throws Exception {
        snapshot("org/looped", SECOND, Optional.of("main"));
        snapshot("org/looped", FIRST, Optional.of("v1"));
        try (LoopedModel model = Models.open("org/looped", hub(), RunControl.none())) {
            assertEquals("org/looped", model.info().id());
        }
        assertEquals(SECOND, resolved("org/looped"));
        assertEquals(FIRST, resolved("org/looped@v1"));
        assertEquals(FIRST, resolved("org/looped@" + FIRST));
        assertEquals(FIRST, resolved("org/looped@1111111"));
    }

    private String resolved(String name) throws LoopscopeException {
        return hub().cache().resolve(name).orElseThrow().folder().getFileName().toString();
    }

    @Test
    void aRevisionThatIsNotThereIsRefusedWithThoseThatAre() throws Exception {
        snapshot("org/looped", SECOND, Optional.of("main"));
        snapshot("org/looped", FIRST, Optional.empty());
        String sentence =
                "Model org/looped@v9: expected a revision that is in the Hugging Face cache, found org/looped,"
                        + " org/looped@" + FIRST + ".";
        assertEquals(
                sentence,
                assertThrows(LoopscopeException.class, () -> resolved("org/looped@v9"))
                        .getMessage());
        assertThrows(LoopscopeException.class, () -> resolved("org/looped@../../main"));
    }

    @Test
    void theOnlySnapshotNeedsNoRevision() throws Exception {
        snapshot("org/looped", FIRST, Optional.empty());
        assertEquals(FIRST, resolved("org/looped"));
        snapshot("org/looped", SECOND, Optional.empty());
        assertThrows(LoopscopeException.class, () -> resolved("org/looped"));
    }

    @Test
    void aNameThatIsNowhereSaysHowToGetIt() {
        assertEquals(
                "Model org/looped: expected a folder, or a model of the Hugging Face cache in " + home
                        + ", found neither; loopscope models download org/looped gets it.",
                assertThrows(LoopscopeException.class, () -> Models.open("org/looped", hub(), RunControl.none()))
                        .getMessage());
    }

    @Test
    void aLinkToABlobThatIsNotThereMarksTheModelIncomplete() throws Exception {
        Path snapshot = snapshot("org/looped", FIRST, Optional.of("main"));
        Files.delete(snapshot.resolve("model.safetensors").toRealPath());
        KnownModel model = Models.known(hub(), List.of()).get(1);
        String sentence =
                "org/looped is not complete in the Hugging Face cache: model.safetensors is missing; loopscope"
                        + " models download org/looped fetches the rest.";
        assertEquals(Optional.of(sentence), model.problem());
        assertEquals(Optional.empty(), model.summary());
        assertEquals(
                sentence,
                assertThrows(LoopscopeException.class, () -> Models.open("org/looped", hub(), RunControl.none()))
                        .getMessage());
    }

    @Test
    void absentShardsAreCounted() throws IOException {
        Path snapshot = snapshot("org/looped", FIRST, Optional.of("main"));
        Files.delete(snapshot.resolve("model.safetensors"));
        Files.writeString(
                snapshot.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"model.norm.weight\": \"1.safetensors\", \"lm_head.weight\": \"./2.safetensors\","
                        + " \"mtp.fc.weight\": \"3.safetensors\"}}");
        assertEquals(Optional.of("2 of 2 weight files are missing"), HubCache.missing(snapshot));
        Files.createFile(snapshot.resolve("1.safetensors"));
        assertEquals(Optional.of("1 of 2 weight files are missing"), HubCache.missing(snapshot));
        Files.createFile(snapshot.resolve("2.safetensors"));
        assertEquals(Optional.empty(), HubCache.missing(snapshot));
    }

    @Test
    void aLinkWrittenOutAsTextIsNotComplete() throws IOException {
        Path snapshot = snapshot("org/looped", FIRST, Optional.of("main"));
        for (String name : List.of("model.safetensors", "config.json")) {
            Files.delete(snapshot.resolve(name));
            Files.writeString(snapshot.resolve(name), "../../blobs/" + "b".repeat(64));
            assertEquals(
                    "org/looped is not complete in the Hugging Face cache: " + name
                            + " is the text of a link, as copies"
                            + " without links leave it; loopscope models download org/looped fetches the rest.",
                    assertThrows(LoopscopeException.class, () -> Models.open("org/looped", hub(), RunControl.none()))
                            .getMessage());
        }
    }

    @Test
    void aRefThatIsNoFileOrNoCommitNamesNothing() throws Exception {
        snapshot("org/looped", FIRST, Optional.empty());
        Path refs = Files.createDirectories(home.resolve("models--org--looped/refs"));
        Files.createDirectories(refs.resolve("main"));
        Files.writeString(refs.resolve("v1"), "1".repeat(1000));
        assertEquals(FIRST, resolved("org/looped"));
        assertThrows(LoopscopeException.class, () -> resolved("org/looped@v1"));
    }

    @Test
    void knownModelsAreTheEmbeddedOneThoseOfTheCacheAndThoseOfFolders() throws Exception {
        snapshot("org/looped", FIRST, Optional.of("main"));
        snapshot("org/looped", SECOND, Optional.of("v2"));
        Path other = snapshot("org/other", FIRST, Optional.of("main"));
        Files.writeString(other.resolve("config.json").toRealPath(), "{\"model_type\": \"llama\"}");
        Files.createDirectories(home.resolve("datasets--org--looped/snapshots"));
        Path mine = Golden.copy("gqa", home.resolve("mine/gqa"));
        List<KnownModel> models = Models.known(hub(), List.of(home.resolve("mine")));
        assertEquals(
                List.of("embedded", "org/looped", "org/looped@v2", mine.toString()),
                models.stream().map(KnownModel::name).toList());
        assertEquals(
                List.of("embedded", "cache", "cache", "folder"),
                models.stream().map(model -> model.source().label()).toList());
        assertEquals("org/looped", models.get(1).summary().orElseThrow().id());
    }

    @Test
    void aFolderOfThatNameGoesFirst() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        assertFalse(Files.exists(here.resolve("src/looped")), "the test needs that name");
        snapshot("src/test", FIRST, Optional.of("main"));
        assertThrows(LoopscopeException.class, () -> Models.open("src/test", hub(), RunControl.none()));
    }

    @Test
    void aCacheThatIsNotThereHasNoModels() {
        assertEquals(List.of(), new HubCache(home.resolve("none")).models());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a", "a/b/c", "../b", "a/..", "a/b--c", "a/b c", "/b", "a/", "a\\b/c", "a/.b", "a/b.", "a/b@c"
            })
    void aNameThatIsNoRepositoryIsRefused(String text) {
        assertEquals(Optional.empty(), RepoId.find(text));
        assertEquals(
                "Model: expected ORG/NAME, such as ByteDance/Ouro-1.4B, found \"" + text + "\".",
                assertThrows(LoopscopeException.class, () -> RepoId.parse(text)).getMessage());
    }

    @Test
    void aRepositoryHasOneFolderName() throws LoopscopeException {
        RepoId repo = RepoId.parse("ByteDance/Ouro-1.4B");
        assertEquals("models--ByteDance--Ouro-1.4B", repo.folderName());
        assertEquals(Optional.of(repo), RepoId.ofFolder("models--ByteDance--Ouro-1.4B"));
        assertEquals(Optional.empty(), RepoId.ofFolder("models--gpt2"));
    }
}
