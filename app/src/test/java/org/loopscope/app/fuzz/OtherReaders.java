package org.loopscope.app.fuzz;

import static org.loopscope.app.fuzz.Seed.Format.JSON;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.probe.StateStore;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.app.base.Settings;
import org.loopscope.app.workbench.SessionReading;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.hub.HubDownload;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.hub.HubListing;
import org.loopscope.model.hub.RepoId;

/** What the program keeps for itself between runs, and what a download server tells it. */
final class OtherReaders implements AutoCloseable {
    private static final String SETTINGS = """
            {"dark": true, "fontSize": 14, "recentModels": ["embedded", "/models/x"], "modelFolders": ["/models"],
             "generation": {"temperature": 0.7, "topP": 0.9, "seed": 3, "chat": true},
             "precisions": {"embedded": "bfloat16"}}
            """;
    private static final String SESSION = """
            {"version": 1, "savedAt": "2026-01-01T10:00:00Z", "prompt": "x", "shown": 1, "position": 2, "step": 3,
             "rule": "q:0.5", "pins": [1, 2], "compared": [1],
             "runs": [{"number": 1, "model": "embedded", "precision": "float32", "source": "x", "file": "run-1.safetensors",
               "unsaved": true}]}
            """;
    private static final String SHA = "0123456789abcdef".repeat(4);
    private static final String LISTING = """
            {"sha": "%s", "gated": false, "siblings": [
             {"rfilename": "config.json", "size": 470, "blobId": "%s"},
             {"rfilename": "README.md", "size": 10, "blobId": "%s"},
             {"rfilename": "model.safetensors", "size": 9000, "lfs": {"sha256": "%s", "size": 9000, "pointerSize": 1}}]}
            """.formatted("b".repeat(40), "c".repeat(40), "d".repeat(40), SHA);

    private final Path folder;
    private final Seeds seeds;
    private final ListingServer server;
    private final HubDownload download;

    OtherReaders(Path folder, Seeds seeds) throws IOException, LoopscopeException {
        this.folder = folder;
        this.seeds = seeds;
        this.server = new ListingServer(Files.readAllBytes(seeds.model().resolve("config.json")));
        this.download = HubDownload.of(HubEnvironment.of(
                Map.of(
                        "HF_ENDPOINT",
                        server.address(),
                        "HF_HOME",
                        folder.resolve("hub").toString()),
                folder));
    }

    List<FuzzReader> list() throws IOException {
        Path session = Files.createDirectories(folder.resolve("sessions").resolve("one"));
        Files.write(
                session.resolve("run-1.safetensors"), seeds.captures().get(0).bytes());
        Path settings = folder.resolve("settings.json");
        return List.of(
                new FuzzReader("part", 1000, List.of(seeds.part()), folder.resolve("rows.csv.part"), this::part),
                new FuzzReader(
                        "states", 1000, List.of(seeds.states()), folder.resolve("rows.csv.states"), this::states),
                new FuzzReader("settings", 600, List.of(Seed.of(JSON, SETTINGS)), settings, this::settings),
                new FuzzReader(
                        "session",
                        600,
                        List.of(Seed.of(JSON, SESSION)),
                        session.resolve("session.json"),
                        (file, number) -> session(session)),
                new FuzzReader(
                        "hub-listing",
                        150,
                        List.of(Seed.of(JSON, LISTING)),
                        folder.resolve("listing.json"),
                        this::listing));
    }

    private void part(Path file, long number) throws Exception {
        Path out = folder.resolve("rows.csv");
        try (ResumableCsv csv = ResumableCsv.open(out, Seeds.COLUMNS, Seeds.IDENTITY)) {
            if (csv.items() < 3) {
                csv.append(List.of(List.of("2", "1", "e")));
            }
            csv.finish();
        }
    }

    private void states(Path file, long number) throws Exception {
        StateStore store = StateStore.open(file, "probe", 2, 3, 1);
        try {
            store.append(new float[][] {{1, 2, 3}, {4, 5, 6}}, new int[] {9});
            store.states(1);
            store.numbers(0);
        } finally {
            store.close();
        }
    }

    private void settings(Path file, long number) throws Exception {
        Settings settings = Settings.in(file);
        Sentences.requireOurs(settings.problems());
        settings.modelFolders();
        settings.recentModels();
        settings.precision("embedded");
        settings.generation();
        if (number % 8 == 0) {
            settings.setFontSize(12);
        }
    }

    private static void session(Path folder) throws Exception {
        SessionReading.Offer offer = SessionReading.read(folder);
        Sentences.requireOurs(List.of(offer.sentence()));
        if (offer.damage().isPresent()) {
            throw new Commands.Refusal(offer.damage().get());
        }
    }

    private void listing(Path file, long number) throws Exception {
        server.list(Files.readAllBytes(file));
        HubListing listing = download.look(new RepoId("org", "tiny"), "main", RunControl.none());
        listing.sizeBytes();
        listing.modelName();
        download.missingBytes(listing);
    }

    @Override
    public void close() {
        server.close();
    }
}
