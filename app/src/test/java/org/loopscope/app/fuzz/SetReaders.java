package org.loopscope.app.fuzz;

import static org.loopscope.app.fuzz.Seed.Format.CSV;
import static org.loopscope.app.fuzz.Seed.Format.JSON;
import static org.loopscope.app.fuzz.Seed.Format.TSV;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.probe.ProbeSet;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;

/** Sets of prompts, questions and pairs. */
final class SetReaders {
    private static final String PROMPTS = """
            {"prompt": "people Mia's friend is", "answer": "Eve", "group": "k=1"}
            {"prompt": "cups ball C where ?", "answer": "C", "choices": ["A", "B", "C"], "split": "train", "label": "x"}
            {"prompt": "caf\u00e9 \ud83d\ude00", "group": ""}
            """;
    private static final String PROMPTS_CSV = "prompt,answer,group,other\npeople Mia's friend is,Eve,k=1,x\n"
            + "\"a, \"\"b\"\"\",C,k=2,\n\"two\nlines\",,,\n";
    private static final String QUESTIONS = """
            {"question1": "How?", "question2": "In which way?", "label": 1, "split": "train"}
            {"question1": "How?", "question2": "When?", "label": 0, "split": "test"}
            """;
    private static final String PAIRS_TSV = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
            + "0\t1\t2\tHow?\tIn \"which\" way?\t1\n1\t3\t4\t\"a \"\"b\"\"\tc\"\tWhen?\t0\n";
    private static final String PATCH_PAIRS = """
            {"prompt": "Sue's boss is", "answer": "Zoe", "corrupted": "Tom's boss is", "corrupted_answer": "Sue", "group": "k"}
            {"prompt": "Kim's boss is", "answer": "Dan", "corrupted": "Dan's boss is", "corrupted_answer": "Ivy"}
            """;
    private static final String INDEX = """
            [{"file": "a.jsonl", "title": "People", "model": "embedded", "description": "Chains", "shown": true},
             {"file": "b/c.jsonl", "title": "Calc", "model": "ouro", "description": "Sums", "shown": false}]
            """;

    private final Path folder;

    SetReaders(Path folder) {
        this.folder = folder;
    }

    List<FuzzReader> list() throws java.io.IOException {
        Path catalog = Files.createDirectories(folder.resolve("catalog"));
        Files.writeString(catalog.resolve("a.jsonl"), PROMPTS);
        return List.of(
                reader("prompts-jsonl", 1000, Seed.of(JSON, PROMPTS), "prompts.jsonl", PromptSet::read),
                reader("prompts-csv", 1000, Seed.of(CSV, PROMPTS_CSV), "prompts.csv", PromptSet::read),
                reader("probe-jsonl", 600, Seed.of(JSON, PROMPTS), "probe.jsonl", SetReaders::probe),
                reader("pairs-jsonl", 400, Seed.of(JSON, QUESTIONS), "pairs.jsonl", SetReaders::probe),
                reader("pairs-tsv", 400, Seed.of(TSV, PAIRS_TSV), "pairs.tsv", SetReaders::probe),
                reader("patch-pairs", 600, Seed.of(JSON, PATCH_PAIRS), "patch.jsonl", PatchPairs::read),
                new FuzzReader(
                        "samples-index",
                        500,
                        List.of(Seed.of(JSON, INDEX)),
                        catalog.resolve("index.json"),
                        (file, number) -> samples(catalog)));
    }

    private interface One {
        Object read(Path file) throws Exception;
    }

    private FuzzReader reader(String name, int share, Seed seed, String file, One read) {
        return new FuzzReader(name, share, List.of(seed), folder.resolve(file), (path, number) -> read.read(path));
    }

    private static Object probe(Path file) throws Exception {
        try (BufferedReader in = SetFile.open(file.toString()).reader()) {
            return ProbeSet.read(in, file.toString(), ProbeSet.TEMPLATE, 100);
        }
    }

    private static void samples(Path catalog) throws Exception {
        SampleCatalog read = SampleCatalog.read(catalog);
        read.shown("embedded");
        for (SampleSet set : read.sets()) {
            if (set.file().equals("a.jsonl")) {
                read.read(set);
            }
        }
    }
}
