package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.table.Columns;
import org.loopscope.app.panels.LabRegistry;
import org.loopscope.lab.Lab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.RuleKind;
import org.loopscope.model.exit.ThresholdScale;
import org.loopscope.model.open.Models;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The tables of docs/cli.md that follow from what labs declare: between {@code <!-- options of gate -->} or {@code <!-- rows of gate
 * -->} and {@code <!-- end -->}. With {@code -Ddocs.write=true} they are written; otherwise they must be as they would be.
 */
class GeneratedDocsTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");
    private static final Path RULES = Path.of("..", "docs", "guide", "exit-lab.md");
    private static final Pattern BLOCK =
            Pattern.compile("<!-- (options|rows|rules) of ([a-z -]+) -->\n.*?<!-- end -->", Pattern.DOTALL);
    private static final Set<String> OF_ALL = Set.of("--help", "--version", "--debug", "--progress");

    @Test
    void theTablesOfTheCommandLineAreThoseOfTheProgram() throws IOException, LoopscopeException {
        String page = Files.readString(PAGE);
        List<String> found = new ArrayList<>();
        String made;
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            made = BLOCK.matcher(page).replaceAll(block -> {
                found.add(block.group(1) + " of " + block.group(2));
                return Matcher.quoteReplacement(
                        block.group(1).equals("rules") ? rules() : table(block.group(1), block.group(2), model));
            });
        }
        for (Lab lab : LabRegistry.byCommand().values()) {
            assertTrue(found.contains("options of " + lab.command()), "options of " + lab.command());
            assertTrue(
                    !(lab instanceof SetLab<?, ?, ?>) || found.contains("rows of " + lab.command()),
                    "rows of " + lab.command());
        }
        assertEquals(found.stream().distinct().toList(), found, "each table stands once");
        written(PAGE, made, page);
    }

    @Test
    void theTableOfExitRulesIsThatOfTheProgram() throws IOException {
        String page = Files.readString(RULES);
        String made = BLOCK.matcher(page).replaceAll(block -> Matcher.quoteReplacement(rules()));
        assertTrue(BLOCK.matcher(page).find(), "there is a table of rules");
        written(RULES, made, page);
    }

    private static void written(Path file, String made, String page) throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(file, made);
        } else {
            assertEquals(made, page, "written by mvn -B -pl app -am test -Dtest=GeneratedDocsTest -Ddocs.write=true");
        }
    }

    /** Every kind of rule, with the thresholds that its slider has at T = 4 and 50,000 words. */
    private static String rules() {
        List<String> lines = new ArrayList<>(List.of(
                "| rule | leaves at the first step t where | from step | slider |", "| --- | --- | --- | --- |"));
        for (RuleKind kind : RuleKind.values()) {
            lines.add("| `" + kind.written() + "` | " + cell(kind.condition()) + " | " + kind.fromStep() + " | "
                    + slider(kind) + " |");
        }
        return "<!-- rules of exit -->\n" + String.join("\n", lines) + "\n<!-- end -->";
    }

    private static String slider(RuleKind kind) {
        if (kind == RuleKind.FULL) {
            return "none";
        }
        ThresholdScale scale = kind.scale(4, 50_000);
        ThresholdScale deeper = kind.scale(8, 50_000);
        boolean ofSteps = deeper.high() != scale.high();
        ThresholdScale larger = kind.scale(4, 100_000);
        String high = ofSteps
                ? scale.high() == 4 ? "T" : "T − 1"
                : larger.high() != scale.high() ? "ln V" : number(scale.high());
        return number(scale.low()) + " to " + high + (scale.logarithmic() ? ", logarithmic" : "");
    }

    private static String number(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static String table(String what, String command, LoopedModel model) {
        List<String> lines = what.equals("options") ? options(command) : rows(command, model);
        return "<!-- " + what + " of " + command + " -->\n" + String.join("\n", lines) + "\n<!-- end -->";
    }

    private static List<String> options(String command) {
        CommandLine of = Cli.commandLine();
        for (String word : command.split(" ")) {
            of = of.getSubcommands().get(word);
        }
        List<String> lines = new ArrayList<>(List.of("| option | meaning |", "| --- | --- |"));
        for (OptionSpec option : of.getCommandSpec().options()) {
            if (!option.hidden() && !OF_ALL.contains(option.longestName())) {
                String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                lines.add("| `" + cell(option.longestName() + label) + "` | "
                        + cell(String.join(" ", option.description()).replace("%%", "%")) + " |");
            }
        }
        return lines;
    }

    private static List<String> rows(String command, LoopedModel model) {
        Columns<?> columns = columns((SetLab<?, ?, ?>) LabRegistry.byCommand().get(command), model);
        List<String> lines = new ArrayList<>(List.of("| column | meaning |", "| --- | --- |"));
        for (Columns.Info info : columns.infos()) {
            String unit = info.unit().isEmpty() ? "" : ", " + info.unit();
            String newer = info.newer() ? "; not in files of older versions, which are still read" : "";
            lines.add("| `" + info.name() + "` | " + cell(info.meaning() + unit + newer) + " |");
        }
        return lines;
    }

    private static Columns<?> columns(SetLab<?, ?, ?> lab, LoopedModel model) {
        return lab.columns(Values.of(lab.settings()).on(model));
    }

    private static String cell(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" ")).replace("|", "\\|");
    }
}
