package org.loopscope.analysis.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.model.base.LoopscopeException;

/** Sixteen prompts with one answer token each; q:0.3 is lucky on the first eight, q:0.6 is right more often on the others. */
class SweepChoiceTest {
    private static SweepData data() throws LoopscopeException {
        StringBuilder rows = new StringBuilder(String.join(",", SweepRow.COLUMNS) + "\n");
        for (int prompt = 1; prompt <= 16; prompt++) {
            boolean first = prompt <= 8;
            row(rows, prompt, "fixed", "4", 4, true);
            row(rows, prompt, "q", "0.3", 1, first);
            row(rows, prompt, "q", "0.6", prompt % 2 == 0 ? 2 : 3, first ? prompt > 2 : prompt > 9);
        }
        return SweepData.read(new StringReader(rows.toString()), "rows");
    }

    private static void row(StringBuilder rows, int prompt, String rule, String threshold, int loops, boolean right) {
        String hit = right ? "1" : "0";
        rows.append(String.join(
                        ",",
                        prompt + "",
                        "",
                        "answer",
                        rule,
                        threshold,
                        "1",
                        loops + "",
                        hit,
                        hit,
                        hit,
                        "4",
                        "m",
                        "float32"))
                .append('\n');
    }

    private static SweepCurve curve(SweepData data) {
        return data.curve(Scope.ANSWER, Quality.ACCURACY, Optional.empty());
    }

    @Test
    void whatIsChosenOnSomePromptsIsReportedOnOthers() throws LoopscopeException {
        SweepData data = data();
        SweepData first = data.where(prompt -> prompt <= 8);
        SweepData others = data.where(prompt -> prompt > 8);
        assertEquals(8, first.prompts());
        assertEquals(8, others.prompts());
        SweepChoice choice = new SweepChoice(curve(first), curve(others), false);
        assertTrue(choice.apart());
        SweepPoint reported = choice.bestWithin("q", 3).orElseThrow();
        assertEquals("q:0.3", reported.spec(), "right for all eight where it is chosen");
        assertEquals(0, reported.quality(), "and for none of the others");
        assertEquals(
                "q:0.6",
                SweepChoice.of(curve(others)).bestWithin("q", 3).orElseThrow().spec());
        assertEquals(
                7 / 8.0,
                SweepChoice.of(curve(others)).bestWithin("q", 3).orElseThrow().quality());
        assertFalse(SweepChoice.of(curve(data)).apart());
        assertEquals("q:0.3", choice.bestAtCost("q", 1).orElseThrow().spec());
        assertTrue(choice.bestWithin("kl", 3).isEmpty());
    }

    @Test
    void halvesHaveEachPromptOnceAndAreAlwaysTheSame() throws LoopscopeException {
        List<SweepData> halves = data().halves();
        assertEquals(8, halves.get(0).prompts());
        assertEquals(8, halves.get(1).prompts());
        double right = halves.stream()
                .mapToDouble(half -> curve(half).point("q:0.3").orElseThrow().quality())
                .sum();
        assertEquals(1, right, 1e-15, "8 of 16, in halves of 8");
        assertEquals(curve(halves.get(0)), curve(data().halves().get(0)));
        assertFalse(curve(halves.get(0)).equals(curve(data().where(prompt -> prompt <= 8))), "at random");
    }

    @Test
    void aBudgetMayBeKeptByTheUpperEnd() throws LoopscopeException {
        SweepCurve curve = curve(data().where(prompt -> prompt > 8));
        SweepPoint dear = curve.point("q:0.6").orElseThrow();
        assertEquals(2.5, dear.meanLoops());
        assertTrue(dear.loops().high() > 2.6, String.valueOf(dear.loops()));
        assertEquals(
                "q:0.6",
                new SweepChoice(curve, curve, false)
                        .bestWithin("q", 2.6)
                        .orElseThrow()
                        .spec());
        assertEquals(
                "q:0.3",
                new SweepChoice(curve, curve, true)
                        .bestWithin("q", 2.6)
                        .orElseThrow()
                        .spec());
        assertEquals(
                "q:0.6",
                new SweepChoice(curve, curve, true)
                        .bestWithin("q", 3.5)
                        .orElseThrow()
                        .spec());
    }

    @Test
    void oneRuleMinusAnotherIsTakenPromptByPrompt() throws LoopscopeException {
        SweepData.Difference d = data().difference(Scope.ANSWER, Quality.ACCURACY, "q:0.6", "q:0.3")
                .orElseThrow();
        assertEquals(16, d.prompts());
        assertEquals((13 - 8) / 16.0, d.quality(), 1e-15); // 6 of the first and 7 of the others, minus 8
        assertEquals(1.5, d.loops(), 1e-15);
        assertTrue(d.qualityInterval().low() < d.quality()
                && d.quality() < d.qualityInterval().high());
        assertTrue(d.loopsInterval().low() > 1 && d.loopsInterval().high() < 2);
        assertTrue(data().difference(Scope.ANSWER, Quality.ACCURACY, "q:0.6", "q:0.9")
                .isEmpty());
    }
}
