package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one prompt and tells, token by token, when it would leave the loop and what each step predicts. */
@Command(
        name = "run",
        description =
                "Runs one prompt through every loop step and shows, for each token, the exit gate and the exit step, and the"
                        + " prediction of every step. --out keeps all states for Python and for the other commands.",
        customSynopsis = "loopscope run [--model M] (--prompt TEXT | --token-ids IDS | --prompt-file FILE) [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope run --prompt \"people Ann's friend's boss is\"",
            "  loopscope run --token-ids 15,41,17,18,22 --steps 6 --json",
            "  loopscope run --model ./Ouro-1.4B --prompt \"1, 1, 2, 3, 5,\" --generate 8 --out fib.safetensors"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class RunCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ModelOption model = new ModelOption();

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private PromptOptions prompt = new PromptOptions();

    @Mixin
    private final RunSettings settings = new RunSettings();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the capture file (safetensors) with all step states, gates and exit probabilities.")
    @Nullable
    private Path out;

    @Option(names = "--logits", description = "With --out: write the logits of every step as well.")
    private boolean logits;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    RunCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        OutFile.check(out);
        if (logits && out == null) {
            throw new LoopscopeException(
                    "--logits says what to write into the capture file: expected --out FILE with it.");
        }
        try (ProgressOption.Work work = progress.start(environment);
                PromptRun run = PromptRun.start(model.name, prompt, settings, work)) {
            return show(run, work);
        }
    }

    private int show(PromptRun run, ProgressOption.Work work) throws LoopscopeException {
        Capture capture = run.capture();
        Unembedding unembedding = run.model().unembedding();
        RunControl control = work.control();
        LensGrid lens = LogitLens.steps(capture, unembedding, run.model().tokenizer(), 1, control);
        if (out != null) {
            CaptureFile.write(capture, out, logits ? Optional.of(unembedding) : Optional.empty(), control);
        }
        work.line().clear();
        RunResult result = new RunResult(
                capture,
                lens,
                settings.shownRule(capture),
                run.model()
                        .chat()
                        .endTokens(capture.chat().isPresent())
                        .among(capture.options().stopIds()),
                generatedText(run),
                Optional.ofNullable(out));
        if (json) {
            new RunJson(result).print(environment.out());
        } else {
            new RunTable(result).print(environment.out());
        }
        return told(capture);
    }

    /** Says on stderr what a reader of the numbers must know; a run that broke off is bad input. */
    private int told(Capture capture) {
        if (capture.outsideTraining()) {
            environment
                    .err()
                    .println("Outside training: the model was trained with T = "
                            + capture.config().trainedSteps() + ", this run has " + capture.steps() + " steps.");
        }
        capture.mappedStates()
                .map(states -> states.substring(0, 1).toUpperCase(Locale.ROOT) + states.substring(1) + ".")
                .ifPresent(environment.err()::println);
        capture.problem().ifPresent(environment.err()::println);
        return capture.problem().isPresent() ? ExitCode.BAD_INPUT : ExitCode.FINE;
    }

    private static String generatedText(PromptRun run) {
        Capture capture = run.capture();
        int[] ids = java.util.Arrays.copyOfRange(capture.tokenIds(), capture.promptLength(), capture.length());
        return run.model()
                .tokenizer()
                .map(tokenizer -> tokenizer.decode(ids))
                .orElse(String.join(" ", capture.tokenTexts().subList(capture.promptLength(), capture.length())));
    }
}
