package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.model.Intervention;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;

/** The probes as they are typed. */
class ProbeCommandTest {
    @TempDir
    private Path folder;

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static String[] command(String probe, String out) {
        return switch (probe) {
            case "patch" ->
                new String[] {"probe", "patch", "--set", "embedded/patch-pairs.jsonl", "--limit", "4", "--out", out};
            case "linear" ->
                new String[] {
                    "probe",
                    "linear",
                    "--set",
                    "embedded/probe-cups.jsonl",
                    "--limit",
                    "36",
                    "--steps",
                    "2",
                    "--out",
                    out
                };
            case "geometry", "lens" ->
                new String[] {"probe", probe, "--set", "embedded/people.jsonl", "--limit", "6", "--out", out};
            default ->
                new String[] {"probe", "agreement", "--set", "embedded/probe-cups.jsonl", "--limit", "12", "--out", out
                };
        };
    }

    @ParameterizedTest
    @CsvSource({"patch, 500", "linear, 60", "agreement, 40", "geometry, 30", "lens, 30"})
    void whatIsInterruptedGoesOnAndEndsWithTheSameFile(String probe, int asked) throws IOException {
        String whole = path("whole.csv");
        String parts = path("parts.csv");
        assertEquals(0, Cli.run(command(probe, whole)).code());
        int interruptions = 0;
        Cli.Result last;
        do {
            AtomicInteger count = new AtomicInteger();
            int limit = asked * (1 + interruptions); // further each time, whatever the work before the first row
            last = Cli.in(folder)
                    .cancelledBy(() -> count.incrementAndGet() > limit)
                    .execute(command(probe, parts));
            interruptions++;
            assertTrue(last.code() == 0 || last.code() == 130, last.err());
            assertTrue(interruptions < 100, "comes to an end");
        } while (last.code() != 0);
        assertTrue(interruptions > 1, "was interrupted");
        assertEquals(Files.readString(Path.of(whole)), Files.readString(Path.of(parts)));
        assertFalse(Files.exists(folder.resolve("parts.csv.part")));
        assertFalse(Files.exists(folder.resolve("parts.csv.states")));
    }

    @Test
    void onePairIsPatchedAndDrawnAsAHeatmap() throws IOException {
        Cli.Result result = Cli.run(
                "probe",
                "patch",
                "--prompt",
                "people Ann's friend's boss is",
                "--corrupted",
                "people Bob's friend's boss is",
                "--answer",
                "Sue",
                "--steps",
                "2",
                "--out",
                path("one.csv"),
                "--figure",
                path("one.svg"));
        assertEquals(0, result.code(), result.err());
        List<String> lines = Files.readAllLines(folder.resolve("one.csv"));
        int positions = 7; // people Ann 's friend 's boss is
        assertEquals(1 + 2 * positions + 4, lines.size());
        String svg = Files.readString(folder.resolve("one.svg"));
        assertTrue(svg.contains("Which state carries the answer over"));
        assertTrue(svg.contains("loop 2") && !svg.contains("loop 3,"));
        assertTrue(svg.contains("float32"));
        assertTrue(lines.get(0).endsWith(",compute_dtype") && lines.get(1).endsWith(",float32"), lines.get(1));
    }

    @Test
    void linearProbesComeWithTheirControlsAndAFigure() throws Exception {
        Cli.Result result = Cli.run(
                "probe",
                "linear",
                "--set",
                "embedded/probe-cups.jsonl",
                "--limit",
                "120",
                "--steps",
                "2",
                "--out",
                path("p.csv"),
                "--figure",
                path("p.png"));
        assertEquals(0, result.code(), result.err());
        List<ProbeRow> rows = ProbeRow.read(folder.resolve("p.csv"));
        assertTrue(Files.readString(folder.resolve("p.csv")).endsWith(",float32\n"));
        assertEquals(2 * 2 * 3, rows.size()); // steps, layers, two answers and gold
        ProbeRow own = rows.stream()
                .filter(row -> row.target().equals("step 2") && row.depth() == 4)
                .findFirst()
                .orElseThrow();
        assertEquals(36, own.probe().n());
        assertTrue(own.probe().aucInterval().low() > 0.7, own.toString());
        assertTrue(own.control().aucInterval().low() < 0.5, own.toString());
        assertTrue(Files.size(folder.resolve("p.png")) > 1000);
    }

    @Test
    void whatIsKeptOfAStoppedProbeIsSaid() {
        File states = new File(path("l.csv.states"));
        Cli.Result begun = Cli.in(folder)
                .cancelledBy(() -> states.length() > 10_000) // some prompts are run
                .execute(command("linear", path("l.csv")));
        assertEquals(130, begun.code(), begun.err());
        assertTrue(
                begun.problem()
                        .matches(
                                "Cancelled; the states of [0-9]+ prompts are kept in .*l\\.csv\\.states, the same command"
                                        + " goes on after them\\."),
                begun.err());
    }

