package org.loopscope.app.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.hub.HubDownload;
import org.loopscope.model.hub.HubEnvironment;
import org.loopscope.model.hub.HubListing;
import org.loopscope.model.hub.RepoId;
import org.loopscope.model.open.KnownModel;
import org.loopscope.model.open.Models;

/**
 * The models that can be chosen without looking for a folder, and downloads of new ones. Every method is called on the FX
 * thread. Downloads are tasks of the window, but they do not take the worker that runs models.
 */
public final class ModelLibrary {
    /** What the window proposes. */
    public static final String PROPOSED = "ByteDance/Ouro-1.4B";

    private final Workbench workbench;
    private final HubEnvironment hub;
    private final Executor worker;
    private final Executor fx;
    private final ObservableList<String> names = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Offer> offer = new ReadOnlyObjectWrapper<>();

    /**
     * A download that waits for a yes.
     *
     * @param question what would be fetched, and how large it is
     */
    public record Offer(HubListing listing, String question) {}

    /**
     * @param worker runs downloads, several at a time
     * @param fx the FX thread
     */
    public ModelLibrary(Workbench workbench, HubEnvironment hub, Executor worker, Executor fx) {
        this.workbench = workbench;
        this.hub = hub;
        this.worker = worker;
        this.fx = fx;
    }

    /** What {@link Models#open} takes for the models of the Hugging Face cache and of the folders that were added. */
    public ObservableList<String> names() {
        return FXCollections.unmodifiableObservableList(names);
    }

    /** Looks again which models there are. */
    public void refresh() {
        List<Path> folders = workbench.settings().modelFolders();
        worker.execute(() -> {
            try {
                List<String> found = Models.known(hub, folders).stream()
                        .filter(model -> model.problem().isEmpty() && model.source() != KnownModel.Source.EMBEDDED)
                        .map(KnownModel::name)
                        .toList();
                fx.execute(() -> names.setAll(found));
            } catch (LoopscopeException e) {
                fx.execute(() -> workbench.log().warning(Problems.describe(e)));
            }
        });
    }

    /** The download that waits for {@link #accept} or {@link #decline}, or null. */
    public ReadOnlyObjectProperty<@Nullable Offer> offerProperty() {
        return offer.getReadOnlyProperty();
    }

    /** Asks the Hub for a model; what it says becomes the offer. Nothing is fetched yet. */
    public void ask(String repo) {
        start(
                "Ask for " + repo.strip(),
                control -> {
                    HubDownload download = HubDownload.of(hub);
                    HubListing listing = download.look(RepoId.parse(repo.strip()), "main", control);
                    return new Offer(listing, question(listing, download.missingBytes(listing)));
                },
                offer::set);
    }

    private <T> void start(String title, BackgroundTasks.Work<T> work, Consumer<T> onDone) {
        workbench.tasks().start(worker, title, work, onDone, workbench::problem);
    }

    private String question(HubListing listing, long missing) {
        String have = missing == listing.sizeBytes() ? "" : ", of which " + size(missing) + " are still to come";
        return listing.repo() + ": " + listing.config().layers() + " layers, d "
                + listing.config().hiddenSize() + ", T "
                + listing.config().trainedSteps() + ". " + listing.files().size() + " files, "
                + size(listing.sizeBytes()) + have + ", go to " + hub.cache().folder() + ". Download them?";
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /** Yes: downloads what was offered. Cancelled, it keeps what came, and the next download goes on from there. */
    public void accept() {
        Offer accepted = offer.get();
        if (accepted == null) {
            return;
        }
        offer.set(null);
        HubListing listing = accepted.listing();
        start("Download " + listing.repo(), control -> HubDownload.of(hub).fetch(listing, control), folder -> {
            workbench.log().info("Downloaded " + listing.repo() + " to " + folder + "; choose it under Model.");
            refresh();
        });
    }

    /** No. */
    public void decline() {
        offer.set(null);
    }
}
