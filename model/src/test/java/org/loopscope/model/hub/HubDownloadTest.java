package org.loopscope.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** Downloads that end well, from a server that answers well or badly. */
class HubDownloadTest extends DownloadFixture {
    @DisabledOnOs(OS.WINDOWS)
    @Test
    void theNameOfARevisionCanBeReadByWhoeverReadsTheCache() throws Exception {
        fetch();
        Path plain = Files.writeString(home.resolve("plain"), "");
        assertEquals(
                Files.getPosixFilePermissions(plain),
                Files.getPosixFilePermissions(repoFolder().resolve("refs/main")));
        assertEquals(List.of("main"), names(repoFolder().resolve("refs")));
    }

    @Test
    void aDownloadLeavesTheLayoutThatAllProgramsShareAndTheModelOpensByName() throws Exception {
        Path snapshot = fetch();
        assertEquals(repoFolder().resolve("snapshots").resolve(FakeHub.COMMIT), snapshot);
        assertWholeSnapshot(snapshot);
        assertEquals(
                Path.of("../../blobs", FakeHub.sha256(weights)), Files.readSymbolicLink(snapshot.resolve(WEIGHTS)));
        assertEquals(
                Path.of("../../blobs", FakeHub.gitId(hub.files.get("config.json"))),
                Files.readSymbolicLink(snapshot.resolve("config.json")));
        assertEquals(3, names(repoFolder().resolve("blobs")).size());
        assertEquals(
                List.of(
                        hub.listPath(),
                        hub.filePath("config.json"),
                        hub.filePath("config.json"),
                        hub.filePath("README.md"),
                        hub.filePath(WEIGHTS)),
                hub.requests.stream().map(FakeHub.Request::path).toList());
        try (LoopedModel model = Models.open("org/looped", environment(), RunControl.none())) {
            assertEquals("org/looped", model.info().id());
        }
    }

    @Test
    void lookingTellsSizesAndTheShapeAndWritesNothing() throws Exception {
        HubListing listing = download().look(REPO, "main", RunControl.none());
        long size = 8 + hub.files.get("config.json").length + weights.length;
        assertEquals(size, listing.sizeBytes());
        assertEquals(size, download().missingBytes(listing));
        assertEquals(4, listing.config().trainedSteps());
        assertEquals(List.of(), names(home));
    }

    @Test
    void progressCountsTheBytesOfAllFiles() throws Exception {
        List<Long> done = new ArrayList<>();
        long total = download().look(REPO, "main", RunControl.none()).sizeBytes();
        fetch(RunControl.of(() -> false, (stage, here, all) -> {
            if (stage.startsWith("downloading")) {
                assertEquals(total, all);
                done.add(here);
            }
        }));
        assertEquals(done.stream().sorted().toList(), done);
        assertEquals(total, done.get(done.size() - 1));
    }

