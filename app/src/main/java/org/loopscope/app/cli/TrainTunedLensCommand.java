package org.loopscope.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.Tables;
import org.loopscope.analysis.lens.tuned.LensFit;
import org.loopscope.analysis.lens.tuned.LensTexts;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.lens.tuned.TunedLensTrainer;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Models;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Tokenizer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a tuned lens on the user's text. */
@Command(
        name = "tuned-lens",
        description =
                "Trains an affine translator for every layer, so that the lens reads from it what the last step will say. Every"
                        + " fifth text is held out; the divergence there is told before and after.",
        customSynopsis = "loopscope train tuned-lens [--model M] (--text FILE | --set FILE) --out FILE [options]",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope train tuned-lens --set prompts.jsonl --out lens.safetensors",
            "  loopscope lens --prompt \"people Ann's friend's boss is\" --tuned lens.safetensors"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class TrainTunedLensCommand implements Callable<Integer> {
    /** One or the other. */
    static final class Source {
        @Option(
                names = "--text",
                paramLabel = "FILE",
                description = "A UTF-8 text file; each line is a text of its own.")
        @Nullable
        Path text;

        @Option(
                names = "--set",
                paramLabel = "FILE",
                description = "A prompt set (JSONL or CSV); its prompts are the texts.")
        @Nullable
        Path set;
    }

    private final CommandEnvironment environment;

    @Option(names = "--model", paramLabel = "DIR|embedded", description = "The model. Without it: embedded.")
    private String model = Models.EMBEDDED;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The lens to write.")
    private Path out = Path.of("lens.safetensors");

    @Option(names = "--per-step", description = "One translator per step and layer. Without it: shared over the steps.")
    private boolean perStep;

    @Option(names = "--steps", paramLabel = "T", description = "Steps of the runs. Without it: as trained.")
    @Nullable
    private Integer steps;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Passes over the text. Without it: 5.")
    private int epochs;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Tokens of the text that are used, texts drawn by the seed. Without it: 4000.")
    private int maxTokens;

    @Option(
            names = "--piece",
            paramLabel = "N",
            defaultValue = "128",
            description = "Longer texts are cut into pieces of N tokens. Without it: 128.")
    private int piece;

    @Option(names = "--rate", paramLabel = "X", description = "Rate of Adam at the start. Without it: 0.02 / √d.")
    @Nullable
    private Double rate;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of the order. Without it: 0.")
    private long seed;

    @Option(names = "--csv", description = "Print the divergences as CSV.")
    private boolean csv;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    TrainTunedLensCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        check();
        String name = String.valueOf((source.set == null ? source.text : source.set));
        List<String> texts = new ArrayList<>(texts());
        Collections.shuffle(texts, new Random(seed)); // sets are often sorted, and not all of it may be used
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel opened = Models.open(model, work.control())) {
            Tokenizer tokenizer = opened.tokenizer()
                    .orElseThrow(() -> new LoopscopeException("The model "
                            + opened.info().id() + " has no tokenizer.json, so it cannot read text to train on."));
            String file = String.valueOf(Path.of(name).getFileName());
            LensTexts pieces = LensTexts.of(
                    file, texts, tokenizer, Math.min(piece, opened.config().contextLength()), maxTokens);
            TunedLensTrainer.Settings defaults = TunedLensTrainer.Settings.of(opened.config(), perStep, seed);
            TunedLensTrainer.Settings settings = new TunedLensTrainer.Settings(
                    steps == null ? defaults.steps() : steps,
                    perStep,
                    epochs,
                    defaults.batch(),
                    rate == null ? defaults.rate() : rate,
                    defaults.maxRows(),
                    seed);
            TunedLensTrainer.Result result = TunedLensTrainer.train(opened, pieces, settings, work.control());
            TunedLensFile.write(result.lens(), out, work.control());
            work.line().clear();
            print(pieces, result.fit(), opened.info().computeDtype());
        }
        return ExitCode.FINE;
    }

    private void check() throws LoopscopeException {
        OutFile.check(out);
        within("--epochs", epochs, 1, 10_000);
        within("--max-tokens", maxTokens, 1, 10_000_000);
        within("--piece", piece, 2, 1 << 20);
        within("--steps", steps == null ? 1 : steps, 1, RunOptions.MAX_STEPS);
        if (rate != null && !(rate > 0 && rate <= 1)) {
            throw new LoopscopeException("--rate: expected a number above 0 and up to 1, found " + rate + ".");
        }
    }

    private static void within(String option, int value, int least, int most) throws LoopscopeException {
        if (value < least || value > most) {
            throw new LoopscopeException(option + ": expected " + least + " to " + most + ", found " + value + ".");
        }
    }

    private List<String> texts() throws LoopscopeException {
        Path set = source.set;
        if (set != null) {
            return PromptSet.read(set).prompts().stream().map(Prompt::prompt).toList();
        }
        Path text = source.text;
        if (text == null) {
            throw new LoopscopeException("Text: expected one of --text and --set, found none.");
        }
        try {
            return Files.readAllLines(text);
        } catch (NoSuchFileException e) {
            throw new LoopscopeException(text + ": there is no such file.", e);
        } catch (MalformedInputException e) {
            throw new LoopscopeException(text + ": expected text in UTF-8, found other bytes.", e);
        } catch (IOException e) {
            throw new LoopscopeException(text + ": could not be read (" + e.getMessage() + ").", e);
        }
    }

    private void print(LensTexts pieces, LensFit fit, String dtype) {
        PrintWriter result = environment.out();
        if (!csv) {
            result.println(String.format(
                    Locale.ROOT,
                    "Trained on %,d tokens, measured on %,d held out; mean KL to the last step, in nats, over all layers"
                            + " but the last of the last step: logit lens %.4f, tuned lens %.4f; %s",
                    pieces.trainingTokens(),
                    pieces.heldOutTokens(),
                    fit.meanPlain(),
                    fit.meanTuned(),
                    dtype));
            result.println();
        }
        result.print(
                csv
                        ? TableFormat.csv.text(Tables.withComputeDtype(fit.toTable(), dtype))
                        : TableFormat.table.text(fit.toTable()));
        if (!csv) {
            result.println();
            result.println("Lens written to " + out + ".");
        }
        result.flush();
    }
}
