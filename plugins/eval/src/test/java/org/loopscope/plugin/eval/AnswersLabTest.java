package org.loopscope.plugin.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.answers.Extraction;
import org.loopscope.analysis.answers.GeneratedData;
import org.loopscope.analysis.answers.GeneratedData.Point;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.testkit.TrainedModel;

/** Answers that the embedded model generates. */
class AnswersLabTest {
    private static final AnswersLab LAB = new AnswersLab();
    private static final LoopedModel model = TrainedModel.get();

    @TempDir
    Path folder;

    private static Values values() {
        return Values.of(LAB.asked()).with(AnswersLab.GENERATE, 1);
    }

    private static List<Prompt> people(int n) throws LoopscopeException {
        return SetFile.prompts("embedded/people.jsonl").prompts().subList(0, n);
    }

    private Path measured(String name, List<Prompt> prompts, Values values) throws LoopscopeException {
        Path file = folder.resolve(name);
        TrainedModel.run(LAB, prompts, values, file, RunControl.none());
        return file;
    }

    @Test
    void eachStepAnswersAsItsMostProbableTokenSays() throws LoopscopeException {
        List<Prompt> prompts = people(32);
        Values values = values().read(AnswersLab.RULES, "fixed:1,fixed:2,full");
        GeneratedData data = LAB.summarise(measured("a.csv", prompts, values));
        int[] right = new int[3];
        int[] steps = {1, 2, 4};
        for (Prompt prompt : prompts) {
            int[] ids = model.requireTokenizer().encode(prompt.prompt());
            Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
            for (int i = 0; i < 3; i++) {
                float[] logits = new float[model.unembedding().vocabSize()];
                model.unembedding().logits(capture.hiddenState(steps[i], ids.length - 1), 1, logits);
                int top = 0;
                for (int v = 0; v < logits.length; v++) {
                    top = logits[v] > logits[top] ? v : top;
                }
                boolean hit = model.requireTokenizer()
                        .decode(top)
                        .strip()
                        .equals(prompt.answer().orElseThrow());
                right[i] += hit ? 1 : 0;
            }
        }
        List<Point> points = data.points(Optional.empty());
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    right[i] / 32.0,
                    points.get(i).accuracy().value(),
                    1e-12,
                    points.get(i).way());
            assertEquals(steps[i], points.get(i).loops().value());
        }
        assertTrue(right[0] < right[2], "depth matters here");
    }

    @Test
    void everyPolicyAndRuleIsAWayOfItsOwn() throws LoopscopeException {
        Values values = values().read(AnswersLab.RULES, "full,q:0.5")
                .read(AnswersLab.KV, "full,averaged")
                .with(AnswersLab.GENERATE, 3);
        GeneratedData data = LAB.summarise(measured("a.csv", people(3), values));
        assertEquals(
                List.of("full", "q:0.5", "averaged full", "averaged q:0.5"),
                data.points(Optional.empty()).stream().map(Point::way).toList());
        assertEquals(3, data.points(Optional.empty()).get(0).tokens().value());
    }

    @Test
    void samplesHaveSeedsOfTheirOwnAndComeAgain() throws Exception {
        Values values = values().with(AnswersLab.SAMPLES, 6)
                .with(AnswersLab.TEMPERATURE, 3.0)
                .with(AnswersLab.GENERATE, 4)
                .with(AnswersLab.EXTRACT, Extraction.WHOLE);
        byte[] once = Files.readAllBytes(measured("a.csv", people(2), values));
        assertArrayEquals(once, Files.readAllBytes(measured("b.csv", people(2), values)));
        assertNotEquals(
                new String(once), Files.readString(measured("c.csv", people(2), values.with(AnswersLab.SEED, 1L))));
        GeneratedData data = LAB.summarise(folder.resolve("a.csv"));
        assertEquals(6, data.points(Optional.empty()).get(0).samples());
        assertTrue(data.pass("full", 6, Optional.empty()).value()
                >= data.pass("full", 1, Optional.empty()).value());
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> LAB.findings(data, values.with(AnswersLab.K, 7)));
        assertEquals("--k: expected at most 6, the texts that every prompt has, found 7.", e.getMessage());
    }

    @Test
    void scoresOfAJudgeAreReadBack() throws Exception {
        Path file = measured("a.csv", people(10), values());
        List<String> lines = Files.readAllLines(file);
        int score = List.of(lines.get(0).split(",")).indexOf("score");
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            cells[score] = Integer.toString(1 + i % 5);
            lines.set(i, String.join(",", cells));
        }
        Files.write(file, lines);
        Point point = LAB.summarise(file).points(Optional.empty()).get(0);
        assertEquals(3, point.score().value(), 1e-12);
        assertTrue(
                point.score().interval().low() < 3 && point.score().interval().high() > 3);
    }

    @Test
    void gsm8kIsReadAsPublished() throws Exception {
        Path set = Files.writeString(
                folder.resolve("gsm8k.jsonl"),
                "{\"question\":\"Two and two?\",\"answer\":\"It is 2+2=<<2+2=4>>4.\\n#### 1,004\"}\n");
        Prompt prompt = LAB.prompts().read(set.toString(), values(), told -> {}).get(0);
        assertEquals("Question: Two and two?\nAnswer:", prompt.prompt());
        assertEquals(Optional.of("1,004"), prompt.answer());
    }

    @Test
    void anInterruptedRunEndsInTheBytesOfAWholeOne() throws Exception {
        List<Prompt> prompts = people(4);
        byte[] whole = Files.readAllBytes(measured("whole.csv", prompts, values()));
        Path file = folder.resolve("part.csv");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 2, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> new SetRun<>(LAB, model, prompts, values())
                .into(file, k -> {}, stopped));
        assertTrue(new SetRun<>(LAB, model, prompts, values()).into(file, k -> {}, RunControl.none()) > 0);
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "samples | 3 | --samples: expected --temperature above 0",
                "extract | regex | --pattern: expected it together with --extract regex",
                "pattern | x | --pattern: expected it together with --extract regex"
            })
    void whatDoesNotGoTogetherIsTold(String name, String value, String sentence) throws LoopscopeException {
        Values values = values();
        for (var setting : LAB.settings()) {
            if (setting.name().equals(name)) {
                values = values.read(setting, value);
            }
        }
        Values given = values;
        String told = String.valueOf(
                assertThrows(LoopscopeException.class, () -> LAB.check(given)).getMessage());
        assertTrue(told.startsWith(sentence), told);
    }
}
