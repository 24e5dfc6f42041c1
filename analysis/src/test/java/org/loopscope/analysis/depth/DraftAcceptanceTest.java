package org.loopscope.analysis.depth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.depth.DraftAcceptance.Tokens;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport.DraftedTokens;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import tech.tablesaw.api.Table;

class DraftAcceptanceTest {
    private static LoopedModel model;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** A run whose step t says {@code says[t - 1].charAt(p) - 'a'} after token p; of tokens {@code text}, some given. */
    private static LensGrid saying(String text, int given, String... says) {
        int vocab = 4;
        int s = text.length();
        float[][] hidden = new float[says.length][s * vocab];
        for (int t = 0; t < says.length; t++) {
            for (int p = 0; p < s; p++) {
                hidden[t][p * vocab + says[t].charAt(p) - 'a'] = 5;
            }
        }
        int[] ids = text.chars().map(c -> c - 'a').toArray();
        List<String> texts =
                text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
        Capture capture = new Capture.Builder(
                        TinyCaptures.oneToken(new float[vocab]).model(),
                        TinyCaptures.config(vocab, vocab, 1),
                        RunOptions.steps(says.length).withGenerate(s - given))
                .tokens(ids, texts, given)
                .generationExitSteps(new int[s - given])
                .states(new float[says.length][s], hidden)
                .build();
        return LogitLens.steps(capture, TinyCaptures.Matrix.identity(vocab), 1, RunControl.none());
    }

    @Test
    void ratesAndRunsAreCountedByHand() {
        // step 1 against step 2:   a=a  b=b  c!d  a=a  a=a  b=b    accepted 1 1 0 1 1 1
        LensGrid lens = saying("aabdaa", 6, "abcaab", "abdaab");
        DraftAcceptance draft = DraftAcceptance.of(lens, Tokens.ALL, 2);
        assertEquals(6, draft.n());
        assertEquals(5, draft.accepted(1));
        assertEquals(5 / 6.0, draft.rate(1), 1e-15);
        // blocks of 2 from each of 5 places: 2, 1, 0, 2, 2
        assertEquals(7 / 5.0, draft.meanRun(1), 1e-15);
        assertEquals(5 / 6.0 + 25 / 36.0, draft.independentRun(1), 1e-15);
        // a round: 3 tokens through step 1 one by one, then step 2 once; without drafts 2 passes for each of 2.4 tokens
        assertEquals(2 * 2.4 / (3 * 1 + 1), draft.speedUp(1), 1e-15);
        // where arithmetic takes the time, 3 tokens are paid for 2.4
        assertEquals(2.4 / 3, DraftAcceptance.speedUp(2, 1, 2, 1.4, 3), 1e-15);
        assertTrue(Double.isNaN(DraftAcceptance.of(lens, Tokens.ALL, 7).meanRun(1)));
    }

    /**
     * One token, W_U the identity: step 1 says 1/2, 1/4, 1/4, step 2 says 1/6, 4/6, 1/6, so Σ min = 1/6 + 1/4 + 1/6 = 7/12,
     * although the most probable tokens differ.
     */
    @Test
    void sampledAcceptanceIsTheOverlapOfBothDistributions() {
        float[] first = {(float) Math.log(2), 0, 0};
        float[] last = {0, (float) Math.log(4), 0};
        DraftAcceptance draft = DraftAcceptance.of(lensOf(0, first, last), Tokens.ALL, 3);
        assertEquals(7 / 12.0, draft.sampledRate(1), 1e-6);
        assertEquals(0, draft.rate(1));
        assertEquals(1, draft.temperature(), "of a greedy run");
        // 1 + α + α² + α³ of one verification of 3 drafts
        double a = 7 / 12.0;
        assertEquals(1 + a + a * a + a * a * a, draft.tokensPerVerification(1), 1e-5);
        assertEquals((1 - Math.pow(a, 4)) / (1 - a), draft.tokensPerVerification(1), 1e-5);
        assertEquals(4, DraftAcceptance.tokensPerVerification(1, 3), "no draft is lost");
        assertEquals(1, DraftAcceptance.tokensPerVerification(0, 3), "only what full depth adds");
        assertTrue(Double.isNaN(draft.sampledInterval(1).low()), "one token has no interval");
        // At temperature 2 logits are halved: √2, 1, 1 over 2 + √2, and 1, 2, 1 over 4. Σ min = 1/4 + 1/(2 + √2) + 1/4.
        DraftAcceptance warm = DraftAcceptance.of(lensOf(2, first, last), Tokens.ALL, 3);
        assertEquals(2, warm.temperature());
        assertEquals(0.5 + 1 / (2 + Math.sqrt(2)), warm.sampledRate(1), 1e-6);
        Table table = warm.toTable();
        assertEquals(warm.sampledRate(1), table.doubleColumn("sampled_rate").get(0));
        assertTrue(table.doubleColumn("sampled_low").isMissing(0));
    }

