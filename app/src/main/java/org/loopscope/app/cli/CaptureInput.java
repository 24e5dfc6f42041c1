package org.loopscope.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** What is looked at: the capture in a file, or a prompt that is run now. Exactly one of them. */
final class CaptureInput {
    private static final List<String> RUN_OPTIONS = List.of(
            "--steps",
            "--precision",
            "--generate",
            "--kv",
            "--skip-loops",
            "--draft-step",
            "--draft-tokens",
            "--chat",
            "--no-special-tokens",
            "--no-stop",
            "--temperature",
            "--top-p",
            "--seed");

    /** One or the other. */
    static final class Source {
        @Parameters(arity = "0..1", paramLabel = "CAPTURE", description = "A capture file of loopscope run --out.")
        @Nullable
        Path file;

        @ArgGroup(exclusive = true, multiplicity = "0..1")
        @Nullable
        PromptOptions prompt;
    }

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    Source source = new Source();

    @Option(
            names = "--model",
            paramLabel = "DIR|embedded",
            description =
                    "A checkpoint folder, a name in the Hugging Face cache such as ByteDance/Ouro-1.4B, or embedded. Default: embedded. A capture of another model needs its folder,"
                            + " for the unembedding is not in the file.")
    @Nullable
    String model;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** The command whose options say what was given, where that is made without annotations. */
    void of(CommandSpec command) {
        spec = command;
    }

    /** Tells why a capture is not whole, and what was changed in its run; the exit code is bad input if the run that broke off was this command's. */
    int told(Capture capture, PrintWriter err) {
        capture.problem().ifPresent(err::println);
        if (!capture.interventions().isEmpty()) {
            err.println("The states of this run were changed while it computed: "
                    + String.join("; ", capture.interventions()) + ".");
        }
        return capture.problem().isPresent() && source.file == null ? ExitCode.BAD_INPUT : ExitCode.FINE;
    }

    /**
     * The capture and its model: read and checked against each other, or run now. What {@code fits} refuses of a model is refused
     * before a prompt is run through it.
     */
    PromptRun open(RunSettings settings, ProgressOption.Work work, PromptRun.Fits fits) throws LoopscopeException {
        Path file = source.file;
        if (file == null) {
            PromptOptions prompt = source.prompt;
            if (prompt == null) {
                throw new LoopscopeException(
                        "Expected a capture file, or one of --prompt, --token-ids and --prompt-file; found none of them.");
            }
            return PromptRun.start(model == null ? Models.EMBEDDED : model, prompt, settings, work, fits);
        }
        refuseRunOptions(file);
        Capture capture = CaptureFile.read(file, work.control());
        if (settings.layers && !capture.hasLayerStates()) {
            throw new LoopscopeException(
                    file + ": expected layer states, as loopscope run --layers keeps them, found none.");
        }
        fits.check(capture.model());
        settings.tellRecipe(capture.model(), work.line());
        String name = modelOf(file, capture);
        LoopedModel opened = Models.open(
                name,
                Precision.ofComputeDtype(capture.model().computeDtype()).orElse(Precision.FLOAT32),
                work.control());
        try {
            checkSame(file, capture, name, opened);
            return new PromptRun(opened, capture);
        } catch (LoopscopeException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /** A capture is run already: an option that says how to run it would change nothing without a word. */
    private void refuseRunOptions(Path file) throws LoopscopeException {
        ParseResult given = spec.commandLine().getParseResult();
        for (String option : RUN_OPTIONS) {
            if (given.hasMatchedOption(option)) {
                throw new LoopscopeException(option + " says how to run a prompt: expected --prompt with it, found "
                        + file + ", which is run already.");
            }
        }
    }

    private String modelOf(Path file, Capture capture) throws LoopscopeException {
        if (model != null) {
            return model;
        }
        String id = capture.model().id();
        if (id.equals(Models.EMBEDDED) || id.contains("/")) { // the latter is a name in the Hugging Face cache
            return id;
        }
        throw new LoopscopeException(
                file + " is a capture of the model " + id + "; give that model's folder with --model.");
    }

    /** The lens of one model on the states of another would show numbers that mean nothing. */
    private static void checkSame(Path file, Capture capture, String name, LoopedModel model)
            throws LoopscopeException {
        String wanted = capture.model().weightHash();
        String found = model.info().weightHash();
        if (!wanted.equals(found)) {
            throw new LoopscopeException(
                    file + " is a capture of the model " + capture.model().id() + ", expected the weights "
                            + brief(wanted) + ", but " + name + " has " + brief(found) + ".");
        }
    }

    private static String brief(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
