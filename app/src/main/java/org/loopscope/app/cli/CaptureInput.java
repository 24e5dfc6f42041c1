package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Models;
import org.loopscope.model.RunControl;
import org.loopscope.model.capture.CaptureFile;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is looked at: the capture in a file, or a prompt that is run now. Exactly one of them. */
final class CaptureInput {
    /** One or the other. */
    static final class Source {
        @Parameters(arity = "0..1", paramLabel = "CAPTURE", description = "A capture file of loopscope run --out.")
        @Nullable
        Path file;

        @picocli.CommandLine.ArgGroup(exclusive = true, multiplicity = "1")
        @Nullable
        PromptOptions prompt;
    }

    @picocli.CommandLine.ArgGroup(exclusive = true, multiplicity = "1")
    Source source = new Source();

    @Option(
            names = "--model",
            paramLabel = "DIR|embedded",
            description = "A checkpoint folder, or embedded. Without it: embedded. A capture of another model needs its folder,"
                    + " for the unembedding is not in the file.")
    @Nullable
    String model;

    /** The capture and its model: read and checked against each other, or run now. */
    PromptRun open(RunSettings settings, RunControl control) throws LoopscopeException {
        Path file = source.file;
        if (file == null) {
            PromptOptions prompt = Optional.ofNullable(source.prompt).orElseThrow();
            return PromptRun.start(model == null ? RunSettings.EMBEDDED : model, prompt, settings, control);
        }
        Capture capture = CaptureFile.read(file);
        String name = modelOf(file, capture);
        LoopedModel opened = Models.open(name, control);
        try {
            checkSame(file, capture, name, opened);
            return new PromptRun(opened, capture);
        } catch (LoopscopeException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private String modelOf(Path file, Capture capture) throws LoopscopeException {
        if (model != null) {
            return model;
        }
        if (capture.model().id().equals(RunSettings.EMBEDDED)) {
            return RunSettings.EMBEDDED;
        }
        throw new LoopscopeException(file + " is a capture of the model " + capture.model().id()
                + "; give that model's folder with --model.");
    }

    /** The lens of one model on the states of another would show numbers that mean nothing. */
    private static void checkSame(Path file, Capture capture, String name, LoopedModel model)
            throws LoopscopeException {
        String wanted = capture.model().weightHash();
        String found = model.info().weightHash();
        if (!wanted.equals(found)) {
            throw new LoopscopeException(file + " is a capture of the model " + capture.model().id()
                    + ", expected the weights " + brief(wanted) + ", but " + name + " has " + brief(found) + ".");
        }
    }

    private static String brief(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