    private static LensGrid lensOf(double temperature, float[]... states) {
        Capture capture = new Capture.Builder(
                        TinyCaptures.oneToken(new float[3]).model(),
                        TinyCaptures.config(3, 3, 1),
                        RunOptions.steps(states.length).withSampling(new Sampling(temperature, 1, 0)))
                .tokens(new int[] {0}, List.of("a"), 1)
                .states(new float[states.length][1], states)
                .build();
        return LogitLens.steps(capture, TinyCaptures.Matrix.identity(3), 1, RunControl.none());
    }

    @Test
    void aStepThatSaysWhatTheLastOneSaysIsAlwaysAccepted() {
        float[] state = {0.3f, -1.2f, 2.5f};
        for (double temperature : new double[] {0, 0.5, 1, 3}) {
            LensGrid lens = lensOf(temperature, state, state);
            assertEquals(1, DraftAcceptance.of(lens, Tokens.ALL, 4).sampledRate(1), 1e-6);
            assertEquals(1, lens.overlapWithLast(1, 0), "T with itself, exactly");
        }
    }

    /**
     * α is 1 minus the total variation distance, so Pinsker's inequality bounds it from below by the KL that the lens has
     * by another sum, and no single token adds more than its smaller probability. Where both most probable tokens are the
     * same, α is at least the smaller of their probabilities; where they differ, it may be anything below 1.
     */
    @Test
    void overlapKeepsTheBoundsThatKlAndTheTopTokensGive() {
        Capture capture = TinyCaptures.random(11, 23, 6, 1, 6, 60);
        LensGrid lens = LogitLens.steps(capture, TinyCaptures.Matrix.random(12, 23, 6), 23, RunControl.none());
        int agreeing = 0;
        for (int p = 0; p < 60; p++) {
            for (int row = 0; row < 5; row++) {
                double alpha = lens.overlapWithLast(row, p);
                assertTrue(alpha >= 1 - Math.sqrt(lens.klToLast(row, p) / 2) - 1e-6);
                double slow = 0;
                for (int i = 0; i < 23; i++) {
                    slow += Math.exp(
                            Math.min(lens.trackedLogProbability(row, p, i), lens.trackedLogProbability(5, p, i)));
                }
                assertEquals(slow, alpha, 1e-5);
                if (lens.topId(row, p, 0) == lens.finalId(p)) {
                    agreeing++;
                    assertTrue(alpha >= Math.min(lens.topProbability(row, p, 0), lens.topProbability(5, p, 0)) - 1e-6);
                }
            }
        }
        assertTrue(agreeing > 20 && agreeing < 280, "both cases must occur: " + agreeing);
    }

    @Test
    void generatedTokensAreThoseThatWereChosenAfterTheLastGivenOne() {
        LensGrid lens = saying("aabdaa", 3, "abcaab", "abdaab");
        DraftAcceptance draft = DraftAcceptance.of(lens, Tokens.GENERATED, 1);
        // after positions 2, 3 and 4: rejected, accepted, accepted
        assertEquals(3, draft.n());
        assertFalse(draft.accepted(1, 0));
        assertEquals(2, draft.accepted(1));
        assertEquals(
                0,
                DraftAcceptance.of(saying("aabdaa", 6, "abcaab", "abdaab"), Tokens.GENERATED, 1)
                        .n());
        assertEquals(1, draft.toTable().rowCount());
    }

    @Test
    void aReplayIsCountedByHand() {
        // given a; full depth says b c d a b, the draft step b c a a b.
        LensGrid lens = saying("abcdab", 1, "bcaaba", "bcdaba");
        DraftReplay replay = DraftReplay.of(lens, 1, 2).orElseThrow();
        // Token b is known. Round 1 (b, 2 drafts): c right, a wrong; 1 kept, and d is known.
        // Round 2 (d, 2 drafts): a right, b right. The text is full: 5 tokens in 2 rounds.
        assertEquals(new DraftReplay(2, 4, 3, true, 6 * 2, 6 + 2, 5 * 2), replay);
    }

