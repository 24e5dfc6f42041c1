package org.loopscope.analysis.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.Tokenizer;
import tech.tablesaw.api.Table;

class ComparisonTest {
    private static final double LN2 = Math.log(2);
    private static final float HALF = (float) Math.log(0.5);
    private static final float QUARTER = (float) Math.log(0.25);

    /** Words w0, w1, ... that differ between vocabularies by their prefix. */
    private record Words(String prefix) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int... ids) {
            return Arrays.toString(ids);
        }

        @Override
        public String tokenText(int id) {
            return prefix + id;
        }
    }

    /** A run of these ids, T = {@code states.length}; every token has the states and gates of its step. */
    private static Inspection run(
            String weights, Optional<Tokenizer> words, int[] ids, float[] gates, float[]... states) {
        int d = states[0].length;
        int s = ids.length;
        float[][] hidden = new float[states.length][s * d];
        float[][] gate = new float[states.length][s];
        for (int t = 0; t < states.length; t++) {
            for (int p = 0; p < s; p++) {
                System.arraycopy(states[t], 0, hidden[t], p * d, d);
                gate[t][p] = gates[t];
            }
        }
        List<String> texts = IntStream.of(ids)
                .mapToObj(id -> words.map(w -> w.tokenText(id)).orElse("#" + id))
                .toList();
        Capture capture = new Capture.Builder(
                        new ModelInfo("tiny", weights, 1, "F32", "float32", "by hand"),
                        TinyCaptures.config(d, d, 1),
                        RunOptions.steps(states.length))
                .tokens(ids, texts, s)
                .states(gate, hidden)
                .build();
        return Inspection.of(capture, TinyCaptures.Matrix.identity(d), words, 2, RunControl.none());
    }

    private static Inspection run(int[] ids, float[] gates, float[]... states) {
        return run("00", Optional.empty(), ids, gates, states);
    }

    /** Random states of these ids. */
    private static Inspection text(int steps, int... ids) {
        float[][] states = new float[steps][];
        for (int t = 0; t < steps; t++) {
            states[t] = TinyCaptures.floats(new java.util.Random(t), 8);
        }
        return run(ids, new float[steps], states);
    }

    private static Comparison compare(TokenMatch tokens, LoopMatch loops, Inspection... runs) {
        List<NamedInspection> named = new ArrayList<>();
        for (Inspection run : runs) {
            named.add(new NamedInspection("run " + named.size(), run));
        }
        return Comparison.of(named, tokens, loops);
    }

    private static Comparison compare(Inspection... runs) {
        return compare(TokenMatch.FROM_START, LoopMatch.SAME_NUMBER, runs);
    }

    private static ComparedValue value(Comparison comparison, CompareValue value) {
        return ComparedValue.of(
                comparison,
                value,
                ExitRule.q(0.6),
                Optional.of(DistributionPairs.of(comparison, OptionalInt.of(0), RunControl.none())),
                Optional.of(StatePairs.of(comparison, RunControl.none())));
    }

    private static int[] positions(Alignment alignment, int run) {
        return IntStream.range(0, alignment.columns())
                .map(column -> alignment.position(run, column))
                .toArray();
    }

    // ---- alignment

    @Test
    void differentPromptsAreAlignedByIndexFromTheStart() {
        Alignment alignment =
                compare(text(2, 0, 1, 2, 3), text(2, 0, 1, 5, 6, 3)).alignment();
        assertEquals(2, alignment.sharedTokens());
        assertEquals("[0, 1, 2, 3, -1]", Arrays.toString(positions(alignment, 0)));
        assertEquals("[0, 1, 2, 3, 4]", Arrays.toString(positions(alignment, 1)));
        assertEquals("first 2 tokens the same, then by index from the start", alignment.statement());
        assertEquals(4, alignment.complete());
    }

    @Test
    void orFromTheEndOfThePromptSoThatTheLastTokensMeet() {
        Alignment alignment = compare(
                        TokenMatch.FROM_END, LoopMatch.SAME_NUMBER, text(2, 0, 1, 2, 3), text(2, 0, 1, 5, 6, 3))
                .alignment();
        assertEquals("[0, 1, -1, 2, 3]", Arrays.toString(positions(alignment, 0)));
        assertEquals("[0, 1, 2, 3, 4]", Arrays.toString(positions(alignment, 1)));
        assertEquals(4, alignment.column(0, 3));
        assertEquals("first 2 tokens the same, then by index from the end of the prompt", alignment.statement());
    }

    @Test
    void equalThingsStandForTheFirstTheSecondAndSoOn() {
        AxisKey.Name a = new AxisKey.Name("a");
        assertEquals(
                List.of(new AxisKey(a, 1), new AxisKey(new AxisKey.Row(0, -1), 1), new AxisKey(a, 2)),
                AxisKey.of(List.of(a, new AxisKey.Row(0, -1), a)));
    }

    @Test
    void equalTextsAreAlignedByIndexWhateverIsChosen() {
        for (TokenMatch match : TokenMatch.values()) {
            Alignment alignment = compare(match, LoopMatch.SAME_NUMBER, text(2, 4, 1), text(3, 4, 1))
                    .alignment();
            assertEquals("same tokens, by index", alignment.statement());
            assertEquals("[0, 1]", Arrays.toString(positions(alignment, 1)));
        }
    }

    @Test
    void loopsAreMatchedByNumberOrFromTheLast() {
        Alignment byNumber = compare(text(2, 0), text(4, 0)).alignment();
        assertEquals(4, byNumber.rows());
        assertEquals(2, byNumber.step(0, 1));
        assertEquals(Alignment.MISSING, byNumber.step(0, 2));
        assertEquals("loop 3", byNumber.rowLabel(2));
        Alignment fromLast = compare(TokenMatch.FROM_START, LoopMatch.FROM_LAST, text(2, 0), text(4, 0))
                .alignment();
        assertEquals(Alignment.MISSING, fromLast.step(0, 1));
        assertEquals(1, fromLast.step(0, 2)); // loop 1 of 2 beside loop 3 of 4
        assertEquals(3, fromLast.step(1, 2));
        assertEquals(2, fromLast.row(0, 1));
        assertEquals("last − 1", fromLast.rowLabel(2));
        assertEquals("same tokens, by index; last loop with last loop", fromLast.statement());
    }

    @Test
    void generatedTokensFollowTheEndOfThePrompt() {
        Capture shorter = TinyCaptures.builder(8, 2, 1, new int[] {1, 2, 7}, 1)
                .tokens(new int[] {1, 2, 7}, List.of("b", "c", "h"), 2)
                .states(new float[1][3], new float[1][6])
                .generationExitSteps(new int[] {1})
                .build();
        Capture longer = TinyCaptures.builder(8, 2, 1, new int[] {3, 4, 5}, 1)
                .states(new float[1][3], new float[1][6])
                .build();
        Alignment alignment = Alignment.of(
                List.of(shorter, longer),
                TokenMatch.FROM_END,
                LoopMatch.SAME_NUMBER,
                (a, p, b, q) -> a.tokenId(p) == b.tokenId(q));
        assertEquals("[-1, 0, 1, 2]", Arrays.toString(positions(alignment, 0))); // 2 given, 1 generated
        assertEquals("[0, 1, 2, -1]", Arrays.toString(positions(alignment, 1)));
    }

    // ---- values

    /** T = 1, one token: A says (1/2, 1/4, 1/4), B says (1/4, 1/4, 1/2). */
    private static final Comparison PREDICTIONS = compare(
            run(new int[] {0}, new float[1], new float[] {HALF, QUARTER, QUARTER}),
            run(new int[] {0}, new float[1], new float[] {QUARTER, QUARTER, HALF}));

    @Test
    void klIsTheSumOverTheWholeVocabulary() {
        // 1/2 ln(1/2 : 1/4) + 1/4 ln 1 + 1/4 ln(1/4 : 1/2) = 1/2 ln 2 - 1/4 ln 2
        assertEquals(0.25 * LN2, value(PREDICTIONS, CompareValue.KL).difference(1, 0, 0), 1e-7);
        assertTrue(Double.isNaN(value(PREDICTIONS, CompareValue.KL).at(0, 0, 0)), "A has no partner but itself");
    }

    @Test
    void theAnswerOfAIsFollowedInTheOtherRun() {
        ComparedValue answer = value(PREDICTIONS, CompareValue.ANSWER);
        assertEquals(0.5, answer.at(0, 0, 0), 1e-7);
        assertEquals(0.25, answer.at(1, 0, 0), 1e-7);
        assertEquals(-0.25, answer.difference(1, 0, 0), 1e-7);
        assertEquals(0, value(PREDICTIONS, CompareValue.PROBABILITY).difference(1, 0, 0), 1e-7); // both 1/2
        assertEquals(0, value(PREDICTIONS, CompareValue.SAME_TOP1).difference(1, 0, 0));
    }

    @Test
    void anyTokenMayBeFollowed() {
        DistributionPairs pairs = DistributionPairs.of(PREDICTIONS, OptionalInt.of(2), RunControl.none());
        assertEquals(0.25, pairs.chosen(0, 0, 0), 1e-7);
        assertEquals(0.5, pairs.chosen(1, 0, 0), 1e-7);
        assertEquals(
                "token id: want 0 to 2, got 3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> DistributionPairs.of(PREDICTIONS, OptionalInt.of(3), RunControl.none()))
                        .getMessage());
    }

    @Test
    void statesAreComparedRelativeToThoseOfA() {
        Comparison comparison = compare(
                run(new int[] {0}, new float[1], new float[] {3, 4}),
                run(new int[] {0}, new float[1], new float[] {3, 0}));
        assertEquals(0.8, value(comparison, CompareValue.DISTANCE).at(1, 0, 0), 1e-12); // |(0, -4)| / |(3, 4)|
        assertEquals(0.6, value(comparison, CompareValue.COSINE).at(1, 0, 0), 1e-12); // 9 / (5 · 3)
    }

    @Test
    void aZeroStateHasNoDirection() {
        Comparison comparison = compare(
                run(new int[] {0}, new float[1], new float[] {0, 0}),
                run(new int[] {0}, new float[1], new float[] {3, 0}));
        assertTrue(Double.isNaN(value(comparison, CompareValue.DISTANCE).at(1, 0, 0)));
        assertTrue(Double.isNaN(value(comparison, CompareValue.COSINE).at(1, 0, 0)));
    }

    @Test
    void gatesAndExitStepsAreComparedUnderOneRule() {
        float[] even = {1, 0};
        // λ = (1/2, …) against (3/4, …): pdf (1/2, 1/2) against (3/4, 1/4); q = 0.6 leaves at 2 against 1
        Comparison comparison = compare(
                run(new int[] {0}, new float[2], even, even),
                run(new int[] {0}, new float[] {(float) Math.log(3), 0}, even, even));
        assertEquals(0.25, value(comparison, CompareValue.LAMBDA).difference(1, 0, 0), 1e-7);
        assertEquals(-0.25, value(comparison, CompareValue.PDF).difference(1, 1, 0), 1e-7);
        assertEquals(0, value(comparison, CompareValue.CDF).difference(1, 1, 0));
        assertEquals(-1, value(comparison, CompareValue.EXIT_STEP).difference(1, 0, 0));
    }

    @Test
    void whatHasNoPartnerIsMissingAndNotZero() {
        Comparison comparison = compare(text(2, 0, 1), text(3, 0, 1, 2));
        for (CompareValue each : CompareValue.values()) {
            ComparedValue value = value(comparison, each);
            assertTrue(Double.isNaN(value.difference(1, 0, 2)), each + " without a token in A");
            assertTrue(Double.isNaN(value.difference(1, 2, 0)), each + " without a loop in A");
            assertFalse(Double.isNaN(value.difference(1, 1, 1)), each + " with both");
        }
        assertTrue(Double.isNaN(value(comparison, CompareValue.ENTROPY).at(0, 2, 0)));
        assertFalse(Double.isNaN(value(comparison, CompareValue.ENTROPY).at(1, 2, 0)));
    }

    @Test
    void aRunDoesNotDifferFromItself() {
        Inspection run = text(3, 0, 1, 2);
        Comparison comparison = compare(run, run);
        for (CompareValue each : CompareValue.values()) {
            double same = each == CompareValue.SAME_TOP1 || each == CompareValue.COSINE ? 1 : 0;
            assertEquals(same, value(comparison, each).difference(1, 2, 1), 1e-12, each.label());
        }
    }

    @Test
    void theLogitsOfABlockOfPositionsAreNotMixedUp() {
        Inspection a = random(1);
        Inspection b = random(2);
        Comparison comparison = compare(a, b);
        ComparedValue kl = value(comparison, CompareValue.KL);
        for (int p = 0; p < 5; p++) {
            for (int t = 1; t <= 3; t++) {
                assertEquals(slowKl(a, b, t, p), kl.at(1, t - 1, p), 1e-6, "loop " + t + ", position " + p);
            }
        }
    }

    private static Inspection random(long seed) {
        Capture made = TinyCaptures.random(seed, 11, 4, 1, 3, 5);
        return Inspection.of(made, TinyCaptures.Matrix.random(9, 11, 4), 2, RunControl.none());
    }

    private static double slowKl(Inspection a, Inspection b, int step, int position) {
        double[] p = softmax(a, step, position);
        double[] q = softmax(b, step, position);
        return IntStream.range(0, p.length)
                .mapToDouble(v -> p[v] * Math.log(p[v] / q[v]))
                .sum();
    }

    private static double[] softmax(Inspection run, int step, int position) {
        float[] logits = new float[run.unembedding().vocabSize()];
        run.unembedding().logits(run.capture().hiddenState(step, position), 1, logits);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double total = sum;
        return IntStream.range(0, logits.length)
                .mapToDouble(v -> Math.exp(logits[v]) / total)
                .toArray();
    }

    // ---- what cannot be compared

    @Test
    void otherVocabulariesAreRefusedForPredictionsOnly() {
        float[] state = {1, 0};
        Comparison comparison = compare(
                run("00", Optional.of(new Words("w")), new int[] {0}, new float[1], state),
                run("11", Optional.of(new Words("v")), new int[] {0}, new float[1], state));
        assertEquals(
                "A and B have different vocabularies, so what they predict cannot be compared.",
                comparison.refusal(CompareValue.PROBABILITY, 1).orElseThrow());
        assertTrue(Double.isNaN(value(comparison, CompareValue.PROBABILITY).difference(1, 0, 0)));
        assertTrue(Double.isNaN(value(comparison, CompareValue.KL).difference(1, 0, 0)));
        assertEquals(0, value(comparison, CompareValue.LAMBDA).difference(1, 0, 0));
        assertEquals(0, comparison.alignment().sharedTokens(), "w0 is not v0");
    }

    @Test
    void otherWeightsWithTheSameWordsAreCompared() {
        float[] state = {1, 0};
        Inspection words = run("00", Optional.of(new Words("w")), new int[] {0}, new float[1], state);
        Inspection sameWords = run("11", Optional.of(new Words("w")), new int[] {0}, new float[1], state);
        Inspection noWords = run("22", Optional.empty(), new int[] {0}, new float[1], state);
        assertTrue(compare(words, sameWords).refusal(CompareValue.KL, 1).isEmpty());
        assertTrue(compare(words, noWords).refusal(CompareValue.KL, 1).isPresent(), "its ids may mean anything");
    }

    @Test
    void statesOfOtherLengthsAreRefused() {
        Comparison comparison = compare(
                run(new int[] {0}, new float[1], new float[] {1, 0}),
                run(new int[] {0}, new float[1], new float[] {1, 0, 0}));
        assertEquals(
                "A has states of 2 numbers and B of 3, so they cannot be compared.",
                comparison.refusal(CompareValue.DISTANCE, 1).orElseThrow());
        assertTrue(Double.isNaN(StatePairs.of(comparison, RunControl.none()).distance(1, 0, 0)));
    }

    @Test
    void oneRunAloneOrFiveAreRefused() {
        Inspection run = text(1, 0);
        assertThrows(IllegalArgumentException.class, () -> compare(run));
        assertThrows(IllegalArgumentException.class, () -> compare(run, run, run, run, run));
        LoopscopeException problem = assertThrows(LoopscopeException.class, () -> CompareValue.parse("size"));
        assertTrue(String.valueOf(problem.getMessage()).endsWith("found \"size\"."), problem.getMessage());
    }

    @Test
    void aCancelIsHeard() {
        RunControl cancelled = RunControl.of(() -> true, (stage, done, total) -> {});
        assertThrows(
                CancellationException.class, () -> DistributionPairs.of(PREDICTIONS, OptionalInt.empty(), cancelled));
        assertThrows(CancellationException.class, () -> StatePairs.of(PREDICTIONS, cancelled));
    }

    // ---- tables

    @Test
    void theSummaryCountsOnlyWhatBothHave() {
        float[] even = {1, 0};
        Comparison comparison = compare(
                run(new int[] {0, 1}, new float[2], even, even),
                run(new int[] {0}, new float[] {(float) Math.log(3), (float) -Math.log(3)}, even, even));
        CompareSummary lambda = CompareSummary.of(value(comparison, CompareValue.LAMBDA), 1);
        assertEquals(2, lambda.n()); // one token, two loops: +1/4 and −1/4
        assertEquals(0, lambda.mean(), 1e-7);
        assertEquals(0.25, lambda.meanSize(), 1e-7);
        assertEquals(0.25, Math.abs(lambda.largest()), 1e-7);
        assertEquals(
                1,
                CompareSummary.of(value(comparison, CompareValue.EXIT_STEP), 1).n(),
                "a token, not its loops");
        CompareSummary same = CompareSummary.of(value(comparison, CompareValue.SAME_TOP1), 1);
        assertEquals(1, same.mean());
        assertTrue(Double.isNaN(same.interval().low()), "one token is no sample");
    }

    /** 70 tokens of two loops each, of which the second says another token: 140 places, but 70 tokens. */
    @Test
    void aShareOfPlacesIsOverTokensWithAllTheirLoops() {
        float[] zero = {1, 0};
        float[] one = {0, 1};
        int[] ids = new int[70];
        Comparison comparison = compare(run(ids, new float[2], zero, zero), run(ids, new float[2], zero, one));
        CompareSummary summary = CompareSummary.of(value(comparison, CompareValue.SAME_TOP1), 1);
        assertEquals(140, summary.n());
        assertEquals(0.5, summary.mean(), 1e-15);
        double[] byToken = new double[70];
        Arrays.fill(byToken, 0.5);
        assertEquals(RunIntervals.share(byToken), summary.interval());
    }

    @Test
    void theTableHasEveryCellOfEveryRunAndLeavesMissingOnesEmpty() {
        Comparison comparison = compare(text(2, 0, 1), text(2, 0));
        Table table = CompareTables.cells(
                List.of(value(comparison, CompareValue.ENTROPY), value(comparison, CompareValue.KL)));
        assertEquals(8, table.rowCount()); // A: 2 tokens × 2 loops; B: its token and the one it lacks
        List<String> lines = Tables.csv(table).lines().toList();
        assertEquals(
                "run,column,row,position,token,step,top1,position_a,step_a,entropy,entropy_difference,kl,compute_dtype",
                lines.get(0));
        assertTrue(lines.get(8).matches("B,1,1,,,2,,1,2,,,,float32"), lines.get(8));
    }

    @Test
    void factsSayWhatDiffersFirst() {
        List<RunFacts.Fact> facts =
                RunFacts.of(compare(text(2, 0, 1), text(3, 0, 1)).runs());
        assertEquals(List.of("2", "3"), facts.get(0).values());
        assertFalse(facts.get(0).same());
        assertTrue(
                RunFacts.sentence(facts).startsWith("Different: T. Same: model, weights, arithmetic, "),
                RunFacts.sentence(facts));
        assertEquals(List.of("fact", "same", "A", "B"), RunFacts.toTable(facts).columnNames());
    }

    @Test
    void settingsOfGenerationAreNoDifferenceWhereNothingIsGenerated() {
        Capture one = withRule(ExitRule.full());
        Capture other = withRule(ExitRule.q(0.3));
        List<RunFacts.Fact> facts = RunFacts.of(List.of(named(one), named(other)));
        assertTrue(RunFacts.sentence(facts).startsWith("Nothing differs in how these runs were made."));
        assertFalse(RunFacts.names(facts, true).contains("KV cache"), "no fact at all where no run generates");
    }

    private static Capture withRule(ExitRule rule) {
        return new Capture.Builder(
                        new ModelInfo("tiny", "00", 1, "F32", "float32", "by hand"),
                        TinyCaptures.config(2, 2, 1),
                        RunOptions.steps(1).withExitRule(rule))
                .tokens(new int[] {0}, List.of("a"), 1)
                .states(new float[1][1], new float[1][2])
                .build();
    }

    private static NamedInspection named(Capture capture) {
        return new NamedInspection("x", Inspection.of(capture, TinyCaptures.Matrix.identity(2), 2, RunControl.none()));
    }
}
