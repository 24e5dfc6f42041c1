package org.loopscope.analysis.agreement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.StepAccuracy;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.Tokenizer;

/** Answers of one token, of several, and classes that are no answers, asked of the embedded model. */
class StepAnswersTest {
    private static final String CUPS = "cups ball A swap A C where ?";
    private static LoopedModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static ProbeItem item(String answer) {
        return new ProbeItem(CUPS, List.of(), Optional.of(answer), Optional.empty());
    }

    private static StepAnswers ask(String answer, int steps) throws LoopscopeException {
        return StepAnswers.of(model, item(answer), steps, RunControl.none());
    }

    @Test
    void anAnswerOfTwoTokensIsRightWhereDepthAndSweepSaySo() throws LoopscopeException {
        StepAccuracy accuracy = StepAccuracy.of(
                model,
                List.of(new Prompt(CUPS, Optional.of("C C"), List.of(), Optional.empty(), Optional.empty())),
                4,
                RunControl.none());
        StepAnswers answers = ask("C C", 4);
        assertEquals(2, answers.tokens());
        for (int t = 1; t <= 4; t++) {
            assertEquals(
                    accuracy.hits(StepAccuracy.NO_GROUP, t) == 1,
                    answers.right(t).orElseThrow(),
                    "step " + t);
            assertTrue(answers.right(t).orElseThrow());
            assertEquals("C C", answers.texts().get(t - 1));
        }
    }

    @Test
    void theLogProbabilityOfAnAnswerIsTheSumOverItsTokens() throws LoopscopeException {
        Tokenizer tokenizer = model.tokenizer().orElseThrow();
        int[] ids = tokenizer.encode(CUPS + " C");
        Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
        LensGrid lens =
                LogitLens.steps(capture, model.unembedding(), model.config().vocabSize(), RunControl.none());
        int c = ids[ids.length - 1];
        StepAnswers answers = ask("C C", 4);
        for (int t = 1; t <= 4; t++) {
            double first = log(lens, t, ids.length - 2, c);
            assertEquals(first, answers.firstLogProbability(t), 1e-5);
            assertEquals(first + log(lens, t, ids.length - 1, c), answers.logProbability(t), 1e-5);
        }
    }

    private static double log(LensGrid lens, int step, int position, int id) {
        int row = lens.rowOfStep(step);
        int rank = IntStream.range(0, model.config().vocabSize())
                .filter(k -> lens.topId(row, position, k) == id)
                .findFirst()
                .orElseThrow();
        return Math.log(lens.topProbability(row, position, rank));
    }

    @Test
    void theAnswerOfAStepIsWhatItsGreedyDecodingWrites() throws LoopscopeException {
        Tokenizer tokenizer = model.tokenizer().orElseThrow();
        StepAnswers answers = ask("A B D", 4); // wrong from its first token on
        Capture wrote = model.run(tokenizer.encode(CUPS), RunOptions.steps(4).withGenerate(3), RunControl.none());
        int[] ids = wrote.tokenIds();
        int from = wrote.promptLength();
        assertEquals(
                tokenizer.decode(ids[from], ids[from + 1], ids[from + 2]),
                answers.texts().get(3));
        assertFalse(answers.right(4).orElseThrow());
        assertEquals(3, answers.tokens());
    }

    @Test
    void anAnswerOfOneTokenIsShownAsItsToken() throws LoopscopeException {
        StepAnswers answers = ask("C", 4);
        assertEquals(1, answers.tokens());
        assertEquals(answers.firstLogProbability(4), answers.logProbability(4));
        assertEquals("C", answers.texts().get(3).strip());
        assertTrue(answers.same(4, 4));
    }

    @Test
    void filesOfOlderVersionsAreRead() throws IOException, LoopscopeException {
        Path old = Files.writeString(
                folder.resolve("old.csv"),
                "item,prompt,gold,first_stable_step,flips,answer_1,answer_2,gold_log_probability_1,"
                        + "gold_log_probability_2,compute_dtype\n"
                        + "1,p,C,2,1, A, C,-3.0,-0.5,float32\n");
        AnswerTable table = AnswerTable.read(old);
        assertEquals(2, table.agreement().steps());
        assertEquals(0, table.right(1));
        assertEquals(1, table.right(2));
        assertEquals(0, table.worse().worseAtEnd());
        Path probes = Files.writeString(
                folder.resolve("old-probes.csv"),
                String.join(",", ProbeRow.TABLE.names().subList(0, 20)) + ",compute_dtype\n"
                        + "gold,1,,1,split,30,2,0.5,0.9,0.8,0.95,0.8,0.7,0.9,0.55,0.4,0.6,0.5,0.4,0.6,float32\n");
        ProbeRow row = ProbeRow.read(probes).get(0);
        assertEquals(0.55, row.control().auc());
        assertEquals(0, row.shuffled().shuffles());
        assertTrue(Double.isNaN(row.selectivity()));
    }
}
