package org.loopscope.plugin.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.choice.ChoiceData;
import org.loopscope.analysis.choice.ChoiceItem;
import org.loopscope.analysis.choice.ChoiceRow;
import org.loopscope.analysis.choice.ChoiceScore;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.MeasuredOn;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.plugin.testkit.TrainedModel;

/** Multiple choice with the embedded model, against sums written out here. */
class ChoiceLabTest {
    /** Choices of one to three words, so that lengths matter. */
    private static final String SET =
            "{\"prompt\":\"people Mia's friend is\",\"choices\":[\"Eve\",\"Bob Ann\",\"Tom\"],\"answer\":\"Eve\",\"group\":\"a\"}\n"
                    + "{\"prompt\":\"people Leo's boss's neighbour is\",\"choices\":[\"Tom people Ann\",\"Ann\",\"Bob Tom\"],\"answer\":\"Ann\",\"group\":\"a\"}\n"
                    + "{\"prompt\":\"cups ball C swap C D where ?\",\"choices\":[\"A\",\"B C\",\"D\",\"C swap D\"],\"answer\":\"D\",\"group\":\"b\"}\n"
                    + "{\"prompt\":\"calc 2+2=\",\"choices\":[\"4\",\"5 + 6\"],\"answer\":\"5 + 6\"}\n";

    private static final ChoiceLab LAB = new ChoiceLab();
    private static final LoopedModel model = TrainedModel.get();

    @TempDir
    Path folder;

    private static Values values() {
        return Values.of(LAB.settings());
    }

    private List<ChoiceItem> items(Values values) throws Exception {
        Path set = Files.writeString(folder.resolve("set.jsonl"), SET);
        return LAB.prompts().read(set.toString(), values, told -> {});
    }

    private Path measured(String name, Values values) throws Exception {
        Path file = folder.resolve(name);
        TrainedModel.run(LAB, items(values), values, file, RunControl.none());
        return file;
    }

    /** Σ ln p of the choice's tokens in a run of the whole, each read at the step that {@code rule} gives; and the mean step. */
    private static double[] naive(String context, String choice, ExitRule rule) throws LoopscopeException {
        Tokenizer tokenizer = model.requireTokenizer();
        int[] before = tokenizer.encode(context);
        int[] whole = tokenizer.encode(context + " " + choice);
        Capture capture = model.run(whole, RunOptions.steps(4), RunControl.none());
        double sum = 0;
        double loops = 0;
        for (int p = before.length - 1; p + 1 < whole.length; p++) {
            int step = rule instanceof ExitRule.FixedStep fixed
                    ? fixed.step()
                    : capture.exitDistribution(p).exitStep(((ExitRule.QExit) rule).q());
            float[] logits = new float[model.unembedding().vocabSize()];
            model.unembedding().logits(capture.hiddenState(step, p), 1, logits);
            double total = 0;
            for (float z : logits) {
                total += Math.exp(z);
            }
            sum += logits[whole[p + 1]] - Math.log(total);
            loops += step;
        }
        return new double[] {sum, loops, whole.length - before.length};
    }

