package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.Settings;
import org.loopscope.app.cli.RandomCheckpoint;
import org.loopscope.app.cli.TinyHub;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.open.Models;

/** Finding and downloading models as the window does, without a window, from a server on this machine. */
class ModelLibraryTest {
    @TempDir
    Path folder;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean hold;
    private TinyHub server;
    private HubEnvironment hub;
    private Settings settings;
    private Workbench workbench;
    private ModelLibrary library;

    @BeforeEach
    void startTheHub() throws Exception {
        server = new TinyHub(folder.resolve("made"));
        hub = HubEnvironment.of(
                Map.of("HF_HUB_CACHE", folder.resolve("cache").toString(), "HF_ENDPOINT", server.address()), folder);
        settings = Settings.inMemory();
        workbench = new Workbench(
                (name, precision, control) -> Models.open(name, precision, hub, control),
                Runnable::run,
                Runnable::run,
                settings);
        library = new ModelLibrary(workbench, hub, this::work, Runnable::run);
    }

    @AfterEach
    void stopTheHub() {
        server.close();
    }

    private void work(Runnable task) {
        if (hold) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    private ModelLibrary.Offer offer() {
        ModelLibrary.Offer offer = library.offerProperty().get();
        assertNotNull(offer, () -> workbench.noticeProperty().get());
        return offer;
    }

    private TaskEntry newestTask() {
        return workbench.tasks().entries().get(0);
    }

    @Test
    void aModelIsOfferedWithItsSizeThenFetchedThenFound() {
        library.ask(" org/tiny ");
        assertEquals(
                "org/tiny: 2 layers, d 8, T 3. 2 files, 0.0 MB, go to " + folder.resolve("cache") + ". Download them?",
                offer().question());
        assertEquals(List.of(), library.names());
        library.accept();
        assertNull(library.offerProperty().get());
        assertEquals(TaskEntry.State.DONE, newestTask().stateProperty().get());
        assertEquals("Download org/tiny", newestTask().title());
        assertEquals(List.of("org/tiny"), library.names());
        workbench.openModel("org/tiny", () -> {});
        assertEquals("org/tiny", workbench.modelNameProperty().get(), () -> workbench
                .noticeProperty()
                .get());
        assertEquals(6, workbench.modelProperty().get().checks().size());
        workbench.modelProperty().get().close();
    }

    @Test
    void aNoFetchesNothing() {
        library.ask("org/tiny");
        int asked = server.asked().size();
        library.decline();
        library.accept();
        assertNull(library.offerProperty().get());
        assertEquals(asked, server.asked().size());
        assertTrue(Files.notExists(folder.resolve("cache")));
    }

    @Test
    void whatCannotBeHadIsToldAndOffersNothing() {
        library.ask("org/other");
        assertEquals(
                server.address() + " has no model org/other; check how it is written.",
                workbench.noticeProperty().get());
        assertNull(library.offerProperty().get());
        library.ask("other");
        assertEquals(
                "Model: expected ORG/NAME, such as ByteDance/Ouro-1.4B, found \"other\".",
                workbench.noticeProperty().get());
    }

    @Test
    void aDownloadIsCancelledAsATaskAndLeavesTheWorkbenchFree() {
        library.ask("org/tiny");
        hold = true;
        library.accept();
        assertEquals(false, workbench.busyBinding().get(), "models can be run meanwhile");
        newestTask().cancel();
        waiting.remove().run();
        assertEquals(TaskEntry.State.CANCELLED, newestTask().stateProperty().get());
        assertEquals("", workbench.noticeProperty().get(), "cancel is not an error");
        assertEquals(List.of(), library.names());
    }

    @Test
    void modelsOfAddedFoldersAreFoundAndBrokenOnesAreNot() throws Exception {
        Path whole = RandomCheckpoint.write(folder.resolve("mine/a"));
        Files.delete(RandomCheckpoint.write(folder.resolve("mine/b")).resolve("model.safetensors"));
        settings.addModelFolder(folder.resolve("mine"));
        library.refresh();
        assertEquals(List.of(whole.toString()), library.names());
    }
}
