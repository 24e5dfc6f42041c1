package org.loopscope.analysis.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.Capture;
import org.loopscope.model.Intervention;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.shape.Site;

/** Patching pairs of the embedded model's prompts. */
class PatchingTest {
    private static final PatchPair PAIR = new PatchPair(
            "people Ann's friend's boss's teacher is",
            "people Bob's friend's boss's teacher is",
            "Max",
            Optional.of("Kim"),
            Optional.of("people k=3"));

    private static LoopedModel model;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static PatchGrid grid(PatchSettings settings) throws LoopscopeException {
        return new Patching(model, settings).grid(PAIR, RunControl.none());
    }

    private static Capture run(String prompt, Intervention intervention) throws LoopscopeException {
        int[] ids = model.tokenizer().orElseThrow().encode(prompt);
        return model.run(ids, RunOptions.steps(4).withLayers(intervention.isNone()), intervention, RunControl.none());
    }

    @Test
    void anAnswerOfSeveralTokensIsJudgedAsAWhole() throws LoopscopeException {
        PatchPair pair = new PatchPair(
                PAIR.clean(),
                PAIR.corrupted(),
                PAIR.answer() + " " + PAIR.answer(),
                Optional.empty(),
                Optional.empty());
        PatchGrid one = grid(PatchSettings.steps(4));
        PatchGrid two = new Patching(model, PatchSettings.steps(4)).grid(pair, RunControl.none());
        assertEquals(1, one.answerTokens());
        assertEquals(2, two.answerTokens());
        assertEquals(one.positions(), two.positions());
        assertEquals(one.clean().logProbability(), one.clean().answerLogProbability(), 1e-12);
        assertEquals(one.clean().top(), one.clean().right());
        assertEquals(one.clean().logProbability(), two.clean().logProbability(), 1e-5);
        Capture given = run(PAIR.clean() + " " + PAIR.answer(), Intervention.none());
        WholeAnswer.Reading second = WholeAnswer.of(given.tokenIds(), new int[] {given.tokenIds()[given.length() - 1]})
                .read(given, model.unembedding(), 4);
        assertEquals(
                one.clean().logProbability() + second.logProbability(),
                two.clean().answerLogProbability(),
                1e-5);
        assertEquals(one.clean().right() && second.right(), two.clean().right());
        assertEquals(one.score(1, 2).logProbability(), two.score(1, 2).logProbability(), 1e-5);
    }

    /** The plain softmax, in the obvious way. */
    private static double logProbability(Capture capture, int step, String word) throws LoopscopeException {
        float[] logits = new float[model.unembedding().vocabSize()];
        model.unembedding().logits(capture.hiddenState(step, capture.length() - 1), 1, logits);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        return logits[model.tokenizer().orElseThrow().encode(word)[0]] - Math.log(sum);
    }

    @Test
    void aRecoveryShareIsThePartOfTheGapThatIsClosed() {
        PatchScore clean = new PatchScore(-0.5, 3, true);
        PatchScore corrupted = new PatchScore(-4.5, -5, false);
        PatchScore patched = new PatchScore(-1.5, 1, true);
        assertEquals(0.75, patched.recovery(clean, corrupted), 1e-15); // 3 of 4
        assertEquals(0.75, patched.differenceRecovery(clean, corrupted), 1e-15); // 6 of 8
        assertEquals(1.25, new PatchScore(0.5, 5, true).recovery(clean, corrupted), 1e-15);
        assertEquals(0, corrupted.recovery(clean, corrupted));
    }

    @Test
    void whereThereIsNoGapThereIsNoRecoveryShare() {
        PatchScore clean = new PatchScore(-1, Double.NaN, true);
        assertTrue(Double.isNaN(clean.recovery(clean, new PatchScore(-1.6, Double.NaN, true)))); // less than ln 2
        assertEquals(1, clean.recovery(clean, new PatchScore(-1.7, Double.NaN, true)));
        assertTrue(Double.isNaN(clean.recovery(new PatchScore(-3, 0, false), clean)), "clean worse than corrupted");
        assertTrue(Double.isNaN(clean.differenceRecovery(clean, clean)));
    }