    @Test
    void agreementIsToldWithWhatChanceGives() throws IOException {
        Cli.Result result = Cli.run(
                "probe",
                "agreement",
                "--set",
                "embedded/probe-cups.jsonl",
                "--limit",
                "30",
                "--out",
                path("a.csv"),
                "--matrix",
                path("m.csv"));
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("expected") && result.out().contains("kappa"));
        assertEquals(31, Files.readAllLines(folder.resolve("a.csv")).size());
        assertEquals(17, Files.readAllLines(folder.resolve("m.csv")).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "probe|loopscope probe: expected one of agreement, linear, patch, geometry and lens, found none.",
                "probe patch --set embedded/patch-pairs.jsonl|--set: expected --out FILE with it, where the rows are kept.",
                "probe patch --out OUT|probe patch: expected one of --prompt, --token-ids, --prompt-file, --set and --read, found none.",
                "probe patch --set no.jsonl --out OUT|no.jsonl: expected a set of prompts, found no such file",
                "probe patch --set embedded/patch-pairs.jsonl --source gold --out OUT|Patch source: expected one of clean,",
                "probe patch --prompt a --out OUT|--prompt: expected --corrupted and --answer with it.",
                "probe linear --set embedded/probe-cups.jsonl --states tokens --out OUT|--states: expected layers or steps",
                "probe linear --set embedded/probe-cups.jsonl --limit 5 --out OUT|Splits of the set: expected \"train\"",
                "probe linear --set embedded/probe-cups.jsonl --figure f.pdf --out OUT|--figure: expected a name that ends in .png, .svg or .csv, found f.pdf.",
                "probe agreement --set embedded/probe-cups.jsonl --template x --out OUT|--template: expected {question1}"
            })
    void wrongUseIsAnsweredWithASentence(String line) {
        String[] parts = line.split("\\|");
        Cli.Result result = Cli.run(parts[0].replace("OUT", path("o.csv")).split(" "));
        assertEquals(2, result.code());
        assertTrue(result.err().startsWith(parts[1]), result.err());
    }

    @Test
    void aCaptureOfAnIntervenedRunSaysSo() throws LoopscopeException {
        Path file = folder.resolve("c.safetensors");
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend is");
            CaptureFile.write(
                    model.run(ids, RunOptions.steps(2), Intervention.none().skip(2), RunControl.none()),
                    file,
                    CaptureFile.Extras.NONE,
                    RunControl.none());
        }
        Cli.Result result = Cli.run("lens", file.toString());
        assertEquals(0, result.code(), result.err());
        assertEquals("The states of this run were changed while it computed: step 2: loop skipped.", result.problem());
    }

    @Test
    void aPartOfAnotherProbeIsNotContinued() {
        String[] clean = command("patch", path("mixed.csv"));
        File part = new File(path("mixed.csv.part"));
        Cli.Result begun = Cli.in(folder)
                .cancelledBy(() -> part.length() > 3000) // a pair is written
                .execute(clean);
        assertEquals(130, begun.code(), begun.err());
        assertTrue(begun.err().startsWith("Cancelled; the pairs that are done are kept in " + part), begun.err());
        String[] zero = Arrays.copyOf(clean, clean.length + 2);
        zero[clean.length] = "--source";
        zero[clean.length + 1] = "zero";
        Cli.Result other = Cli.run(zero);
        assertEquals(2, other.code(), other.out());
        assertTrue(other.problem().contains("was begun with source = clean"), other.err());
    }

    @Test
    void aFinishedProfileIsShownAgainAndDrawn() throws IOException {
        Cli.Result first = Cli.run(command("geometry", path("geometry.csv")));
        assertTrue(first.out().contains("States     step outputs, after the final norm"), first.out());
        Cli.Result again = Cli.run(
                "probe", "geometry", "--read", path("geometry.csv"), "--value", "norm", "--figure", path("norm.csv"));
        assertEquals(
                first.out().substring(0, first.out().indexOf("Rows written")),
                again.out().substring(0, again.out().indexOf("Figure written")));
        List<String> figure = Files.readAllLines(Path.of(path("norm.csv")));
        assertEquals("scope,step,layer,value,mean,low,high,n", figure.get(0));
        assertEquals(1 + 2 * 11 * 4, figure.size(), "two scopes, eleven values, four steps");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "geometry --out a.csv | probe geometry: expected --set FILE and --out FILE, or --read FILE.",
                "lens --set embedded/people.jsonl --out a.csv --value norm | --value: expected one of entropy, kl_to_last,"
                        + " top_probability, text_probability, agrees_with_last, settled, found \"norm\".",
                "lens --set embedded/people.jsonl --out a.csv --precision half | Precision: expected float32,"
                        + " bf16-weights, bfloat16, int8-weights, found \"half\"."
            })
    void aWrongProfileIsOneSentence(String arguments, String sentence) {
        Cli.Result result = Cli.in(folder).execute(("probe " + arguments).split(" "));
        assertEquals(2, result.code());
        assertEquals(sentence, result.err().strip());
    }
}
