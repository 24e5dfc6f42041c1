package org.loopscope.analysis.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.KvPolicy;

class KvSummaryTest {
    /** A token whose text has id 7 here, and that both policies wrote by themselves unless {@code own} is another. */
    private static KvToken token(int index, int top, double kl, double logProbability, int own) {
        OptionalInt free = own < 0 ? OptionalInt.empty() : OptionalInt.of(own);
        return new KvToken(KvPolicy.LAST_STEP, index, 7, 7, top, kl, -0.5, logProbability, OptionalInt.of(7), free);
    }

    private static KvSummary two() {
        KvSummary.Collector collector = new KvSummary.Collector();
        collector.about("m", "float32", 4);
        // first text: 3 tokens, of which the first is the prefill's
        collector.add(1, token(1, 7, 0, -0.5, 7));
        collector.add(1, token(2, 7, 0.1, -0.6, 7));
        collector.add(1, token(3, 8, 0.5, -1.4, 8));
        // second text: 4 tokens; the policy stopped before the last
        collector.add(2, token(1, 7, 0, -0.5, 7));
        collector.add(2, token(2, 7, 0.3, -0.5, 7));
        collector.add(2, token(3, 7, 0.1, -0.5, 7));
        collector.add(2, token(4, 7, 0.0, -0.5, -1));
        collector.problem();
        return collector.summary();
    }

    private static KvSummary.Line line(KvSummary summary) {
        return summary.lines().stream()
                .filter(line -> line.policy() == KvPolicy.LAST_STEP)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ratesAreOverTokensThatCanDiffer() {
        KvSummary summary = two();
        KvSummary.Line line = line(summary);
        assertEquals(2, line.prompts());
        assertEquals(5, line.tokens()); // 2 + 3
        assertEquals(0.8, line.agreement(), 1e-15); // 4 of 5
        assertEquals(0.2, line.kl(), 1e-15); // (0.1 + 0.5 + 0.3 + 0.1 + 0) / 5
        assertEquals(-0.7, line.logProbability(), 1e-15); // (-0.6 - 1.4 - 0.5 * 3) / 5
        assertEquals(-0.5, line.fullLogProbability(), 1e-15);
        assertTrue(Double.isNaN(line.agreementInterval().low()), "two texts are no sample");
        assertTrue(Double.isNaN(line.klInterval().low()));
        assertEquals(1, summary.problems());
        assertEquals(2, summary.prompts());
        assertEquals("n = 5 tokens of 2 texts, intervals over texts", summary.counted());
    }

    @Test
    void ownTextsAreComparedPlaceByPlace() {
        KvSummary.Line line = line(two());
        assertEquals(5, line.ownTokens());
        assertEquals(0.6, line.ownAgreement(), 1e-15); // 7 for 8, and one that is missing
        assertEquals(2, line.ownTexts());
        assertEquals(0, line.sameTexts());
        assertEquals(3.5, line.firstDifference(), 1e-15); // 3 and 4
    }

    @Test
    void aPlaceIsAveragedOverTheTextsThatReachIt() {
        List<KvSummary.Place> places = two().places();
        assertEquals(4, places.size());
        KvSummary.Place third = places.get(2);
        assertEquals(3, third.index());
        assertEquals(2, third.n());
        assertEquals(0.3, third.kl(), 1e-15); // (0.5 + 0.1) / 2
        assertEquals(0.5, third.agreement(), 1e-15);
        assertTrue(Double.isNaN(third.interval().low()), "two texts are no sample");
        assertEquals(1, places.get(3).n());
        assertTrue(Double.isNaN(places.get(3).interval().low()));
    }

    @Test
    void oneTextHasIntervalsOverItsTokensAndNoTextHasNone() {
        KvSummary.Collector one = new KvSummary.Collector();
        one.add(1, token(1, 7, 0, -0.5, 7));
        one.add(1, token(2, 7, 0.1, -0.5, 7));
        one.add(1, token(3, 7, 0.1, -0.5, 7));
        KvSummary.Line line = one.summary().lines().get(0);
        assertTrue(Double.isNaN(line.agreementInterval().low()), "two tokens are no sample");
        assertTrue(Double.isNaN(line.klInterval().low()));
        assertEquals(1, line.sameTexts());
        assertTrue(Double.isNaN(line.firstDifference()));
        KvSummary.Collector none = new KvSummary.Collector();
        none.add(1, token(1, 7, 0, -0.5, 7));
        assertTrue(Double.isNaN(none.summary().lines().get(0).agreement()));
    }

    @Test
    void aLongTextHasIntervalsOverItsTokensInTheirOrder() {
        KvSummary.Collector one = new KvSummary.Collector();
        double[] kl = new double[60];
        boolean[] agrees = new boolean[60];
        boolean[] own = new boolean[60];
        for (int i = 0; i < 60; i++) {
            kl[i] = 0.1 * (i * 7 % 11);
            agrees[i] = i % 9 < 5;
            own[i] = i % 6 < 5;
            one.add(1, token(i + 2, agrees[i] ? 7 : 8, kl[i], -0.5, own[i] ? 7 : 9));
        }
        KvSummary.Line line = one.summary().lines().get(0);
        assertEquals(RunIntervals.mean(kl), line.klInterval());
        assertEquals(RunIntervals.share(agrees), line.agreementInterval());
        assertEquals(RunIntervals.share(own), line.ownInterval());
    }

    @Test
    void severalTextsHaveIntervalsOverTextsWithAllTheirTokens() {
        KvSummary.Collector many = new KvSummary.Collector();
        double[] kl = new double[9];
        double[] agrees = new double[9];
        double[] tokens = new double[9];
        for (int i = 0; i < 9; i++) {
            for (int t = 0; t <= i % 3; t++) {
                many.add(i + 1, token(t + 2, i % 4 == t ? 8 : 7, 0.1 * i, -0.5, 7));
                kl[i] += 0.1 * i;
                agrees[i] += i % 4 == t ? 0 : 1;
                tokens[i]++;
            }
        }
        KvSummary.Line line = many.summary().lines().get(0);
        assertEquals(Intervals.ratio(kl, tokens), line.klInterval());
        assertEquals(Intervals.share(agrees, tokens), line.agreementInterval());
    }

    @Test
    void whereEveryTextIsAlikeTheIntervalIsWilsonsOverTexts() {
        KvSummary.Collector alike = new KvSummary.Collector();
        for (int prompt = 1; prompt <= 3; prompt++) {
            alike.add(prompt, token(2, 7, 0.1, -0.5, 7));
        }
        assertEquals(Interval.wilson(3, 3), alike.summary().lines().get(0).agreementInterval());
    }
}