    @Test
    void textThatFullDepthWouldNotWriteIsNotReplayed() {
        assertTrue(DraftReplay.of(saying("abcdab", 1, "bcaaba", "bcdbba"), 1, 2).isEmpty(), "a sampled token");
        assertTrue(DraftReplay.of(saying("abcdab", 6, "bcaaba", "bcdaba"), 1, 2).isEmpty(), "nothing generated");
    }

    private static Capture run(String prompt, RunOptions options) throws LoopscopeException {
        return model.run(model.tokenizer().orElseThrow().encode(prompt), options, RunControl.none());
    }

    private static LensGrid lens(Capture capture) {
        return LogitLens.steps(capture, model.unembedding(), 1, RunControl.none());
    }

    /** Drafting reads nothing that the capture of the same text does not hold, so every count is the same. */
    @ParameterizedTest
    @CsvSource({
        "people Ann's friend's boss is, 4",
        "people Ann's friend's boss is, 8",
        "calc 7+8*3-4=, 4",
        "cups ball A swap A C, 4",
        "cups ball A swap A C, 6"
    })
    void aReplayOnTheCaptureCountsWhatRealDraftingCounts(String prompt, int steps) throws LoopscopeException {
        RunOptions plain = RunOptions.steps(steps).withGenerate(24);
        Capture capture = run(prompt, plain);
        LensGrid lens = lens(capture);
        int rejected = 0;
        for (int step = 1; step < steps; step++) {
            for (int block : new int[] {1, 2, 4, 9, 40}) {
                Capture real = run(prompt, plain.withDecoding(Decoding.draftAndVerify(step, block)));
                assertArrayEquals(capture.tokenIds(), real.tokenIds());
                DraftedTokens report = (DraftedTokens) real.generationReport().orElseThrow();
                DraftReplay replay = DraftReplay.of(lens, step, block).orElseThrow();
                DraftReplay counted = new DraftReplay(
                        report.rounds(),
                        report.drafted(),
                        report.accepted(),
                        true,
                        report.cost().loopsRun(),
                        report.cost().stackPasses(),
                        report.cost().fullDepthLoops());
                assertEquals(counted, replay, "step " + step + ", block " + block);
                assertEquals(replay, DraftReplay.of(lens(real), step, block).orElseThrow(), "from its own capture");
                rejected += report.drafted() - report.accepted();
            }
        }
        assertTrue(rejected > 0, "no draft was ever wrong: nothing was tested");
    }

    /** With a stop token what is kept stays exact; only wrong drafts behind a wrong one may be counted too many. */
    @Test
    void withAStopTokenAcceptedDraftsAreExactAndDraftedOnesAtMost() throws LoopscopeException {
        String prompt = "people Ann's friend's boss is";
        int[] text = run(prompt, RunOptions.steps(4).withGenerate(24)).tokenIds();
        for (int stop : text) {
            RunOptions stopping = RunOptions.steps(4).withGenerate(24).withStopIds(Set.of(stop));
            LensGrid lens = lens(run(prompt, stopping));
            for (int step = 1; step < 4; step++) {
                Capture real = run(prompt, stopping.withDecoding(Decoding.draftAndVerify(step, 5)));
                DraftedTokens report = (DraftedTokens) real.generationReport().orElseThrow();
                DraftReplay replay = DraftReplay.of(lens, step, 5).orElseThrow();
                assertEquals(report.rounds(), replay.rounds(), "stop " + stop);
                assertEquals(report.accepted(), replay.accepted(), "stop " + stop);
                assertTrue(report.drafted() <= replay.drafted(), "stop " + stop);
                assertTrue(report.drafted() == replay.drafted() || !replay.draftedExactly());
            }
        }
    }

    /** One draft a round is accepted or not by the token alone: then the rate is that of the positions that were drafted. */
    @Test
    void blocksOfOneAcceptAtExactlyThePositionsThatAgree() throws LoopscopeException {
        Capture capture = run("calc 7+8*3-4=", RunOptions.steps(4).withGenerate(24));
        LensGrid lens = lens(capture);
        DraftAcceptance all = DraftAcceptance.of(lens, Tokens.ALL, 1);
        int position = capture.promptLength();
        int accepted = 0;
        int drafted = 0;
        while (position < capture.length() - 1) { // the last token has no draft
            drafted++;
            boolean kept = all.accepted(1, position);
            accepted += kept ? 1 : 0;
            position += kept ? 2 : 1;
        }
        DraftReplay replay = DraftReplay.of(lens, 1, 1).orElseThrow();
        assertEquals(drafted, replay.drafted());
        assertEquals(accepted, replay.accepted());
    }
}
