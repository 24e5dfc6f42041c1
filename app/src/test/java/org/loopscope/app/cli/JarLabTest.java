package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.app.panels.HostileJar;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.testkit.TestContext;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;

/** A lab in a jar that a user drops into the folder of panels: command, card, report section, set bar and help by themselves. */
@ExtendWith(ApplicationExtension.class)
class JarLabTest {
    /** Counts the tokens of prompts, and draws the exit steps of a run. */
    private static final String SOURCE = """
            package lengths;
            import java.nio.file.Path; import java.util.*; import org.loopscope.analysis.prompts.Prompt;
            import org.loopscope.analysis.set.PromptText; import org.loopscope.analysis.table.*; import org.loopscope.figure.*;
            import org.loopscope.lab.*; import org.loopscope.model.LoopedModel; import org.loopscope.model.base.LoopscopeException;
            import tech.tablesaw.api.*;
            public class P implements SetLab<Prompt, P.Row, List<P.Row>>, RunLab {
                public record Row(@Column(key = true, min = 1) int prompt, @Column(min = 0) int tokens) {}
                static final Columns<Row> ROWS = Columns.of("loopscope lengths", Row.class);
                static final Setting<Integer> LEAST = Setting.whole("least", 0).means("Count longer prompts only.").or(0);
                static final Setting<Integer> STEPS = Setting.steps(1);
                static final FigureKind TOKENS = new FigureKind("tokens", "lengths-tokens", "Tokens of prompts");
                public String id() { return "lengths"; }
                public String title() { return "Lengths"; }
                public String summary() { return "Counts the tokens of prompts."; }
                public List<Setting<?>> settings() { return List.of(STEPS, LEAST); }
                public List<FigureKind> figures() { return List.of(TOKENS); }
                public String help() { return "# Lengths\\n\\nA prompt is as long as its tokens."; }
                public PromptKind<Prompt> prompts() { return PromptKind.PROMPTS; }
                public Columns<Row> columns(Values values) { return ROWS; }
                public Job<Row> job(LoopedModel model, List<Prompt> items, Values values) throws LoopscopeException {
                    return new PromptJob<Row>(model, items, values.get(STEPS), 0) {
                        protected List<Row> rows(int number, Prompt prompt, PromptText text, Reader run) {
                            return text.ids().length < values.get(LEAST) ? List.of() : List.of(new Row(number, text.ids().length)); }
                        protected Row problem(int number, Prompt prompt) { return new Row(number, 0); } }; }
                public List<Row> summarise(Path rows) throws LoopscopeException {
                    List<Row> all = new ArrayList<>(); ROWS.read(rows, all::add); return all; }
                public Findings findings(List<Row> rows, Values values) {
                    return new Findings().table("prompts", Rows.of(rows).whole("tokens", "tokens", Row::tokens)); }
                public Optional<Figure> figure(FigureKind kind, List<Row> rows, Values values) {
                    return Optional.of(drawn(rows.size() + " prompts", ROWS.toTable("rows", rows))); }
                public List<TableKind> tables() { return List.of(TableKind.of("tokens", "how many", TOKENS)); }
                public RunTable table(TableKind table, RunInput run, Values values) {
                    return RunTable.of(Table.create("t", IntColumn.create("tokens", new int[] {run.capture().length()})), "tokens of the run"); }
                public Optional<Figure> figure(FigureKind kind, RunInput run, Values values) {
                    return Optional.of(drawn(run.capture().length() + " tokens", table(null, run, values).data())); }
                static Figure drawn(String about, Table data) {
                    return HeatmapFigure.builder("lengths-tokens", "Tokens of prompts").subtitle(about)
                        .rows("what", List.of("tokens")).columns("of", List.of("all")).values(ValueScale.probability("share"), (r, c) -> 1)
                        .table(() -> data).build(); }
            }
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void dropTheJar() throws IOException {
        drop("jars", SOURCE);
    }

    private void drop(String name, String source) throws IOException {
        Path classes = HostileJar.compile(
                Files.createDirectory(folder.resolve(name + "-classes")), "lengths", source, List.of());
        Path jars = Files.createDirectory(folder.resolve(name));
        HostileJar.jar(jars.resolve("lengths.jar"), "org.loopscope.lab.Lab", "lengths.P", classes);
        System.setProperty("loopscope.plugins", jars.toString());
    }

    private static String commanded(String command) {
        return SOURCE.replace(
                "public String title()",
                "public String command() { return \"" + command + "\"; } public String title()");
    }

    @Test
    void aCommandOfTwoWordsStandsInAGroup() throws IOException {
        drop("group", commanded("count lengths"));
        Cli.Result one = Cli.run("count", "lengths", "--prompt", "people Ann's friend is", "--csv");
        assertEquals("tokens,compute_dtype\n5,float32\n", one.out(), one.err());
        assertEquals(
                "loopscope count: expected one of lengths behind it, found none. Try loopscope count --help.",
                Cli.run("count").problem());
        assertTrue(Cli.run("count", "--help").out().contains("lengths"));
        drop("probe", commanded("probe lengths"));
        assertTrue(Cli.run("probe", "--help").out().contains("lengths"), "beside the program's own");
    }

    @Test
    void aCommandThatIsTakenIsToldOnce() throws IOException {
        drop("taken", commanded("run"));
        Cli.Result models = Cli.run("models", "check", "embedded");
        assertEquals(0, models.code());
        assertEquals(
                "The lab Lengths of lengths.jar cannot be used: there is a command run already.", models.problem());
    }

    @ParameterizedTest
    @CsvSource({"run lengths, run", "probe, probe", "exit more, exit"})
    void aCommandBehindOneThatIsTakenIsToldAndTheRestWorks(String command, String taken) throws IOException {
        drop("behind", commanded(command));
        Cli.Result models = Cli.run("models", "check", "embedded");
        assertEquals(0, models.code());
        assertEquals(
                "The lab Lengths of lengths.jar cannot be used: there is a command " + taken + " already.",
                models.problem());
    }

    @Test
    void aCommandOfThreeWordsIsTold() throws IOException {
        drop("three", commanded("a b c"));
        Cli.Result models = Cli.run("models", "check", "embedded");
        assertEquals(0, models.code());
        assertTrue(models.problem().contains("a command of one or two such"), models.problem());
    }

    @Test
    void aSettingNamedAsAnOptionOfAllLabsIsToldAndTheRestWorks() throws IOException {
        drop("clash", SOURCE.replace("whole(\"least\"", "whole(\"out\""));
        Cli.Result models = Cli.run("models", "check", "embedded");
        assertEquals(0, models.code());
        assertEquals(
                "The lab Lengths has no command: one of its settings has the name of an option that labs have already.",
                models.problem());
    }

    @Test
    void aLabThatFailsIsNotOurMistake() throws IOException {
        drop(
                "fails",
                SOURCE.replace(
                                "return new PromptJob<Row>",
                                "if (steps() > 0) throw new IllegalStateException(\"boom\"); return new PromptJob<Row>")
                        .replace("static Figure drawn", "static int steps() { return 1; } static Figure drawn"));
        Cli.Result result = Cli.run(
                "lengths",
                "--set",
                "embedded/people.jsonl",
                "--out",
                folder.resolve("x.csv").toString());
        assertEquals(2, result.code());
        assertEquals("The lab Lengths of a jar failed: java.lang.IllegalStateException: boom.", result.problem());
    }

    @Test
    void theReportShowsItsRows() throws IOException {
        Path out = folder.resolve("out.csv");
        assertEquals(
                0,
                Cli.run("lengths", "--set", "embedded/people.jsonl", "--out", out.toString())
                        .code());
        Path report = folder.resolve("report.html");
        Cli.Result made = Cli.run(
                "report",
                "--prompt",
                "people Ann's friend is",
                "--rows",
                "lengths=" + out,
                "--rows",
                "lengths=" + Files.copy(out, folder.resolve("second.csv")),
                "--out",
                report.toString());
        assertEquals(0, made.code(), made.err());
        String html = Files.readString(report);
        assertTrue(html.contains("Rows: out.csv.") && html.contains("Rows: second.csv."), "both files");
        assertTrue(html.contains("32 prompts"), "its figure of the set");
        assertEquals(
                "--rows: expected one of ",
                Cli.run("report", "--prompt", "a", "--rows", "nothing=" + out, "--out", report.toString())
                        .problem()
                        .substring(0, 24));
    }

    @AfterEach
    void takeItAway() {
        System.clearProperty("loopscope.plugins");
    }

    @Test
    void itsCommandRunsSetsAndRunsAndHelps() throws IOException {
        Path out = folder.resolve("out.csv");
        Cli.Result set = Cli.run("lengths", "--set", "embedded/people.jsonl", "--least", "9", "--out", out.toString());
        assertEquals(0, set.code(), set.err());
        List<String> rows = Files.readAllLines(out);
        assertEquals("prompt,tokens", rows.get(0));
        assertTrue(rows.size() > 1 && rows.size() < 33, "only the longer ones: " + rows.size());
        assertTrue(set.out().startsWith("tokens\n"), set.out());
        assertTrue(Cli.run("lengths", "--read", out.toString(), "--json").out().contains("\"prompts\""));
        Cli.Result one = Cli.run("lengths", "--prompt", "people Ann's friend is", "--csv");
        assertEquals("tokens,compute_dtype\n5,float32\n", one.out());
        String help = Cli.run("lengths", "--help").out();
        assertTrue(help.contains("Count longer prompts only. Default: 0."), help);
        assertEquals(
                "--least: expected 0 or more, found -1.",
                Cli.run("lengths", "--read", out.toString(), "--least", "-1").problem());
        assertTrue(Cli.run("--help").out().contains("lengths"));
    }

    @Test
    void itHasASectionInTheReport() throws IOException {
        Path report = folder.resolve("report.html");
        Cli.Result made = Cli.run("report", "--prompt", "people Ann's friend is", "--out", report.toString());
        assertEquals(0, made.code(), made.err());
        String html = Files.readString(report);
        assertTrue(html.contains("Counts the tokens of prompts."), "its summary");
        assertTrue(html.contains("5 tokens"), "its figure of the run");
        assertTrue(html.contains("A prompt is as long as its tokens."), "its help");
    }

    @Test
    void itHasAPanelWithCardSetBarAndOptions(FxRobot robot) {
        List<String> problems = new ArrayList<>();
        PanelProvider provider = PanelRegistry.load((sentence, cause) -> problems.add(sentence)).stream()
                .filter(panel -> panel.id().equals("lengths"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(problems.toString()));
        assertTrue(provider.help().contains("A prompt is as long as its tokens."));
        List<Panel> opened = new ArrayList<>();
        robot.interact(() -> {
            Panel panel = provider.create(new TestContext());
            opened.add(panel);
            new Scene(new StackPane(panel.view()), 1000, 700);
            panel.view().applyCss();
            for (String id : new String[] {
                "#card-lengths-tokens", "#lengths-run", "#lengths-open", "#lengths-options", "#lengths-least"
            }) {
                assertNotNull(panel.view().lookup(id), id);
            }
            panel.dispose();
        });
        assertEquals(1, opened.size());
        assertEquals(List.of(), problems);
    }
}
