package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.hub.HubDownload;
import org.loopscope.model.hub.HubListing;
import org.loopscope.model.hub.RepoId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a model into the Hugging Face cache. The only command that uses the network. */
@Command(
        name = "download",
        description = {
            "Downloads an Ouro model from the Hugging Face Hub into the Hugging Face cache. A download that was"
                    + " cancelled or failed goes on where it stopped when the command is given again."
        },
        customSynopsis = "loopscope models download ORG/NAME [--revision R] [--dry-run]",
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example:", "  loopscope models download ByteDance/Ouro-1.4B"},
        versionProvider = LoopscopeCommand.Version.class)
final class ModelDownloadCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Parameters(paramLabel = "ORG/NAME", description = "The model as the Hub calls it.")
    private String repo = "";

    @Option(
            names = "--revision",
            paramLabel = "R",
            defaultValue = "main",
            description = "A branch, a tag or a commit. Default: ${DEFAULT-VALUE}.")
    private String revision = "";

    @Option(names = "--dry-run", description = "Say what would be fetched, and fetch nothing.")
    private boolean dryRun;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ModelDownloadCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        RepoId id = RepoId.parse(repo);
        HubDownload download = HubDownload.of(environment.hub());
        try (ProgressOption.Work work = progress.start(environment, ProgressLine.Amount.BYTES)) {
            HubListing listing = download.look(id, revision, work.control());
            work.line().clear();
            tell(listing, download.missingBytes(listing));
            if (dryRun) {
                return ExitCode.FINE;
            }
            Path folder = download.fetch(listing, work.control());
            work.line().clear();
            environment
                    .out()
                    .println("Downloaded to " + Shown.text(folder.toString()) + "; run it with --model "
                            + listing.modelName() + ".");
            return ExitCode.FINE;
        } catch (CancellationException e) {
            environment.err().println("Cancelled; what came is kept, and the same command goes on from there.");
            return ExitCode.CANCELLED;
        }
    }

    private void tell(HubListing listing, long missing) {
        environment
                .err()
                .println(listing.repo() + ": T = " + listing.config().trainedSteps() + ", "
                        + listing.config().layers() + " layers, d = "
                        + listing.config().hiddenSize() + "; "
                        + listing.files().size() + " files, " + Shown.bytes(listing.sizeBytes()) + ", of which "
                        + Shown.bytes(missing) + " are to be fetched.");
    }
}