    @Test
    void aConnectionThatBreaksIsTakenUpWhereItBroke() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), hub.cutAfter(WEIGHTS, 1000), hub.cutAfter(WEIGHTS, 500));
        assertWholeSnapshot(fetch());
        assertEquals(List.of("", "bytes=1000-", "bytes=1500-"), hub.ranges(WEIGHTS));
        assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), waits);
    }

    @Test
    void aConnectionThatAlwaysBreaksIsGivenUpAndTheNextDownloadGoesOn() throws Exception {
        hub.instead(
                hub.filePath(WEIGHTS), hub.cutAfter(WEIGHTS, 1000), hub.cutAfter(WEIGHTS, 0), hub.cutAfter(WEIGHTS, 0));
        String sentence = refusal();
        assertTrue(
                sentence.startsWith("model.safetensors: 1000 of " + weights.length + " bytes came, then the connection"
                        + " broke ("),
                sentence);
        assertTrue(
                sentence.endsWith("3 times in a row; what came is kept, and the next download goes on from there."),
                sentence);
        assertEquals(1000, Files.size(incomplete()));
        assertFalse(Files.exists(repoFolder().resolve("refs")), "a snapshot without weights has no name");
        assertWholeSnapshot(fetch());
        assertEquals("bytes=1000-", hub.ranges(WEIGHTS).get(3));
    }

    @Test
    void aConnectionThatBreaksBeforeTheAnswerIsToldLikeOneThatBreaksWithinIt() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), hub.cutAfter(WEIGHTS, 1000));
        for (int i = 0; i < 30; i++) { // the client itself asks again, too
            hub.instead(hub.filePath(WEIGHTS), FakeHub.silence());
        }
        String sentence = refusal();
        assertTrue(
                sentence.startsWith("model.safetensors: 1000 of " + weights.length + " bytes came, then the connection"
                        + " broke ("),
                sentence);
        hub.asUsual(hub.filePath(WEIGHTS));
        assertWholeSnapshot(fetch());
    }

    @Test
    void aTruncatedAnswerIsNoWholeFile() throws Exception {
        byte[] start = Arrays.copyOf(weights, 700);
        hub.instead(hub.filePath(WEIGHTS), FakeHub.content(start));
        assertWholeSnapshot(fetch());
        assertEquals(List.of("", "bytes=700-"), hub.ranges(WEIGHTS));
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), hub.cutAfter(WEIGHTS, 1000), FakeHub.content(weights));
        assertWholeSnapshot(fetch());
        assertEquals(List.of("", "bytes=1000-"), hub.ranges(WEIGHTS));
    }

    @Test
    void aRangeThatTheServerDoesNotHaveStartsAnew() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), hub.cutAfter(WEIGHTS, 1000), FakeHub.status(416));
        assertWholeSnapshot(fetch());
        assertEquals(List.of("", "bytes=1000-", ""), hub.ranges(WEIGHTS));
    }

    @Test
    void anotherRangeThanAskedForStartsAnew() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), hub.cutAfter(WEIGHTS, 1000), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 900-999/" + weights.length);
            FakeHub.send(exchange, 206, new byte[100]);
        });
        assertWholeSnapshot(fetch());
        assertEquals(List.of("", "bytes=1000-", ""), hub.ranges(WEIGHTS));
    }

    @Test
    void aPartLongerThanTheFileIsDropped() throws Exception {
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), new byte[weights.length + 1]);
        assertWholeSnapshot(fetch());
        assertEquals(List.of(""), hub.ranges(WEIGHTS));
    }

    @Test
    void aWholePartIsCheckedAndNotFetchedAgain() throws Exception {
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), weights);
        assertWholeSnapshot(fetch());
        assertEquals(List.of(), hub.ranges(WEIGHTS));
    }

    @Test
    void weightsThatAreNotWhatTheListSaysAreDeletedAndTold() throws Exception {
        byte[] wrong = weights.clone();
        wrong[wrong.length - 1] ^= 1;
        hub.instead(hub.filePath(WEIGHTS), FakeHub.content(wrong));
        assertEquals(
                "model.safetensors: expected the SHA-256 " + FakeHub.sha256(weights) + ", found "
                        + FakeHub.sha256(wrong) + "; the downloaded file was deleted, download it again.",
                refusal());
        assertFalse(Files.exists(incomplete()));
        assertFalse(Files.exists(blob(FakeHub.sha256(weights))));
        assertWholeSnapshot(fetch());
    }

    @Test
    void aSmallFileThatIsNotWhatTheListSaysIsDeletedAndTold() throws Exception {
        hub.instead(hub.filePath("README.md"), FakeHub.content(bytes("# looped")));
        assertEquals(
                "README.md: expected the git object id " + FakeHub.gitId(bytes("# Looped")) + ", found "
                        + FakeHub.gitId(bytes("# looped")) + "; the downloaded file was deleted, download it again.",
                refusal());
        assertEquals(1, names(repoFolder().resolve("blobs")).size(), "config.json stays");
    }

    @Test
    void moreBytesThanTheListSaysAreRefused() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), FakeHub.content(Arrays.copyOf(weights, weights.length + 1)));
        assertEquals(
                "model.safetensors: expected " + weights.length
                        + " bytes, as the list of files says, found more; what came" + " was deleted.",
                refusal());
        assertEquals(0, Files.size(incomplete()));
    }

    @Test
    void theTokenGoesToTheHubAndNotWhereItRedirectsTo() throws Exception {
        variables.put("HF_TOKEN", "hf_secret");
        try (FakeHub elsewhere = new FakeHub("org/looped")) {
            elsewhere.files.put(WEIGHTS, weights);
            hub.instead(
                    hub.filePath(WEIGHTS),
                    hub.cutAfter(WEIGHTS, 1000),
                    FakeHub.status(302, "Location", elsewhere.address() + "/signed/" + WEIGHTS));
            assertWholeSnapshot(fetch());
            assertEquals(List.of(new FakeHub.Request("/signed/" + WEIGHTS, "bytes=1000-", "")), elsewhere.requests);
        }
        assertTrue(hub.requests.stream()
                .allMatch(request -> request.authorization().equals("Bearer hf_secret")));
    }

    @Test
    void aRedirectOnTheSameServerIsFollowedWithTheToken() throws Exception {
        variables.put("HF_TOKEN", "hf_secret");
        hub.instead(hub.filePath(WEIGHTS), FakeHub.status(307, "Location", "/cache/" + WEIGHTS));
        assertWholeSnapshot(fetch());
        FakeHub.Request last = hub.requests.get(hub.requests.size() - 1);
        assertEquals(new FakeHub.Request("/cache/" + WEIGHTS, "", "Bearer hf_secret"), last);
    }

    @Test
    void aServerThatIsBusyIsAskedAgainWhenItSays() throws Exception {
        hub.instead(hub.listPath(), FakeHub.status(503, "Retry-After", "7"));
        hub.instead(hub.filePath(WEIGHTS), FakeHub.status(500), FakeHub.status(429, "Retry-After", "9999"));
        assertWholeSnapshot(fetch());
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(1), Duration.ofSeconds(30)), waits);
    }

    @Test
    void aCancelledDownloadKeepsWhatCameAndTheNextGoesOn() throws Exception {
        hub.instead(hub.filePath(WEIGHTS), exchange -> {
            exchange.sendResponseHeaders(200, weights.length);
            exchange.getResponseBody().write(weights, 0, 1000);
            exchange.getResponseBody().flush();
            holdTheLine(exchange);
        });
        AtomicBoolean cancelled = new AtomicBoolean();
        RunControl control = RunControl.of(cancelled::get, (stage, done, total) -> {
            if (stage.contains(WEIGHTS)) {
                cancelled.set(true);
            }
        });
        assertThrows(CancellationException.class, () -> fetch(control));
        assertEquals(1000, Files.size(incomplete()));
        assertFalse(Files.exists(repoFolder().resolve("refs")));
        HubListing listing = download().look(REPO, "main", RunControl.none());
        assertEquals(weights.length - 1000, download().missingBytes(listing), "small files are there");
        assertWholeSnapshot(fetch());
        assertEquals(List.of("", "bytes=1000-"), hub.ranges(WEIGHTS));
    }

    @Test
    void whatIsThereIsNotFetchedAgain() throws Exception {
        fetch();
        hub.requests.clear();
        assertWholeSnapshot(fetch());
        assertEquals(
                List.of(hub.listPath(), hub.filePath("config.json")),
                hub.requests.stream().map(FakeHub.Request::path).toList());
    }

    @Test
    void filesThatWouldLieOutsideTheSnapshotAreLeftOut() throws Exception {
        hub.add("../../evil.safetensors", new byte[3], true);
        hub.add("onnx/model.safetensors", new byte[3], true);
        hub.add("..", new byte[3], true);
        assertWholeSnapshot(fetch());
    }

    @Test
    void shardsAndTokenizerAreFetchedAndTheWeightsLast() throws Exception {
        for (String name : List.of(
                "model-00001-of-00002.safetensors",
                "tokenizer.json",
                "merges.txt",
                "vocab.json",
                "model.safetensors.index.json",
                "LICENSE",
                "special_tokens_map.json",
                "tokenizer_config.json")) {
            hub.add(name, bytes(name), false);
        }
        List<String> single = download().look(REPO, "main", RunControl.none()).files().stream()
                .map(HubFile::name)
                .toList();
        assertEquals(
                List.of(
                        "config.json",
                        "LICENSE",
                        "README.md",
                        "merges.txt",
                        "model.safetensors.index.json",
                        "special_tokens_map.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.json",
                        WEIGHTS),
                single);
    }

    @Test
    void whereNoSymbolicLinksAreAllowedTheSnapshotHoldsTheFilesThemselves() throws Exception {
        linker = (link, target) -> {
            throw new UnsupportedOperationException("no symbolic links");
        };
        Path snapshot = fetch();
        assertWholeSnapshot(snapshot);
        assertFalse(Files.isSymbolicLink(snapshot.resolve(WEIGHTS)));
        assertWholeSnapshot(fetch());
    }

    @Test
    void anotherRevisionGetsItsOwnNameAndMainStaysAbsent() throws Exception {
        String path = hub.listPath().replace("main", "refs%2Fpr%2F1");
        hub.instead(path, FakeHub.content(bytes(hub.list.toString())));
        HubDownload download = download();
        HubListing listing = download.look(REPO, "refs/pr/1", RunControl.none());
        assertEquals("org/looped@refs/pr/1", listing.modelName());
        download.fetch(listing, RunControl.none());
        assertEquals(FakeHub.COMMIT, Files.readString(repoFolder().resolve("refs/refs/pr/1")));
        assertFalse(Files.exists(repoFolder().resolve("refs/main")));
        assertEquals(
                FakeHub.COMMIT,
                environment()
                        .cache()
                        .resolve(listing.modelName())
                        .orElseThrow()
                        .folder()
                        .getFileName()
                        .toString());
        assertEquals(
                "Revision: expected a branch, a tag or a commit, found \"../x\".",
                assertThrows(LoopscopeException.class, () -> download().look(REPO, "../x", RunControl.none()))
                        .getMessage());
    }
}
