package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.CompareTables;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.DistributionPairs;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.compare.RunFacts;
import org.loopscope.analysis.compare.StatePairs;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.analysis.table.Tables;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureDifference;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.plugin.comparing.CompareFigures;
import org.loopscope.plugin.comparing.ComparedFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two to four captures side by side. */
@Command(
        name = "compare",
        description =
                "Shows how two to four runs differ: how they were made, and at every aligned token and loop what they"
                        + " predict, when their gate would leave, and how far their states are from those of the first.",
        customSynopsis = {"loopscope compare CAPTURE CAPTURE [CAPTURE [CAPTURE]] [options]"},
        synopsisHeading = "Usage: ",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  loopscope compare ann.safetensors bob.safetensors",
            "  loopscope compare t4.safetensors t8.safetensors --value answer,cdf --loops last --csv",
            "  loopscope compare ann.safetensors bob.safetensors --value kl --align end --figure kl.svg",
            "  loopscope compare ann.safetensors bob.safetensors --figure-of exit/exit-token --figure exit.svg"
        },
        versionProvider = LoopscopeCommand.Version.class)
final class CompareCommand implements Callable<Integer> {
    private static final List<String> DEFAULT = List.of("probability", "same-top1", "lambda");

    private final CommandEnvironment environment;

    @Parameters(
            arity = "0..*",
            paramLabel = "CAPTURE",
            description = "Two to four capture files of loopscope run --out; the first is A.")
    private List<Path> files = List.of();

    @Option(
            names = "--model",
            split = ",",
            paramLabel = "DIR",
            description =
                    "Checkpoint folders or names in the Hugging Face cache: the models that made the captures. Default:"
                            + " those that the captures name.")
    private List<String> models = List.of();

    @Option(
            names = "--value",
            split = ",",
            paramLabel = "VALUE",
            description =
                    "What is compared: probability (of the own top-1 token), answer (probability of A's), token (of"
                            + " --token), entropy, kl-to-last, rank, lambda, pdf, cdf, exit-step, same-top1, kl, distance, cosine; or"
                            + " all. Default: probability,same-top1,lambda.")
    @Nullable
    private List<String> values;

    @Option(names = "--token", paramLabel = "TEXT", description = "With --value token: the token that is followed.")
    @Nullable
    private String token;

    @Option(
            names = "--align",
            paramLabel = "START|END",
            defaultValue = "start",
            description =
                    "After the tokens that all begin with, count tokens from the start, or from the end of the prompt."
                            + " Default: start.")
    private String align = "start";

    @Option(
            names = "--loops",
            paramLabel = "NUMBER|LAST",
            defaultValue = "number",
            description = "Loop t with loop t, or the last loop with the last. Default: number.")
    private String loops = "number";

    @Option(
            names = "--exit-rule",
            paramLabel = "RULE",
            defaultValue = "q:0.5",
            description = "The rule of exit steps, replayed on every run. Default: q:0.5.")
    private String rule = "q:0.5";

    @Option(names = "--csv", description = "Print every aligned token and loop as CSV instead of the summary.")
    private boolean csv;

    @Option(names = "--json", description = "Print one JSON object instead: facts, alignment, summary and all numbers.")
    private boolean json;

    @Option(names = "--out", paramLabel = "FILE", description = "Write that CSV to this file as well.")
    @Nullable
    private Path out;

    @Mixin
    private final CompareFigureOf figureOf = new CompareFigureOf();

    @Mixin
    private final FigureFile figure = new FigureFile();

    @Option(
            names = "--side-by-side",
            description =
                    "With --figure: draw the value of every run instead; with --figure-of too, every run's figure as well.")
    private boolean sideBySide;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    CompareCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws LoopscopeException {
        if (files.size() < Comparison.LEAST || files.size() > Comparison.MOST) {
            throw new LoopscopeException(
                    "compare: expected two to four capture files of loopscope run --out, found " + files.size() + ".");
        }
        OutFile.check(out);
        figure.check();
        if (csv && json) {
            throw new LoopscopeException("compare: expected --csv or --json, found both.");
        }
        figureOf.check();
        if (figureOf.wanted() && (json || values != null || token != null)) {
            throw new LoopscopeException(
                    "--figure-of shows a figure instead of values: expected no --value, --token or --json beside it.");
        }
        Set<CompareValue> wanted = wanted();
        TokenMatch tokenMatch = tokenMatch();
        LoopMatch loopMatch = loopMatch();
        ExitRule exitRule = ExitRule.parse(rule);
        try (ProgressOption.Work work = progress.start(environment);
                CompareInput input = new CompareInput(models, work.control())) {
            List<NamedInspection> runs = new ArrayList<>();
            for (Path file : files) {
                runs.add(input.read(file));
            }
            Comparison comparison = Comparison.of(runs, tokenMatch, loopMatch);
            if (figureOf.wanted()) {
                showFigure(comparison, figureOf.entries(comparison, exitRule, work.control(), environment), work);
                return ExitCode.FINE;
            }
            List<ComparedValue> compared = compare(comparison, wanted, exitRule, work.control());
            work.line().clear();
            show(comparison, compared);
        }
        return ExitCode.FINE;
    }