    /** Against numpy: make-golden.py beside golden.json. */
    @Test
    void recoverySharesAreThoseOfAForwardPassOfItsOwn() throws IOException, LoopscopeException {
        PatchPair pair = new PatchPair(PAIR.clean(), PAIR.corrupted(), "Amy", Optional.of("Joe"), Optional.empty());
        PatchGrid grid = new Patching(model, PatchSettings.steps(4)).grid(pair, RunControl.none());
        JsonNode golden;
        try (InputStream in = PatchingTest.class.getResourceAsStream("/patch/golden.json")) {
            golden = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
        assertEquals(golden.get("clean").asDouble(), grid.clean().logProbability(), 1e-4);
        assertEquals(golden.get("corrupted").asDouble(), grid.corrupted().logProbability(), 1e-4);
        for (int row = 0; row < 4; row++) {
            for (int p = 0; p < grid.positions(); p++) {
                double share = golden.get("recovery").get(row).get(p).asDouble();
                assertEquals(share, grid.recovery(row, p), 1e-4, "step " + (row + 1) + ", position " + p);
            }
        }
    }

    @Test
    void theLastStateOfTheLastTokenIsTheAnswerItselfAndThoseOfOtherTokensAreNothing() throws LoopscopeException {
        PatchGrid grid = grid(PatchSettings.steps(4));
        int last = grid.positions() - 1;
        assertEquals(1, grid.recovery(3, last));
        assertEquals(grid.clean(), grid.score(3, last));
        for (int p = 0; p < last; p++) {
            assertEquals(0, grid.recovery(3, p));
        }
    }

    @Test
    void tokensBeforeTheFirstDifferenceCannotMoveTheAnswer() throws LoopscopeException {
        PatchGrid grid = grid(PatchSettings.steps(4));
        assertEquals(List.of("people", "Ann"), grid.cleanTokens().subList(0, 2));
        assertTrue(grid.differs(1) && !grid.differs(0));
        for (int row = 0; row < 4; row++) {
            assertEquals(grid.corrupted(), grid.score(row, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PatchSource.class,
            names = {"CLEAN", "CORRUPTED", "ZERO", "SKIP"})
    void aCellIsTheRunWithThatOneStateReplaced(PatchSource source) throws LoopscopeException {
        PatchGrid grid = grid(new PatchSettings(4, false, source, 1, 0));
        Capture clean = run(PAIR.clean(), Intervention.none());
        Capture corrupted = run(PAIR.corrupted(), Intervention.none());
        int last = clean.length() - 1;
        for (int p : new int[] {1, 3, last}) {
            float[] vector =
                    switch (source) {
                        case CLEAN -> clean.hiddenState(2, p);
                        case CORRUPTED -> corrupted.hiddenState(2, p);
                        case SKIP -> clean.hiddenState(1, p);
                        default -> new float[96];
                    };
            Intervention change = Intervention.none().replace(Site.stepOutput(2), p, vector, "test");
            String base = source == PatchSource.CLEAN ? PAIR.corrupted() : PAIR.clean();
            Capture changed = run(base, change);
            double expected = logProbability(changed, 4, "Max");
            assertEquals(expected, grid.score(1, p).logProbability(), 1e-6);
            assertEquals(
                    expected - logProbability(changed, 4, "Kim"),
                    grid.score(1, p).difference(),
                    1e-5);
        }
    }

    @Test
    void patchingTheWholeLoopIsASkippedOrRepeatedOne() throws LoopscopeException {
        PatchGrid grid = grid(PatchSettings.steps(4));
        Capture clean = run(PAIR.clean(), Intervention.none());
        for (int t = 1; t <= 4; t++) {
            assertEquals(
                    logProbability(clean, 3, "Max"), grid.withoutLoop(t).logProbability(), 1e-6, "without loop " + t);
        }
        int[] ids = model.tokenizer().orElseThrow().encode(PAIR.clean());
        Capture deeper = model.run(ids, RunOptions.steps(5), RunControl.none());
        assertEquals(logProbability(deeper, 5, "Max"), grid.withLoopTwice(2).logProbability(), 1e-6);
    }

    @Test
    void layersAreRowsOfTheirOwn() throws LoopscopeException {
        PatchGrid grid = grid(new PatchSettings(3, true, PatchSource.CLEAN, 1, 0));
        assertEquals(6, grid.sites().size());
        assertEquals(Site.afterLayer(2, 1), grid.sites().get(3));
        int last = grid.positions() - 1;
        assertEquals(grid.clean(), grid.score(5, last));
        assertEquals(1, grid.recovery(5, last));
    }

    @Test
    void theMeanIsThatOfAllTokensOfAllCleanPrompts() throws LoopscopeException {
        MeanStates means = new MeanStates(List.of(Site.stepOutput(1)), 96);
        Capture a = run(PAIR.clean(), Intervention.none());
        Capture b = run(PAIR.corrupted(), Intervention.none());
        means.add(a);
        means.add(b);
        double sum = 0;
        for (int p = 0; p < a.length(); p++) {
            sum += (double) a.hiddenState(1, p)[7] + b.hiddenState(1, p)[7];
        }
        assertEquals(sum / (2 * a.length()), means.mean(Site.stepOutput(1))[7], 1e-6);
        Patching own = new Patching(model, new PatchSettings(4, false, PatchSource.MEAN, 1, 0));
        Patching set = Patching.withMean(
                model, new PatchSettings(4, false, PatchSource.MEAN, 1, 0), List.of(PAIR), RunControl.none());
        assertEquals(
                own.grid(PAIR, RunControl.none()).score(1, 2),
                set.grid(PAIR, RunControl.none()).score(1, 2));
    }

    @Test
    void noiseIsThatOfItsSeed() throws LoopscopeException {
        PatchGrid once = grid(new PatchSettings(4, false, PatchSource.NOISE, 1, 3));
        PatchGrid again = grid(new PatchSettings(4, false, PatchSource.NOISE, 1, 3));
        PatchGrid other = grid(new PatchSettings(4, false, PatchSource.NOISE, 1, 4));
        assertEquals(once.score(1, 2), again.score(1, 2));
        assertTrue(!once.score(1, 2).equals(other.score(1, 2)));
        PatchGrid little = grid(new PatchSettings(4, false, PatchSource.NOISE, 1e-7, 3));
        assertEquals(little.clean().logProbability(), little.score(1, 2).logProbability(), 1e-4);
    }

    @Test
    void promptsOfDifferentLengthAreRefused() {
        PatchPair uneven = new PatchPair(
                "people Ann's friend is", "people Ann's friend's boss is", "Max", Optional.empty(), Optional.empty());
        assertEquals(
                "Prompts to patch: expected the same number of tokens, found 5 (clean) and 7 (corrupted).",
                assertThrows(LoopscopeException.class, () -> new Patching(model, PatchSettings.steps(4))
                                .grid(uneven, RunControl.none()))
                        .getMessage());
    }

    @Test
    void patchingCanBeCancelledAndSaysHowFarItIs() {
        AtomicInteger reports = new AtomicInteger();
        RunControl control = RunControl.of(() -> reports.get() > 5, (stage, done, total) -> {
            assertEquals("patching", stage);
            assertEquals(reports.incrementAndGet() + 2, done);
        });
        assertThrows(
                CancellationException.class, () -> new Patching(model, PatchSettings.steps(4)).grid(PAIR, control));
        assertEquals(6, reports.get());
    }
}
