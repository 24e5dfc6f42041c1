package org.loopscope.app.fuzz;

import static org.loopscope.app.fuzz.Seed.Format.BYTES;
import static org.loopscope.app.fuzz.Seed.Format.CSV;
import static org.loopscope.app.fuzz.Seed.Format.SAFETENSORS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.analysis.lens.tuned.LensTexts;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.lens.tuned.TunedLensTrainer;
import org.loopscope.analysis.probe.StateStore;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.app.cli.RandomCheckpoint;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;

/** Small valid files of every kind, made by the program itself, once for all readers. */
final class Seeds {
    static final List<String> COLUMNS = List.of("prompt", "step", "text");
    static final Map<String, String> IDENTITY = Map.of("weights", "00");
    private static final int SMALL = 14; // lines that are kept of a table whose rows stand for themselves

    private final Path folder;
    private final Path model;
    private final Commands commands;
    private final Map<String, Seed> tables = new LinkedHashMap<>();
    private final List<Seed> captures;
    private final Seed tunedLens;
    private final Seed part;
    private final Seed states;

    Seeds(Path folder) throws IOException, LoopscopeException {
        this.folder = folder;
        this.model = RandomCheckpoint.write(folder.resolve("tiny"));
        this.commands = new Commands(Files.createDirectories(folder.resolve("home")));
        makeTables();
        captures = makeCaptures();
        tunedLens = makeTunedLens();
        part = makePart();
        states = makeStates();
    }

    /** Captures of the tiny model: plain, with layers and generated tokens, with step logits. */
    List<Seed> captures() {
        return captures;
    }

    /** A tuned lens for the tiny model. */
    Seed tunedLens() {
        return tunedLens;
    }

    /** Rows of an unfinished table. */
    Seed part() {
        return part;
    }

    /** Kept states of a probe. */
    Seed states() {
        return states;
    }

    /** A folder with a tiny model. */
    Path model() {
        return model;
    }

    /** A result table, by the name of its command. */
    Seed table(String command) {
        return tables.get(command);
    }

    private void makeTables() throws IOException, LoopscopeException {
        Path people = Files.writeString(folder.resolve("people.jsonl"), """
                {"prompt": "people Mia's friend is", "answer": "Eve", "group": "k=1"}
                {"prompt": "people Ivy's boss's boss is", "answer": "Ann", "group": "k=2"}
                """);
        Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), """
                {"prompt": "people Sue's teacher's teacher is", "answer": "Zoe", "corrupted":\
                 "people Tom's teacher's teacher is", "corrupted_answer": "Sue", "group": "k=2"}
                {"prompt": "people Kim's boss's boss is", "answer": "Dan", "corrupted":\
                 "people Dan's boss's boss is", "corrupted_answer": "Ivy"}
                """);
        table("sweep", "sweep", "--set", people, "--rules", "q,entropy", "--generate", 0);
        table("gate", "gate", "--set", people);
        table("kv", "kv", "--set", people, "--generate", 2);
        table("depth", "depth", "--set", people, "--steps", 3);
        table("geometry", "probe", "geometry", "--set", people, "--steps", 3);
        table("lens", "probe", "lens", "--set", people, "--layers", "--steps", 2);
        table("agreement", "probe", "agreement", "--set", people, "--steps", 3);
        table("patch", "probe", "patch", "--set", pairs, "--steps", 2);
        Path out = folder.resolve("linear.csv");
        commands.make(
                "probe", "linear", "--set", "embedded/probe-cups.jsonl", "--limit", 40, "--steps", 2, "--out", out);
        tables.put("linear", head(out));
    }

    private void table(String name, Object... command) throws IOException, LoopscopeException {
        Path out = folder.resolve(name + ".csv");
        List<Object> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--out", out));
        commands.make(words.toArray());
        boolean whole = name.equals("depth") || name.equals("geometry") || name.equals("lens");
        tables.put(name, whole ? new Seed(CSV, Files.readAllBytes(out)) : head(out));
    }

    private static Seed head(Path table) throws IOException {
        List<String> lines = Files.readAllLines(table);
        List<String> kept = new ArrayList<>(lines.subList(0, Math.min(lines.size(), SMALL)));
        if (lines.size() > SMALL) {
            kept.add(lines.get(lines.size() - 1));
        }
        return Seed.of(CSV, String.join("\n", kept) + "\n");
    }

    private List<Seed> makeCaptures() throws IOException, LoopscopeException {
        List<Seed> seeds = new ArrayList<>();
        Path file = folder.resolve("capture.safetensors");
        try (LoopedModel tiny = Models.open(model.toString(), RunControl.none())) {
            int[] ids = {1, 2, 3};
            for (RunOptions options : List.of(
                    RunOptions.steps(3), RunOptions.steps(2).withLayers(true).withGenerate(2), RunOptions.steps(1))) {
                var capture = tiny.run(ids, options, RunControl.none()).withPrompt("x");
                CaptureFile.write(
                        capture,
                        file,
                        options.steps() == 1 ? Optional.of(tiny.unembedding()) : Optional.empty(),
                        RunControl.none());
                seeds.add(new Seed(SAFETENSORS, withoutClock(Files.readAllBytes(file))));
            }
        }
        return seeds;
    }

    /** The same bytes at every start. */
    private static byte[] withoutClock(byte[] capture) {
        String header = SafetensorsMutations.header(capture)
                .replaceAll("(started_?[aA]t\\\\\":\\\\\")[^\\\\]*", "$12026-01-01T00:00:00Z")
                .replaceAll("(elapsed_?[mM]illis\\\\\":)\\d+", "$17");
        return SafetensorsMutations.withHeader(capture, header);
    }

    private Seed makeTunedLens() throws IOException, LoopscopeException {
        Path file = folder.resolve("lens.safetensors");
        try (LoopedModel tiny = Models.open(model.toString(), RunControl.none())) {
            List<int[]> texts = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                texts.add(new int[] {1 + i, 2 + i, 3 + i});
            }
            var settings = new TunedLensTrainer.Settings(2, false, 1, 4, 0.01, 16, 0);
            TunedLensFile.write(
                    TunedLensTrainer.train(tiny, new LensTexts("texts", texts), settings, RunControl.none())
                            .lens(),
                    file,
                    RunControl.none());
        }
        return new Seed(SAFETENSORS, Files.readAllBytes(file));
    }

    private Seed makePart() throws IOException, LoopscopeException {
        Path out = folder.resolve("rows.csv");
        try (ResumableCsv csv = ResumableCsv.open(out, COLUMNS, IDENTITY)) {
            csv.append(List.of(List.of("1", "1", "a"), List.of("1", "2", "b, c")));
            csv.append(List.of());
            csv.append(List.of(List.of("3", "1", "d")));
        }
        return new Seed(BYTES, Files.readAllBytes(ResumableCsv.partOf(out)));
    }

    private Seed makeStates() throws IOException, LoopscopeException {
        Path file = folder.resolve("rows.csv.states");
        StateStore store = StateStore.open(file, "probe", 2, 3, 1);
        store.append(new float[][] {{1, 2, 3}, {4, 5, 6}}, new int[] {7});
        store.append(new float[][] {{1, 2, 3}, {4, 5, 6}}, new int[] {8});
        store.close();
        return new Seed(BYTES, Files.readAllBytes(file));
    }
}