    @Test
    void accAndAccNormAreThoseOfWholeRunsWrittenOutHere() throws Exception {
        Values values = values().read(ChoiceLab.RULES, "q:0.5");
        ChoiceData data = LAB.summarise(measured("choice.csv", values));
        for (String reading : List.of("fixed:1", "fixed:2", "fixed:3", "fixed:4", "q:0.5")) {
            ExitRule rule = ExitRule.parse(reading);
            int acc = 0;
            int norm = 0;
            double loops = 0;
            double tokens = 0;
            List<ChoiceItem> items = items(values);
            for (ChoiceItem item : items) {
                List<double[]> scores = new ArrayList<>();
                for (ChoiceItem.Option option : item.options()) {
                    double[] score = naive(option.context(), option.choice(), rule);
                    scores.add(
                            new double[] {score[0], score[0] / option.choice().length()});
                    loops += score[1];
                    tokens += score[2];
                }
                acc += best(scores, 0) == item.right() ? 1 : 0;
                norm += best(scores, 1) == item.right() ? 1 : 0;
            }
            ChoiceData.Point point = data.points(Optional.empty()).stream()
                    .filter(p -> p.reading().equals(reading))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    (double) acc / items.size(), point.accuracy(ChoiceScore.SUM).value(), 1e-12, reading);
            assertEquals(
                    (double) norm / items.size(),
                    point.accuracy(ChoiceScore.PER_CHARACTER).value(),
                    1e-12,
                    reading);
            assertEquals(loops / tokens, point.loops().value(), 1e-12, reading);
        }
    }

    private static int best(List<double[]> scores, int which) {
        return IntStream.range(0, scores.size())
                .reduce((a, b) -> scores.get(b)[which] > scores.get(a)[which] ? b : a)
                .orElseThrow();
    }

    @Test
    void theSetsThatAreOfferedHaveChoices() throws Exception {
        List<SampleSet> offered = LAB.prompts().bundled().sets();
        assertFalse(offered.isEmpty());
        for (SampleSet set : offered) {
            assertFalse(LAB.prompts().read(set.file(), values(), told -> {}).isEmpty(), set.file());
        }
    }

    @Test
    void logLikelihoodsAreSumsOverTheChoiceAlone() throws Exception {
        ChoiceData data = LAB.summarise(measured("choice.csv", values()));
        List<ChoiceItem> items = items(values());
        data.choices("fixed:3").forEach((number, rows) -> {
            for (ChoiceRow row : rows) {
                ChoiceItem.Option option = items.get(number - 1).options().get(row.choice());
                try {
                    double[] naive = naive(option.context(), option.choice(), ExitRule.fixed(3));
                    assertEquals(naive[0], row.logLikelihood(), 1e-4, option.toString());
                    assertEquals(naive[2], row.tokens());
                } catch (LoopscopeException e) {
                    throw new AssertionError(e);
                }
            }
        });
    }

    @Test
    void chanceIsTheMeanOfOneOverChoicesAndGroupsAreApart() throws Exception {
        ChoiceData data = LAB.summarise(measured("choice.csv", values()));
        assertEquals((1 / 3.0 + 1 / 3.0 + 1 / 4.0 + 1 / 2.0) / 4, data.chance(Optional.empty()), 1e-12);
        assertEquals(List.of("a", "b"), data.groups());
        assertEquals(2, data.points(Optional.of("a")).get(0).questions());
        ChoiceData.Point last = data.points(Optional.empty()).get(3);
        assertEquals(0, last.toFullDepth(ChoiceScore.SUM).value(), "step T against itself");
    }

    @Test
    void examplesStandInFrontOfEveryQuestion() throws Exception {
        Path shots = Files.writeString(folder.resolve("shots.jsonl"), SET);
        Values values = values().with(ChoiceLab.SHOTS, 2)
                .with(ChoiceLab.SHOTS_SET, shots.toString())
                .with(ChoiceLab.DESCRIPTION, "people\\n");
        String context = items(values).get(3).options().get(0).context();
        assertEquals(
                "people\npeople Mia's friend is Eve\n\npeople Leo's boss's neighbour is Ann\n\ncalc 2+2=", context);
    }

    @Test
    void samplesAreReadBackToTheSameScores() throws Exception {
        Path rows = measured("choice.csv", values());
        ChoiceData data = LAB.summarise(rows);
        Path set = folder.resolve("set.jsonl");
        String samples =
                LAB.file(LAB.files().get(0), data, values(), new MeasuredOn(Optional.of(model.info()), set.toString()));
        JsonNode first = new ObjectMapper().readTree(samples.lines().findFirst().orElseThrow());
        assertEquals(0, first.get("target").asInt());
        assertEquals(" Eve", first.at("/arguments/0/1").asText());
        Path file = Files.writeString(folder.resolve("samples.jsonl"), samples);
        Path again = folder.resolve("again.csv");
        new SetRun<>(LAB, model, LAB.prompts().read(file.toString(), values(), told -> {}), values())
                .into(again, kept -> {}, RunControl.none());
        List<ChoiceData.Point> expected = data.points(Optional.empty());
        List<ChoiceData.Point> found = LAB.summarise(again).points(Optional.empty());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).accuracy(), found.get(i).accuracy());
        }
        assertThrows(
                LoopscopeException.class,
                () -> LAB.file(LAB.files().get(0), data, values(), new MeasuredOn(Optional.empty(), "rows.csv")));
    }

    @Test
    void anInterruptedRunEndsInTheBytesOfAWholeOne() throws Exception {
        byte[] whole = Files.readAllBytes(measured("whole.csv", values()));
        Path file = folder.resolve("part.csv");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 2, (stage, done, total) -> begun.incrementAndGet());
        List<ChoiceItem> items = items(values());
        assertThrows(CancellationException.class, () -> new SetRun<>(LAB, model, items, values())
                .into(file, k -> {}, stopped));
        assertTrue(new SetRun<>(LAB, model, items, values()).into(file, k -> {}, RunControl.none()) > 0);
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void bothFiguresSayWhatTheyCompare() throws Exception {
        Values values = values().with(ChoiceLab.SCORE, ChoiceScore.PER_BYTE);
        ChoiceData data = LAB.summarise(measured("choice.csv", values));
        for (FigureKind kind : LAB.figures()) {
            var figure = LAB.figure(kind, data, values).orElseThrow();
            assertEquals(kind.id(), figure.id());
            assertTrue(
                    figure.subtitle().startsWith("acc_bytes: log-likelihood per byte · n = 4 questions"),
                    figure.subtitle());
            assertTrue(figure.table().columnNames().contains("acc_norm_low"));
        }
    }
}