    private Set<CompareValue> wanted() throws LoopscopeException {
        List<String> names = values == null ? DEFAULT : values;
        if (names.equals(List.of("all"))) {
            EnumSet<CompareValue> all = EnumSet.allOf(CompareValue.class);
            if (token == null) {
                all.remove(CompareValue.TOKEN);
            }
            return all;
        }
        Set<CompareValue> wanted = new LinkedHashSet<>();
        for (String name : names) {
            wanted.add(CompareValue.parse(name));
        }
        if (wanted.contains(CompareValue.TOKEN) != (token != null)) {
            throw new LoopscopeException("--value token and --token TEXT go together: expected both, found one.");
        }
        return wanted;
    }

    private TokenMatch tokenMatch() throws LoopscopeException {
        for (TokenMatch match : TokenMatch.values()) {
            if (match.cliName().equals(align)) {
                return match;
            }
        }
        throw new LoopscopeException("--align: expected start or end, found \"" + align + "\".");
    }

    private LoopMatch loopMatch() throws LoopscopeException {
        for (LoopMatch match : LoopMatch.values()) {
            if (match.cliName().equals(loops)) {
                return match;
            }
        }
        throw new LoopscopeException("--loops: expected number or last, found \"" + loops + "\".");
    }

    /** What can be compared with none of the runs is refused; what cannot with some is told and left empty. */
    private List<ComparedValue> compare(
            Comparison comparison, Set<CompareValue> wanted, ExitRule exitRule, RunControl control)
            throws LoopscopeException {
        Set<String> told = new LinkedHashSet<>();
        for (CompareValue value : wanted) {
            List<String> refusals = IntStream.range(1, comparison.size())
                    .mapToObj(run -> comparison.refusal(value, run))
                    .flatMap(Optional::stream)
                    .toList();
            if (refusals.size() == comparison.size() - 1 && wanted.size() == 1) {
                throw new LoopscopeException("--value " + value.cliName() + ": " + refusals.get(0));
            }
            refusals.forEach(sentence -> told.add(value.cliName() + ": " + sentence));
        }
        told.forEach(environment.err()::println);
        Optional<DistributionPairs> distributions = wanted.stream().anyMatch(CompareValue::needsDistributions)
                ? Optional.of(DistributionPairs.of(comparison, tokenId(comparison), control))
                : Optional.empty();
        Optional<StatePairs> states = wanted.stream().anyMatch(CompareValue::needsStates)
                ? Optional.of(StatePairs.of(comparison, control))
                : Optional.empty();
        return wanted.stream()
                .map(value -> ComparedValue.of(comparison, value, exitRule, distributions, states))
                .toList();
    }

    private OptionalInt tokenId(Comparison comparison) throws LoopscopeException {
        if (token == null) {
            return OptionalInt.empty();
        }
        Tokenizer tokenizer = comparison
                .inspection(0)
                .tokenizer()
                .orElseThrow(() -> new LoopscopeException("--token: the model of A has no tokenizer to read it."));
        int[] ids = tokenizer.encode(token);
        if (ids.length != 1) {
            throw new LoopscopeException(
                    "--token: expected one token, found " + ids.length + " in \"" + Shown.text(token) + "\".");
        }
        return OptionalInt.of(ids[0]);
    }

    // ---- output

