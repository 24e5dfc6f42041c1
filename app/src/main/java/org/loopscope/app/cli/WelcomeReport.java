package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.model.base.IoReason;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.TemporaryFolder;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.Readings;

/** The report that stands in for the window where no display is. */
final class WelcomeReport {
    static final String FILE = "loopscope-welcome.html";

    private WelcomeReport() {}

    /** Writes it into the environment's folder, or where that cannot be written the temporary folder, and says where. */
    static Path write(CommandEnvironment environment) throws LoopscopeException {
        Path folder = environment.folder().toAbsolutePath();
        if (!Files.isWritable(folder)) {
            folder = temporary();
        }
        Path file = folder.resolve(FILE).normalize();
        PromptOptions prompt = new PromptOptions();
        prompt.text = SampleCatalog.WELCOME_PROMPT;
        try (ProgressOption.Work work = new ProgressOption().start(environment);
                PromptRun run = PromptRun.start(Models.EMBEDDED, prompt, new RunSettings(), work)) {
            ReportCommand.write(run, new RunSettings().shownRule(), Readings.NONE, List.of(), file, work.control());
        }
        return file;
    }

    private static Path temporary() throws LoopscopeException {
        try {
            return TemporaryFolder.ofThisUser();
        } catch (IOException e) {
            throw new LoopscopeException("The temporary folder cannot be written (" + IoReason.of(e) + ").", e);
        }
    }
}
