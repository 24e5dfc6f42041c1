package org.loopscope.model.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Models;
import org.loopscope.model.RunControl;
import org.loopscope.model.support.Golden;

/** Downloads from a server on this machine that answers well, badly, or not at all. */
@Timeout(60)
class HubDownloadTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final RepoId REPO = new RepoId("org", "looped");

    @TempDir
    Path home;

    private final List<Duration> waits = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private Duration silence = Duration.ofSeconds(30);
    private Snapshot.Linker linker = Files::createSymbolicLink;
    private long freeBytes = Long.MAX_VALUE;
    private FakeHub hub;
    private byte[] weights;

    @BeforeEach
    void fillTheHub() throws IOException {
        hub = new FakeHub("org/looped");
        weights = Files.readAllBytes(Golden.path("golden/mha/" + WEIGHTS));
        hub.add(".gitattributes", bytes("*.safetensors filter=lfs"), false);
        hub.add("README.md", bytes("# Looped"), false);
        hub.add("config.json", Files.readAllBytes(Golden.path("golden/mha/config.json")), false);
        hub.add(WEIGHTS, weights, true);
        hub.add("modeling_ouro.py", bytes("import torch"), false);
        hub.add("training.bin", new byte[9], true);
        variables.put("HF_HUB_CACHE", home.toString());
        variables.put("HF_ENDPOINT", hub.address());
    }

    @AfterEach
    void closeTheHub() {
        hub.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private HubEnvironment environment() {
        return HubEnvironment.of(variables, home);
    }

    private HubDownload download() throws LoopscopeException {
        Patience patience = new Patience(silence, 3, (duration, control) -> waits.add(duration));
        return new HubDownload(environment(), patience, linker, folder -> freeBytes);
    }

    private Path fetch(RunControl control) throws LoopscopeException {
        HubDownload download = download();
        return download.fetch(download.look(REPO, "main", control), control);
    }

    private Path fetch() throws LoopscopeException {
        return fetch(RunControl.none());
    }

    private String refusal() {
        return assertThrows(LoopscopeException.class, this::fetch).getMessage();
    }

    private Path repoFolder() {
        return home.resolve("models--org--looped");
    }

    private Path blob(String etag) {
        return repoFolder().resolve("blobs").resolve(etag);
    }

    private Path incomplete() {
        return blob(FakeHub.sha256(weights) + ".incomplete");
    }

    private List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private void assertWholeSnapshot(Path snapshot) throws IOException {
        assertEquals(List.of("README.md", "config.json", WEIGHTS), names(snapshot));
        assertArrayEquals(weights, Files.readAllBytes(snapshot.resolve(WEIGHTS)));
        assertEquals(FakeHub.COMMIT, Files.readString(repoFolder().resolve("refs/main")));
        assertFalse(Files.exists(incomplete()));
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
    void redirectsThatLeadNowhereAreRefused() {
        FakeHub.Answer again = FakeHub.status(302, "Location", hub.filePath(WEIGHTS));
        hub.instead(hub.filePath(WEIGHTS), again, again, again, again, again, again);
        assertEquals(hub.address() + " redirects more than 5 times; nothing was fetched.", refusal());
        hub.instead(hub.filePath(WEIGHTS), FakeHub.status(302, "Location", "file:///etc/hosts"));
        assertEquals(hub.address() + " redirects to \"file:///etc/hosts\", expected an address with http.", refusal());
    }

    @Test
    void aModelThatIsNotThereIsTold() {
        hub.instead(hub.listPath(), FakeHub.status(404));
        assertEquals(hub.address() + " has no model org/looped; check how it is written.", refusal());
        hub.instead(hub.listPath(), FakeHub.status(404, "X-Error-Code", "RevisionNotFound"));
        assertEquals("org/looped has no revision \"main\" at " + hub.address() + ".", refusal());
    }

    @Test
    void aModelThatIsNotForEverybodySaysWhatToSet() {
        hub.instead(hub.listPath(), FakeHub.status(401));
        assertEquals(
                hub.address()
                        + " does not give org/looped to everybody (401): check its name, and set HF_TOKEN to a token"
                        + " that may read it.",
                refusal());
        hub.instead(hub.filePath(WEIGHTS), FakeHub.status(403, "X-Error-Code", "GatedRepo"));
        assertEquals(
                hub.address()
                        + " gives org/looped only to people who accepted its conditions (403): accept them on its page,"
                        + " and set HF_TOKEN to your token.",
                refusal());
        variables.put("HF_TOKEN", "hf_secret");
        hub.instead(hub.listPath(), FakeHub.status(403));
        assertEquals(
                hub.address()
                        + " does not give org/looped to the token in HF_TOKEN (403): accept the model's conditions on"
                        + " its page, or use a token that may read it.",
                refusal());
    }

    @Test
    void aServerThatIsBusyIsAskedAgainWhenItSays() throws Exception {
        hub.instead(hub.listPath(), FakeHub.status(503, "Retry-After", "7"));
        hub.instead(hub.filePath(WEIGHTS), FakeHub.status(500), FakeHub.status(429, "Retry-After", "9999"));
        assertWholeSnapshot(fetch());
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(1), Duration.ofSeconds(30)), waits);
    }

    @Test
    void aServerThatStaysBusyIsGivenUp() {
        FakeHub.Answer busy = FakeHub.status(500);
        hub.instead(hub.listPath(), busy, busy);
        assertEquals("org/looped, its list of files: the server answered 500; try it again later.", refusal());
        hub.instead(hub.filePath(WEIGHTS), busy, busy, busy);
        assertEquals("model.safetensors: the server answered 500; try it again later.", refusal());
    }

    @Test
    void noConnectionIsTold() {
        String address = hub.address();
        hub.close();
        assertEquals(
                "No connection to " + address
                        + " (it does not accept connections); check the network, and HF_ENDPOINT if" + " it is set.",
                refusal());
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() {
        silence = Duration.ofMillis(150);
        hub.instead(hub.listPath(), HubDownloadTest::holdTheLine, HubDownloadTest::holdTheLine);
        assertEquals("org/looped, its list of files: no answer for 0 seconds; try it again later.", refusal());
    }

    /** Waits until the server is closed, which interrupts it. */
    private static void holdTheLine(HttpExchange exchange) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void cancellingStopsAServerThatSaysNothing() {
        hub.instead(hub.listPath(), HubDownloadTest::holdTheLine);
        AtomicBoolean asked = new AtomicBoolean();
        RunControl control = RunControl.of(() -> asked.get() && !hub.requests.isEmpty(), (s, d, t) -> asked.set(true));
        assertThrows(CancellationException.class, () -> fetch(control));
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
    void aModelOfAnotherKindIsRefusedBeforeItsWeightsAreFetched() throws Exception {
        hub.instead(hub.filePath("config.json"), FakeHub.content(bytes("{\"architectures\": [\"LlamaForCausalLM\"]}")));
        assertEquals(
                "org/looped is no model that Loopscope can run; its weights were not fetched. config.json: architectures:"
                        + " expected [\"OuroForCausalLM\"], found [\"LlamaForCausalLM\"].",
                refusal());
        assertEquals(List.of(), hub.ranges(WEIGHTS));
        assertEquals(List.of(), names(home));
    }

    @Test
    void aListThatCannotBeTrustedIsRefused() {
        hub.instead(hub.listPath(), FakeHub.content(bytes("<html>")));
        String unreadable = " in the list of files from " + hub.address()
                + ", found something else; is that a Hugging Face" + " server?";
        assertEquals("org/looped: expected JSON" + unreadable, refusal());
        hub.list.put("sha", "../../..");
        assertEquals("org/looped: expected a commit" + unreadable, refusal());
        hub.list.put("sha", FakeHub.COMMIT);
        ObjectNode entry = hub.add("tokenizer.json", bytes("{}"), false);
        entry.put("blobId", "../../evil");
        assertEquals("org/looped: expected size and checksum of tokenizer.json" + unreadable, refusal());
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
    void aRepositoryWithoutWeightsIsRefused() {
        hub.list.putArray("siblings");
        assertEquals("org/looped: expected config.json among its files, found none.", refusal());
        hub.add("config.json", hub.files.get("config.json"), false);
        assertEquals("org/looped: expected weights as safetensors among its files, found none.", refusal());
    }

    @Test
    void tooLittleSpaceIsToldBeforeAnythingIsFetched() {
        freeBytes = 1_000_000;
        String sentence = refusal();
        assertTrue(sentence.startsWith("Disk of " + home + ": expected "), sentence);
        assertTrue(
                sentence.endsWith(" of free space for org/looped and 67.1 MB to spare, found 1.0 MB; make room, or set"
                        + " HF_HOME to another disk."),
                sentence);
        assertEquals(List.of(), hub.ranges(WEIGHTS));
    }

    @Test
    void aDiskThatFillsUpIsTold() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "a device that is always full");
        Files.createDirectories(incomplete().getParent());
        Files.createSymbolicLink(incomplete(), full);
        assertEquals(
                "The disk of " + repoFolder().resolve("blobs")
                        + " is full; make room and download again, what came is kept.",
                refusal());
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
    void twoDownloadsOfOneFileDoNotMix() throws Exception {
        Files.createDirectories(incomplete().getParent());
        try (FileChannel other = FileChannel.open(incomplete(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            other.write(ByteBuffer.wrap(weights, 0, 10));
            try (var lock = other.lock()) {
                assertTrue(lock.isValid());
                assertEquals("model.safetensors is being downloaded already.", refusal());
            }
        }
        assertEquals(10, Files.size(incomplete()));
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

    @Test
    void offlineMeansNoNetwork() {
        variables.put("HF_HUB_OFFLINE", "1");
        assertEquals("HF_HUB_OFFLINE is set: expected permission to use the network; unset it to download.", refusal());
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void anEndpointThatIsNoAddressIsRefused() {
        variables.put("HF_ENDPOINT", "huggingface.co");
        assertEquals(
                "HF_ENDPOINT: expected an address such as https://huggingface.co, found \"huggingface.co\".",
                refusal());
    }
}
