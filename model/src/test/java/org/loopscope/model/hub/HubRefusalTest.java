package org.loopscope.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.RunControl;

/** Downloads that cannot be: one sentence each, and nothing half done. */
class HubRefusalTest extends DownloadFixture {
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
        hub.instead(hub.listPath(), DownloadFixture::holdTheLine, DownloadFixture::holdTheLine);
        assertEquals("org/looped, its list of files: no answer for 0 seconds; try it again later.", refusal());
    }

    @Test
    void cancellingStopsAServerThatSaysNothing() {
        hub.instead(hub.listPath(), DownloadFixture::holdTheLine);
        AtomicBoolean asked = new AtomicBoolean();
        RunControl control = RunControl.of(() -> asked.get() && !hub.requests.isEmpty(), (s, d, t) -> asked.set(true));
        assertThrows(CancellationException.class, () -> fetch(control));
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
    void sizesThatNoDiskHoldsAreRefusedBeforeTheyAreSummed() {
        for (String name : List.of("tokenizer.json", "vocab.json")) {
            hub.add(name, bytes("{}"), false).put("size", 1L << 62);
        }
        assertEquals(
                "org/looped: expected files of at most 1125899906842624 bytes together in the list of files from "
                        + hub.address() + ", found more.",
                refusal());
        assertEquals(List.of(), hub.ranges(WEIGHTS));
    }

    @Test
    void textOfTheServerIsEscapedAndShort() {
        hub.list.put("sha", FakeHub.COMMIT);
        hub.instead(
                hub.filePath("config.json"),
                FakeHub.content(bytes("{\"model_type\": \"\\u001b[2J\\u202e" + "x".repeat(9000) + "\"}")));
        String sentence = refusal();
        assertTrue(sentence.length() <= 300, sentence);
        assertTrue(sentence.contains("found \"\\u001B[2J\\u202ex"), sentence);
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