    private void showFigure(Comparison comparison, List<ComparedFigures.Entry> entries, ProgressOption.Work work)
            throws LoopscopeException {
        PrintWriter text = environment.out();
        if (figureOf.listed()) {
            work.line().clear();
            text.print(CompareFigureOf.list(entries));
            text.flush();
            return;
        }
        ComparedFigures.Entry entry = entries.get(0);
        List<FigureDifference.Result> results = entry.differences(comparison);
        work.line().clear();
        if (!comparison.sameWords()) {
            environment.err().println(Comparison.DIFFERENT_WORDS);
        }
        boolean some = results.stream().anyMatch(r -> r.figure().isPresent());
        if (!some && !(figure.wanted() && sideBySide)) {
            throw new LoopscopeException(
                    "--figure-of " + entry.name() + ": " + results.get(0).sentence());
        }
        String cells = Tables.csv(CompareFigureOf.table(results));
        if (out != null) {
            OutFile.write(out, cells);
        }
        figure.draw(() -> CompareFigureOf.figure(entry, results, comparison, sideBySide));
        if (csv) {
            environment.exactOut().print(cells);
        } else {
            for (FigureDifference.Result result : results) {
                String letter = Comparison.letter(result.run());
                text.println(letter + "  "
                        + Shown.text(comparison.runs().get(result.run()).name()));
                text.println("   " + result.figure().map(Figure::description).orElse(result.sentence()));
            }
            if (out != null) {
                text.println("All numbers written to " + out + ".");
            }
            figure.told(environment);
        }
        text.flush();
    }

    private void show(Comparison comparison, List<ComparedValue> compared) throws LoopscopeException {
        String cells = Tables.csv(CompareTables.cells(compared));
        PrintWriter text = environment.out();
        if (out != null) {
            OutFile.write(out, cells);
        }
        figure.draw(() -> CompareFigures.all(compared.get(0), !sideBySide));
        if (csv) {
            environment.exactOut().print(cells);
        } else if (json) {
            text.println(Json.write(json(comparison, compared)));
        } else {
            print(comparison, compared, text);
        }
        text.flush();
    }

    private void print(Comparison comparison, List<ComparedValue> compared, PrintWriter text) {
        List<RunFacts.Fact> facts = RunFacts.of(comparison.runs());
        for (int run = 0; run < comparison.size(); run++) {
            text.println(Comparison.letter(run) + "  "
                    + Shown.text(comparison.runs().get(run).name()));
        }
        text.println();
        List<RunFacts.Fact> different =
                facts.stream().filter(fact -> !fact.same()).toList();
        if (different.isEmpty()) {
            text.println("Nothing differs in how these runs were made.");
        } else {
            text.print(TableFormat.table.text(RunFacts.toTable(different).removeColumns("same")));
        }
        text.println("The same in all: " + RunFacts.names(facts, true) + ".");
        Alignment alignment = comparison.alignment();
        text.println();
        text.println("Tokens: " + alignment.statement() + "; " + alignment.complete() + " of " + alignment.columns()
                + " places have a token in every run. Exit rule " + rule + ", replayed.");
        text.println("Differences to A (of same-top1, kl, distance and cosine: the value itself), "
                + comparison.arithmetic() + ":");
        text.println();
        text.print(TableFormat.table.text(CompareTables.summaries(compared)));
        if (out != null) {
            text.println("All numbers written to " + out + ".");
        }
        figure.told(environment);
    }

    private ObjectNode json(Comparison comparison, List<ComparedValue> compared) {
        ObjectNode object = Json.object();
        ArrayNode runs = object.putArray("runs");
        for (int run = 0; run < comparison.size(); run++) {
            runs.add(run(comparison, run));
        }
        ArrayNode facts = object.putArray("facts");
        for (RunFacts.Fact fact : RunFacts.of(comparison.runs())) {
            ObjectNode node = facts.addObject().put("name", fact.name()).put("same", fact.same());
            node.set("values", Json.texts(fact.values()));
        }
        object.put("alignment", comparison.alignment().statement());
        object.put("exit_rule", rule);
        ArrayNode all = object.putArray("values");
        compared.forEach(value -> all.add(CompareJson.value(value)));
        return object;
    }

    private ObjectNode run(Comparison comparison, int run) {
        Alignment alignment = comparison.alignment();
        ObjectNode node = Json.object();
        node.put("run", Comparison.letter(run));
        node.put("file", files.get(run).toString());
        node.set("model", RunJson.model(comparison.capture(run).model()));
        node.put("steps", comparison.capture(run).steps());
        node.put("prompt", comparison.capture(run).prompt());
        node.set("token_texts", Json.texts(comparison.capture(run).tokenTexts()));
        ArrayNode positions = node.putArray("positions");
        for (int column = 0; column < alignment.columns(); column++) {
            CompareJson.add(positions, alignment.position(run, column));
        }
        ArrayNode steps = node.putArray("row_steps");
        for (int row = 0; row < alignment.rows(); row++) {
            CompareJson.add(steps, alignment.step(run, row));
        }
        return node;
    }
}
